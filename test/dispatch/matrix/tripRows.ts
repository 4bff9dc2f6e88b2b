// Rows of what is done on the road.
import type { tripApi } from '../../../services/contracts/api/trip.ts'
import { NOW_MS } from '../region.ts'
import type { Row } from './row.ts'

const at = new Date(NOW_MS).toISOString()
/** The smallest photo there is. */
export const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const done = { key: '00000000-0000-4000-8000-0000000000f1', atDevice: at, sentAtDevice: at }

export const tripRows: Record<keyof typeof tripApi, Row> = {
  addOrderPhoto: {
    aims: {
      path: {
        at: ({ runningOrder }) => ({
          params: { orderId: runningOrder },
          query: { ...done, shows: 'departure' },
          body: ONE_PIXEL,
          headers: { 'content-type': 'application/octet-stream' },
        }),
        self: 'vehicle',
      },
    },
  },
  getTrackingConsent: { plain: {} },
  setTrackingConsent: { plain: { request: { body: { given: false, textVersion: 1 } }, leavesNothing: true } },
  // Whoever may drive it and is let in has not consented, or is not its driver.
  sendOrderFixes: {
    aims: {
      path: {
        at: ({ runningOrder }) => ({
          params: { orderId: runningOrder },
          body: { sentAtDevice: at, fixes: [{ atDevice: at, lon: 111.7, lat: 40.8, accuracyM: 8 }] },
        }),
        self: 'vehicle',
        told: () => 'CONFLICT',
      },
    },
  },
  readOrderPhoto: {
    aims: { path: { at: ({ runningOrder, photo }) => ({ params: { orderId: runningOrder, photoId: photo } }), self: 'vehicle' } },
  },
  reportIncident: {
    aims: {
      path: {
        at: ({ runningOrder }) => ({ params: { orderId: runningOrder }, body: { kind: 'breakdown', text: '爆胎' } }),
        self: 'vehicle',
      },
    },
  },
  actOnIncident: {
    aims: {
      path: {
        at: ({ runningOrder, incident }) => ({
          params: { orderId: runningOrder, incidentId: incident },
          body: { action: 'see', version: 1 },
        }),
      },
    },
  },
}
