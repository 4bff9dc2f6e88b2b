// Rows of requests and orders.

import type { approvalsApi } from '../../../services/contracts/api/approvals.ts'
import type { dispatchingApi } from '../../../services/contracts/api/dispatching.ts'
import type { feedsApi } from '../../../services/contracts/api/feeds.ts'
import type { ordersApi } from '../../../services/contracts/api/orders.ts'
import type { requestsApi } from '../../../services/contracts/api/requests.ts'
import { NOW_MS } from '../region.ts'
import { type Aim, type List, type Row, reason, rowIds } from './row.ts'

const at = (hours: number): string => new Date(NOW_MS + hours * 3_600_000).toISOString()
const fields = {
  purposeKind: 'meeting',
  purpose: '参加会议',
  from: { name: '甲地' },
  to: { name: '乙地' },
  startsAt: at(48),
  endsAt: at(49),
  passengers: 2,
  contactName: '示例',
  contactPhone: '13800000000',
}
/** What is at a place is its unit's to decide, and no bureau's. */
const unitsTurn: Aim['told'] = ({ actor }) => (actor.kind !== 'stranger' && actor.role === 'bureau_admin' ? 'FORBIDDEN' : 'OK')
const board = (all: string, ids: List['ids']): List => ({
  request: { query: { from: at(0), until: at(100) } },
  all,
  ids,
  narrowed: (organisationId) => ({ organisationId }),
})

const NO_FEED = { params: { feedId: 2_000_000_000 } }

export const orderRows: Record<
  keyof typeof requestsApi | keyof typeof approvalsApi | keyof typeof dispatchingApi | keyof typeof ordersApi | keyof typeof feedsApi,
  Row
