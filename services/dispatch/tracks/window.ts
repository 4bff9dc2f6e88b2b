// The window of time a track or its trips are asked for: [from, to), at most 31 days.
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'

const MAX_DAYS = 31

/** @throws Refusal VALIDATION_FAILED when it is empty or too long */
export function windowOf(query: { from: string; to: string }): { from: Date; to: Date } {
  const from = new Date(query.from)
  const to = new Date(query.to)
  const lengthMs = to.getTime() - from.getTime()
  if (lengthMs <= 0 || lengthMs > MAX_DAYS * DAY_MS) throw refusal('VALIDATION_FAILED', 'query.to', 'window.order', { days: MAX_DAYS })
  return { from, to }
}
