// Calendars that somebody subscribes to: the orders of a driver, or of a vehicle.
import { z } from 'zod'
import { type Endpoint, id, instant } from './endpoint.ts'

const feedSchema = z.object({
  feedId: z.int(),
  /** Whose orders: the driver's name, or null for a vehicle. */
  driver: z.string().nullable(),
  /** null: a driver's; or a sensitive vehicle that one does not see. */
  plate: z.string().nullable(),
  madeAt: instant,
  /** When it was read last. */
  readAt: instant.nullable(),
  version: z.int().positive(),
})
export type Feed = z.infer<typeof feedSchema>

export const feedsApi = {
  listFeeds: {
    method: 'GET',
    path: '/feeds',
    summary: 'The calendars that one has made oneself and that are still read',
    access: 'order.view',
    answer: z.object({ rows: z.array(feedSchema) }),
  },
  makeFeed: {
    method: 'POST',
    path: '/feeds',
    summary: 'Makes a calendar of a vehicle’s orders, or without one of those that one drives oneself; its address is in this answer alone',
    access: 'order.view',
    body: z.object({ vehicleId: id.optional() }),
    answer: z.object({ feedId: z.int(), url: z.string() }),
  },
  renewFeed: {
    method: 'POST',
    path: '/feeds/:feedId/address',
    summary: 'Gives it another address; the one before opens nothing any more',
    access: 'order.view',
    params: z.object({ feedId: id }),
    answer: z.object({ feedId: z.int(), url: z.string() }),
  },
  revokeFeed: {
    method: 'DELETE',
    path: '/feeds/:feedId',
    summary: 'Its address opens nothing any more',
    access: 'order.view',
    params: z.object({ feedId: id }),
    answer: z.object({}),
  },
} as const satisfies Record<string, Endpoint>
