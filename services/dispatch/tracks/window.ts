// The window of time a track or its trips are asked for: [from, to), at most 31 days.
import { invalidInput } from '../../contracts/errors.ts'

const MAX_DAYS = 31
const DAY_MS = 86_400_000

/** @throws Refusal VALIDATION_FAILED when it is empty or too long */
export function windowOf(query: { from: string; to: string }): { from: Date; to: Date } {
  const from = new Date(query.from)
  const to = new Date(query.to)
  if (from.getTime() >= to.getTime()) throw invalidInput('query.to', 'must be later than from')
  if (to.getTime() - from.getTime() > MAX_DAYS * DAY_MS) throw invalidInput('query.to', `must be within ${MAX_DAYS} days after from`)
  return { from, to }
}
