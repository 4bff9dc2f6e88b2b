// Failures of sign-in by name, in the database: a restart forgets none, and a name that nobody has locks like any other.
// Attempts on one name wait for each other, so that a hundred at once are not judged before the first is counted.
import type { SecurityLimits } from '../../contracts/securityPolicy.ts'
import type { Queryable } from '../../platform/db.ts'

const FORGET_MS = 24 * 3_600_000

export const nameKey = (username: string): string => username.toLowerCase()

export async function isLocked(db: Queryable, username: string, nowMs: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM sign_in_failures WHERE name_key = $1 AND locked_until > $2', [
    nameKey(username),
    new Date(nowMs),
  ])
  return rows.length > 0
}

/** Counts one failure; true when it locked the name. */
export async function countFailure(client: Queryable, username: string, limits: SecurityLimits, nowMs: number): Promise<boolean> {
  await client.query('DELETE FROM sign_in_failures WHERE last_at < $1', [new Date(nowMs - FORGET_MS)])
  const { rows } = await client.query<{ locked: boolean }>(
    `INSERT INTO sign_in_failures AS f (name_key, failures, last_at, locked_until)
     VALUES ($1, 1, $2, CASE WHEN $3 <= 1 THEN $4::timestamptz END)
     ON CONFLICT (name_key) DO UPDATE SET
       failures = CASE WHEN f.locked_until <= $2 THEN 1 ELSE f.failures + 1 END,
       last_at = $2,
       locked_until = CASE WHEN f.locked_until IS NULL AND f.failures + 1 >= $3 THEN $4::timestamptz
                           WHEN f.locked_until > $2 THEN f.locked_until END
     RETURNING locked_until IS NOT NULL AS locked`,
    [nameKey(username), new Date(nowMs), limits.lockAfterFailures, new Date(nowMs + limits.lockMinutes * 60_000)],
  )
  return rows[0]!.locked
}

/** Forgets the failures of a name; true when it was locked. */
export async function forgetFailures(client: Queryable, username: string, nowMs: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean | null }>(
    'DELETE FROM sign_in_failures WHERE name_key = $1 RETURNING locked_until > $2 AS locked',
    [nameKey(username), new Date(nowMs)],
  )
  return rows[0]?.locked ?? false
}

/** Runs the works of one key after each other. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    const settled = mine.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(key, settled)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }
}