> = {
  listFeeds: { plain: {} },
  makeFeed: {
    aims: {
      vehicle: { at: ({ vehicle }) => ({ body: { vehicleId: vehicle } }), absent: 'VALIDATION_FAILED' },
      // Whoever is named for it.
      sensitive: { at: ({ secretVehicle }) => ({ body: { vehicleId: secretVehicle } }), reach: 'cleared', absent: 'VALIDATION_FAILED' },
    },
  },
  renewFeed: { aims: { path: { at: () => NO_FEED, reach: 'mine' } } },
  revokeFeed: { aims: { path: { at: () => NO_FEED, reach: 'mine' } } },
  listRequests: {
    lists: {
      requests: {
        request: { query: { limit: 200 } },
        all: 'SELECT request_id AS id, unit_id AS unit, applicant_id AS self FROM trip_requests',
        ids: rowIds('requestId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getRequest: { aims: { path: { at: ({ request }) => ({ params: { requestId: request } }) } } },
  createRequest: {
    aims: {
      organisation: {
        at: ({ unit }) => ({ body: { ...fields, key: '00000000-0000-4000-8000-000000000001', organisationId: unit } }),
        absent: 'VALIDATION_FAILED',
        self: 'unit',
      },
    },
  },
  changeRequest: { aims: { path: { at: ({ request }) => ({ params: { requestId: request }, body: { ...fields, version: 1 } }) } } },
  actOnRequest: {
    aims: {
      path: {
        at: ({ request }) => ({ params: { requestId: request }, body: { action: 'approve', version: 1 } }),
        also: ['request.approve'],
        told: unitsTurn,
      },
    },
  },
  decideRequests: {
    aims: {
      body: {
        at: ({ request }) => ({ body: { action: 'approve', requests: [{ requestId: request, version: 1 }] } }),
        saidInside: true,
        // One that is not the bureau's turn is answered with that, and the whole with OK.
        leavesNothing: true,
      },
    },
  },
  createSeries: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: {
            ...fields,
            recurrence: { every: 'week', times: 2 },
            key: '00000000-0000-4000-8000-000000000002',
            organisationId: unit,
          },
        }),
        absent: 'VALIDATION_FAILED',
        self: 'unit',
      },
    },
  },
  changeSeries: {
    aims: {
      path: {
        at: ({ series, seriesRequest }) => ({
          params: { seriesId: series },
          body: { ...fields, requestId: seriesRequest, version: 1 },
        }),
      },
    },
  },
  cancelSeries: {
    aims: {
      path: {
        at: ({ series, seriesRequest }) => ({ params: { seriesId: series }, body: { requestId: seriesRequest, version: 1, reason } }),
      },
    },
  },
  previewRequest: {
    aims: {
      organisation: {
        at: ({ unit }) => ({ body: { ...fields, organisationId: unit } }),
        absent: 'VALIDATION_FAILED',
        self: 'unit',
        leavesNothing: true,
      },
    },
  },
  chooseGreen: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: {
            ...fields,
            from: { name: '甲地', lon: 111.69, lat: 40.82 },
            to: { name: '乙地', lon: 111.695, lat: 40.82 },
            way: 'walk',
            organisationId: unit,
          },
        }),
        absent: 'VALIDATION_FAILED',
        self: 'unit',
        // It is on record and nowhere else.
        leavesNothing: true,
      },
    },
  },
  listApprovalRules: { plain: {} },
  setApprovalRules: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: {
            organisationId: unit,
            effectiveFrom: '2026-04-01',
            rules: { rules: [], remindAfterH: 2, escalateAfterH: 8, bothForH: 4 },
            reason,
          },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  listDeputies: { plain: {} },
  listFitDeputies: { plain: {} },
  nameDeputy: {
    plain: {
      request: ({ absent }) => ({ body: { deputyId: absent.account, fromDay: '2026-04-01', untilDay: '2026-04-02' } }),
      told: () => 'VALIDATION_FAILED',
    },
  },
  endDeputy: { aims: { path: { at: ({ account }) => ({ params: { deputyshipId: account }, body: { version: 1 } }), reach: 'mine' } } },
  ratifyRequest: {
    aims: {
      path: { at: ({ emergency }) => ({ params: { requestId: emergency }, body: { version: 1, reason } }), told: unitsTurn },
    },
  },
  listCandidates: { aims: { path: { at: ({ waitingRequest }) => ({ params: { requestId: waitingRequest } }) } } },
  listExcluded: { aims: { path: { at: ({ waitingRequest }) => ({ params: { requestId: waitingRequest } }) } } },
  dispatchRequest: {
    aims: {
      path: {
        at: ({ waitingRequest, spareVehicle }) => ({
          params: { requestId: waitingRequest },
          body: { vehicleId: spareVehicle, driverId: null, version: 1 },
        }),
      },
      vehicle: {
        at: ({ spareVehicle }, { own }) => ({
          params: { requestId: own.waitingRequest },
          body: { vehicleId: spareVehicle, driverId: null, version: 1 },
        }),
        absent: 'VALIDATION_FAILED',
        // Of another unit it is lent first.
        told: ({ site }) => (site!.where === 'own' ? 'OK' : 'CONFLICT'),
      },
      // The furnished drivers have no licence on file: who gets that far may.
      driver: {
        at: ({ driver }, { own }) => ({
          params: { requestId: own.drivenRequest },
          body: { vehicleId: own.spareVehicle, driverId: driver, version: 1 },
        }),
        absent: 'VALIDATION_FAILED',
        told: () => 'CONFLICT',
      },
    },
  },
  listOrders: {
    lists: {
      orders: {
        request: { query: { limit: 200 } },
        all: `SELECT d.order_id AS id, r.unit_id AS unit, a.account_id AS self FROM dispatch_orders d JOIN trip_requests r USING (request_id)
              LEFT JOIN accounts a USING (driver_id)`,
        ids: rowIds('orderId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  getOrder: { aims: { path: { at: ({ order }) => ({ params: { orderId: order } }), self: 'vehicle' } } },
  actOnOrder: {
    aims: {
      path: {
        at: ({ order }) => ({ params: { orderId: order }, body: { action: 'accept', version: 1 } }),
        also: ['order.drive'],
        self: 'vehicle',
      },
    },
  },
  getOrderSheet: { aims: { path: { at: ({ order }) => ({ params: { orderId: order } }), self: 'vehicle' } } },
  previewShares: {
    aims: {
      path: {
        at: ({ runningOrder, unit }) => ({ params: { orderId: runningOrder }, body: { shares: [{ organisationId: unit, weight: 1 }] } }),
        self: 'vehicle',
        // It is still out.
        told: () => 'CONFLICT',
      },
    },
  },
  moveOrder: {
    aims: {
      path: {
        at: ({ plainOrder, spareVehicle }) => ({
          params: { orderId: plainOrder },
          body: { vehicleId: spareVehicle, driverId: null, version: 1 },
        }),
      },
      vehicle: {
        at: ({ spareVehicle }, { own }) => ({
          params: { orderId: own.plainOrder },
          body: { vehicleId: spareVehicle, driverId: null, version: 1 },
        }),
        absent: 'VALIDATION_FAILED',
        // Of another unit it is lent first.
        told: ({ site }) => (site!.where === 'own' ? 'OK' : 'CONFLICT'),
      },
    },
  },
  swapOrder: {
    aims: {
      path: {
        at: ({ runningOrder, spareVehicle, driver }) => ({
          params: { orderId: runningOrder },
          body: { vehicleId: spareVehicle, driverId: driver, odometerKm: 2, version: 1, reason },
        }),
      },
      vehicle: {
        at: ({ spareVehicle }, { own }) => ({
          params: { orderId: own.runningOrder },
          body: { vehicleId: spareVehicle, driverId: own.driver, odometerKm: 2, version: 1, reason },
        }),
        absent: 'VALIDATION_FAILED',
        // Of another unit it is lent first.
        told: ({ site }) => (site!.where === 'own' ? 'OK' : 'CONFLICT'),
      },
    },
  },
  addOrderCost: {
    aims: {
      path: {
        at: ({ runningOrder }) => ({ params: { orderId: runningOrder }, body: { kind: 'toll', fen: 3_500, at: at(0), version: 1 } }),
        self: 'vehicle',
      },
    },
  },
  decideOrderCost: {
    aims: {
      path: {
        at: ({ closedOrder, openCost }) => ({
          params: { orderId: closedOrder, costId: openCost },
          body: { stands: true, version: 1, reason },
        }),
      },
    },
  },
  correctOdometer: {
    aims: {
      path: {
        at: ({ runningOrder }) => ({
          params: { orderId: runningOrder },
          body: { which: 'out', odometerKm: 2, version: 1, reason },
        }),
      },
    },
  },
  getBoard: {
    lists: {
      vehicles: board(
        `SELECT vehicle_id AS id, user_unit_id AS unit, secrecy AS secret FROM every_vehicle WHERE state <> 'DISPOSED'`,
        rowIds('vehicleId', 'vehicles'),
      ),
      drivers: board(
        `SELECT driver_id AS id, organisation_id AS unit FROM drivers WHERE state <> 'retired'`,
        rowIds('driverId', 'drivers'),
      ),
    },
  },
}
