// Quota, vehicles in service, vacancies and excess per unit and category: computed from approved quotas and the ledger, never stored.
import type { z } from 'zod'
import type { QuotaRow } from '../../contracts/api/quota.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { isSubjectToQuotaSql, quotasInForce } from '../kernel/quota.ts'
import { isNamed } from '../kernel/searchText.ts'
import { unitTestsOf } from '../kernel/within.ts'

export type QuotaQuery = z.output<Api['listQuotas']['query']>

const only = {
  over: '"inService" > seats',
  vacant: 'seats > "inService"',
  open: 'quota_id IS NOT NULL',
} as const

/** What quotas, vehicles and open applications say of a unit and a category is added up in one pass; names are read for the page alone. */
export async function listQuotas(db: Queryable, scope: Scope, query: QuotaQuery, today: string): Promise<AnswerOf<'listQuotas'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const unitTests = unitTestsOf($, scope, query.organisationId)
  if (query.q) unitTests.push(isNamed($, 'organisations', query.q))
  const category = query.category ? `AND category = ${$(query.category)}` : ''
  const { rows } = await db.query(
    `WITH units AS MATERIALIZED (SELECT organisation_id AS unit_id, lft FROM organisations WHERE ${unitTests.join(' AND ')}),
     said AS (
       SELECT unit_id, category, seats, 0 AS vehicles, NULL::int AS open_id FROM ${quotasInForce($(today), category)} q
       UNION ALL SELECT user_unit_id, category, 0, 1, NULL FROM vehicles
         WHERE state <> 'DISPOSED' AND ${isSubjectToQuotaSql('category')} ${category}
       UNION ALL SELECT unit_id, category, 0, 0, quota_id FROM quotas WHERE state <> 'APPROVED' ${category}),
     all_rows AS (SELECT unit_id, category, sum(seats) AS seats, sum(vehicles) AS "inService", max(open_id) AS quota_id FROM said GROUP BY 1, 2),
     chosen AS MATERIALIZED (
       SELECT * FROM all_rows JOIN units USING (unit_id)
       WHERE (seats > 0 OR "inService" > 0 OR quota_id IS NOT NULL) ${query.only ? `AND ${only[query.only]}` : ''}),
     totals AS (SELECT count(*) AS total, coalesce(sum(seats), 0) AS t_seats, coalesce(sum("inService"), 0) AS t_in_service,
       coalesce(sum(greatest(seats - "inService", 0)), 0) AS t_vacant, coalesce(sum(greatest("inService" - seats, 0)), 0) AS t_over FROM chosen),
     page AS (SELECT * FROM chosen ORDER BY lft, category LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT t.*, p.*, u.name, o.state AS open_state, o.seats AS open_seats FROM totals t LEFT JOIN page p ON true
     LEFT JOIN organisations u ON u.organisation_id = p.unit_id LEFT JOIN quotas o ON o.quota_id = p.quota_id
     ORDER BY p.lft, p.category`,
    values,
  )
  const first = rows[0]!
  return {
    total: first.total as number,
    totals: {
      seats: first.t_seats as number,
      inService: first.t_in_service as number,
      vacant: first.t_vacant as number,
      over: first.t_over as number,
    },
    rows: rows
      .filter((row) => row.unit_id !== null)
      .map((row): QuotaRow => {
        const seats = row.seats as number
        const inService = row.inService as number
        return {
          unitId: row.unit_id as number,
          unitName: row.name as string,
          category: row.category as QuotaRow['category'],
          seats,
          inService,
          vacant: Math.max(0, seats - inService),
          over: Math.max(0, inService - seats),
          open:
            row.quota_id === null
              ? null
              : {
                  quotaId: row.quota_id as number,
                  state: row.open_state as NonNullable<QuotaRow['open']>['state'],
                  seats: row.open_seats as number,
                },
        }
      }),
  }
}
