// The lines of an order's costs: how they are read.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { counts, isSpent, isUndecided } from '../../domain/settlement.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Caller, may } from '../kernel/caller.ts'
import { listSamePerson } from '../kernel/persons.ts'

type Told = OrderDetail['costs'][number]
/** As stored: `enteredBy` is the account. */
export type CostLine = Omit<Told, 'mayDecide'> & { enteredBy: number }

export async function listCosts(db: Queryable, orderId: number): Promise<CostLine[]> {
  const { rows } = await db.query<CostLine & { at: Date }>(
    `SELECT c.cost_id AS "costId", c.kind, c.fen, c.at, c.note, a.display_name AS by, c.entered_by AS "enteredBy", c.source, c.basis, c.corrects,
       c.question, c.decision, d.display_name AS "decidedBy", c.decided_reason AS "decidedReason"
     FROM order_costs c JOIN accounts a ON a.account_id = c.entered_by LEFT JOIN accounts d ON d.account_id = c.decided_by
     WHERE c.order_id = $1 ORDER BY c.cost_id`,
    [orderId],
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

export const countedOf = (costs: readonly CostLine[]): CostLine[] => costs.filter(counts)
/** What was spent; a price between units is told beside it. */
export const totalOf = (costs: readonly CostLine[]): number =>
  countedOf(costs)
    .filter(isSpent)
    .reduce((sum, { fen }) => sum + fen, 0)

/** As they are told: whoever entered a line, or is the same person, does not decide it. */
export async function tellCosts(db: Queryable, caller: Caller, costs: readonly CostLine[]): Promise<Told[]> {
  const asked = costs.filter(isUndecided)
  const decides = asked.length > 0 && may(caller, 'cost.approve')
  const own = decides ? await listSamePerson(db, caller.accountId, [...new Set(asked.map(({ enteredBy }) => enteredBy))]) : new Set()
  return costs.map(({ enteredBy, ...line }) => ({ ...line, mayDecide: decides && isUndecided(line) && !own.has(enteredBy) }))
}
