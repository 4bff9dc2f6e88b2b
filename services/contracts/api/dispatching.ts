// Giving vehicles and drivers to requests: who can take one and why, and the board of what is promised.
import { z } from 'zod'
import { fitnessCodes } from '../../domain/driverFitness.ts'
import { vehicleStates } from '../../domain/lifecycle.ts'
import { orderStates } from '../../domain/orders.ts'
import { exclusionCodes, rankingCodes, tiers } from '../../domain/ranking.ts'
import { unservedCodes } from '../../domain/unserved.ts'
import { bodyTypes } from '../../domain/vehicle.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'
import { orderDetailSchema } from './orders.ts'
import { driver, leasesSchema, orderParams, reason, requestParams, unit, vehicle } from './tripFields.ts'

const detail = z.record(z.string(), z.union([z.string(), z.number()]))
const offered = vehicle.extend({ seats: z.int(), unit, tier: z.enum(tiers) })
const exclusions = z.array(z.object({ code: z.enum(exclusionCodes), detail }))
const fitness = z.array(z.object({ code: z.enum(fitnessCodes), detail }))
const candidatesSchema = z.object({
  pairs: z.array(
    z.object({
      vehicle: offered,
      driver: driver.nullable(),
      points: z.int(),
      why: z.array(z.object({ code: z.enum(rankingCodes), points: z.int(), detail })),
    }),
  ),
  /** The way of the trip; null where it has no place on the map. By a map of roads, or estimated. */
  way: z
    .object({
      km: z.number().nullable(),
      minutes: z.number().nullable(),
      problem: z.enum(['no-route', 'off-road']).nullable(),
      by: z.enum(['router', 'estimate']),
    })
    .nullable(),
  /** Since when the server of roads does not answer as it should, so that ways are estimated; null: it does, or there is none. */
  routerFailingSince: instant.nullable(),
  /** Leased vehicles, the cheapest first, beside what one of the fleets would cost by its price; `byKm`: the way is in the prices. */
  leases: leasesSchema,
  /** How many can be given at all; `pairs` are the best of them. */
  able: z.int(),
  /** The first of those that are left out, and how many each reason leaves out; all of them: GET /requests/:requestId/excluded. */
  excluded: z.array(z.object({ vehicle: offered, reasons: exclusions })),
  excludedTotal: z.int(),
  excludedBy: z.array(z.object({ code: z.enum(exclusionCodes), n: z.int() })),
  /** Drivers within reach; `away`: those who could drive no vehicle then. */
  drivers: z.object({ total: z.int(), awayTotal: z.int(), awayBy: z.array(z.object({ code: z.enum(fitnessCodes), n: z.int() })) }),
  /** Why nothing can be given; `holders`: the numbers of the orders that have what it would have had; `detail`: of the vehicle that comes nearest. */
  unserved: z.object({ code: z.enum(unservedCodes), holders: z.array(z.string()), detail }).nullable(),
})
export type Candidates = z.infer<typeof candidatesSchema>

const barSchema = z.object({
  from: instant,
  /** null: until further notice. */
  until: instant.nullable(),
  /** hold: kept back after an incident. */
  reason: z.enum(['trip', 'hold', 'maintenance', 'seal', 'leave']),
  order: z
    .object({
      orderId: z.int(),
      number: z.string(),
      state: z.enum(orderStates),
      to: z.string(),
      unit: z.string(),
      startsAt: instant,
      endsAt: instant,
      /** When it was asked for. */
      asked: z.object({ startsAt: instant, endsAt: instant }),
      alerts: z.int(),
      /** How many other requests travel with it. */
      riders: z.int(),
      version,
    })
    .nullable(),
})
const boardSchema = z.object({
  vehicles: z.array(vehicle.extend({ unit, seats: z.int(), state: z.enum(vehicleStates), bars: z.array(barSchema) })),
  drivers: z.array(driver.extend({ unit, bars: z.array(barSchema) })),
  /** There are more than are shown. */
  more: z.boolean(),
  /** Where the orders go, as far as their places are known as points: longitude and latitude. Empty unless asked for. */
  routes: z.array(z.object({ orderId: z.int(), places: z.array(z.tuple([z.number(), z.number()])).min(1) })),
})
export type Board = z.infer<typeof boardSchema>

/** Who is given, and when where that differs from what was asked for. */
const given = { vehicleId: id, driverId: id.nullable(), startsAt: instant.optional(), endsAt: instant.optional() }

export const dispatchingApi = {
  listCandidates: {
    method: 'GET',
    path: '/requests/:requestId/candidates',
    summary: 'Vehicles and drivers that can take it, the best first and why; and of the others why not',
    access: 'order.dispatch',
    params: requestParams,
    query: z.object({
      most: z.coerce.number().int().min(1).max(50).default(9),
      /** Of this vehicle, or this driver, alone: who would go with it. */
      vehicleId: id.optional(),
      driverId: id.optional(),
    }),
    answer: candidatesSchema,
  },
  listExcluded: {
    method: 'GET',
    path: '/requests/:requestId/excluded',
    summary: 'Vehicles, or drivers, that cannot take it, each with every reason why not',
    access: 'order.dispatch',
    params: requestParams,
    query: z.object({
      of: z.enum(['vehicle', 'driver']).default('vehicle'),
      /** Those with this reason among theirs. */
      code: z.enum([...exclusionCodes, ...fitnessCodes]).optional(),
      /** Of drivers: judged for this vehicle, its licence with it. Of vehicles: this one alone. */
      vehicleId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(z.object({ vehicle: offered.nullable(), driver: driver.nullable(), reasons: z.union([exclusions, fitness]) })),
  },
  dispatchRequest: {
    method: 'POST',
    path: '/requests/:requestId/order',
    summary: 'Gives a vehicle and a driver: an order, numbered without a hole',
    access: 'order.dispatch',
    params: requestParams,
    body: z.object({
      ...given,
      /** null: one of a supplier that is not in the ledger. */
      vehicleId: id.nullable(),
      /** A leased vehicle: whose, of what kind, and for which price. */
      lease: z.object({ supplierId: id, bodyType: z.enum(bodyTypes).nullable(), agreedFen: z.int().min(0).max(100_000_000) }).optional(),
      version,
      note: z.string().trim().max(200).nullable().default(null),
    }),
    answer: orderDetailSchema,
  },
  moveOrder: {
    method: 'POST',
    path: '/orders/:orderId/place',
    summary: 'Gives another vehicle, driver or time to an order that has not begun',
    access: 'order.dispatch',
    params: orderParams,
    body: z.object({ ...given, version, reason }),
    answer: orderDetailSchema,
  },
  getBoard: {
    method: 'GET',
    path: '/board',
    summary: 'Vehicles and drivers within reach, and for when each is promised',
    access: 'order.dispatch',
    query: z.object({
      from: instant,
      until: instant,
      organisationId: id.optional(),
      most: z.coerce.number().int().min(1).max(500).default(300),
      with: z.enum(['routes']).optional(),
    }),
    answer: boardSchema,
  },
} as const satisfies Record<string, Endpoint>
