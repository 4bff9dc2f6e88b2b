// What a unit may spend in a year, and what is left of it: booked for orders that are closed and bills that were approved, committed for those that are not, and
// for work that was approved and is not accepted yet.
// Whoever approves a journey asks here.
import type { Budget } from '../../contracts/api/costs.ts'
import { isRunningSql } from '../../domain/costBook.ts'
import { dayAt } from '../../domain/days.ts'
import { committedWorkStates } from '../../domain/workOrders.ts'
import type { Queryable } from '../../platform/db.ts'

const committedWork = committedWorkStates.map((state) => `'${state}'`).join(', ')

/** SQL: the lines `c` of an order's costs that count: a correction does when another person has agreed (domain/settlement.ts, `counts`). */
export const countsSql = (c: string): string => `(${c}.question IS DISTINCT FROM 'correction' OR ${c}.decision = 'stands')`

/**
 * SQL: for the unit `unit` and the year `year`, expressions of numbers: its budget (`fen`), who set it when and why, and what is used and
 * committed. To be joined as a lateral row.
 */
export const budgetSql = (unit: string, year: string): string => `
  (SELECT b.fen, b.revision, b.set_at, b.reason, b.set_by, coalesce(used.fen, 0) AS used_fen, coalesce(open.fen, 0) + coalesce(bills.fen, 0) + coalesce(work.fen, 0) AS committed_fen
   FROM (SELECT 1) one
   LEFT JOIN LATERAL (SELECT * FROM budgets WHERE unit_id = ${unit} AND year = ${year} ORDER BY revision DESC LIMIT 1) b ON true
   LEFT JOIN LATERAL (SELECT sum(e.fen)::bigint AS fen FROM cost_entries e
     WHERE e.unit_id = ${unit} AND e.day BETWEEN make_date(${year}, 1, 1) AND make_date(${year}, 12, 31) AND ${isRunningSql('e')}) used ON true
   LEFT JOIN LATERAL (SELECT sum(l.fen)::bigint AS fen FROM cost_bills l WHERE l.unit_id = ${unit} AND l.state = 'SUBMITTED'
     AND l.day BETWEEN make_date(${year}, 1, 1) AND make_date(${year}, 12, 31) AND ${isRunningSql('l')}) bills ON true
   LEFT JOIN LATERAL (SELECT sum(w.approved_fen)::bigint AS fen FROM work_orders w WHERE w.unit_id = ${unit} AND w.state IN (${committedWork})
     AND extract(year FROM w.from_at AT TIME ZONE 'Asia/Shanghai') = ${year}) work ON true
   LEFT JOIN LATERAL (SELECT sum(greatest(coalesce(d.agreed_fen, 0),
       (SELECT coalesce(sum(c.fen), 0) FROM order_costs c WHERE c.order_id = d.order_id AND c.kind <> 'mileage' AND ${countsSql('c')})))::bigint AS fen
     FROM dispatch_orders d JOIN trip_requests r USING (request_id)
     WHERE r.unit_id = ${unit} AND d.state NOT IN ('CLOSED', 'DECLINED', 'VOIDED', 'EXPIRED')
       AND extract(year FROM d.starts_at AT TIME ZONE 'Asia/Shanghai') = ${year}) open ON true)`

export type BudgetColumns = { fen: number | null; used_fen: number; committed_fen: number }
export const budgetOf = (year: number, { fen, used_fen, committed_fen }: BudgetColumns): Budget => ({
  year,
  fen: fen === null ? null : Number(fen),
  usedFen: Number(used_fen),
  committedFen: Number(committed_fen),
  leftFen: fen === null ? null : Number(fen) - Number(used_fen) - Number(committed_fen),
})

/** The year of the region of which a journey is. */
export const yearOf = ({ startsAt }: { startsAt: string }): number => Number(dayAt(Date.parse(startsAt)).slice(0, 4))

/** What is left of a unit's budget of a year of the region; `leftFen` null where none was set, negative beyond it. */
export async function budgetLeft(db: Queryable, unitId: number, year: number): Promise<Budget> {
  const { rows } = await db.query<BudgetColumns>(`SELECT * FROM ${budgetSql('$1::int', '$2::int')} budget`, [unitId, year])
  return budgetOf(year, rows[0]!)
}
