// Budgets of units, year by year. A revision takes over and the earlier ones stay, so what was to be spent when something was approved can be told.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { changedMeanwhile } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { type BudgetColumns, budgetLeft, budgetOf, budgetSql } from '../kernel/budget.ts'
import type { Scope } from '../kernel/caller.ts'
import { requireOrganisation, unitTestsOf } from '../kernel/within.ts'
import type { Sent } from './own.ts'

type Found = BudgetColumns & {
  total: number
  organisation_id: number
  name: string
  revision: number | null
  set_at: Date | null
  by: string | null
  reason: string | null
}

/** Units that have a budget in the year, costs, or orders that will have some. */
export async function listBudgets(
  db: Queryable,
  scope: Scope,
  { year, organisationId, limit, offset }: z.output<Api['listBudgets']['query']>,
): Promise<AnswerOf<'listBudgets'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const [of, most, from] = [`${$(year)}::int`, $(limit), $(offset)]
  const { rows } = await db.query<Found>(
    `WITH found AS MATERIALIZED (
       SELECT o.organisation_id, o.name, o.lft, b.* FROM organisations o CROSS JOIN LATERAL ${budgetSql('o.organisation_id', of)} b
       WHERE ${unitTestsOf($, scope, organisationId, 'o').join(' AND ')} AND (b.revision IS NOT NULL OR b.used_fen <> 0 OR b.committed_fen <> 0))
     SELECT n.total, f.*, a.display_name AS by FROM (SELECT count(*) AS total FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY lft LIMIT ${most} OFFSET ${from}) f ON true LEFT JOIN accounts a ON a.account_id = f.set_by ORDER BY f.lft`,
    values,
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter((row) => row.organisation_id !== null)
      .map((row) => ({
        ...budgetOf(year, row),
        unit: { organisationId: row.organisation_id, name: row.name },
        revision: row.revision ?? 0,
        setAt: row.set_at?.toISOString() ?? null,
        by: row.by,
        reason: row.reason,
      })),
  }
}

/** @throws Refusal CHANGED_MEANWHILE when another revision is there than was seen */
export async function setBudget(
  act: Act,
  { organisationId, year, fen, revision, reason }: Sent<'setBudget'>,
): Promise<{ revision: number }> {
  const { client, scope, caller, nowMs } = act
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const before = await budgetLeft(client, organisationId, year)
  const next = revision + 1
  const { rowCount } = await client.query(
    `INSERT INTO budgets (unit_id, year, revision, fen, set_at, set_by, reason)
     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE $3 = (SELECT coalesce(max(revision), 0) + 1 FROM budgets WHERE unit_id = $1 AND year = $2)
     ON CONFLICT (unit_id, year, revision) DO NOTHING`,
    [organisationId, year, next, fen, new Date(nowMs), caller.accountId, reason],
  )
  if (rowCount === 0) throw changedMeanwhile('body.revision')
  act.record(
    'budget.set',
    { type: 'organisation', id: organisationId },
    { before: { budgetFen: before.fen }, after: { budgetFen: fen }, detail: { year }, reason },
  )
  return { revision: next }
}
