// The tokens of one's own account. Nobody but its owner, signed in, is ever shown a secret: once when it is collected, and once when it is
// replaced. State machine:
//
//   permitted ──collect──▶ valid ──rotate──▶ valid (under another secret; the old one is dead at once)
//      └──time──▶ lapsed        └──time──▶ expired          and from every state but the last ──revoke──▶ revoked
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { act } from '../kernel/act.ts'
import type { Caller, Who } from '../kernel/caller.ts'
import { endToken, ofToken, type TokenDeps } from './tokenPermits.ts'
import { readToken, tokenColumns, tokenJoins, tokenOf } from './tokenRow.ts'

const PREFIX = 'mrn_'
type Shown = AnswerOf<'collectOwnToken'>

export async function listOwnTokens({ db, clock }: TokenDeps, caller: Caller): Promise<AnswerOf<'listOwnTokens'>> {
  const { rows } = await db.query(`SELECT ${tokenColumns} ${tokenJoins} WHERE t.account_id = $1 ORDER BY t.token_id DESC LIMIT 200`, [
    caller.accountId,
  ])
  return { rows: rows.map((row) => tokenOf(row, clock.nowMs())) }
}

/** The token, locked, when it is the caller's own. @throws Refusal NOT_FOUND for anybody else's */
async function lockOwn(client: Queryable, caller: Caller, tokenId: number, nowMs: number): Promise<Row & { state: string }> {
  const { rows } = await client.query('SELECT * FROM api_tokens WHERE token_id = $1 AND account_id = $2 FOR UPDATE', [
    tokenId,
    caller.accountId,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { ...rows[0], state: (await readToken(client, tokenId, nowMs)).state }
}

/** The secret of what was permitted. @throws Refusal NOT_FOUND, CONFLICT when it was collected before, or the time for it is over */
export const collectOwnToken = (deps: TokenDeps, who: Who, tokenId: number): Promise<Shown> =>
  giveSecret(deps, who, tokenId, { from: 'permitted', action: 'token.collect' })

/** Another secret for a token that works; rights and end stay. @throws Refusal NOT_FOUND, CONFLICT */
export const rotateOwnToken = (deps: TokenDeps, who: Who, tokenId: number): Promise<Shown> =>
  giveSecret(deps, who, tokenId, { from: 'valid', action: 'token.rotate' })

async function giveSecret(
  deps: TokenDeps,
  who: Who,
  tokenId: number,
  { from, action }: { from: string; action: 'token.collect' | 'token.rotate' },
): Promise<Shown> {
  const token = PREFIX + newSecret()
  const row = await act(deps, who, async ({ client, caller, nowMs, record }) => {
    const { state } = await lockOwn(client, caller, tokenId, nowMs)
    if (state !== from) throw refusal('CONFLICT', 'params.tokenId', from === 'permitted' ? 'token.notPermitted' : 'token.notValid')
    await client.query('UPDATE api_tokens SET token_hash = $2, collected_at = $3 WHERE token_id = $1', [
      tokenId,
      sha256(token),
      new Date(nowMs),
    ])
    record(action, ofToken(tokenId), {})
    return readToken(client, tokenId, nowMs)
  })
  return { token, row }
}

/** The owner ends it. @throws Refusal NOT_FOUND, CONFLICT when it has ended */
export const revokeOwnToken = (deps: TokenDeps, who: Who, tokenId: number): Promise<AnswerOf<'revokeOwnToken'>> =>
  act(deps, who, async (step) => {
    const { state } = await lockOwn(step.client, step.caller, tokenId, step.nowMs)
    if (state === 'revoked') throw refusal('CONFLICT', 'params.tokenId', 'token.revoked')
    return endToken(step, tokenId)
  })
