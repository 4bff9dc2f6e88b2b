// Messages gathered for one transaction. What a batch holds is measured in `weight`: one per element, and one more per 256 bytes of
// payload that will be kept, so that a flood of large rubbish is bounded as well as a flood of positions.
import type { Ack } from '../platform/broker/source.ts'
import type { Kind } from './kinds/kind.ts'
import type { Fault, Message, Reading } from './message.ts'
import type { Part } from './work.ts'

/** Who is told, once its message is in the database, how many of its elements were not stored; they are called `counted`. */
export type Receipt = { topic: string; message: Message; counted: string; elements: number }

/** What is filled at the door. */
export type OpenPart = Part & { readings: Reading[]; faults: Fault[] }

export type Batch = {
  /** One of each kind of which there is anything. */
  parts: OpenPart[]
  /** Messages of terminals that are not in memory: to be looked up before the transaction. */
  strangers: Message[]
  acks: Ack[]
  /** Receipts that terminals asked for. */
  receipts: Receipt[]
  weight: number
  openedMs: number
  /** The revision of the terminals when the first message was bound. */
  revision: number
}

export const emptyBatch = (nowMs: number, revision: number): Batch => ({
  parts: [],
  strangers: [],
  acks: [],
  receipts: [],
  weight: 0,
  openedMs: nowMs,
  revision,
})

/** The part of this kind; there are few kinds. */
export function openPart(batch: Batch, kind: Kind): OpenPart {
  for (const part of batch.parts) if (part.kind === kind) return part
  const part: OpenPart = { kind, readings: [], faults: [], received: { elements: 0, messages: 0 } }
  batch.parts.push(part)
  return part
}

export const keptWeight = (message: Message): number => 1 + Math.ceil(message.payload.byteLength / 256)

/** Puts what another batch holds into this one, behind what is there. */
export function addTo(batch: Batch, other: Batch): void {
  for (const { kind, readings, faults, received } of other.parts) {
    const part = openPart(batch, kind)
    for (const reading of readings) part.readings.push(reading)
    for (const fault of faults) part.faults.push(fault)
    part.received.elements += received.elements
    part.received.messages += received.messages
  }
  batch.strangers.push(...other.strangers)
  for (const ack of other.acks) batch.acks.push(ack)
  batch.receipts.push(...other.receipts)
  batch.weight += other.weight
  batch.revision = Math.min(batch.revision, other.revision)
}
