// What becomes of a trip for those who travel: changes on the road, the vehicle on the map, what they thought of it.
import { z } from 'zod'
import { orderStates } from '../../domain/orders.ts'
import { changeActions } from '../../domain/roadChanges.ts'
import { vehicleStatuses } from '../../domain/status.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'
import { changeSchema, orderDetailSchema } from './orders.ts'
import { doneOnPhoneSchema, orderParams, person, stopSchema, unit, vehicle } from './tripFields.ts'

const changeRowSchema = changeSchema.extend({
  orderId: z.int(),
  number: z.string(),
  orderState: z.enum(orderStates),
  unit,
  applicant: person,
  from: stopSchema,
  startsAt: instant,
  passengers: z.int(),
})
export type RoadChangeRow = z.infer<typeof changeRowSchema>

const eta = z.object({
  /** Where it comes to next: to whoever is fetched, or to the destination. */
  stop: z.enum(['from', 'to']),
  at: instant,
  minutes: z.number(),
  km: z.number(),
  /** By a map of roads, or estimated. */
  by: z.enum(['router', 'estimate']),
})
const followedSchema = z.object({
  orderId: z.int(),
  number: z.string(),
  state: z.enum(orderStates),
  vehicle,
  driver: z.string().nullable(),
  from: stopSchema,
  to: stopSchema,
  via: z.array(stopSchema),
  startsAt: instant,
  endsAt: instant,
  /** What it reported last since `since`; null: nothing since then. */
  position: z
    .object({
      lon: z.number(),
      lat: z.number(),
      at: instant,
      speedKph: z.number().nullable(),
      headingDeg: z.number().nullable(),
      status: z.enum(vehicleStatuses),
    })
    .nullable(),
  /** From when on it may be followed. */
  since: instant,
  /** null: it is not known where it is, or where it goes. */
  eta: eta.nullable(),
})
export type FollowedVehicle = z.infer<typeof followedSchema>

export const travelApi = {
  askOrderChange: {
    method: 'POST',
    path: '/orders/:orderId/changes',
    summary:
      'Asks for a later end, another destination or another way of an order that is under way; by whoever travels, for him, or by who drives',
    access: 'order.view',
    params: orderParams,
    body: z.object({
      endsAt: instant.optional(),
      to: stopSchema.optional(),
      via: z.array(stopSchema).max(8).optional(),
      reason: z.string().trim().min(2).max(200),
      done: doneOnPhoneSchema.optional(),
    }),
    answer: orderDetailSchema,
  },
  listOrderChanges: {
    method: 'GET',
    path: '/order-changes',
    summary: 'Changes on the road within reach that nobody has made or refused yet, the oldest first',
    access: 'order.view',
    query: z.object({
      /** Those that wait for the caller: for his decision, or for him to make them. */
      waiting: z.enum(['mine']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(changeRowSchema),
  },
  actOnOrderChange: {
    method: 'POST',
    path: '/order-changes/:changeId/steps',
    summary:
      'Takes a step: approve, reject; approveByPhone (who said yes on the telephone), make (vehicle and driver are held until then), decline; withdraw',
    access: 'order.view',
    params: z.object({ changeId: id }),
    body: z.object({
      action: z.enum(changeActions),
      version,
      reason: z.string().trim().max(200).default(''),
      data: z
        .object({
          /** With `approveByPhone`: who was rung up. */
          approverId: id.optional(),
        })
        .default({}),
    }),
    answer: changeRowSchema,
  },
  listFollowed: {
    method: 'GET',
    path: '/followed-vehicles',
    summary: 'The orders that the caller travels with, asked for or named, which are at hand or to come',
    access: 'order.view',
    query: z.object({ most: z.coerce.number().int().min(1).max(50).default(20) }),
    answer: z.object({
      rows: z.array(
        z.object({
          orderId: z.int(),
          number: z.string(),
          state: z.enum(orderStates),
          unit,
          applicant: person,
          /** The reader asked for it. */
          own: z.boolean(),
          vehicle: vehicle.nullable(),
          driver: z.string().nullable(),
          from: stopSchema,
          to: stopSchema,
          startsAt: instant,
          endsAt: instant,
          mayFollow: z.boolean(),
          /** From when on it may be; null: not yet known. */
          followFrom: instant.nullable(),
        }),
      ),
    }),
  },
  followOrder: {
    method: 'GET',
    path: '/orders/:orderId/vehicle',
    summary: 'Where the vehicle of one’s own trip is, while the trip is at hand; that somebody begins to follow it is on record',
    access: 'order.view',
    params: orderParams,
    answer: followedSchema,
  },
  rateOrder: {
    method: 'PUT',
    path: '/orders/:orderId/rating',
    summary: 'What whoever asked for the trip thought of it: once, and changed for a while',
    access: 'order.view',
    params: orderParams,
    body: z.object({
      stars: z.int().min(1).max(5),
      text: z.string().trim().max(300).nullable().default(null),
      /** Of the rating that there is; null: none yet. */
      version: version.nullable(),
    }),
    answer: orderDetailSchema,
  },
} as const satisfies Record<string, Endpoint>
