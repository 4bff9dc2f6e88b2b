// What a dry run may be asked about numbers that are none of the asker's. That a number is taken has to be said (docs/decisions/0028), so
// asking is on record and has an end: who tries numbers by the ten thousand would otherwise learn which of them exist.
import { DAY_MS, dayAt, dayStartMs } from '../../../domain/days.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Sheet } from '../sheet.ts'
import { refused } from '../words.ts'
import type { Plan } from './plan.ts'

/** Taken numbers of others that an account is told of in a day. */
export const MOST_FOREIGN = 100

export const foreignOf = ({ complaints }: Plan): number => complaints.filter(({ foreign }) => foreign).length

/** How many an account was told of on the day of `atMs`, by imports before this one. */
export async function foreignToldOf(db: Queryable, sheet: Sheet, accountId: number, atMs: number, importId: number): Promise<number> {
  const dayMs = dayStartMs(dayAt(atMs))
  const { rows } = await db.query<{ told: number }>(
    `SELECT coalesce(sum((result->>'foreign')::int), 0) AS told FROM imports
     WHERE account_id = $1 AND subject = $2 AND created_at >= $3 AND created_at < $4 AND import_id < $5`,
    [accountId, sheet.subject, new Date(dayMs), new Date(dayMs + DAY_MS), importId],
  )
  return rows[0]!.told
}

/** One sentence in place of all that is wrong, where it would tell of too many: not even which rows are sound. */
export function withoutTooMany(plan: Plan, toldBefore: number): Plan {
  if (foreignOf(plan) === 0 || foreignOf(plan) + toldBefore <= MOST_FOREIGN) return plan
  const message = refused('terminal.askedTooOften', { most: MOST_FOREIGN })
  return { ...plan, created: [], changed: [], unchanged: 0, complaints: [{ row: 1, column: null, value: '', message }] }
}
