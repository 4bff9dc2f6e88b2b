// The two procedures of cases: the case, and each vehicle in it (domain/cases.ts has the tables).
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { caseLifecycle, caseVehicleLifecycle } from '../../domain/cases.ts'
import type { Procedure } from '../kernel/procedure.ts'
import { findCaseVehicles, isMember, loadCase, type StoredCase, type StoredCaseVehicle } from './caseRows.ts'

export const caseProcedure: Procedure<StoredCase> = {
  table: 'cases',
  key: 'case_id',
  steps: 'case_steps',
  lifecycle: caseLifecycle,
  // Whoever is no member finds none; a member reaches all of it.
  lock: ({ client, caller }, caseId) => loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c'),
  refusals: {
    notNow: { path: 'body.action', reason: 'case.not' },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {},
  record: ({ id }, { action }) => ({ action: 'case.step', subject: { type: 'case', id }, detail: { action } }),
}

export const caseVehicleProcedure: Procedure<StoredCaseVehicle> = {
  table: 'case_vehicles',
  key: 'case_vehicle_id',
  steps: 'case_vehicle_steps',
  lifecycle: caseVehicleLifecycle,
  async lock(act, id) {
    const who = { caller: act.caller, reach: act.scope }
    // A member, or whoever may release it: of the scope, and it is seen.
    const reached = `(${isMember('$4')} OR (cv.state = 'WAITING' AND u.lft BETWEEN $1 AND $2))`
    const [found] = await findCaseVehicles(act.client, who, `cv.case_vehicle_id = $5 AND ${reached}`, [id], 'FOR UPDATE OF cv')
    if (!found) throw new Refusal('NOT_FOUND')
    if (found.caseState === 'CLOSED') throw refusal('CONFLICT', 'body.action', 'case.closed')
    return found
  },
  reaches: (_who, { isMember, inScope }, side) => (side === 'asker' ? isMember : inScope),
  refusals: {
    notNow: { path: 'body.action', reason: 'case.vehicleNot' },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'case.samePerson' },
  },
  effects: {
    release: { before: async (_act, { period }) => ({ set: { released: period } }) },
  },
  record: ({ heldVehicleId, caseId }, { action }) => ({
    action: 'case.vehicle',
    subject: { type: 'case', id: caseId },
    detail: { action, vehicleId: heldVehicleId },
  }),
  stateField: 'caseVehicleState',
}
