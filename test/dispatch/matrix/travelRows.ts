// Rows of changes on the road, of following and rating, and of what people keep to ask again.
import type { favouritesApi } from '../../../services/contracts/api/favourites.ts'
import type { travelApi } from '../../../services/contracts/api/travel.ts'
import type { Role } from '../../../services/domain/permissions.ts'
import { type Aim, type Row, reason, rowIds } from './row.ts'

/** They see an order, and neither travel nor drive nor ask for anybody. */
const onlookers: readonly Role[] = ['unit_approver', 'bureau_admin', 'finance', 'inspector']
const asksHimself: Aim['told'] = ({ actor }) => (actor.kind !== 'stranger' && onlookers.includes(actor.role) ? 'FORBIDDEN' : 'OK')
const NO_FAVOURITE = { favouriteId: 2_000_000_000 }
const open = `SELECT c.change_id AS id, r.unit_id AS unit, a.account_id AS self FROM order_changes c JOIN dispatch_orders d USING (order_id)
  JOIN trip_requests r USING (request_id) LEFT JOIN accounts a USING (driver_id)`

export const travelRows: Record<keyof typeof travelApi | keyof typeof favouritesApi, Row> = {
  askOrderChange: {
    aims: {
      path: {
        at: ({ longOrder }) => ({ params: { orderId: longOrder }, body: { to: { name: '丙地' }, reason } }),
        self: 'vehicle',
        told: asksHimself,
      },
    },
  },
  listOrderChanges: { lists: { changes: { request: { query: { limit: 200 } }, all: open, ids: rowIds('changeId') } } },
  actOnOrderChange: {
    aims: {
      path: {
        at: ({ roadChange }) => ({ params: { changeId: roadChange }, body: { action: 'decline', version: 1, reason } }),
        also: ['order.dispatch'],
      },
    },
  },
  listFollowed: {
    lists: {
      own: {
        all: `SELECT d.order_id AS id, r.unit_id AS unit, r.applicant_id AS self FROM dispatch_orders d JOIN trip_requests r USING (request_id)`,
        ids: rowIds('orderId'),
        reach: 'mine',
      },
    },
  },
  followOrder: { aims: { path: { at: ({ runningOrder }) => ({ params: { orderId: runningOrder } }), reach: 'mine' } } },
  rateOrder: {
    aims: {
      path: {
        at: ({ closedOrder }) => ({ params: { orderId: closedOrder }, body: { stars: 5, version: null } }),
        // Nobody rates another's trip; whoever drives nothing there does not see it.
        told: () => 'FORBIDDEN',
      },
    },
  },
  listFavourites: { plain: {} },
  addFavourite: { plain: { request: { body: { favourite: { kind: 'place', name: '机关大院', place: { name: '机关大院' } } } } } },
  renameFavourite: { aims: { path: { at: () => ({ params: NO_FAVOURITE, body: { name: '新名', version: 1 } }), reach: 'mine' } } },
  removeFavourite: { aims: { path: { at: () => ({ params: NO_FAVOURITE }), reach: 'mine' } } },
  findStops: { plain: { request: { query: { q: '市' } } } },
  listColleagues: {
    aims: { organisation: { at: ({ unit }) => ({ query: { organisationId: unit } }), absent: 'VALIDATION_FAILED', self: 'unit' } },
  },
}
