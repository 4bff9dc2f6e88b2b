// Messages gathered for one transaction. What a batch holds is measured in `weight`: one per position, and one more per 256 bytes of
// payload that will be kept, so that a flood of large rubbish is bounded as well as a flood of positions.
import type { Ack } from '../platform/broker/source.ts'
import type { Fault, Message, Reading } from './message.ts'

export type Batch = {
  readings: Reading[]
  faults: Fault[]
  /** Messages of terminals that are not in memory: to be looked up before the transaction. */
  strangers: Message[]
  acks: Ack[]
  /** Positions counted at the door: stored + duplicate + quarantined must add up to this. */
  received: number
  weight: number
  openedMs: number
}

export const emptyBatch = (nowMs: number): Batch => ({
  readings: [],
  faults: [],
  strangers: [],
  acks: [],
  received: 0,
  weight: 0,
  openedMs: nowMs,
})

export const keptWeight = (message: Message): number => 1 + Math.ceil(message.payload.byteLength / 256)
