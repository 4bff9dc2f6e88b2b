// The entry code: what one administrator did (gave a password, took a second factor off) opens an account only together with a code that
// another person issued. The password from one, the code from the other, and the owner has both. Laws: the issuer is neither the owner nor
// whoever gave the password that is in force, or, where that is the owner's own, whoever took the second factor off; one code at most is
// out, for a week; a reset of any kind ends it, and so does the entrance.
import { randomInt } from 'node:crypto'
import { Refusal } from '../../contracts/errors.ts'
import { DAY_MS } from '../../domain/days.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { isSamePerson } from '../kernel/persons.ts'

const VALID_MS = 7 * DAY_MS
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export type EntryCode = { code: string; expiresAt: string }

/** 80 random bits in groups of four letters: a code of this kind, and a recovery code. */
export function newCode(): string {
  const letters = Array.from({ length: 16 }, () => BASE32[randomInt(32)]).join('')
  return letters.match(/.{4}/g)!.join('-')
}
/** However it was typed: digits that no code has are the letters they look like. */
export const hashOfCode = (code: string): Buffer =>
  sha256(code.toUpperCase().replaceAll('-', '').replaceAll('0', 'O').replaceAll('1', 'I').replaceAll('8', 'B'))

/** Waits an account `a` for a code at its next entrance? Who has a second factor proves itself by that. */
export const needsCodeSql = `(a.status = 'active' AND (a.password_by IS NOT NULL OR a.unproven_by IS NOT NULL)
  AND NOT EXISTS (SELECT FROM second_factors n WHERE n.account_id = a.account_id))`

/** May this person issue the code of the account? `row` has the account's columns. */
export async function mayVouch(client: Queryable, issuerId: number, row: Row): Promise<boolean> {
  const causer = (row.password_by ?? row.unproven_by) as number | null
  return !(await isSamePerson(client, issuerId, row.account_id as number, ...(causer === null ? [] : [causer])))
}

/** A new code in place of any other. @throws Refusal TWO_PERSON_RULE */
export async function issueCode(client: Queryable, issuerId: number, accountId: number, nowMs: number): Promise<EntryCode> {
  const { rows } = await client.query('SELECT account_id, password_by, unproven_by FROM accounts WHERE account_id = $1', [accountId])
  if (!(await mayVouch(client, issuerId, rows[0]!))) throw new Refusal('TWO_PERSON_RULE')
  const code = newCode()
  const expiresAt = new Date(nowMs + VALID_MS)
  await client.query(
    `INSERT INTO entry_codes (account_id, code_hash, issued_at, issued_by, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (account_id) DO UPDATE SET code_hash = excluded.code_hash, issued_at = excluded.issued_at, issued_by = excluded.issued_by,
       expires_at = excluded.expires_at`,
    [accountId, hashOfCode(code), new Date(nowMs), issuerId, expiresAt],
  )
  return { code, expiresAt: expiresAt.toISOString() }
}

export async function endCode(client: Queryable, accountId: number): Promise<void> {
  await client.query('DELETE FROM entry_codes WHERE account_id = $1', [accountId])
}

/** Is this the code of the account? It stays good until the entrance is complete: a sign-in may stop half-way. */
export async function isCode(db: Queryable, accountId: number, code: string, nowMs: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM entry_codes WHERE account_id = $1 AND code_hash = $2 AND expires_at > $3', [
    accountId,
    hashOfCode(code),
    new Date(nowMs),
  ])
  return rows.length > 0
}
