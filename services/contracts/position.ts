// The position message of docs/device-protocol.md. Units are in the names; ranges are physical limits, not policy.
import { z } from 'zod'

/** The most positions one message may carry (backfill after an outage). */
export const MAX_POSITIONS_PER_MESSAGE = 1000
/** The largest payload a terminal may publish, in bytes. */
export const MAX_MESSAGE_BYTES = 262_144
/** A device time further ahead of the receive time than this is quarantined, in milliseconds. */
export const MAX_FUTURE_MS = 5 * 60_000
/** A device time before this instant is a clock that was never set. */
export const EARLIEST_TIME_MS = Date.UTC(2010, 0, 1)

export const positionSchema = z.object({
  /** Device time: ISO 8601 with offset, or whole milliseconds since 1970-01-01T00:00Z. */
  time: z.union([z.iso.datetime({ offset: true }), z.int()]),
  /** WGS-84 / CGCS2000, degrees. */
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  speedKph: z.number().min(0).max(400).optional(),
  /** Course over ground, degrees clockwise from north; 360 is stored as 0. */
  headingDeg: z.number().min(0).max(360).optional(),
  altitudeM: z.number().min(-500).max(9000).optional(),
  odometerM: z.number().min(0).max(2_000_000_000).optional(),
  fuelPct: z.number().min(0).max(100).optional(),
  socPct: z.number().min(0).max(100).optional(),
  /** Ignition (ACC). When absent a speed above zero counts as on. */
  ignition: z.boolean().optional(),
  satellites: z.int().min(0).max(100).optional(),
  /** Alarm bits of JT/T 808 table 24, as an unsigned 32-bit number. */
  alarms: z.int().min(0).max(0xffff_ffff).optional(),
})
export type PositionMessage = z.infer<typeof positionSchema>

/** Why a position was not stored; the bytes are kept beside the reason. */
export const quarantineReasons = [
  'not-json',
  'too-large',
  'empty-array',
  'too-many-positions',
  'schema',
  'not-positioned',
  'time-in-future',
  'time-too-old',
  'bad-topic',
  'unknown-terminal',
  'terminal-not-bound',
  'terminal-revoked',
] as const
export type QuarantineReason = (typeof quarantineReasons)[number]

/** A validated position in the units of the `positions` table. Absent readings are null. */
export type Position = {
  tsMs: number
  lonE7: number
  latE7: number
  speedDkph: number | null
  headingDeg: number | null
  altitudeM: number | null
  odometerM: number | null
  fuelPermille: number | null
  socPermille: number | null
  /** null = not reported. */
  ignition: boolean | null
  satellites: number | null
  alarms: number
}
