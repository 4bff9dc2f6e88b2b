// Bytes → the elements of a message: one position or an array of them. Pure.
import { MAX_MESSAGE_BYTES, MAX_POSITIONS_PER_MESSAGE, type QuarantineReason } from '../contracts/position.ts'

/** `positions` is how many positions are lost with the message; what cannot be counted counts as one. */
export type Decoded = { elements: unknown[] } | { reason: QuarantineReason; detail: string; positions: number }

export function decode(payload: Uint8Array): Decoded {
  if (payload.byteLength > MAX_MESSAGE_BYTES) {
    return { reason: 'too-large', detail: `${payload.byteLength} bytes; the limit is ${MAX_MESSAGE_BYTES}`, positions: 1 }
  }
  let value: unknown
  try {
    value = JSON.parse(textOf(payload))
  } catch (error) {
    return { reason: 'not-json', detail: whereOf(error as Error), positions: 1 }
  }
  if (!Array.isArray(value)) return { elements: [value] }
  if (value.length === 0) return { reason: 'empty-array', detail: 'an array without positions', positions: 1 }
  if (value.length > MAX_POSITIONS_PER_MESSAGE) {
    const detail = `${value.length} positions; the limit is ${MAX_POSITIONS_PER_MESSAGE}`
    return { reason: 'too-many-positions', detail, positions: value.length }
  }
  return { elements: value }
}

const textOf = (payload: Uint8Array): string => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8')

/** A parser's own words quote what it read, which may be a place: a detail is seen by those who do not see the bytes. */
const whereOf = ({ message }: Error): string => /at position \d+/.exec(message)?.[0] ?? 'ends too early, or is not JSON at all'
