// What one transaction is given to write, kind by kind, and what became of it.
import type { Kind } from './kinds/kind.ts'
import type { Fault, Message, Reading } from './message.ts'

/** received = stored + duplicate + quarantined. */
export type Counts = { received: number; stored: number; duplicate: number; quarantined: number }

/** What a batch holds of one kind. */
export type Part<V = unknown> = {
  kind: Kind<V>
  readings: readonly Reading<V>[]
  faults: readonly Fault<V>[]
  /** Counted at the door: stored + duplicate + quarantined must add up to these. */
  received: { elements: number; messages: number }
  /** Messages of which an earlier part of the same batch has counted as a message what is left here. */
  counted?: ReadonlySet<Message>
}
export type Work = {
  parts: readonly Part[]
  /** The revision of the terminals by which it was bound. */
  revision?: number
}

export type CommittedPart = {
  kind: Kind
  elements: Counts
  messages: Counts
  /** What was quarantined, as it was bound in the end. */
  faults: readonly Fault[]
  duplicates: readonly Reading[]
  /** What the kind tells of. */
  news: readonly Reading[]
}
export type Committed = readonly CommittedPart[]

/** Elements, counted as they were written. */
export function countElements({ readings, faults, received }: Part, duplicates: readonly Reading[]): Counts {
  const quarantined = faults.reduce((sum, { elements }) => sum + elements, 0)
  const duplicate = duplicates.length
  return { received: received.elements, stored: readings.length - duplicate, duplicate, quarantined }
}

/**
 * Messages: quarantined if anything of it was, otherwise a duplicate if nothing of it was new. The readings of a message stand one after
 * the other, so that an ordinary commit counts them without remembering any.
 */
export function countMessages({ readings, faults, received, counted }: Part, duplicates: readonly Reading[]): Counts {
  const quarantined = new Set<Message>()
  for (const { message } of faults) if (!counted?.has(message)) quarantined.add(message)
  const known = new Set(duplicates)
  const counts = { received: received.messages, stored: 0, duplicate: 0, quarantined: quarantined.size }
  for (let at = 0; at < readings.length; ) {
    const { message } = readings[at]!
    let isNew = false
    for (; at < readings.length && readings[at]!.message === message; at++) isNew ||= known.size === 0 || !known.has(readings[at]!)
    if (quarantined.has(message) || counted?.has(message)) continue
    if (isNew) counts.stored++
    else counts.duplicate++
  }
  return counts
}

/** A part of a part: what is received of it is what it holds, but for messages that another part has counted. */
export function partOf(kind: Kind, readings: Part['readings'], faults: Part['faults'], counted?: ReadonlySet<Message>): Part {
  const elements = readings.length + faults.reduce((sum, fault) => sum + fault.elements, 0)
  const messages = messagesOf({ readings, faults })
  for (const message of counted ?? []) messages.delete(message)
  return { kind, readings, faults, received: { elements, messages: messages.size }, ...(counted && { counted }) }
}

/** Every message of which something is here. */
export const messagesOf = ({ readings, faults }: Pick<Part, 'readings' | 'faults'>): Set<Message> =>
  new Set([...readings, ...faults].map(({ message }) => message))
