// What crosses the live socket (Socket.IO path /live-socket, default namespace; the handshake carries the session cookie).
//
//   browser → server  `view`      what the map shows; answered by a `snapshot` (or `cells`), then `delta`s per tick
//                     `lookAway`  there is no map any more: nothing of a view is sent until another is asked for
//   server → browser  `snapshot`  live frame with every vehicle of the view; replaces what was shown
//                     `delta`     live frame with what changed; FLAG_GONE = no longer in the view
//                     `cells`     aggregates, when the view asks for cells or holds more vehicles than MAX_MARKS
//                     `sight`     what the reader may see of sensitive vehicles has changed: a new snapshot came, ask for the roster again
//                     `trips`     requests, orders or promises that concern the reader have changed, up to this number; also on connecting. Whoever
//                                 knows of a smaller one has missed something, and asks again for what he shows
//                     `notified`  how much of what one was told is unread; without a view as well
//                     `counts`    of all vehicles in scope that pass the filter, wherever they are
import { z } from 'zod'
import { adcodeSchema } from '../domain/region/region.ts'
import { vehicleStatuses } from '../domain/status.ts'
import { energyTypeSchema, vehicleCategorySchema, vehicleClassSchema } from '../domain/vehicleSchemas.ts'

export const LIVE_SOCKET_PATH = '/live-socket'
/** Marks a browser is given at most; above, it gets cells. */
export const MAX_MARKS = 30_000

/** Filter of the live map; absent = all. The same words as the query of GET /api/v1/vehicles. */
export const liveFilterSchema = z.object({
  league: adcodeSchema.optional(),
  organisationId: z.coerce.number().int().positive().optional(),
  class: vehicleClassSchema.optional(),
  category: vehicleCategorySchema.optional(),
  energy: energyTypeSchema.optional(),
  status: z.enum(vehicleStatuses).optional(),
})
export type LiveFilter = z.infer<typeof liveFilterSchema>

export const liveViewSchema = z.object({
  /** [west, south, east, north] in degrees. */
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  zoom: z.number().min(0).max(24),
  detail: z.enum(['marks', 'cells']).default('marks'),
  filter: liveFilterSchema.default({}),
})
export type LiveView = z.input<typeof liveViewSchema>

const tally = z.object({ total: z.int(), moving: z.int(), idle: z.int(), parked: z.int(), offline: z.int() })
export type StatusTally = z.infer<typeof tally>

export const liveCountsSchema = z.object({
  /** Server time, ms since 1970. */
  atMs: z.number(),
  all: tally,
  byClass: z.record(vehicleClassSchema, tally),
  byLeague: z.array(tally.extend({ adcode: adcodeSchema })),
  /** Vehicles of the scope and filter that never reported a position. */
  neverReported: z.int(),
})
export type LiveCounts = z.infer<typeof liveCountsSchema>

/** One cell of the grid: centre in degrees, vehicles in it, and how many of them move. */
export type LiveCell = { lon: number; lat: number; total: number; moving: number }

export type ServerToBrowser = {
  snapshot: (frame: ArrayBuffer | Uint8Array) => void
  delta: (frame: ArrayBuffer | Uint8Array) => void
  cells: (cells: LiveCell[]) => void
  counts: (counts: LiveCounts) => void
  /** The vehicles that are unmasked for the reader, and until when. */
  sight: (unmasked: { vehicleId: number; until: string }[]) => void
  trips: (through: number) => void
  /** What one was told has changed: how much of it is unread. Whoever connects is told at once, so that nothing is missed. */
  notified: (told: { unread: number }) => void
  /** The view was refused; nothing else changes. */
  refused: (error: { code: string; message: string }) => void
}
export type BrowserToServer = { view: (view: LiveView) => void; lookAway: () => void }
