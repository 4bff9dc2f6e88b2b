// Scheduled reports of the demo: the bureau's monthly table and the unit's weekly costs, in the application.
import { nextTime } from '../../domain/reports.ts'
import type { Queryable } from '../../platform/db.ts'

const plans = [
  {
    username: 'bureau',
    name: '编制与配备月报',
    list: 'statistics',
    filter: { table: 'T1', by: 'league', period: '2026-01' },
    every: 'month',
    onDay: 1,
  },
  { username: 'finance', name: '单车核算周报', list: 'costs', filter: {}, every: 'week', onDay: 1 },
  { username: 'fleet', name: '监督线索日报', list: 'findings', filter: {}, every: 'day', onDay: 0 },
] as const
const atMinute = 8 * 60

/** After accounts. */
export async function writeReports(client: Queryable, nowMs: number): Promise<void> {
  for (const { username, name, list, filter, every, onDay } of plans)
    await client.query(
      `WITH made AS (INSERT INTO report_plans (organisation_id, name, list, filter, format, locale, every, on_day, at_minute, next_at, made_by, made_at)
         SELECT organisation_id, $2, $3, $4, 'xlsx', 'zh-CN', $5, $6, $7, $8, account_id, $9 FROM accounts WHERE username = $1 RETURNING report_id, made_by)
       INSERT INTO report_readers (report_id, account_id, by_app, by_mail) SELECT report_id, made_by, true, false FROM made`,
      [
        username,
        name,
        list,
        JSON.stringify(filter),
        every,
        onDay,
        atMinute,
        new Date(nextTime({ every, onDay, atMinute }, nowMs)),
        new Date(nowMs),
      ],
    )
}
