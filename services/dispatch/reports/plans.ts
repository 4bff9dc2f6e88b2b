// Scheduled reports: made, changed, ended, sent beside their times. Whoever sets one must be able to see the list himself; whoever it goes to is asked at each sending.
import type { z } from 'zod'
import type { ReportPlan } from '../../contracts/api/reports.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { nextTime } from '../../domain/reports.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { isCalled } from '../kernel/searchText.ts'
import { isUnder, requireOrganisation } from '../kernel/within.ts'
import { oweDeliveries } from './due.ts'
import { loadPlan, PLANS, planColumns, planOf, subjectOf, TABLE } from './rows.ts'

type Fields = Omit<z.output<Api['changeReport']['body']>, 'on' | 'version'>
type Reader = Fields['readers'][number]

export async function listReports(
  db: Queryable,
  { lft, rgt }: Scope,
  { ended, organisationId, limit, offset }: z.output<Api['listReports']['query']>,
): Promise<AnswerOf<'listReports'>> {
  const values: unknown[] = [lft, rgt]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = ['o.lft BETWEEN $1 AND $2', ...(ended ? [] : ['p.next_at IS NOT NULL'])]
  if (organisationId) tests.push(isUnder(`${$(organisationId)}::bigint`, 'o'))
  const where = tests.join(' AND ')
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total ${PLANS} WHERE ${where}`, values)
  const { rows } = await db.query(
    `SELECT ${planColumns} ${PLANS} WHERE ${where} ORDER BY p.next_at IS NULL, p.report_id DESC LIMIT ${$(limit)} OFFSET ${$(offset)}`,
    values,
  )
  return { total: counted[0]!.total, rows: rows.map(planOf) }
}

/** @throws Refusal VALIDATION_FAILED for a day that a week or a month has not, a form that the list has not, a reader out of reach or named twice */
function requireSound({ every, onDay, list, format, readers }: Fields): void {
  const [least, most] = every === 'day' ? [0, 0] : every === 'week' ? [1, 7] : [1, 31]
  if (onDay < least || onDay > most) throw refusal('VALIDATION_FAILED', 'body.onDay', 'report.onDay', { least, most })
  if ((list === 'letters') !== (format === 'pdf')) throw refusal('VALIDATION_FAILED', 'body.format', 'report.format')
  if (readers.some(({ byApp, byMail }) => !byApp && !byMail)) throw refusal('VALIDATION_FAILED', 'body.readers', 'report.noWay')
  if (new Set(readers.map(({ accountId }) => accountId)).size < readers.length)
    throw refusal('VALIDATION_FAILED', 'body.readers', 'report.twice')
}

async function requireReaders({ client, scope }: Act, readers: readonly Reader[]): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM accounts a JOIN organisations o USING (organisation_id) WHERE a.account_id = ANY($1::int[]) AND a.status = 'active' AND o.lft BETWEEN $2 AND $3`,
    [readers.map(({ accountId }) => accountId), scope.lft, scope.rgt],
  )
  if (rowCount < readers.length) throw refusal('VALIDATION_FAILED', 'body.readers', 'report.readers')
}

const columnsOf = ({ name, list, filter, format, locale, every, onDay, atMinute }: Fields) => ({
  ...{ name, list, filter: JSON.stringify(filter), format, locale, every },
  on_day: onDay,
  at_minute: atMinute,
})
/** What stands on record of it. */
const told = ({ name, list, filter, format, every, onDay, atMinute, readers }: Fields) => ({
  ...{ name, list, filter, format, every, onDay, atMinute },
  readers: readers.map(({ accountId, byApp, byMail }) => `${accountId}${byApp ? ' app' : ''}${byMail ? ' mail' : ''}`),
})

