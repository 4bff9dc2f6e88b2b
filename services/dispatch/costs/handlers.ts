// The rows of the API table for the book of costs.
import { type ActDeps, act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { actOnBill, enterBill, listBills } from './bills.ts'
import { listCostEntries, listCostSums } from './costReport.ts'
import { actOnLine, listLines } from './fuelLines.ts'
import { closeMonth, listMonths } from './months.ts'
import { approveStatement, importStatement, listStatements, type ReadRows, readStatement, tryStatement } from './statements.ts'

export function createCostsHandlers(deps: ActDeps & { readRows: ReadRows }) {
  const { db, clock } = deps
  return {
    listCostBills: (call) => listBills(db, call, call.query, clock.nowMs()),
    enterCostBill: (call) => act(deps, call, (step) => enterBill(step, call.body)),
    actOnCostBill: (call) => act(deps, call, (step) => actOnBill(step, call.params.billId, call.body)),
    listCostMonths: ({ reach, query }) => listMonths(db, reach, query),
    closeCostMonth: (call) => act(deps, call, (step) => closeMonth(step, call.body)),
    listFuelStatements: ({ reach, query }) => listStatements(db, reach, query),
    async importFuelStatement(call) {
      const sent = await readStatement(deps.readRows, call.query, call.body)
      if (call.query.trial) return (await tryStatement(db, call.reach, sent, clock.nowMs())).told
      return act(deps, call, (step) => importStatement(step, sent))
    },
    approveFuelStatement: (call) => act(deps, call, (step) => approveStatement(step, call.params.statementId, call.body)),
    listFuelLines: ({ reach, query }) => listLines(db, reach, query),
    actOnFuelLine: (call) => act(deps, call, (step) => actOnLine(step, call.params.lineId, call.body)),
    listCostSums: ({ reach, query }) => listCostSums(db, reach, query),
    listCostEntries: ({ reach, query }) => listCostEntries(db, reach, query),
  } satisfies Partial<Handlers>
}
