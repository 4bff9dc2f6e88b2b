// Rows of the book of shifts. Of each place one vehicle is offered to its driver.
import type { handoversApi } from '../../../services/contracts/api/handovers.ts'
import { type Row, rowIds } from './row.ts'

const condition = { odometerKm: 1_200, fuelPct: 50, equipment: [], inspection: [], remarks: '' }

export const handoverRows: Record<keyof typeof handoversApi, Row> = {
  listHandovers: {
    lists: {
      handovers: {
        request: { query: { limit: 200 } },
        all: `SELECT h.handover_id AS id, h.unit_id AS unit, a.account_id AS self FROM vehicle_handovers h LEFT JOIN accounts a ON a.driver_id = h.to_driver_id`,
        ids: rowIds('handoverId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getShift: { aims: { path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle } }), self: 'vehicle' } } },
  // It is offered already: whoever may is told so; a driver, that he does not have it.
  offerHandover: {
    aims: {
      body: {
        at: ({ vehicle, driver }) => ({
          body: { key: '00000000-0000-4000-8000-000000000170', vehicleId: vehicle, toDriverId: driver, ...condition },
        }),
        self: 'vehicle',
        told: () => 'CONFLICT',
      },
    },
  },
  actOnHandover: {
    aims: {
      path: {
        at: ({ handover }) => ({ params: { handoverId: handover }, body: { action: 'refuse', version: 1, reason: '里程与实际不符' } }),
        self: 'vehicle',
      },
    },
  },
}
