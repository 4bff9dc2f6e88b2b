// What travels through the pipeline: the message as it came, and what became of its elements.
import type { Position, QuarantineReason } from '../contracts/position.ts'
import type { Ack } from '../platform/broker/source.ts'

export type Message = {
  topic: string
  payload: Uint8Array
  /** When its last byte arrived here, ms since 1970. */
  receivedMs: number
  ack: Ack
  /** Why the broker would not take it from its sender. */
  refused?: string
}

/** A position that is to be stored, bound to its vehicle. It keeps its message: if the database refuses it, the bytes are quarantined. */
export type Reading = { vehicleId: number; terminalId: string; position: Position; message: Message }

/** Elements of one message that are not stored, all for the same reason. */
export type Fault = { message: Message; terminalId: string | null; reason: QuarantineReason; detail: string; positions: number }
