// Failures of sign-in, in the database: a restart forgets none, and a name that nobody has locks like any other. A stranger's failures are
// counted by name and network, so that he locks himself out and not the colleague whose name he types; only very many of them, from
// wherever, lock the name. What follows a right password is counted by account alone: no stranger comes so far.
// Attempts on one name wait for each other, so that a hundred at once are not judged before the first is counted.
import { createHmac, randomBytes } from 'node:crypto'
import type { SecurityLimits } from '../../domain/securityPolicy.ts'
import { foldUsername } from '../../domain/username.ts'
import type { Queryable } from '../../platform/db.ts'
import { networkOf } from '../../platform/network.ts'

const FORGET_MS = 24 * 3_600_000
/** A name is locked everywhere after so many times the failures that lock it for one network, and after so many in all at the latest. */
const EVERYWHERE_TIMES = 10
const EVERYWHERE_MOST = 100

/** Where failures are counted: a network, what follows a right password, or the name alone. */
export type Place = { of: string | undefined } | 'second step'
const EVERYWHERE = 'everywhere'
const placeKey = (place: Place): string => (place === 'second step' ? place : networkOf(place.of ?? ''))

/** What names are counted by. A name that nobody has may be a password typed into the wrong field: it is kept as a keyed hash. */
export class NameKeys {
  readonly #key: Uint8Array

  /** Without a key one is made: locks of names that nobody has are then forgotten with the process, those of accounts are not. */
  constructor(key: Uint8Array | undefined) {
    this.#key = key ?? randomBytes(32)
  }

  of(accountId: number | null, username: string): string {
    if (accountId !== null) return accountKey(accountId)
    return `name ${createHmac('sha256', this.#key)
      .update(`a name that nobody has\n${foldUsername(username)}`)
      .digest('base64url')}`
  }
}

const accountKey = (accountId: number): string => `account ${accountId}`
/** When the lock of an account `a` ends that lasts longest, for a list of accounts. `$1` is now. */
export const lockedUntilSql = `(SELECT max(f.locked_until) FROM sign_in_failures f WHERE f.who = 'account ' || a.account_id AND f.locked_until > $1)`

export async function isLocked(db: Queryable, who: string, place: Place, nowMs: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM sign_in_failures WHERE who = $1 AND place = ANY($2) AND locked_until > $3', [
    who,
    // Whoever failed at the second step knows the password: the password is held back then, too.
    [placeKey(place), 'second step', EVERYWHERE],
    new Date(nowMs),
  ])
  return rows.length > 0
}

/** Counts one failure; tells what it locked, if anything: the name for this place, or everywhere. */
export async function countFailure(
  client: Queryable,
  who: string,
  place: Place,
  limits: SecurityLimits,
  nowMs: number,
): Promise<'nothing' | 'here' | 'everywhere'> {
  const until = new Date(nowMs + limits.lockMinutes * 60_000)
  await client.query('DELETE FROM sign_in_failures WHERE last_at < $1', [new Date(nowMs - FORGET_MS)])
  const { rows } = await client.query<{ locked: boolean }>(
    `INSERT INTO sign_in_failures AS f (who, place, failures, last_at, locked_until)
     VALUES ($1, $2, 1, $3, CASE WHEN $4 <= 1 THEN $5::timestamptz END)
     ON CONFLICT (who, place) DO UPDATE SET
       failures = CASE WHEN f.locked_until <= $3 THEN 1 ELSE f.failures + 1 END,
       last_at = $3,
       locked_until = CASE WHEN f.locked_until IS NULL AND f.failures + 1 >= $4 THEN $5::timestamptz
                           WHEN f.locked_until > $3 THEN f.locked_until END
     RETURNING locked_until IS NOT NULL AS locked`,
    [who, placeKey(place), new Date(nowMs), limits.lockAfterFailures, until],
  )
  const { rows: all } = await client.query<{ failures: number }>(
    'SELECT sum(failures)::int AS failures FROM sign_in_failures WHERE who = $1',
    [who],
  )
  if (all[0]!.failures < Math.min(limits.lockAfterFailures * EVERYWHERE_TIMES, EVERYWHERE_MOST)) return rows[0]!.locked ? 'here' : 'nothing'
  // The lock of the name speaks for all of them, and after it counting begins anew.
  await client.query('DELETE FROM sign_in_failures WHERE who = $1', [who])
  await client.query('INSERT INTO sign_in_failures (who, place, failures, last_at, locked_until) VALUES ($1, $2, 0, $3, $4)', [
    who,
    EVERYWHERE,
    new Date(nowMs),
    until,
  ])
  return 'everywhere'
}

/** After a sign-in: its own failures are forgotten, and those of strangers elsewhere are not. */
export async function forgetOwnFailures(client: Queryable, accountId: number, address: string | undefined): Promise<void> {
  await client.query(`DELETE FROM sign_in_failures WHERE who = $1 AND place = ANY($2)`, [
    accountKey(accountId),
    [placeKey({ of: address }), placeKey('second step')],
  ])
}

/** Forgets every failure of an account; true when it was locked anywhere. */
export async function forgetFailures(client: Queryable, accountId: number, nowMs: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean | null }>(
    'DELETE FROM sign_in_failures WHERE who = $1 RETURNING locked_until > $2 AS locked',
    [accountKey(accountId), new Date(nowMs)],
  )
  return rows.some(({ locked }) => locked)
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
