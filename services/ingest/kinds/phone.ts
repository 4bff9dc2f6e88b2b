// Positions of drivers' phones while an order runs: `up/phone`, from our own service alone. What they are is in contracts/phoneFix.ts, how they are stored in
// ../positions/phones.ts, when they count in domain/phoneFixes.ts.
import { type PhoneFix, phoneFixSchema } from '../../contracts/phoneFix.ts'
import { liveFrameTopic } from '../../contracts/topics.ts'
import { MOST_FIXES_A_BATCH } from '../../domain/phoneFixes.ts'
import { createLiveFrames } from '../positions/liveFrames.ts'
import { storePhoneFixes } from '../positions/phones.ts'
import type { RowEncoder } from '../positions/rows.ts'
import { validatePosition } from '../positions/validate.ts'
import { jsonElements } from './jsonElements.ts'
import type { Kind, Validated } from './kind.ts'

const many = { most: MOST_FIXES_A_BATCH, counted: 'fixes', tooMany: 'too-many-positions' } as const

/** @param encode from `createRowEncoder` of the database that it stores in */
export function createPhone(encode: RowEncoder): Kind<PhoneFix> & { readonly name: 'phone' } {
  const liveFrameOf = createLiveFrames()
  return {
    name: 'phone',
    counted: many.counted,
    countsItself: false,
    decode: (payload) => jsonElements(payload, many),
    validate: validateFix,
    timeMs: ({ tsMs }) => tsMs,
    vehicleOf: ({ vehicleId }) => vehicleId,
    store: (client, _worker, readings) => storePhoneFixes(client, encode, readings),
    tell: (worker, moved, committedAtMs) => [liveFrameTopic(worker), liveFrameOf(moved, committedAtMs)],
  }
}

function validateFix(element: unknown, receivedMs: number): Validated<PhoneFix> {
  const parsed = phoneFixSchema.safeParse(element)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return { reason: 'schema', detail: `${issue.path.join('.') || 'fix'}: ${issue.message}` }
  }
  const { deviceTime, accuracyM, vehicleId, orderId, ...message } = parsed.data
  const position = validatePosition(message, receivedMs)
  if ('reason' in position) return position
  return { value: { ...position.value, deviceMs: deviceTime, accuracyM: Math.ceil(accuracyM), vehicleId, orderId } }
}
