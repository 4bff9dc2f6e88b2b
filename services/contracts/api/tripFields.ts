// What requests and orders are described by, both of them: whose, who, where, and the steps that were taken.
import { z } from 'zod'
import { equipments } from '../../domain/equipment.ts'
import { bodyTypes } from '../../domain/vehicle.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { id, instant } from './endpoint.ts'

/** Why a step is taken, where it must be said; an ordinary step needs no words. */
export const reason = z.string().trim().max(200).default('')

export const unit = z.object({ organisationId: z.int(), name: z.string() })
export const person = z.object({ accountId: z.int(), name: z.string() })
export const vehicle = z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema })
export const driver = z.object({ driverId: z.int(), name: z.string() })
export const text = (most: number) => z.string().trim().min(1).max(most)

/**
 * How a phone sends what was done on it, perhaps long before: under a key of its own, so that it is done once however often it is sent, and when
 * by the phone's clock it was done and is sent now.
 */
export const doneOnPhoneSchema = z.object({ key: z.uuid(), atDevice: instant, sentAtDevice: instant })
export type DoneOnPhone = z.infer<typeof doneOnPhoneSchema>

/** A place as people name it, and where it is when that is known. */
export const stopSchema = z
  .object({
    name: text(80),
    lon: z.number().min(-180).max(180).nullable().default(null),
    lat: z.number().min(-90).max(90).nullable().default(null),
  })
  .refine(({ lon, lat }) => (lon === null) === (lat === null), {
    path: ['lat'],
    message: '经纬度须同时填写 / longitude and latitude go together',
  })
export type Stop = z.infer<typeof stopSchema>

export const stepSchema = z.object({
  action: z.string(),
  state: z.string(),
  at: instant,
  by: z.string(),
  reason: z.string(),
  /** A reading that was corrected: what it was, and what it is. */
  odometer: z.object({ beforeKm: z.number(), afterKm: z.number() }).optional(),
  /** The year whose calendar nobody had announced when a driver was given whose duty hangs on it. */
  unknownYear: z.string().optional(),
})

export const requestParams = z.object({ requestId: id })
export const orderParams = z.object({ orderId: id })

/** What a vehicle has aboard, or a trip needs. */
export const equipmentSchema = z.array(z.enum(equipments)).max(equipments.length)

/** Leased vehicles, the cheapest first, beside what one of the fleets would cost by its price; `byKm`: the way is in the prices. */
export const leasesSchema = z.object({
  offers: z.array(
    z.object({
      supplier: z.object({ supplierId: z.int(), name: z.string() }),
      bodyType: z.enum(bodyTypes).nullable(),
      priceFen: z.int(),
    }),
  ),
  byKm: z.boolean(),
  ownFen: z.int().nullable(),
})
