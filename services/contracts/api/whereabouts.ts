// Who was where: the whole scope at one instant, who was in an area, whom a vehicle met, where it stands at night. Every question is on record before anything is
// read (docs/whereabouts.md). Whoever must look within a case asks within one; vehicles that a second person must release are then counted and not named.
import { z } from 'zod'
import { meetingKinds } from '../../domain/meetings.ts'
import { plateColourSchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, purposeSchema } from './endpoint.ts'

const asking = { purpose: purposeSchema.optional(), caseId: id.optional() }
const window = { from: instant, to: instant }

const namedSchema = z.object({
  vehicleId: z.int(),
  plate: z.string(),
  plateColour: plateColourSchema,
  class: vehicleClassSchema,
  unit: z.string(),
  /** Of the case within which was asked. */
  inCase: z.boolean(),
})
export type NamedVehicle = z.infer<typeof namedSchema>

const told = {
  /** The number under which the question is on record. */
  askId: z.int(),
  /** Vehicles of the answer that a second person must release first: how many, and no more. */
  withheld: z.int(),
  /** Positions are kept from here on; null = there are none. */
  keptFrom: instant.nullable(),
}
const bounded = {
  /** The answer ends here and is whole until then: ask again from here on. null = it is of all that was asked. */
  next: instant.nullable(),
}

const visitSchema = z.object({
  vehicleId: z.int(),
  /** `seen`: reports lie inside. `inferred`: none does, but the way between two of them led through. */
  how: z.enum(['seen', 'inferred']),
  /** Of the first and the last report inside; where it is inferred, of those before and after. */
  from: instant,
  until: instant,
  reports: z.int(),
  began: z.enum(['way', 'gap', 'window']),
  ended: z.enum(['way', 'gap', 'window']),
  movingS: z.int(),
  standingS: z.int(),
  /** Was part of it on a trip? */
  trip: z.boolean(),
  /** The orders that the vehicle was under. */
  orders: z.array(z.object({ orderId: z.int(), number: z.string() })),
})
export type VisitRow = z.infer<typeof visitSchema>

const meetingSchema = z.object({
  vehicleId: z.int(),
  kind: z.enum(meetingKinds),
  from: instant,
  until: instant,
  nearestM: z.number(),
  meanM: z.number(),
  /** How far the vehicle that was asked about went meanwhile, and the other. */
  ownWayM: z.int(),
  wayM: z.int(),
  at: z.tuple([z.number(), z.number()]),
})
export type MeetingRow = z.infer<typeof meetingSchema>

export const whereaboutsApi = {
  getInstant: {
    method: 'GET',
    path: '/whereabouts/instant',
    summary: 'The whole scope at a second: where each vehicle last was by the time of its reports, and how old that is',
    access: 'whereabouts.ask',
    past: true,
    query: z.object({ at: instant, ...asking }),
    answer: z.object({
      ...told,
      at: instant,
      vehicleId: z.array(z.int()),
      plate: z.array(z.string()),
      /** Index in vehicleClasses. */
      class: z.array(z.int()),
      lon: z.array(z.number()),
      lat: z.array(z.number()),
      /** How old the last report was at the instant, s. */
      ageS: z.array(z.int()),
      speedKph: z.array(z.number().nullable()),
      /** Of which nothing had been reported by then. */
      unseen: z.object({ vehicleId: z.array(z.int()), plate: z.array(z.string()) }),
    }),
  },
  findWhoWasHere: {
    method: 'GET',
    path: '/whereabouts/here',
    summary:
      'Who was in an area or a place in a period of at most 31 days: when they came and went, what they did there and under which order',
    access: 'whereabouts.ask',
    past: true,
    query: z.object({
      ...window,
      /** Corners, “lon,lat;lon,lat;…”, of an area drawn on a map. */
      area: z.string().max(12_000).optional(),
      /** Of the map that it was drawn on; what is answered is WGS-84. */
      datum: z.enum(['wgs84', 'gcj02']).default('wgs84'),
      placeId: id.optional(),
      ...asking,
    }),
    answer: z.object({
      ...told,
      ...bounded,
      /** In WGS-84. */
      ring: z.array(z.tuple([z.number(), z.number()])),
      areaKm2: z.number(),
      vehicles: z.array(namedSchema),
      visits: z.array(visitSchema),
    }),
  },
  findMeetings: {
    method: 'GET',
    path: '/vehicles/:vehicleId/meetings',
    summary:
      'Which vehicles were within 50 m of this one for five minutes or longer, by their ways and not their reports; of at most 7 days',
    access: 'whereabouts.ask',
    past: true,
    params: z.object({ vehicleId: id }),
    query: z.object({ ...window, ...asking }),
    answer: z.object({ ...told, ...bounded, vehicles: z.array(namedSchema), meetings: z.array(meetingSchema) }),
  },
  findCaseMeetings: {
    method: 'GET',
    path: '/cases/:caseId/meetings',
    summary: 'Which vehicles of a case met each other; of those that may be looked at, and of at most 7 days and 140 vehicle-days',
    access: 'whereabouts.ask',
    past: true,
    params: z.object({ caseId: id }),
    query: z.object(window),
    answer: z.object({
      ...told,
      ...bounded,
      vehicles: z.array(namedSchema),
      /** `vehicleId` and `ownWayM` of the one, `withId` and `wayM` of the other. */
      meetings: z.array(meetingSchema.extend({ withId: z.int() })),
    }),
  },
  findNightPlaces: {
    method: 'GET',
    path: '/vehicles/:vehicleId/nights',
    summary: 'Where a vehicle stands at night (22:00–06:00), by place and how often; of at most 93 days',
    access: 'whereabouts.ask',
    past: true,
    params: z.object({ vehicleId: id }),
    query: z.object({ ...window, ...asking }),
    answer: z.object({
      nights: z.int(),
      /** Of these, nights of which the vehicle was at rest in none. */
      unknown: z.int(),
      places: z.array(
        z.object({
          lon: z.number(),
          lat: z.number(),
          nights: z.int(),
          hours: z.number(),
          first: z.iso.date(),
          last: z.iso.date(),
          days: z.array(z.iso.date()),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Endpoint>
