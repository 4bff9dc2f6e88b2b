// Accounts as the administrators see them: a page of the list, and one account with its grants, sessions and history.

import type { AccountDetail } from '../../contracts/api/identity.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { shownTo } from '../../domain/masking.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { cutOf } from '../../platform/pageEnd.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { listNames } from '../kernel/names.ts'
import { isSamePerson } from '../kernel/persons.ts'
import { listHistory } from '../kernel/record.ts'
import { contains } from '../kernel/searchText.ts'
import { accountColumns, accountJoins, accountRowOf, iso } from './accountRow.ts'
import { mayVouch, needsCodeSql } from './entry.ts'
import type { Sessions } from './sessions.ts'

type Filter = {
  q?: string | undefined
  status?: string | undefined
  role?: Role | undefined
  organisationId?: number | undefined
  waiting?: 'true' | undefined
  limit: number
  offset: number
}

/** Rows by user name. The page is cut before the joins: they are then fifty look-ups and not sixty thousand. */
export async function listAccounts(db: Database, scope: Scope, filter: Filter, nowMs: number): Promise<AnswerOf<'listAccounts'>> {
  const values: unknown[] = [new Date(nowMs)]
  const $ = (value: unknown) => `$${values.push(value)}`
  const within = [`lft BETWEEN ${$(scope.lft)} AND ${$(scope.rgt)}`]
  if (filter.organisationId !== undefined) {
    const chosen = $(filter.organisationId)
    // Two values looked up once, and not a question asked of each unit.
    const edge = (name: string) => `(SELECT c.${name} FROM organisations c WHERE c.organisation_id = ${chosen})`
    within.push(`lft BETWEEN ${edge('lft')} AND ${edge('rgt')}`)
  }
  const conditions = [`a.organisation_id IN (SELECT organisation_id FROM organisations WHERE ${within.join(' AND ')})`]
  if (filter.q) conditions.push(`a.search LIKE lower(${$(contains(filter.q))})`)
  if (filter.status) conditions.push(`a.status = ${$(filter.status)}`)
  if (filter.role) conditions.push(`a.role = ${$(filter.role)}`)
  if (filter.waiting)
    conditions.push(
      `(EXISTS (SELECT FROM role_grants w WHERE w.account_id = a.account_id AND w.granted_at IS NULL AND w.ended_at IS NULL)
        OR ${needsCodeSql} AND NOT EXISTS (SELECT FROM entry_codes e WHERE e.account_id = a.account_id AND e.expires_at > $1))`,
    )
  const matched = `FROM accounts a WHERE ${conditions.join(' AND ')}`
  return conditions.length > 1 ? await select() : await browse()

  /** Judged in one pass. */
  async function select(): Promise<AnswerOf<'listAccounts'>> {
    const { rows } = await db.query(
      `WITH matched AS MATERIALIZED (SELECT a.account_id, a.username ${matched}),
       page AS MATERIALIZED (SELECT account_id FROM matched ORDER BY username LIMIT ${$(filter.limit)} OFFSET ${$(filter.offset)})
       SELECT t.total, r.* FROM (SELECT count(*) AS total FROM matched) t
       LEFT JOIN (SELECT ${accountColumns} ${accountJoins} WHERE a.account_id IN (SELECT account_id FROM page)) r ON true ORDER BY r.username`,
      values,
    )
    return { total: rows[0]!.total as number, rows: rows.filter((row) => row.account_id !== null).map(accountRowOf) }
  }

  /** Nothing asked: rows are counted apart and come in the order of the index of names until the page is full. */
  async function browse(): Promise<AnswerOf<'listAccounts'>> {
    const { rows: counted } = await db.query<{ total: number }>(
      `SELECT count(*) AS total ${matched} AND $1::timestamptz IS NOT NULL`,
      values,
    )
    const { total } = counted[0]!
    const { direction, limit, offset } = cutOf(filter, total)
    const { rows } = await db.query(
      `WITH page AS MATERIALIZED (SELECT a.account_id ${matched} ORDER BY a.username ${direction} LIMIT ${$(limit)} OFFSET ${$(offset)})
       SELECT ${accountColumns} ${accountJoins} WHERE a.account_id IN (SELECT account_id FROM page) ORDER BY a.username`,
      values,
    )
    return { total, rows: rows.map(accountRowOf) }
  }
}

