// The rows of the API table for the book of costs.
import { type ActDeps, act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { actOnBill, enterBill, listBills } from './bills.ts'
import { listCostEntries, listCostSums } from './costReport.ts'
import { closeMonth, listMonths } from './months.ts'

export function createCostsHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listCostBills: (call) => listBills(db, call, call.query, clock.nowMs()),
    enterCostBill: (call) => act(deps, call, (step) => enterBill(step, call.body)),
    actOnCostBill: (call) => act(deps, call, (step) => actOnBill(step, call.params.billId, call.body)),
    listCostMonths: ({ reach, query }) => listMonths(db, reach, query),
    closeCostMonth: (call) => act(deps, call, (step) => closeMonth(step, call.body)),
    listCostSums: ({ reach, query }) => listCostSums(db, reach, query),
    listCostEntries: ({ reach, query }) => listCostEntries(db, reach, query),
  } satisfies Partial<Handlers>
}
