// A step of a thing with states (domain/lifecycle.ts), in an act: who may take it, from which state, and who took an earlier one.
import type { ErrorCode } from '../../contracts/errors.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, refusal } from '../../contracts/refusals.ts'
import { judgeStep, type Lifecycle, type Standing, type Step } from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'
import { requireVersion } from './act.ts'
import { type Caller, may } from './caller.ts'
import { listSamePerson } from './persons.ts'

/** How a procedure says no, in its own words. */
export type Refusals = {
  notNow: { path: string; reason: RefusalReason }
  samePerson: { code: ErrorCode; path: string; reason: RefusalReason }
}

/** A step that is taken on nothing of a place: everything is in reach. */
export const everywhere = (): boolean => true

/**
 * Is this step the role's at all? Asked before anything is looked up, so that whoever has no business here learns nothing.
 * @throws Refusal FORBIDDEN
 */
export function requireRight(lifecycle: Lifecycle<string>, action: string, caller: Caller): void {
  const by = lifecycle[action]?.by
  if (by !== undefined && (by === 'system' || !may(caller, by))) throw new Refusal('FORBIDDEN')
}

/**
 * The step that is to be taken.
 * @throws Refusal FORBIDDEN; CHANGED_MEANWHILE when it is no longer what was `seen`; as `refusals` say, not now or not by this person
 */
export function requireStep(
  lifecycle: Lifecycle<string>,
  action: string,
  standing: Standing,
  refusals: Refusals,
  versions?: { row: { version: number }; seen: number },
): Step<string> {
  const verdict = judgeStep(lifecycle, action, standing)
  if (verdict === 'forbidden') throw new Refusal('FORBIDDEN')
  if (versions) requireVersion(versions.row, versions.seen)
  if (verdict === 'not-now') throw refusal('CONFLICT', refusals.notNow.path, refusals.notNow.reason)
  if (verdict === 'same-person') throw refusal(refusals.samePerson.code, refusals.samePerson.path, refusals.samePerson.reason)
  return lifecycle[action]!
}

/** Every taker of an action counts, in whatever round it was taken. */
export type Taken = { action: string; accountId: number }

/** The actions of each list that the caller's person has taken, by whatever account. Takers of all lists are looked up at once. */
export async function takenBy(db: Queryable, caller: Caller, lists: readonly (readonly Taken[])[]): Promise<ReadonlySet<string>[]> {
  const takers = [...new Set(lists.flatMap((steps) => steps.map(({ accountId }) => accountId)))]
  const own = await listSamePerson(db, caller.accountId, takers)
  return lists.map((steps) => new Set(steps.filter(({ accountId }) => own.has(accountId)).map(({ action }) => action)))
}
