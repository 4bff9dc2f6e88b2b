// The drivers' rows of the API table.

import { refusal } from '../../contracts/refusals.ts'
import { addDays } from '../../domain/days.ts'
import type { HandlerDeps } from '../deps.ts'
import { type Act, act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { historyOf } from '../kernel/history.ts'
import { type Handlers, orNotFound } from '../routes.ts'
import { createDriver, editDriver, moveDriver, setDriverState } from './driverChange.ts'
import { findDriver, findDriverUnit, listDriverDays, listDrivingLimits, ownDriver } from './driverDetail.ts'
import { listDrivers } from './driverList.ts'
import { addLeave, cancelLeave, endLoan, lendDriver, setDutyDay, setShifts } from './dutyChange.ts'
import { findFitness } from './fitness.ts'
import { setDrivingLimits } from './limitsChange.ts'

const MAX_DAYS = 62

export function createDriversHandlers(deps: Pick<HandlerDeps, 'db' | 'clock'>) {
  const { db, clock } = deps
  const change = <T>(who: Who, work: (step: Act) => Promise<T>) => act(deps, who, work)
  return {
    listDrivers: ({ caller, reach, query }) => listDrivers(db, reach, caller.role, query, clock.nowMs()),
    getDriver: async ({ caller, reach, params }) =>
      orNotFound(await findDriver(db, reach, params.driverId, { role: caller.role, nowMs: clock.nowMs() })),
    getOwnDriver: async (call) => ({ driver: await ownDriver(db, call, clock.nowMs()) }),
    createDriver: (call) => change(call, (step) => createDriver(step, call.body)),
    editDriver: (call) => change(call, (step) => editDriver(step, call.params.driverId, call.body)),
    setDriverState: (call) => change(call, (step) => setDriverState(step, call.params.driverId, call.body)),
    moveDriver: (call) => change(call, (step) => moveDriver(step, call.params.driverId, call.body)),
    lendDriver: (call) => change(call, (step) => lendDriver(step, call.params.driverId, call.body)),
    endDriverLoan: (call) => change(call, (step) => endLoan(step, call.params.driverId, call.params.loanId, call.body)),
    setDriverShifts: (call) => change(call, (step) => setShifts(step, call.params.driverId, call.body)),
    setDriverDutyDay: (call) => change(call, (step) => setDutyDay(step, call.params.driverId, call.params.day, call.body)),
    addDriverLeave: (call) => change(call, (step) => addLeave(step, call.params.driverId, call.body)),
    cancelDriverLeave: (call) => change(call, (step) => cancelLeave(step, call.params.driverId, call.params.leaveId, call.body.version)),
    async listDriverDays({ reach, params, query }) {
      if (query.until < query.from || query.until > addDays(query.from, MAX_DAYS - 1))
        throw refusal('VALIDATION_FAILED', 'query.until', 'days.many', { max: MAX_DAYS })
      const driver = orNotFound(await findDriverUnit(db, reach, params.driverId, clock.nowMs()))
      return { rows: await listDriverDays(db, driver, query.from, query.until) }
    },
    async decideDriver({ reach, params, query }) {
      const { vehicleId, from, until, drivingMin = null } = query
      const question = { driverId: params.driverId, vehicleId, fromMs: Date.parse(from), untilMs: Date.parse(until), drivingMin }
      return orNotFound(await findFitness(db, reach, question, clock.nowMs()))
    },
    async listDriverHistory({ caller, reach, params }) {
      orNotFound(await findDriverUnit(db, reach, params.driverId, clock.nowMs()))
      const { rows } = await historyOf({ db }, { caller, reach }, 'driver', params.driverId)
      return { rows: rows.map(({ reason, ...row }) => ({ ...row, purpose: reason })) }
    },
    listDrivingLimits: async ({ reach }) => ({ rows: await listDrivingLimits(db, reach) }),
    setDrivingLimits: (call) => change(call, (step) => setDrivingLimits(step, call.body)),
  } satisfies Partial<Handlers>
}
