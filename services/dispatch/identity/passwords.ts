// Passwords: argon2id. An unknown user costs the same hash as a known one, so that time does not tell names.
import { randomInt } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { faultsOf, type PasswordFault } from '../../domain/passwords.ts'
import type { SecurityLimits } from '../../domain/securityPolicy.ts'
import type { Queryable } from '../../platform/db.ts'

/** 19 MiB, two passes, one lane: OWASP's second choice of parameters, about 30 ms here. The package's default algorithm is argon2id. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The argon2id hash of a password, with its salt and costs in it. */
export const hashPassword = (password: string): Promise<string> => hash(password, cost)

let nobodysHash: Promise<string> | undefined

/** Is this the password of the account with `passwordHash`? Without a hash (no such user) it takes as long and says no. */
export async function isPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  nobodysHash ??= hashPassword('nobody has this password')
  const right = await verify(passwordHash ?? (await nobodysHash), password)
  return right && passwordHash !== undefined
}

const alphabets = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-+=@#%']
const ONE_TIME_LENGTH = 16

/** A random password without letters that look alike, with all four kinds of characters: about 90 bits. */
export function newOneTimePassword(): string {
  const all = alphabets.join('')
  for (;;) {
    const password = Array.from({ length: ONE_TIME_LENGTH }, () => all[randomInt(all.length)]).join('')
    if (alphabets.every((kind) => [...kind].some((letter) => password.includes(letter)))) return password
  }
}

/** What a new password of an account is refused for, in the words of `passwordFaults`. */
export async function judgeNewPassword(
  db: Queryable,
  { accountId, username, passwordHash }: { accountId: number; username: string; passwordHash: string | null },
  password: string,
  limits: SecurityLimits,
): Promise<PasswordFault[]> {
  const faults = faultsOf(password, username, limits)
  if (faults.length > 0) return faults
  const { rows } = await db.query<{ password_hash: string }>(
    'SELECT password_hash FROM password_history WHERE account_id = $1 ORDER BY history_id DESC LIMIT $2',
    [accountId, limits.history],
  )
  const known = new Set([...(passwordHash ? [passwordHash] : []), ...rows.map((row) => row.password_hash)])
  for (const each of known) if (await verify(each, password)) return ['used-before']
  return []
}

/** Keeps the hash among the last ones, which may not come again. */
export async function rememberPassword(client: Queryable, accountId: number, passwordHash: string, nowMs: number): Promise<void> {
  await client.query('INSERT INTO password_history (account_id, password_hash, set_at) VALUES ($1, $2, $3)', [
    accountId,
    passwordHash,
    new Date(nowMs),
  ])
}
