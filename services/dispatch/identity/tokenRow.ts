// An integration token as a row: for whoever permits tokens, and for the owner of the account it acts for.
import type { TokenRow } from '../../contracts/api/identity.ts'
import type { Queryable, Row } from '../../platform/db.ts'

export const tokenColumns = `t.*, a.username, u.organisation_id AS unit_id, u.name AS unit_name, m.username AS made_by`
export const tokenJoins = `FROM api_tokens t JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
  JOIN organisations u ON u.organisation_id = t.organisation_id JOIN accounts m ON m.account_id = t.created_by`

export async function readToken(client: Queryable, tokenId: number, nowMs: number): Promise<TokenRow> {
  const { rows } = await client.query(`SELECT ${tokenColumns} ${tokenJoins} WHERE t.token_id = $1`, [tokenId])
  return tokenOf(rows[0]!, nowMs)
}

const iso = (value: unknown): string | null => (value as Date | null)?.toISOString() ?? null

function stateOf(row: Row, nowMs: number): TokenRow['state'] {
  if (row.revoked_at !== null) return 'revoked'
  if ((row.expires_at as Date).getTime() <= nowMs) return 'expired'
  if (row.token_hash !== null) return 'valid'
  return (row.collect_until as Date).getTime() > nowMs ? 'permitted' : 'lapsed'
}

export const tokenOf = (row: Row, nowMs: number): TokenRow => ({
  tokenId: row.token_id as number,
  name: row.name as string,
  username: row.username as string,
  capabilities: row.capabilities as string[],
  organisation: { organisationId: row.unit_id as number, name: row.unit_name as string },
  state: stateOf(row, nowMs),
  createdAt: iso(row.created_at)!,
  createdBy: row.made_by as string,
  collectUntil: iso(row.collect_until),
  collectedAt: iso(row.collected_at),
  expiresAt: iso(row.expires_at)!,
  lastUsedAt: iso(row.last_used_at),
  revokedAt: iso(row.revoked_at),
  reason: row.reason as string,
})
