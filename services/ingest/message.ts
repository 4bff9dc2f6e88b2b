// What travels through the pipeline: the message as it came, and what became of its elements.
import type { QuarantineReason } from '../contracts/position.ts'
import type { Ack, RefusedPublish } from '../platform/broker/source.ts'

export type Message = {
  topic: string
  payload: Uint8Array
  /** When its last byte arrived here, ms since 1970. */
  receivedMs: number
  ack: Ack
  /** Why the broker would not take it from its sender, and who that is. */
  refused?: RefusedPublish | undefined
  /** The gateway or the service that sent it (broker/source.ts). */
  from?: string | undefined
}

/** An element that is to be stored, bound to its vehicle. It keeps its message: if the database refuses it, the bytes are quarantined. */
export type Reading<V = unknown> = {
  vehicleId: number
  terminalId: string
  /** What its kind made of it: a position, say. */
  value: V
  message: Message
}

/** Elements of one message that are not stored, all for the same reason. */
export type Fault<V = unknown> = {
  message: Message
  /** Whose they are: of what the broker refused, its sender's and not that of the terminal that it named. */
  terminalId: string | null
  reason: QuarantineReason
  detail: string
  elements: number
  /** The elements themselves, where nothing but their terminal's vehicle is wanting: they are bound anew when that changes. */
  unbound?: readonly V[]
}
