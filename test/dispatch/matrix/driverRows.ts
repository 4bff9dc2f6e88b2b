// Rows of drivers, their duty and their limits.
import type { driversApi } from '../../../services/contracts/api/drivers.ts'
import { type Aim, type Parts, type Row, reason, rowIds } from './row.ts'
import type { Site } from './sites.ts'

const fields = {
  name: '示例驾驶员',
  phone: '13900000009',
  licenceNo: null,
  licenceClass: null,
  licenceIssuedOn: null,
  licenceExpiresOn: null,
}
const ofDriver =
  (body?: object) =>
  ({ driver }: Site): Parts => ({ params: { driverId: driver }, ...(body ? { body: { version: 1, ...body } } : {}) })
const path = (body?: object): { path: Aim } => ({ path: { at: ofDriver(body) } })
/** A driver who is not of the unit that is named. */
const other = ({ where }: Site, own: Site, below: Site) => (where === 'own' ? below.driver : own.driver)

export const driverRows: Record<keyof typeof driversApi, Row> = {
  listDrivers: {
    lists: {
      drivers: {
        request: { query: { limit: 200 } },
        all: `SELECT driver_id AS id, organisation_id AS unit FROM drivers UNION SELECT driver_id, organisation_id FROM driver_loans`,
        ids: rowIds('driverId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getDriver: { aims: path() },
  getOwnDriver: { plain: {} },
  createDriver: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { ...fields, organisationId: unit, vehicleId: null } }), absent: 'VALIDATION_FAILED' },
      vehicle: {
        at: ({ spareVehicle }, { own }) => ({ body: { ...fields, organisationId: own.unit, vehicleId: spareVehicle } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  editDriver: {
    aims: {
      ...path(fields),
      vehicle: {
        at: ({ spareVehicle }, { own }) => ofDriver({ ...fields, vehicleId: spareVehicle })(own),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  setDriverState: { aims: path({ state: 'suspended', reason }) },
  moveDriver: {
    aims: {
      path: {
        at: ({ where, driver }, { own, below }) => ({
          params: { driverId: driver },
          body: { organisationId: where === 'own' ? below.unit : own.unit, reason, version: 1 },
        }),
      },
      organisation: {
        at: (at, { own, below }) => ({
          params: { driverId: other(at, own, below) },
          body: { organisationId: at.unit, reason, version: 1 },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  lendDriver: {
    aims: {
      // The furnished loan has no end, so another overlaps it: who gets that far may.
      path: {
        at: ({ where, driver }, { own, below }) => ({
          params: { driverId: driver },
          body: { organisationId: where === 'own' ? below.unit : own.unit, fromDay: '2026-06-01', version: 1 },
        }),
        told: () => 'CONFLICT',
      },
      organisation: {
        at: (at, { own, below }) => ({
          params: { driverId: other(at, own, below) },
          body: { organisationId: at.unit, fromDay: '2026-06-01', version: 1 },
        }),
        absent: 'VALIDATION_FAILED',
        told: () => 'CONFLICT',
      },
      pool: {
        at: ({ pool }, { own }) => ofDriver({ poolId: pool, fromDay: '2026-06-01' })(own),
        absent: 'VALIDATION_FAILED',
        told: () => 'CONFLICT',
      },
    },
  },
  endDriverLoan: {
    aims: {
      path: { at: ({ driver, loan }) => ({ params: { driverId: driver, loanId: loan }, body: { untilDay: '2026-09-01', version: 1 } }) },
      'loan of another driver': {
        at: ({ loan }, { own }) => ({ params: { driverId: own.driver, loanId: loan }, body: { untilDay: '2026-09-01', version: 1 } }),
        exactly: true,
      },
    },
  },
  setDriverShifts: { aims: path({ shifts: [] }) },
  setDriverDutyDay: {
    aims: {
      path: { at: ({ driver }) => ({ params: { driverId: driver, day: '2026-03-09' }, body: { duty: { off: true }, version: 1 } }) },
    },
  },
  addDriverLeave: { aims: path({ kind: 'annual', fromDay: '2026-08-01', untilDay: '2026-08-02' }) },
  cancelDriverLeave: {
    aims: {
      path: { at: ({ driver, leave }) => ({ params: { driverId: driver, leaveId: leave }, body: { version: 1 } }) },
      'leave of another driver': {
        at: ({ leave }, { own }) => ({ params: { driverId: own.driver, leaveId: leave }, body: { version: 1 } }),
        exactly: true,
      },
    },
  },
  listDriverDays: {
    aims: { path: { at: ({ driver }) => ({ params: { driverId: driver }, query: { from: '2026-03-01', until: '2026-03-07' } }) } },
  },
  decideDriver: {
    aims: {
      path: { at: ({ driver }, { own }) => fitness(driver, own.vehicle) },
      vehicle: { at: ({ vehicle }, { own }) => fitness(own.driver, vehicle) },
    },
  },
  listDriverHistory: { aims: path() },
  listDrivingLimits: {
    lists: {
      limits: {
        all: 'SELECT organisation_id AS id, organisation_id AS unit FROM driving_limits',
        ids: (answer) =>
          (answer.json() as { rows: { organisation: { organisationId: number } | null }[] }).rows.map(
            (row) => row.organisation?.organisationId ?? null,
          ),
        reach: 'holding',
      },
    },
  },
  setDrivingLimits: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: { organisationId: unit, effectiveFrom: '2026-09-01', dayMin: 400, continuousMin: 200, restMin: 30, version: null },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
}

const fitness = (driverId: number, vehicleId: number): Parts => ({
  params: { driverId },
  query: { vehicleId, from: '2026-03-02T01:00:00Z', until: '2026-03-02T02:00:00Z' },
})
