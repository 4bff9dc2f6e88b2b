// Permitting tokens: the security administrator says that a machine may act for somebody's account, with what, where and until when, and is
// shown no secret. The account's owner collects that (ownTokens.ts): so a token is two people's work, and its secret one person's.
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'
import { grantOf, type Role, tokenCapabilities } from '../../domain/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { type Act, act } from '../kernel/act.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { isSamePerson } from '../kernel/persons.ts'
import type { Call } from '../routes.ts'
import { requireUnit } from './accounts.ts'
import type { SecurityPolicies } from './policy.ts'
import { readToken, tokenColumns, tokenJoins, tokenOf } from './tokenRow.ts'

/** So long the owner has to collect what was permitted. */
const COLLECT_MS = 7 * DAY_MS

type TokenRow = AnswerOf<'revokeToken'>
export type TokenDeps = { db: Database; clock: Clock; policies: SecurityPolicies }

export async function listTokens(
  { db, clock }: TokenDeps,
  scope: Scope,
  { limit, offset }: { limit: number; offset: number },
): Promise<AnswerOf<'listTokens'>> {
  const inScope = `${tokenJoins} WHERE o.lft BETWEEN $1 AND $2`
  const values = [scope.lft, scope.rgt]
  const [{ rows: counted }, { rows }] = await Promise.all([
    db.query<{ n: number }>(`SELECT count(*) AS n ${inScope}`, values),
    db.query(`SELECT ${tokenColumns} ${inScope} ORDER BY t.token_id DESC LIMIT $3 OFFSET $4`, [...values, limit, offset]),
  ])
  return { total: counted[0]!.n, rows: rows.map((row) => tokenOf(row, clock.nowMs())) }
}

export const ofToken = (tokenId: number) => ({ type: 'token', id: tokenId })

/** @throws Refusal NOT_FOUND for what is out of scope, TWO_PERSON_RULE for the caller’s own account, VALIDATION_FAILED */
export async function permitToken(deps: TokenDeps, who: Who, body: Call<'permitToken'>['body']): Promise<TokenRow> {
  const limits = await deps.policies.limits()
  const untilMs = Date.parse(body.expiresAt)
  const capabilities = tokenCapabilities.filter((capability) => body.capabilities.includes(capability))
  return act(deps, who, async ({ client, caller, scope, nowMs, record }) => {
    if (untilMs <= nowMs) throw refusal('VALIDATION_FAILED', 'body.expiresAt', 'time.past')
    if (untilMs > nowMs + limits.tokenMaxDays * DAY_MS)
      throw refusal('VALIDATION_FAILED', 'body.expiresAt', 'token.days', { max: limits.tokenMaxDays })
    const { rows: accounts } = await client.query<{ role: Role; lft: number; rgt: number }>(
      `SELECT a.role, o.lft, o.rgt FROM accounts a JOIN organisations o USING (organisation_id)
       WHERE a.account_id = $1 AND a.status = 'active' AND o.lft BETWEEN $2 AND $3`,
      [body.accountId, scope.lft, scope.rgt],
    )
    const account = accounts[0]
    if (!account) throw new Refusal('NOT_FOUND')
    if (await isSamePerson(client, caller.accountId, body.accountId)) throw new Refusal('TWO_PERSON_RULE')
    for (const capability of capabilities)
      if (grantOf(account.role, capability).reach === 'none') throw refusal('VALIDATION_FAILED', 'body.capabilities', 'token.capability')
    await requireUnit(client, account, body.organisationId)
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO api_tokens (account_id, name, capabilities, organisation_id, expires_at, reason, created_at, created_by, collect_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING token_id AS id`,
      [
        body.accountId,
        body.name,
        capabilities,
        body.organisationId,
        new Date(untilMs),
        body.reason,
        new Date(nowMs),
        caller.accountId,
        new Date(nowMs + COLLECT_MS),
      ],
    )
    const made = await readToken(client, rows[0]!.id, nowMs)
    record('token.permit', ofToken(made.tokenId), {
      after: { name: made.name, username: made.username, capabilities, organisationId: body.organisationId, expiresAt: made.expiresAt },
      reason: body.reason,
    })
    return made
  })
}

/** By whoever permits tokens of that scope; a permission nobody has collected yet ends the same way. @throws Refusal NOT_FOUND, CONFLICT */
export const revokeToken = (deps: TokenDeps, who: Who, tokenId: number, reason: string): Promise<TokenRow> =>
  act(deps, who, async (step) => {
    const { rows } = await step.client.query<{ revoked_at: Date | null }>(
      `SELECT t.revoked_at FROM api_tokens t JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
       WHERE t.token_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF t`,
      [tokenId, step.scope.lft, step.scope.rgt],
    )
    if (!rows[0]) throw new Refusal('NOT_FOUND')
    if (rows[0].revoked_at) throw refusal('CONFLICT', 'params.tokenId', 'token.revoked')
    return endToken(step, tokenId, reason)
  })

/** Ends a token that the caller may end and has locked, and records it; `reason` is asked of whoever is not its owner. */
export async function endToken({ client, caller, nowMs, record }: Act, tokenId: number, reason?: string): Promise<TokenRow> {
  await client.query('UPDATE api_tokens SET revoked_at = $2, revoked_by = $3 WHERE token_id = $1', [
    tokenId,
    new Date(nowMs),
    caller.accountId,
  ])
  const row = await readToken(client, tokenId, nowMs)
  record('token.revoke', ofToken(tokenId), {
    before: { name: row.name, username: row.username, revokedAt: null },
    after: { revokedAt: row.revokedAt },
    reason,
  })
  return row
}
