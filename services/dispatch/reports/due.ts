// What is due is owed: a delivery for each reader and way, once for each time, with its work in the queue. After a time when nothing ran the last time is made up, and none before it.
import { lastTime, nextTime, type Rhythm } from '../../domain/reports.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { insertJobs } from '../kernel/jobQueue.ts'

export const SEND_REPORT = 'report.send'
/** In one go; the next goes on with the others. */
const MOST = 50

/** @returns how many were new */
export async function oweDeliveries(client: Queryable, reportId: number, plannedMs: number, nowMs: number): Promise<number> {
  const { rowCount } = await client.query(
    `WITH owed AS (INSERT INTO report_deliveries (report_id, account_id, channel, planned_at)
       SELECT r.report_id, r.account_id, c.channel, $2 FROM report_readers r
       CROSS JOIN LATERAL (VALUES ('app', r.by_app), ('mail', r.by_mail)) c (channel, wanted)
       WHERE r.report_id = $1 AND c.wanted AND r.left_at IS NULL
       ON CONFLICT (report_id, account_id, channel, planned_at) DO NOTHING RETURNING delivery_id)
     ${insertJobs(`SELECT '${SEND_REPORT}', delivery_id::text, NULL, jsonb_build_object('deliveryId', delivery_id), $3::timestamptz, $3::timestamptz FROM owed`)}`,
    [reportId, new Date(plannedMs), new Date(nowMs)],
  )
  return rowCount
}

type Due = Rhythm & { reportId: number }

/** @returns how many reports were due */
export async function oweDueReports(db: Database, nowMs: number): Promise<number> {
  const { rows } = await db.query<Due>(
    `SELECT report_id AS "reportId", every, on_day AS "onDay", at_minute AS "atMinute" FROM report_plans WHERE next_at <= $1 ORDER BY next_at LIMIT ${MOST}`,
    [new Date(nowMs)],
  )
  for (const { reportId, ...rhythm } of rows)
    await db.transaction(async (client) => {
      // Another instance may be at it, and whoever changes it goes first: one of them owes it.
      const { rowCount } = await client.query('UPDATE report_plans SET next_at = $3 WHERE report_id = $1 AND next_at <= $2', [
        reportId,
        new Date(nowMs),
        new Date(nextTime(rhythm, nowMs)),
      ])
      if (rowCount === 1) await oweDeliveries(client, reportId, lastTime(rhythm, nowMs), nowMs)
    })
  return rows.length
}
