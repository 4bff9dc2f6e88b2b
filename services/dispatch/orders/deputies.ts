// Who decides for an approver who is away (代审批): named by himself for some days, ended by himself at any time. The right is read where it is
// used (deciding.ts), so it follows at once; who stood in is kept with each decision.

import type { Deputyship } from '../../contracts/api/approvals.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayAt } from '../../domain/days.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import type { Caller } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { areTwoPeople } from '../kernel/persons.ts'
import { isCalled } from '../kernel/searchText.ts'
import type { Sent } from './own.ts'

/** Nobody is away longer: whoever leaves for good is followed by somebody with the role. */
const LONGEST_DAYS = 93

const select = `SELECT s.deputyship_id, s.account_id, a.display_name AS name, s.deputy_id, d.display_name AS deputy_name, s.from_day::text AS from_day,
  s.until_day::text AS until_day, s.ended_at, s.version
  FROM approval_deputies s JOIN accounts a USING (account_id) JOIN accounts d ON d.account_id = s.deputy_id`
const rowOf = (row: Row, { accountId }: Caller): Deputyship => ({
  deputyshipId: row.deputyship_id as number,
  account: { accountId: row.account_id as number, name: row.name as string },
  deputy: { accountId: row.deputy_id as number, name: row.deputy_name as string },
  fromDay: row.from_day as string,
  untilDay: row.until_day as string,
  endedAt: (row.ended_at as Date | null)?.toISOString() ?? null,
  own: row.account_id === accountId,
  version: row.version as number,
})

export async function listDeputies(db: Queryable, caller: Caller): Promise<AnswerOf<'listDeputies'>> {
  const { rows } = await db.query(
    `${select} WHERE s.account_id = $1 OR s.deputy_id = $1 ORDER BY s.ended_at IS NOT NULL, s.until_day DESC, s.deputyship_id DESC LIMIT 100`,
    [caller.accountId],
  )
  return { rows: rows.map((row) => rowOf(row, caller)) }
}

/** SQL: is the account `d` fit to stand in for `a`: at work, of the same role, known to be another person, of the same league where there is one? */
const isFit = `d.status = 'active' AND d.role = a.role AND ${areTwoPeople('a', 'd')} AND coalesce((SELECT o.lft BETWEEN l.lft AND l.rgt FROM organisations l
  JOIN organisations own ON own.organisation_id = a.organisation_id WHERE l.kind = 'league' AND own.lft BETWEEN l.lft AND l.rgt), true)`
const fit = `accounts a JOIN accounts d ON true JOIN organisations o ON o.organisation_id = d.organisation_id WHERE a.account_id = $1 AND ${isFit}`

export async function listFitDeputies(
  db: Queryable,
  { accountId }: Caller,
  { q, most }: { q?: string | undefined; most: number },
): Promise<AnswerOf<'listFitDeputies'>> {
  const values: unknown[] = [accountId, most]
  const called = q ? ` AND ${isCalled((value) => `$${values.push(value)}`, 'd.display_name', q)}` : ''
  const { rows } = await db.query<{ accountId: number; name: string; unit: string }>(
    `SELECT d.account_id AS "accountId", d.display_name AS name, o.name AS unit FROM ${fit}${called} ORDER BY d.display_name, d.account_id LIMIT $2`,
    values,
  )
  return { rows }
}

/** @throws Refusal VALIDATION_FAILED for days that are past or too many, and for whoever is not fit; CONFLICT where somebody is named for one of the days */
export async function nameDeputy(act: Act, { deputyId, fromDay, untilDay }: Sent<'nameDeputy'>): Promise<Deputyship> {
  const { client, caller, today, nowMs } = act
  if (fromDay < today) throw refusal('VALIDATION_FAILED', 'body.fromDay', 'approval.dayPast', { firstDay: today })
  const latest = addDays(fromDay, LONGEST_DAYS - 1)
  if (untilDay < fromDay || untilDay > latest)
    throw refusal('VALIDATION_FAILED', 'body.untilDay', 'deputy.days', { days: LONGEST_DAYS, lastDay: latest })
  const { rowCount } = await client.query(`SELECT FROM ${fit} AND d.account_id = $2`, [caller.accountId, deputyId])
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.deputyId', 'deputy.unfit')
  // Two that are named at once: the second finds the first.
  await client.query('SELECT FROM accounts WHERE account_id = $1 FOR UPDATE', [caller.accountId])
  const { rows: others } = await client.query<{ name: string; from: string; until: string }>(
    `SELECT d.display_name AS name, s.from_day::text AS "from", s.until_day::text AS until FROM approval_deputies s JOIN accounts d ON d.account_id = s.deputy_id
     WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.from_day <= $3 AND s.until_day >= $2`,
    [caller.accountId, fromDay, untilDay],
  )
  if (others[0])
    throw refusal('CONFLICT', 'body.fromDay', 'deputy.named', { name: others[0].name, firstDay: others[0].from, lastDay: others[0].until })
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO approval_deputies (account_id, deputy_id, from_day, until_day, named_at) VALUES ($1, $2, $3, $4, $5) RETURNING deputyship_id AS id`,
    [caller.accountId, deputyId, fromDay, untilDay, new Date(nowMs)],
  )
  act.record('deputy.name', { type: 'account', id: caller.accountId }, { after: { deputyId, fromDay, untilDay } })
  return loadDeputy(act, rows[0]!.id)
}

/** His own alone. @throws Refusal NOT_FOUND; CONFLICT when it is over */
export async function endDeputy(act: Act, deputyshipId: number, { version }: Sent<'endDeputy'>): Promise<Deputyship> {
  const { client, caller, nowMs } = act
  const row = await loadDeputy(act, deputyshipId, 'FOR UPDATE OF s')
  if (!row.own) throw new Refusal('NOT_FOUND')
  requireVersion(row, version)
  if (row.endedAt !== null || row.untilDay < dayAt(nowMs)) throw refusal('CONFLICT', 'params.deputyshipId', 'deputy.over')
  await changeRow(client, { table: 'approval_deputies', key: 'deputyship_id', id: deputyshipId }, { ended_at: new Date(nowMs) })
  const { deputy, fromDay, untilDay } = row
  act.record(
    'deputy.end',
    { type: 'account', id: caller.accountId },
    { before: { deputyId: deputy.accountId, fromDay, untilDay }, after: null },
  )
  return loadDeputy(act, deputyshipId)
}

async function loadDeputy({ client, caller }: Act, deputyshipId: number, lock = ''): Promise<Deputyship> {
  const { rows } = await client.query(`${select} WHERE s.deputyship_id = $1 ${lock}`, [deputyshipId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rowOf(rows[0], caller)
}
