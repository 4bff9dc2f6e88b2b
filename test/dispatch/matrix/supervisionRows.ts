// Rows of supervision. Findings of the places have been told of and wait for an answer.
import type { supervisionApi } from '../../../services/contracts/api/supervision.ts'
import { type Row, reason, rowIds } from './row.ts'
import { ONE_PIXEL } from './tripRows.ts'

const KEY = '00000000-0000-4000-8000-000000000168'
const times = { atDevice: '2026-03-02T04:00:00.000Z', sentAtDevice: '2026-03-02T04:00:00.000Z' }

const ofAccount = 'LEFT JOIN accounts a ON a.driver_id = f.driver_id'

export const supervisionRows: Record<keyof typeof supervisionApi, Row> = {
  listSupervisionFindings: {
    lists: {
      findings: {
        request: { query: { limit: 200 } },
        all: `SELECT f.finding_id AS id, f.unit_id AS unit, a.account_id AS self FROM supervision_findings f ${ofAccount}`,
        ids: rowIds('findingId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  listSupervisionVehicles: {
    lists: {
      vehicles: {
        all: `SELECT f.vehicle_id AS id, f.unit_id AS unit, a.account_id AS self FROM supervision_findings f ${ofAccount}`,
        ids: (answer) => (answer.json() as { vehicleIds: number[] }).vehicleIds,
      },
    },
  },
  getSupervisionFinding: { aims: { path: { at: ({ supervision }) => ({ params: { findingId: supervision } }), self: 'vehicle' } } },
  actOnSupervisionFindings: {
    aims: {
      body: {
        at: ({ supervision }) => ({ body: { findings: [{ findingId: supervision, version: 1 }], action: 'explain', reason } }),
        also: ['finding.explain'],
        self: 'vehicle',
      },
    },
  },
  explainSupervisionFinding: {
    aims: {
      path: {
        at: ({ supervision }) => ({ params: { findingId: supervision }, body: { key: KEY, ...times, text: '当时执行临时公务' } }),
        self: 'vehicle',
      },
    },
  },
  addSupervisionPhoto: {
    aims: {
      path: {
        at: ({ supervision }) => ({
          ...{ params: { findingId: supervision }, query: { key: KEY }, body: ONE_PIXEL },
          headers: { 'content-type': 'application/octet-stream' },
        }),
        self: 'vehicle',
      },
    },
  },
  readSupervisionPhoto: {
    aims: { path: { at: ({ supervision }) => ({ params: { findingId: supervision, photoId: 1 } }), self: 'vehicle' } },
  },
  listRules: {
    lists: {
      rows: {
        all: 'SELECT params_id AS id, organisation_id AS unit FROM supervision_params',
        ids: rowIds('paramsId'),
        reach: 'holding',
      },
    },
  },
  setRuleParams: {
    aims: {
      body: {
        at: ({ unit }) => ({
          params: { rule: 'R02' },
          body: { organisationId: unit, effectiveFrom: '2027-06-01', enabled: true, values: { moreThanM: 800 }, reason },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  tryRule: {
    aims: {
      body: {
        at: ({ unit }) => ({ params: { rule: 'R01' }, body: { organisationId: unit, values: {}, days: 1 } }),
        absent: 'VALIDATION_FAILED',
        // That it was tried is on record, and nothing else.
        leavesNothing: true,
      },
    },
  },
}