export async function makeReport(act: Act, { organisationId, ...fields }: z.output<Api['makeReport']['body']>): Promise<ReportPlan> {
  const { client, scope, caller, nowMs } = act
  requireSound(fields)
  const unit = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  await requireReaders(act, fields.readers)
  const columns = {
    ...columnsOf(fields),
    organisation_id: unit.organisationId,
    next_at: new Date(nextTime(fields, nowMs)),
    made_by: caller.accountId,
    made_at: new Date(nowMs),
  }
  const names = Object.keys(columns)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO report_plans (${names.join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')}) RETURNING report_id AS id`,
    Object.values(columns),
  )
  const { id } = rows[0]!
  await writeReaders(client, id, fields.readers)
  act.record('report.make', subjectOf(id), { after: { organisationId, ...told(fields) } })
  return loadPlan(client, scope, id)
}

/** Those who are named no more go; whoever has left stays left. */
async function writeReaders(client: Queryable, reportId: number, readers: readonly Reader[]): Promise<void> {
  const [accounts, app, mail] = [
    readers.map(({ accountId }) => accountId),
    readers.map(({ byApp }) => byApp),
    readers.map(({ byMail }) => byMail),
  ]
  await client.query('DELETE FROM report_readers WHERE report_id = $1 AND left_at IS NULL AND account_id <> ALL($2::int[])', [
    reportId,
    accounts,
  ])
  await client.query(
    `INSERT INTO report_readers (report_id, account_id, by_app, by_mail) SELECT $1, * FROM unnest($2::int[], $3::boolean[], $4::boolean[])
     ON CONFLICT (report_id, account_id) DO UPDATE SET by_app = excluded.by_app, by_mail = excluded.by_mail`,
    [reportId, accounts, app, mail],
  )
}

export async function changeReport(
  act: Act,
  reportId: number,
  { on, version, ...fields }: z.output<Api['changeReport']['body']>,
): Promise<ReportPlan> {
  const { client, scope, nowMs } = act
  const old = await loadPlan(client, scope, reportId, 'FOR UPDATE OF p')
  requireVersion(old, version)
  requireSound(fields)
  await requireReaders(
    act,
    fields.readers.filter(({ accountId }) => !old.readers.some((reader) => reader.accountId === accountId)),
  )
  await writeReaders(client, reportId, fields.readers)
  const next = on ? new Date(nextTime(fields, nowMs)) : null
  await changeRow(client, { ...TABLE, id: reportId }, { ...columnsOf(fields), next_at: next })
  act.record(
    'report.change',
    subjectOf(reportId),
    difference<Record<string, unknown>>({ ...told(old), on: old.nextAt !== null }, { ...told(fields), on }),
  )
  return loadPlan(client, scope, reportId)
}

/** At this very minute, once: asked twice within it, nothing is owed twice. */
export async function sendReport(act: Act, reportId: number): Promise<{ deliveries: number }> {
  const { client, scope, nowMs } = act
  await loadPlan(client, scope, reportId, 'FOR UPDATE OF p')
  const deliveries = await oweDeliveries(client, reportId, nowMs - (nowMs % 60_000), nowMs)
  act.record('report.ask', subjectOf(reportId), { detail: { deliveries } })
  return { deliveries }
}

export async function listReportReaders(
  db: Queryable,
  { caller, reach }: Who,
  { q, limit }: z.output<Api['listReportReaders']['query']>,
): Promise<AnswerOf<'listReportReaders'>> {
  const values: unknown[] = [reach.lft, reach.rgt, limit, caller.accountId]
  const called = q ? ` AND ${isCalled((value) => `$${values.push(value)}`, 'a.display_name', q)}` : ''
  const { rows } = await db.query<AnswerOf<'listReportReaders'>['rows'][number]>(
    `SELECT a.account_id AS "accountId", a.display_name AS name, o.name AS unit, m.account_id IS NOT NULL AS "hasMail"
     FROM accounts a JOIN organisations o USING (organisation_id) LEFT JOIN mail_addresses m USING (account_id)
     WHERE o.lft BETWEEN $1 AND $2 AND a.status = 'active'${called} ORDER BY a.account_id <> $4, o.lft, a.display_name, a.account_id LIMIT $3`,
    values,
  )
  return { rows }
}
