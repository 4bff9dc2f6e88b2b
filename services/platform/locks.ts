// The numbers of the database's advisory locks: one list, so that no two laws share a number unknowingly. Statements of migrations have two
// more, which stand in them for good: 6075990344 (rights of the services' role, 0004) and 7310450 (bindings of terminals, 0023).
import type { Queryable } from './db.ts'

/** Every change of the ledger holds it: a quota's count, a seat, the numbers of the tree are read and written by nobody else meanwhile. */
export const LEDGER_LOCK = 5_150_001
/** Held by whoever sets the security policy. */
export const POLICY_LOCK = 6_075_990_501
/** Grants of separated roles wait for each other: two accounts of one person may be granted at once. */
export const SEPARATION_LOCK = 6_075_990_502
/** Two first accounts at once must not both find nobody. */
export const FIRST_ACCOUNT_LOCK = 6_075_990_503
/** Cases of a year are numbered one after the other. */
export const CASE_LOCK = 6_075_991_503
/** One migration of a database at a time, from the first statement to the last. */
export const MIGRATION_LOCK = 6_075_990_618
/** Numbers of monthly letters, one after the other. */
export const LETTER_LOCK = 6_075_991_504

/** Waits for the lock, and keeps it until the transaction ends. */
export async function takeLock(client: Queryable, lock: number): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [lock])
}
