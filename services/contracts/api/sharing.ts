// Shared rides (拼车): which requests would go together in one vehicle, and those who are asked whether they will. Who is asked is told when and for how
// much longer he would travel and what it saves, and not who the others are.
import { z } from 'zod'
import { orderStates } from '../../domain/orders.ts'
import { requestStates } from '../../domain/requests.ts'
import { rideActions, rideStates } from '../../domain/sharing.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'
import { requestParams, stopSchema, unit } from './tripFields.ts'

const partySchema = z.object({
  requestId: z.int(),
  /** The caller asked for it. */
  mine: z.boolean(),
  /** Its applicant has consented; of one that was joined before as well. */
  consented: z.boolean(),
  /** null: not the caller's to know. */
  unit: unit.nullable(),
  applicant: z.string().nullable(),
  passengers: z.int(),
  /** In the vehicle: alone, and together. */
  directMin: z.number(),
  sharedMin: z.number(),
  directKm: z.number(),
  wantsAt: instant,
  pickUpAt: instant,
  dropOffAt: instant,
})
export const sharedStopSchema = z.object({
  requestId: z.int(),
  n: z.int(),
  kind: z.enum(['board', 'pass', 'leave']),
  place: stopSchema,
  at: instant,
  people: z.int(),
  /** How many sit in it when it drives on. */
  load: z.int(),
  mine: z.boolean(),
})
const planSchema = z.object({
  parties: z.array(partySchema),
  stops: z.array(sharedStopSchema),
  km: z.number(),
  /** Less than if each went alone: kilometres, and what those cost. */
  savedKm: z.number(),
  savedFen: z.int(),
})
const rideSchema = planSchema.extend({
  rideId: z.int(),
  state: z.enum(rideStates),
  /** The request whose order it is or will be, and the one that goes along. */
  firstId: z.int(),
  requestId: z.int(),
  askedAt: instant,
  answerBy: instant,
  order: z.object({ orderId: z.int(), number: z.string(), state: z.enum(orderStates) }).nullable(),
  mayAct: z.array(z.enum(rideActions)),
  /** Told to those who dispatch or look after it. */
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
})
export type Ride = z.infer<typeof rideSchema>
const suggestionSchema = planSchema.extend({
  firstId: z.int(),
  requestId: z.int(),
  /** The other one, seen from the request that was asked about. */
  other: z.object({ requestId: z.int(), state: z.enum(requestStates), unit, to: z.string(), startsAt: instant }),
  order: z.object({ orderId: z.int(), number: z.string(), state: z.enum(orderStates) }).nullable(),
  /** Seats that stay free on the fullest leg; null: no vehicle is given yet. */
  seatsLeft: z.int().nullable(),
})
export type RideSuggestion = z.infer<typeof suggestionSchema>

export const sharingApi = {
  listRides: {
    method: 'GET',
    path: '/shared-rides',
    summary: 'Shared rides of requests within reach, the latest first; of one’s own requests where one has no others',
    access: 'request.view',
    query: z.object({
      requestId: id.optional(),
      /** Those that wait for the caller’s consent. */
      waiting: z.enum(['own']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(rideSchema),
  },
  listRideSuggestions: {
    method: 'GET',
    path: '/requests/:requestId/ride-suggestions',
    summary:
      'Which other requests would travel together with this one, waiting or on an order, in which order, and what that saves; the most first',
    access: 'order.dispatch',
    params: requestParams,
    query: z.object({ most: z.coerce.number().int().min(1).max(20).default(5) }),
    answer: z.object({ rows: z.array(suggestionSchema) }),
  },
  proposeRide: {
    method: 'POST',
    path: '/shared-rides',
    summary: 'Asks all who would travel together whether they will: `requestId` goes along with `firstId`',
    access: 'order.dispatch',
    body: z.object({ firstId: id, requestId: id }),
    answer: rideSchema,
  },
  actOnRide: {
    method: 'POST',
    path: '/shared-rides/:rideId/steps',
    summary:
      'Takes a step: agree, refuse (each for his own requests), leave (takes one’s own request out again, before the departure), withdraw, separate',
    access: 'request.view',
    params: z.object({ rideId: id }),
    body: z.object({ action: z.enum(rideActions), version, reason: z.string().trim().max(200).default('') }),
    answer: rideSchema,
  },
} as const satisfies Record<string, Endpoint>
