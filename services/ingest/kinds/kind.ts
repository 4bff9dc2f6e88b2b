// What ingest must know of a kind of message: how its bytes become elements, which elements may be stored, and how they are. All else –
// topic, binding, batches, quarantine, counting, acknowledging – is the same for every kind.
import type { QuarantineReason } from '../../contracts/position.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Reading } from '../message.ts'

/** `lost` is how many elements are lost with the message; what cannot be counted counts as one. */
export type Decoded = { elements: unknown[] } | { reason: QuarantineReason; detail: string; lost: number }

export type Validated<V> = { value: V } | { reason: QuarantineReason; detail: string }

export type Stored<V> = {
  /** What was there already; all others were stored now. */
  duplicates: readonly Reading<V>[]
  /** What `tell` is to tell of. */
  news: readonly Reading<V>[]
}

/** One row of the table in kinds.ts. What it is given as `V` are its own values and nobody else's. */
export type Kind<V = unknown> = {
  /** The sixth level of its topic, and what it is called in the counters. */
  readonly name: string
  /** What its elements are called in a receipt. */
  readonly counted: string
  /**
   * true: how many of a terminal's elements are stored is counted where they lie (dispatch/operations/conservation.ts), so that an ordinary
   * commit needs no row for it. false: it is counted beside what was not stored.
   */
  readonly countsItself: boolean
  decode(payload: Uint8Array): Decoded
  /** @param receivedMs when the message arrived, ms since 1970: a device time is judged against it, never against a later clock. */
  validate(element: unknown, receivedMs: number): Validated<V>
  /** The device time, ms since 1970: the element belongs to the vehicle in which its terminal was then. */
  timeMs(value: V): number
  /**
   * Whose an element is, where it is not that of the vehicle in which a terminal was: what our own service brings in says it itself, and is taken from
   * nobody else.
   */
  vehicleOf?(value: V): number
  /**
   * Writes, in the transaction of the commit, which others may wait for: rows in one order, whoever writes. Sending again must be safe.
   * @throws the database's error, or NotWritten where it wrote less than it was given
   */
  store(client: Queryable, worker: string, readings: readonly Reading<V>[]): Promise<Stored<V>>
  /** What those who listen at the broker are told once it is committed; best effort. */
  tell?(worker: string, news: readonly Reading<V>[], committedAtMs: number): [topic: string, payload: Uint8Array]
}
