// Rows of shared rides.
import type { sharingApi } from '../../../services/contracts/api/sharing.ts'
import { type Row, rowIds } from './row.ts'

export const sharingRows: Record<keyof typeof sharingApi, Row> = {
  listRides: {
    lists: {
      rides: {
        request: { query: { limit: 200 } },
        all: `SELECT ride_id AS id, unit_id AS unit, applicant_id AS self FROM trip_rides s JOIN trip_requests r ON r.request_id IN (s.first_id, s.request_id)`,
        ids: rowIds('rideId'),
      },
    },
  },
  listRideSuggestions: { aims: { path: { at: ({ drivenRequest }) => ({ params: { requestId: drivenRequest } }) } } },
  proposeRide: {
    aims: {
      // Places of which only the name is known: whoever gets that far may.
      first: {
        at: ({ drivenRequest, sharedRequest }) => ({ body: { firstId: drivenRequest, requestId: sharedRequest } }),
        told: () => 'CONFLICT',
      },
      request: {
        at: ({ drivenRequest, sharedRequest }) => ({ body: { firstId: sharedRequest, requestId: drivenRequest } }),
        told: () => 'CONFLICT',
      },
    },
  },
  actOnRide: {
    aims: {
      path: {
        at: ({ ride }) => ({ params: { rideId: ride }, body: { action: 'withdraw', version: 1 } }),
        also: ['order.dispatch'],
      },
    },
  },
}