/** The account inside the caller's scope, or undefined. */
export async function findAccount(
  db: Database,
  sessions: Sessions,
  who: Who,
  accountId: number,
  nowMs: number,
): Promise<AccountDetail | undefined> {
  const { rows } = await db.query(
    `SELECT ${accountColumns}, c.username AS creator, d.name AS driver_name ${accountJoins}
     LEFT JOIN accounts c ON c.account_id = a.created_by LEFT JOIN drivers d ON d.driver_id = a.driver_id
     WHERE a.account_id = $2 AND o.lft BETWEEN $3 AND $4`,
    [new Date(nowMs), accountId, who.reach.lft, who.reach.rgt],
  )
  const row = rows[0]
  if (!row) return undefined
  const phone = row.phone as string | null
  const history = await listHistory(db, { type: 'account', id: accountId }, { limit: 50 })
  const names = await listNames(db, who, history)
  return {
    ...accountRowOf(row),
    personNo: row.person_no as string | null,
    phone: phone && shownTo(who.caller.role, 'phone', phone),
    driver: row.driver_id === null ? null : { driverId: row.driver_id as number, name: row.driver_name as string },
    createdAt: iso(row.created_at)!,
    createdBy: row.creator as string | null,
    ownWork: await isOwnWork(db, who.caller.accountId, accountId, row.created_by as number | null),
    mayVouch: await mayVouch(db, who.caller.accountId, row),
    entryCodeUntil: iso(row.code_until),
    passwordSetAt: iso(row.password_set_at),
    mustChangePassword: row.must_change_password as boolean,
    ssoBound: row.oidc_subject !== null,
    grants: await listGrants(db, accountId),
    sessions: (await sessions.listOf(accountId)).map((each) => sessionRowOf(each, who.caller.session.sessionId)),
    history: history.map(({ at, username, action, purpose, before, after }, k) => ({
      ...{ at, username, action, before, after },
      purpose: purpose ?? null,
      names: names[k]!,
    })),
  }
}

/** Is `actorId` the same person as the account, or as who made it? Then someone else must grant. */
export const isOwnWork = (client: Queryable, actorId: number, accountId: number, createdBy: number | null): Promise<boolean> =>
  isSamePerson(client, actorId, accountId, ...(createdBy === null ? [] : [createdBy]))

async function listGrants(db: Queryable, accountId: number): Promise<AccountDetail['grants']> {
  const { rows } = await db.query(
    `SELECT g.*, o.name AS unit_name, r.username AS requester, b.username AS granter, e.username AS ender
     FROM role_grants g JOIN organisations o USING (organisation_id)
     LEFT JOIN accounts r ON r.account_id = g.requested_by LEFT JOIN accounts b ON b.account_id = g.granted_by
     LEFT JOIN accounts e ON e.account_id = g.ended_by
     WHERE g.account_id = $1 ORDER BY g.grant_id DESC LIMIT 100`,
    [accountId],
  )
  return rows.map((row) => ({
    grantId: row.grant_id as number,
    role: row.role as Role,
    organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
    requestedAt: iso(row.requested_at),
    requestedBy: row.requester as string | null,
    requestReason: row.request_reason as string | null,
    grantedAt: iso(row.granted_at),
    grantedBy: row.granter as string | null,
    reason: row.reason as string | null,
    expiresAt: iso(row.expires_at),
    endedAt: iso(row.ended_at),
    endedBy: row.ender as string | null,
    endReason: row.end_reason as string | null,
  }))
}

export const sessionRowOf = (row: Row, ownSessionId: number): AccountDetail['sessions'][number] => ({
  sessionId: row.session_id as number,
  createdAt: iso(row.created_at)!,
  lastSeenAt: iso(row.last_seen_at)!,
  expiresAt: iso(row.expires_at)!,
  address: row.address as string | null,
  agent: row.agent as string | null,
  method: row.method as 'password' | 'oidc',
  open: row.step === 'open',
  own: row.session_id === ownSessionId,
})
