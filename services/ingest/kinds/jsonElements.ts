// Bytes → the elements of a message in JSON: one, or an array of them. Pure.
import { MAX_MESSAGE_BYTES, type QuarantineReason } from '../../contracts/position.ts'
import type { Decoded } from './kind.ts'

/** How many elements an array may have, what they are called, and the reason of an array with more. */
export type Most = { most: number; counted: string; tooMany: QuarantineReason }

export function jsonElements(payload: Uint8Array, { most, counted, tooMany }: Most): Decoded {
  if (payload.byteLength > MAX_MESSAGE_BYTES) {
    return { reason: 'too-large', detail: `${payload.byteLength} bytes; the limit is ${MAX_MESSAGE_BYTES}`, lost: 1 }
  }
  let value: unknown
  try {
    value = JSON.parse(textOf(payload))
  } catch (error) {
    return { reason: 'not-json', detail: whereOf(error as Error), lost: 1 }
  }
  if (!Array.isArray(value)) return { elements: [value] }
  if (value.length === 0) return { reason: 'empty-array', detail: `an array without ${counted}`, lost: 1 }
  if (value.length > most) return { reason: tooMany, detail: `${value.length} ${counted}; the limit is ${most}`, lost: value.length }
  return { elements: value }
}

const textOf = (payload: Uint8Array): string =>
  (Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)).toString('utf8')

/** A parser's own words quote what it read, which may be a place: a detail is seen by those who do not see the bytes. */
const whereOf = ({ message }: Error): string => /at position \d+/.exec(message)?.[0] ?? 'ends too early, or is not JSON at all'
