// Rows of renewals, and of accidents and violations. Of each place one of either is on record, of its vehicle; nobody knows who drove.
import type { mishapsApi } from '../../../services/contracts/api/mishaps.ts'
import type { renewalsApi } from '../../../services/contracts/api/renewals.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const narrowed: List['narrowed'] = (organisationId) => ({ organisationId })
const renewal = {
  ...{
    key: '00000000-0000-4000-8000-0000000000d1',
    kind: 'inspection',
    fromDay: '2026-03-01',
    untilDay: '2027-02-28',
    station: '示例检测站',
  },
  ...{ documentNo: 'JY-1', fen: 30_000, paidDay: '2026-03-01', sure: true },
}
const accident = {
  ...{ key: '00000000-0000-4000-8000-0000000000d2', kind: 'accident', at: '2026-02-20T02:00:00Z', place: '示例路口', text: '倒车刮擦' },
}

export const renewalRows: Record<keyof typeof renewalsApi | keyof typeof mishapsApi, Row> = {
  listRenewals: {
    lists: {
      renewals: {
        request: { query: { limit: 200 } },
        all: 'SELECT r.renewal_id AS id, r.unit_id AS unit, v.secrecy AS secret FROM vehicle_renewals r JOIN every_vehicle v USING (vehicle_id)',
        ids: rowIds('renewalId'),
        narrowed,
      },
    },
  },
  recordRenewal: {
    aims: { vehicle: { at: ({ vehicle }) => ({ body: { ...renewal, vehicleId: vehicle } }), absent: 'VALIDATION_FAILED' } },
  },
  withdrawRenewal: { aims: { path: { at: (site) => ({ params: { renewalId: site.renewal }, body: { version: 1, reason } }) } } },
  listMishaps: {
    lists: {
      mishaps: {
        request: { query: { limit: 200 } },
        all: 'SELECT m.mishap_id AS id, m.unit_id AS unit, v.secrecy AS secret FROM vehicle_mishaps m JOIN every_vehicle v USING (vehicle_id)',
        ids: rowIds('mishapId'),
        narrowed,
      },
    },
  },
  enterMishap: {
    aims: { vehicle: { at: ({ vehicle }) => ({ body: { ...accident, vehicleId: vehicle } }), absent: 'VALIDATION_FAILED' } },
  },
  actOnMishap: {
    aims: {
      path: {
        at: (site) => ({ params: { mishapId: site.mishap }, body: { action: 'dismiss', version: 1, reason } }),
        also: ['request.approve'],
      },
    },
  },
  // What somebody drove follows from orders of the time (dispatch/upkeep.test.ts).
  listOwnMishaps: { plain: {} },
}
