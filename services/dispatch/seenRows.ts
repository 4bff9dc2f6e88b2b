// How a list is asked for all that its page shows: with the page's filter, within the reach of its endpoint; and how times stand in a file.
import type { z } from 'zod'
import { invalidInput, Refusal } from '../contracts/errors.ts'
import { sayIssue } from '../contracts/schemaWords.ts'
import { ZONE_OFFSET_MS } from '../domain/days.ts'
import type { Capability } from '../domain/permissions.ts'
import { grantFor, reachableBy, type Who } from './kernel/caller.ts'
import type { ReachOf } from './routes.ts'

/** More than there are, of anything. */
const ALL = { limit: 1_000_000, offset: 0 }

export const minuteOf = (instant: string): string =>
  new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
export const minuteIfAny = (instant: string | null): string | null => (instant === null ? null : minuteOf(instant))

/** The filter as the list's own endpoint reads it; a word that it does not know must not quietly export everything. */
export function filterOf<Q extends z.ZodObject>(schema: Q, filter: Record<string, string>): z.output<Q> {
  const read = schema.strict().safeParse(filter)
  if (read.success) return { ...read.data, ...ALL } as z.output<Q>
  const { code, path, message, ...params } = read.error.issues[0]!
  const names = path.map(String)
  throw invalidInput(['query', ...names].join('.'), sayIssue({ code, path: names, message, params }))
}

/** @throws Refusal FORBIDDEN, PURPOSE_REQUIRED: whoever may not see the page may not have it as a file */
export function reachOf<C extends Capability>({ caller, reach }: Who, capability: C): ReachOf<C> {
  const grant = grantFor(caller, capability)
  if (grant.reach === 'none') throw new Refusal('FORBIDDEN')
  if (grant.purposeRequired && !caller.session.livePurpose) throw new Refusal('PURPOSE_REQUIRED')
  return reachableBy(caller, reach, grant) as ReachOf<C>
}
