// What our service brings in for a driver's phone (docs/device-protocol.md): a position that says whose it is, and how exact it is.
import { z } from 'zod'
import { type Position, positionSchema } from './position.ts'

const row = z.int().positive().max(2_147_483_647)

export const phoneFixSchema = positionSchema.pick({ lon: true, lat: true, speedKph: true, headingDeg: true, altitudeM: true }).extend({
  /** By our clock, ms since 1970; and by the phone's own, which stays the same when it is sent again. */
  time: z.int(),
  deviceTime: z.int(),
  accuracyM: z.number().min(0).max(1_000_000),
  vehicleId: row,
  orderId: row,
})
export type PhoneFixMessage = z.infer<typeof phoneFixSchema>
export type PhoneFix = Position & { deviceMs: number; accuracyM: number; vehicleId: number; orderId: number }
