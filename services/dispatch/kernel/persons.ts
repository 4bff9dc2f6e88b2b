// The human being behind an account: rules about two people are about people, not about user names. Two accounts are one person's when
// the staff number, the telephone or the driver is the same. An account that tells nobody who it belongs to might be anybody's, and so is
// never taken for another person; the demo's accounts, whose staff numbers are left out, are each a person of their own.
import type { Queryable } from '../../platform/db.ts'
import type { AuditSubject } from './record.ts'

/** Who an account's person is, as one text; NULL when nobody knows. */
const personOf = (account: string): string =>
  `coalesce(upper(btrim(${account}.person_no)), CASE WHEN ${account}.demo THEN 'account ' || ${account}.account_id END)`

/**
 * Two aliases of accounts are known to be two people. The one statement of that law: every two-person rule asks it, in SQL or through
 * `listSamePerson`.
 */
export const areTwoPeople = (a: string, b: string): string =>
  `(${a}.account_id <> ${b}.account_id AND coalesce(${personOf(a)} <> ${personOf(b)}, false)
    AND coalesce(${a}.phone <> ${b}.phone, true) AND coalesce(${a}.driver_id <> ${b}.driver_id, true))`

/** Those of `others` that are, or for all that is known may be, the same human being as `accountId`. */
export async function listSamePerson(client: Queryable, accountId: number, others: readonly number[]): Promise<Set<number>> {
  const rest = others.filter((other) => other !== accountId)
  if (rest.length === 0) return new Set(others)
  const { rows } = await client.query<{ id: number }>(
    `SELECT b.account_id AS id FROM accounts a JOIN accounts b ON ${areTwoPeople('a', 'b')} WHERE a.account_id = $1 AND b.account_id = ANY($2)`,
    [accountId, rest],
  )
  const different = new Set(rows.map(({ id }) => id))
  return new Set(others.filter((other) => !different.has(other)))
}

/** Is one of `others`, as far as anybody knows, the same human being as `accountId`? Then the rule of two people refuses. */
export const isSamePerson = async (client: Queryable, accountId: number, ...others: number[]): Promise<boolean> =>
  (await listSamePerson(client, accountId, others)).size > 0

/** The account as what a record is about. */
export const ofAccount = (accountId: number): AuditSubject => ({ type: 'account', id: accountId })
