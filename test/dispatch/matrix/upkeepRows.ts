// Rows of the upkeep of vehicles. Of each place one vehicle has a plan of its own and a work order that waits for approval.
import type { upkeepApi } from '../../../services/contracts/api/upkeep.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const narrowed: List['narrowed'] = (organisationId) => ({ organisationId })
const plan = { item: '年度检查', everyMonths: 12 }
const work = {
  ...{
    key: '00000000-0000-4000-8000-0000000000c1',
    kind: 'repair',
    work: '更换雨刮',
    from: '2026-06-01T00:00:00Z',
    until: '2026-06-01T08:00:00Z',
  },
}

export const upkeepRows: Record<keyof typeof upkeepApi, Row> = {
  listMaintenancePlans: {
    lists: {
      plans: {
        request: { query: { limit: 200 } },
        all: 'SELECT plan_id AS id, organisation_id AS unit FROM maintenance_plans',
        ids: rowIds('planId'),
        reach: 'holding',
        narrowed,
      },
    },
  },
  addMaintenancePlan: {
    aims: {
      organisation: { at: ({ unit }) => ({ body: { ...plan, organisationId: unit, class: 'official' } }), absent: 'VALIDATION_FAILED' },
      vehicle: {
        at: ({ vehicle }, { own }) => ({ body: { ...plan, organisationId: own.unit, vehicleId: vehicle } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  changeMaintenancePlan: {
    aims: {
      path: { at: (site) => ({ params: { planId: site.maintenancePlan }, body: { version: 1, everyKm: 8_000, reason } }) },
    },
  },
  listMaintenanceDue: {
    lists: {
      due: {
        request: { query: { limit: 200 } },
        all: `SELECT p.vehicle_id || ':' || p.plan_id AS id, v.user_unit_id AS unit, v.secrecy AS secret FROM maintenance_plans p JOIN every_vehicle v USING (vehicle_id)`,
        ids: rowIds('dueId'),
        narrowed,
      },
    },
  },
  markMaintenance: {
    aims: {
      vehicle: {
        at: ({ vehicle }) => ({ body: { vehicleId: vehicle, item: '常规保养', day: '2026-02-01', reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  listWorkOrders: {
    lists: {
      orders: {
        request: { query: { limit: 200 } },
        all: 'SELECT w.work_order_id AS id, w.unit_id AS unit, v.secrecy AS secret FROM work_orders w JOIN every_vehicle v USING (vehicle_id)',
        ids: rowIds('workOrderId'),
        narrowed,
      },
    },
  },
  askWorkOrder: {
    aims: {
      vehicle: {
        at: ({ vehicle, supplier }) => ({ body: { ...work, vehicleId: vehicle, supplierId: supplier } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  actOnWorkOrder: {
    aims: {
      path: {
        at: (site) => ({ params: { workOrderId: site.workOrder }, body: { action: 'decline', version: 1, reason } }),
        also: ['cost.approve'],
      },
    },
  },
}
