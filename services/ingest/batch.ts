// Messages gathered for one transaction. What a batch holds is measured in `weight`: one per position, and one more per 256 bytes of
// payload that will be kept, so that a flood of large rubbish is bounded as well as a flood of positions.
import type { Ack } from '../platform/broker/source.ts'
import type { Fault, Message, Reading } from './message.ts'

/** Who is told, once its message is in the database, how many of its positions were not stored. */
export type Receipt = { topic: string; message: Message; positions: number }

export type Batch = {
  readings: Reading[]
  faults: Fault[]
  /** Messages of terminals that are not in memory: to be looked up before the transaction. */
  strangers: Message[]
  acks: Ack[]
  /** Receipts that terminals asked for. */
  receipts: Receipt[]
  /** Positions counted at the door: stored + duplicate + quarantined must add up to this. */
  received: number
  weight: number
  openedMs: number
  /** The revision of the terminals when the first message was bound. */
  revision: number
}

export const emptyBatch = (nowMs: number, revision: number): Batch => ({
  readings: [],
  faults: [],
  strangers: [],
  acks: [],
  receipts: [],
  received: 0,
  weight: 0,
  openedMs: nowMs,
  revision,
})

export const keptWeight = (message: Message): number => 1 + Math.ceil(message.payload.byteLength / 256)
