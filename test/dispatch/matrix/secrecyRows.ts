// Rows of sensitive vehicles: the register, unmaskings, policy.
import type { secrecyApi } from '../../../services/contracts/api/secrecy.ts'
import { type Row, reason, rowIds } from './row.ts'
import { secretPlate } from './secretSite.ts'
import type { Site } from './sites.ts'

const usernameAt = ({ where }: Site): string => `active.${where}`
const unmaskings = 'SELECT unmasking_id AS id, organisation_id AS unit, account_id AS self FROM unmaskings'
const decide = { path: { at: (at: Site) => ({ params: { unmaskingId: at.pendingUnmasking }, body: { reason } }) } }

export const secrecyRows: Record<keyof typeof secrecyApi, Row> = {
  listSecretVehicles: {
    lists: {
      register: {
        request: { query: { limit: 200 } },
        all: `SELECT s.secret_no AS id, v.user_unit_id AS unit FROM secret_vehicles s JOIN every_vehicle v USING (vehicle_id)`,
        ids: rowIds('secretNo'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  listNameable: { aims: { path: { at: ({ secretNo }) => ({ params: { secretNo } }) } } },
  nameForSecret: {
    aims: {
      path: { at: (at) => ({ params: { secretNo: at.secretNo }, body: { username: usernameAt(at), until: null, reason } }) },
      // A naming reaches no further than the account's own scope: it must hold the vehicle's unit.
      account: {
        at: (at, { own }) => ({ params: { secretNo: own.secretNo }, body: { username: usernameAt(at), until: null, reason } }),
        sharedBy: 'own',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  endNaming: { aims: { path: { at: ({ naming }) => ({ params: { namingId: naming }, body: { reason } }) } } },
  // Whatever is asked for, the answer is that it has been asked.
  requestUnmasking: {
    plain: { request: ({ other }) => ({ body: { vehicle: secretPlate(other.unit), purpose: reason, hours: 1 } }) },
  },
  listOwnUnmaskings: {
    lists: { own: { request: { query: { limit: 200 } }, all: unmaskings, ids: rowIds('unmaskingId'), reach: 'mine' } },
  },
  returnUnmasking: {
    aims: {
      path: { at: (at) => ({ params: { unmaskingId: at.pendingUnmasking }, body: { reason } }), reach: 'mine' },
      running: { at: (at) => ({ params: { unmaskingId: at.runningUnmasking }, body: { reason } }), reach: 'mine' },
    },
  },
  listUnmaskings: {
    lists: {
      all: { request: { query: { limit: 200 } }, all: unmaskings, ids: rowIds('unmaskingId') },
      pending: {
        request: { query: { limit: 200, only: 'pending' } },
        all: `${unmaskings} WHERE state = 'pending'`,
        ids: rowIds('unmaskingId'),
      },
      running: {
        request: { query: { limit: 200, only: 'running' } },
        all: `${unmaskings} WHERE state = 'approved'`,
        ids: rowIds('unmaskingId'),
      },
    },
  },
  approveUnmasking: { aims: decide },
  refuseUnmasking: { aims: decide },
  endUnmasking: { aims: { path: { at: (at) => ({ params: { unmaskingId: at.runningUnmasking }, body: { reason } }) } } },
  listSecrecyPolicies: {
    lists: {
      policies: {
        all: 'SELECT organisation_id AS id, organisation_id AS unit FROM secrecy_policies',
        ids: (answer) =>
          (answer.json() as { rows: { organisation: { organisationId: number } | null }[] }).rows.map(
            (row) => row.organisation?.organisationId ?? null,
          ),
        reach: 'holding',
      },
    },
  },
  setSecrecyPolicy: {
    aims: {
      organisation: {
        at: ({ unit }) => ({ body: { organisationId: unit, effectiveFrom: '2026-09-01', sight: 'coarse', maxHours: 8, reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
}
