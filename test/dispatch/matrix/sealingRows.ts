// Rows of sealing over holidays. Of each place one vehicle is sealed for next weekend.
import type { sealingApi } from '../../../services/contracts/api/sealing.ts'
import { type Row, reason, rowIds } from './row.ts'
import { ONE_PIXEL } from './tripRows.ts'

export const sealingRows: Record<keyof typeof sealingApi, Row> = {
  listSealPlans: {
    lists: {
      plans: {
        request: { query: { limit: 200 } },
        all: 'SELECT plan_id AS id, organisation_id AS unit FROM seal_plans',
        ids: rowIds('planId'),
        reach: 'holding',
      },
    },
  },
  planSeals: {
    aims: {
      body: {
        at: ({ unit }) => ({ body: { organisationId: unit, fromDay: '2026-03-14', untilDay: '2026-03-15', reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  getSealPlan: { aims: { path: { at: ({ sealPlan }) => ({ params: { planId: sealPlan } }), reach: 'holding' } } },
  listSeals: {
    lists: {
      seals: {
        request: { query: { limit: 200 } },
        all: 'SELECT seal_id AS id, unit_id AS unit FROM vehicle_seals',
        ids: rowIds('sealId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  actOnSeals: {
    aims: {
      body: {
        at: ({ seal }) => ({ body: { seals: [{ sealId: seal, version: 1 }], action: 'askUnseal', reason } }),
        also: ['ledger.draft'],
      },
    },
  },
  addSealPhoto: {
    aims: {
      path: { at: ({ seal }) => ({ params: { sealId: seal }, body: ONE_PIXEL, headers: { 'content-type': 'application/octet-stream' } }) },
    },
  },
  readSealPhoto: { aims: { path: { at: ({ seal }) => ({ params: { sealId: seal, photoId: 1 } }) } } },
}
