// The human being behind an account. Two accounts are one person's when the staff number, the telephone or the driver is the same:
// rules about two people are about people, not about user names.
import type { Queryable } from '../../platform/db.ts'
import type { AuditSubject } from '../audit/record.ts'

export type Person = { accountId: number; personNo: string | null; phone: string | null; driverId: number | null }

/** The person of an account that exists. */
export async function findPerson(client: Queryable, accountId: number): Promise<Person> {
  const { rows } = await client.query<Person>(
    `SELECT account_id AS "accountId", person_no AS "personNo", phone, driver_id AS "driverId" FROM accounts WHERE account_id = $1`,
    [accountId],
  )
  return rows[0]!
}

export function isSamePerson(a: Person, b: Person): boolean {
  if (a.accountId === b.accountId) return true
  const same = <T>(x: T | null, y: T | null) => x !== null && x === y
  return same(a.personNo, b.personNo) || same(a.phone, b.phone) || same(a.driverId, b.driverId)
}

/** The account as what a record is about. */
export const ofAccount = (accountId: number): AuditSubject => ({ type: 'account', id: accountId })
