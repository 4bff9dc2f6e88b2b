// Quota, vehicles in service, vacancies and excess per unit and category: computed from approved quotas and the ledger, never stored.
import type { z } from 'zod'
import type { QuotaRow } from '../../contracts/api/quota.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../audit/caller.ts'
import { namePattern } from './search.ts'

export type QuotaQuery = z.output<Api['listQuotas']['query']>

const only = {
  over: '"inService" > seats',
  vacant: 'seats > "inService"',
  open: 'quota_id IS NOT NULL',
} as const

export async function listQuotas(db: Queryable, scope: Scope, query: QuotaQuery, today: string): Promise<AnswerOf<'listQuotas'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const unitTests = [`lft BETWEEN ${$(scope.lft)} AND ${$(scope.rgt)}`]
  if (query.organisationId)
    unitTests.push(
      `EXISTS (SELECT FROM organisations c WHERE c.organisation_id = ${$(query.organisationId)} AND organisations.lft BETWEEN c.lft AND c.rgt)`,
    )
  if (query.q)
    unitTests.push(
      `(name ILIKE ${$(namePattern(query.q))} OR name_pinyin LIKE ${$(namePattern(query.q.toLowerCase().replace(/\s/g, '')))})`,
    )
  const category = query.category ? `AND category = ${$(query.category)}` : ''
  const { rows } = await db.query(
    `WITH units AS MATERIALIZED (SELECT organisation_id AS unit_id, lft, name FROM organisations WHERE ${unitTests.join(' AND ')}),
     in_force AS (SELECT DISTINCT ON (unit_id, category) unit_id, category, seats FROM quotas
       WHERE state = 'APPROVED' AND effective_from <= ${$(today)}::date ${category} ORDER BY unit_id, category, effective_from DESC),
     used AS (SELECT user_unit_id AS unit_id, category, count(*) AS n FROM vehicles
       WHERE state <> 'DISPOSED' AND category <> 'LEASED_SERVICE' ${category} GROUP BY 1, 2),
     open AS (SELECT unit_id, category, quota_id, state, seats FROM quotas WHERE state <> 'APPROVED' ${category}),
     pairs AS (SELECT unit_id, category FROM in_force UNION SELECT unit_id, category FROM used UNION SELECT unit_id, category FROM open),
     all_rows AS MATERIALIZED (
       SELECT u.unit_id, u.lft, u.name, p.category, coalesce(f.seats, 0) AS seats, coalesce(n.n, 0) AS "inService",
              o.quota_id, o.state AS open_state, o.seats AS open_seats
       FROM pairs p JOIN units u USING (unit_id)
       LEFT JOIN in_force f ON f.unit_id = p.unit_id AND f.category = p.category
       LEFT JOIN used n ON n.unit_id = p.unit_id AND n.category = p.category
       LEFT JOIN open o ON o.unit_id = p.unit_id AND o.category = p.category),
     chosen AS MATERIALIZED (SELECT * FROM all_rows WHERE (seats > 0 OR "inService" > 0 OR quota_id IS NOT NULL) ${query.only ? `AND ${only[query.only]}` : ''}),
     totals AS (SELECT count(*) AS total, coalesce(sum(seats), 0) AS t_seats, coalesce(sum("inService"), 0) AS t_in_service,
       coalesce(sum(greatest(seats - "inService", 0)), 0) AS t_vacant, coalesce(sum(greatest("inService" - seats, 0)), 0) AS t_over FROM chosen),
     page AS (SELECT * FROM chosen ORDER BY lft, category LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT t.*, p.* FROM totals t LEFT JOIN page p ON true ORDER BY p.lft, p.category`,
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
