// The rows of the API table for the upkeep of vehicles.
import { type ActDeps, act, changeLedger } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { listDue, markMaintenance } from './due.ts'
import { actOnMishap, enterMishap, listMishaps, listOwnMishaps } from './mishaps.ts'
import { addPlan, changePlan, listPlans } from './plans.ts'
import { listRenewals, recordRenewal, withdrawRenewal } from './renewals.ts'
import { actOnWorkOrder, askWorkOrder, listWorkOrders } from './workOrders.ts'

export function createUpkeepHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listMaintenancePlans: (call) => listPlans(db, call, call.query),
    addMaintenancePlan: (call) => act(deps, call, (step) => addPlan(step, call.body)),
    changeMaintenancePlan: (call) => act(deps, call, (step) => changePlan(step, call.params.planId, call.body)),
    listMaintenanceDue: ({ reach, query }) => listDue(db, reach, query, clock.nowMs()),
    markMaintenance: (call) => act(deps, call, (step) => markMaintenance(step, call.body)),
    listWorkOrders: (call) => listWorkOrders(db, call, call.query, clock.nowMs()),
    askWorkOrder: (call) => act(deps, call, (step) => askWorkOrder(step, call.body)),
    listRenewals: (call) => listRenewals(db, call, call.query, clock.nowMs()),
    recordRenewal: (call) => changeLedger(deps, call, (step) => recordRenewal(step, call.body)),
    withdrawRenewal: (call) => changeLedger(deps, call, (step) => withdrawRenewal(step, call.params.renewalId, call.body)),
    listMishaps: (call) => listMishaps(db, call, call.query, clock.nowMs()),
    enterMishap: (call) => act(deps, call, (step) => enterMishap(step, call.body)),
    actOnMishap: (call) => act(deps, call, (step) => actOnMishap(step, call.params.mishapId, call.body)),
    listOwnMishaps: ({ caller, reach, query }) => listOwnMishaps(db, caller, reach.cleared, query),
    actOnWorkOrder: (call) => act(deps, call, (step) => actOnWorkOrder(step, call.params.workOrderId, call.body)),
  } satisfies Partial<Handlers>
}
