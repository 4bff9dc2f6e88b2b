// Scheduled reports and deliveries as they are stored, and as whoever asks is told of them.
import type { ReportDelivery, ReportPlan } from '../../contracts/api/reports.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'

export const TABLE = { table: 'report_plans', key: 'report_id' } as const
export const subjectOf = (reportId: number) => ({ type: 'report', id: reportId })

export const planColumns = `p.report_id AS "reportId", json_build_object('organisationId', o.organisation_id, 'name', o.name) AS organisation, p.name, p.list, p.filter, p.format,
  p.locale, p.every, p.on_day AS "onDay", p.at_minute AS "atMinute", p.next_at, m.display_name AS "madeBy", p.version,
  (SELECT coalesce(json_agg(json_build_object('accountId', r.account_id, 'byApp', r.by_app, 'byMail', r.by_mail, 'name', a.display_name, 'left', r.left_at IS NOT NULL)
     ORDER BY r.account_id), '[]') FROM report_readers r JOIN accounts a USING (account_id) WHERE r.report_id = p.report_id) AS readers`
export const PLANS = 'FROM report_plans p JOIN organisations o USING (organisation_id) JOIN accounts m ON m.account_id = p.made_by'

export const planOf = ({ next_at, ...row }: Row): ReportPlan => ({
  ...(row as Omit<ReportPlan, 'nextAt'>),
  nextAt: (next_at as Date | null)?.toISOString() ?? null,
})

/** @throws Refusal NOT_FOUND out of the scope */
export async function loadPlan(db: Queryable, { lft, rgt }: Scope, reportId: number, lock = ''): Promise<ReportPlan> {
  const { rows } = await db.query(`SELECT ${planColumns} ${PLANS} WHERE p.report_id = $1 AND o.lft BETWEEN $2 AND $3 ${lock}`, [
    reportId,
    lft,
    rgt,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return planOf(rows[0])
}

const deliveryColumns = `d.delivery_id AS "deliveryId", d.report_id AS "reportId", p.name, a.display_name AS "to", d.channel, d.planned_at, d.state, d.why, d.said, d.attempts,
  d.done_at, d.file_name AS "fileName", d.rows, d.bytes`

/** Deliveries of a report or to an account, the newest first. */
export async function listDeliveries(
  db: Queryable,
  of: { reportId: number } | { accountId: number },
  { limit, offset }: { limit: number; offset: number },
): Promise<{ total: number; rows: ReportDelivery[] }> {
  const [column, value] = 'reportId' in of ? ['report_id', of.reportId] : ['account_id', of.accountId]
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total FROM report_deliveries WHERE ${column} = $1`, [
    value,
  ])
  const { rows } = await db.query(
    `SELECT ${deliveryColumns} FROM report_deliveries d JOIN report_plans p USING (report_id) JOIN accounts a ON a.account_id = d.account_id
     WHERE d.${column} = $1 ORDER BY d.delivery_id DESC LIMIT $2 OFFSET $3`,
    [value, limit, offset],
  )
  return {
    total: counted[0]!.total,
    rows: rows.map(({ planned_at, done_at, ...row }) => ({
      ...(row as Omit<ReportDelivery, 'plannedAt' | 'doneAt'>),
      plannedAt: (planned_at as Date).toISOString(),
      doneAt: (done_at as Date | null)?.toISOString() ?? null,
    })),
  }
}
