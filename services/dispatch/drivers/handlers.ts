// The drivers' rows of the API table.
import { addDays } from '../../contracts/days.ts'
import { refusal } from '../../contracts/refusals.ts'
import { listHistory } from '../audit/record.ts'
import { withoutHidden } from '../audit/sight.ts'
import type { HandlerDeps } from '../handlers.ts'
import { type Handlers, orNotFound } from '../routes.ts'
import { createDriver, editDriver, moveDriver, setDriverState } from './driverChange.ts'
import { findDriver, findDriverUnit, listDriverDays, listDrivingLimits, ownDriver } from './driverDetail.ts'
import { listDrivers } from './driverList.ts'
import { addLeave, cancelLeave, endLoan, lendDriver, setDutyDay, setShifts } from './dutyChange.ts'
import { findFitness } from './fitness.ts'
import { setDrivingLimits } from './limitsChange.ts'

const MAX_DAYS = 62
const HISTORY = 200

export function createDriversHandlers(deps: Pick<HandlerDeps, 'db' | 'clock'>) {
  const { db, clock } = deps
  return {
    listDrivers: ({ caller, reach, query }) => listDrivers(db, reach, caller.role, query, clock.nowMs()),
    getDriver: async ({ caller, reach, params }) =>
      orNotFound(await findDriver(db, reach, params.driverId, { role: caller.role, nowMs: clock.nowMs() })),
    getOwnDriver: async ({ caller }) => ({ driver: await ownDriver(db, caller, clock.nowMs()) }),
    createDriver: ({ caller, body }) => createDriver(deps, caller, body),
    editDriver: ({ caller, params, body }) => editDriver(deps, caller, params.driverId, body),
    setDriverState: ({ caller, params, body }) => setDriverState(deps, caller, params.driverId, body),
    moveDriver: ({ caller, params, body }) => moveDriver(deps, caller, params.driverId, body),
    lendDriver: ({ caller, params, body }) => lendDriver(deps, caller, params.driverId, body),
    endDriverLoan: ({ caller, params, body }) => endLoan(deps, caller, params.driverId, params.loanId, body),
    setDriverShifts: ({ caller, params, body }) => setShifts(deps, caller, params.driverId, body),
    setDriverDutyDay: ({ caller, params, body }) => setDutyDay(deps, caller, params.driverId, params.day, body),
    addDriverLeave: ({ caller, params, body }) => addLeave(deps, caller, params.driverId, body),
    cancelDriverLeave: ({ caller, params, body }) => cancelLeave(deps, caller, params.driverId, params.leaveId, body.version),
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
    async listDriverHistory({ reach, params }) {
      orNotFound(await findDriverUnit(db, reach, params.driverId, clock.nowMs()))
      const rows = await listHistory(db, { type: 'driver', id: params.driverId }, { limit: HISTORY })
      return {
        rows: (await withoutHidden(db, reach, rows)).map(({ seq, at, username, action, before, after, purpose }) => ({
          seq,
          at,
          username,
          action,
          before: (before as Record<string, unknown> | undefined) ?? null,
          after: (after as Record<string, unknown> | undefined) ?? null,
          purpose: purpose ?? null,
        })),
      }
    },
    listDrivingLimits: async ({ reach }) => ({ rows: await listDrivingLimits(db, reach) }),
    setDrivingLimits: ({ caller, body }) => setDrivingLimits(deps, caller, body),
  } satisfies Partial<Handlers>
}
