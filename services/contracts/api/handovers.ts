// The book of shifts (交接班): who handed a vehicle over to whom, and how it was.
import { z } from 'zod'
import { equipments } from '../../domain/equipment.ts'
import { handoverActions, handoverStates } from '../../domain/handover.ts'
import { inspectionItems } from '../../domain/inspection.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

/** null: the unit, where nobody has it. */
const driver = z.object({ driverId: z.int(), name: z.string() }).nullable()
const vehicle = z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema })
const condition = {
  odometerKm: z.number().min(0).max(2_000_000),
  fuelPct: z.int().min(0).max(100),
  equipment: z.array(z.enum(equipments)).max(equipments.length),
  inspection: z
    .array(z.object({ item: z.enum(inspectionItems), ok: z.boolean(), remark: z.string().trim().max(200).default('') }))
    .max(inspectionItems.length),
  remarks: z.string().trim().max(500),
}
const handoverSchema = z.object({
  handoverId: z.int(),
  vehicle,
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  from: driver,
  to: driver,
  state: z.enum(handoverStates),
  ...condition,
  offeredAt: instant,
  offeredBy: z.string(),
  takenAt: instant.nullable(),
  /** The newest that was taken: `to` has the vehicle. */
  stands: z.boolean(),
  /** And it is the reader who has it. */
  holds: z.boolean(),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
  mayAct: z.array(z.enum(handoverActions)),
})
export type Handover = z.infer<typeof handoverSchema>

export const handoversApi = {
  listHandovers: {
    method: 'GET',
    path: '/handovers',
    summary: 'The book of shifts, the latest first: of the scope, or of one’s own shifts',
    access: 'order.view',
    query: z.object({
      vehicleId: id.optional(),
      state: z.enum(handoverStates).optional(),
      organisationId: id.optional(),
      /** A fragment of a plate. */
      q: z.string().trim().max(20).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(handoverSchema),
  },
  getShift: {
    method: 'GET',
    path: '/shifts/:vehicleId',
    summary: 'Who has a vehicle, since when and with which reading, and to whom of its unit it can be handed over',
    access: 'order.drive',
    params: z.object({ vehicleId: id }),
    answer: z.object({
      vehicle,
      holder: driver,
      since: instant.nullable(),
      odometerKm: z.number().nullable(),
      /** On its file. */
      equipment: z.array(z.enum(equipments)),
      open: handoverSchema.nullable(),
      colleagues: z.array(z.object({ driverId: z.int(), name: z.string() })),
    }),
  },
  offerHandover: {
    method: 'POST',
    path: '/handovers',
    summary: 'Hands a vehicle over, as whoever has it or for the unit; it counts once the other has taken it. Once for each key',
    access: 'order.drive',
    body: z.object({ key: z.uuid(), vehicleId: id, toDriverId: id.nullable(), ...condition }),
    answer: handoverSchema,
  },
  actOnHandover: {
    method: 'POST',
    path: '/handovers/:handoverId/steps',
    summary: 'Takes a step: take, refuse with why, withdraw. Nobody takes what he handed over himself',
    access: 'order.drive',
    params: z.object({ handoverId: id }),
    body: z.object({ action: z.enum(handoverActions), version, reason: z.string().trim().max(200).default('') }),
    answer: handoverSchema,
  },
} as const satisfies Record<string, Endpoint>
