// Rows of the book of costs.
import type { costBookApi } from '../../../services/contracts/api/costBook.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const narrowed: List['narrowed'] = (organisationId) => ({ organisationId })
const bill = { key: '00000000-0000-4000-8000-0000000000b1', kind: 'insurance', fen: 320_000, day: '2026-03-01' }

export const costBookRows: Record<keyof typeof costBookApi, Row> = {
  listCostBills: {
    lists: {
      bills: {
        request: { query: { limit: 200 } },
        all: `SELECT bill_id AS id, unit_id AS unit, coalesce(v.secrecy, false) AS secret FROM cost_bills b LEFT JOIN every_vehicle v USING (vehicle_id)`,
        ids: rowIds('billId'),
        narrowed,
      },
    },
  },
  enterCostBill: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { ...bill, organisationId: unit } }), absent: 'VALIDATION_FAILED' },
      vehicle: {
        at: ({ vehicle }, { own }) => ({ body: { ...bill, organisationId: own.unit, vehicleId: vehicle } }),
        absent: 'VALIDATION_FAILED',
      },
      supplier: {
        at: ({ supplier }, { own }) => ({ body: { ...bill, organisationId: own.unit, supplierId: supplier } }),
        reach: 'holding',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  actOnCostBill: {
    aims: {
      path: {
        at: (site) => ({ params: { billId: site.bill }, body: { action: 'refuse', version: 1, reason } }),
        also: ['cost.approve'],
      },
    },
  },
  listCostMonths: {
    lists: {
      months: {
        request: { query: { limit: 200 } },
        all: 'SELECT DISTINCT unit_id AS id, unit_id AS unit FROM cost_entries',
        ids: (answer) => [
          ...new Set((answer.json() as { rows: { unit: { organisationId: number } }[] }).rows.map(({ unit }) => unit.organisationId)),
        ],
        narrowed,
      },
    },
  },
  closeCostMonth: {
    aims: {
      organisation: {
        at: ({ unit }) => ({ body: { organisationId: unit, month: '2026-01', entries: 0, fen: 0, reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
}
