// Requests for vehicles, and the orders that come of them: asked for, approved, given a vehicle and a driver, driven, paid for.
// Who has a row for himself alone sees his own: an applicant what he asked for, a driver what he drives.
import { z } from 'zod'
import { approvalGrounds, approvalLevels, approvalRulesSchema } from '../../domain/approvals.ts'
import { daySchema } from '../../domain/days.ts'
import { fitnessCodes } from '../../domain/driverFitness.ts'
import { greenWays } from '../../domain/greenTravel.ts'
import { incidentActions, incidentKinds, incidentStates } from '../../domain/incidents.ts'
import { inspectionItems } from '../../domain/inspection.ts'
import { vehicleStates } from '../../domain/lifecycle.ts'
import { costKinds, enteredKinds, orderActions, orderStates, photoSubjects } from '../../domain/orders.ts'
import { exclusionCodes, rankingCodes, tiers, unservedCodes } from '../../domain/ranking.ts'
import { requestActions, requestKinds, requestStates, tripPurposes } from '../../domain/requests.ts'
import { recurrenceSchema } from '../../domain/series.ts'
import { disputeReasons } from '../../domain/settlement.ts'
import { priceParts } from '../../domain/tariff.ts'
import { bodyTypes, plateColourSchema } from '../../domain/vehicle.ts'
import { errorSchema } from '../errors.ts'
import { budgetSchema } from './costs.ts'
import { phoneSchema } from './drivers.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

/** Why a step is taken, where it must be said; an ordinary step needs no words. */
const reason = z.string().trim().max(200).default('')
const unit = z.object({ organisationId: z.int(), name: z.string() })
const person = z.object({ accountId: z.int(), name: z.string() })
const text = (most: number) => z.string().trim().min(1).max(most)

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

const requestFields = {
  kind: z.enum(requestKinds).default('pool'),
  purposeKind: z.enum(tripPurposes),
  purpose: text(200),
  from: stopSchema,
  to: stopSchema,
  via: z.array(stopSchema).max(8).default([]),
  startsAt: instant,
  endsAt: instant,
  /** Without the driver. */
  passengers: z.int().min(1).max(60),
  withDriver: z.boolean().default(true),
  travellers: z.string().trim().max(200).nullable().default(null),
  contactName: text(40),
  contactPhone: phoneSchema,
  note: z.string().trim().max(200).nullable().default(null),
}
export type RequestFields = z.output<z.ZodObject<typeof requestFields>>

const vehicle = z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema })
const driver = z.object({ driverId: z.int(), name: z.string() })

const requestRowSchema = z.object({
  requestId: z.int(),
  state: z.enum(requestStates),
  kind: z.enum(requestKinds),
  unit,
  applicant: person,
  purposeKind: z.enum(tripPurposes),
  purpose: z.string(),
  from: stopSchema,
  to: stopSchema,
  via: z.array(stopSchema),
  startsAt: instant,
  endsAt: instant,
  passengers: z.int(),
  withDriver: z.boolean(),
  /** A trip in an emergency: by when it is to be approved, and when it was. */
  ratifyBy: instant.nullable(),
  ratifiedAt: instant.nullable(),
  order: z.object({ orderId: z.int(), number: z.string(), state: z.enum(orderStates) }).nullable(),
  askedAt: instant,
  /** It is one of several that recur. */
  seriesId: z.int().nullable(),
  /** The step of its chain that waits: the first is 1. `mine`: the reader decides it now. null: none waits. */
  approval: z.object({ at: z.int(), of: z.int(), level: z.enum(approvalLevels), since: instant.nullable(), mine: z.boolean() }).nullable(),
  /** What is left of the unit's budget of the year; told with what waits for whoever approves. */
  budget: budgetSchema.nullish(),
  version,
})
export type RequestRow = z.infer<typeof requestRowSchema>

const stepSchema = z.object({
  action: z.string(),
  state: z.string(),
  at: instant,
  by: z.string(),
  reason: z.string(),
  /** A reading that was corrected: what it was, and what it is. */
  odometer: z.object({ beforeKm: z.number(), afterKm: z.number() }).optional(),
})
const requestStepSchema = stepSchema.extend({
  /** Of a decision: at which level it was taken, and for whom, where somebody stood in. */
  level: z.enum(approvalLevels).nullable(),
  onBehalfOf: z.string().nullable(),
  /** The fields that became others with this step. */
  changed: z.array(z.string()),
})
/** Who must agree, from below to above, and why each is asked. */
const chainSchema = z.object({
  steps: z.array(
    z.object({
      level: z.enum(approvalLevels),
      because: z.array(z.enum(approvalGrounds)),
      /** Some of those who decide there; none: nobody has this work yet, and it goes up by its time limit. */
      who: z.array(z.string()),
    }),
  ),
  /** What a rule asks and nobody knows of this trip. */
  unknown: z.array(z.enum(approvalGrounds)),
  /** One way, about; null = not known. */
  km: z.number().nullable(),
  remindAfterH: z.int(),
  escalateAfterH: z.int(),
  bothForH: z.int(),
  /** The rule that it follows from: from which day on and how often changed, and whose (null: the whole region's). null: there were none yet. */
  rule: z.object({ organisationId: z.int().nullable(), from: z.iso.date(), version: z.int() }).nullable(),
})
export type ApprovalChain = z.infer<typeof chainSchema>
const requestDetailSchema = requestRowSchema.extend({
  travellers: z.string().nullable(),
  contactName: z.string(),
  contactPhone: z.string(),
  note: z.string().nullable(),
  mayAct: z.array(z.enum(requestActions)),
  mayChange: z.boolean(),
  mayRatify: z.boolean(),
  chain: chainSchema,
  steps: z.array(requestStepSchema),
})
export type RequestDetail = z.infer<typeof requestDetailSchema>

const orderRowSchema = z.object({
  orderId: z.int(),
  number: z.string(),
  state: z.enum(orderStates),
  requestId: z.int(),
  /** Whose trip it is, and who gave the order. */
  unit,
  issuer: unit,
  applicant: person,
  /** null: a sensitive vehicle that the reader does not see, or one of a supplier that is not in the ledger. */
  vehicle: vehicle.nullable(),
  /** Whose the vehicle was when it was given; null for a leased one. */
  keeper: unit.nullable(),
  /** A leased vehicle: whose it is, of what kind, and the price that was agreed on. */
  lease: z
    .object({
      supplier: z.object({ supplierId: z.int(), name: z.string() }),
      bodyType: z.enum(bodyTypes).nullable(),
      agreedFen: z.int().nullable(),
    })
    .nullable(),
  driver: driver.nullable(),
  purposeKind: z.enum(tripPurposes),
  purpose: z.string(),
  from: stopSchema,
  to: stopSchema,
  startsAt: instant,
  endsAt: instant,
  passengers: z.int(),
  /** Incidents that nobody has closed, and faults of safety that it was driven off with. */
  alerts: z.int(),
  /** It was voided, and the vehicle has left all the same. */
  leftVoided: z.boolean(),
  version,
})
export type OrderRow = z.infer<typeof orderRowSchema>

const parts = z.enum([...priceParts, 'day', 'away'])
/** Of what a line is the price; or what an invoice claims, and what there is to hold it against. */
const basisSchema = z.object({
  part: parts.optional(),
  quantity: z.number().optional(),
  claimedM: z.int().optional(),
  trackM: z.int().nullable().optional(),
  priceFen: z.int().nullable().optional(),
  dispute: z.enum(disputeReasons).optional(),
})
export type CostBasis = z.infer<typeof basisSchema>
const costSchema = z.object({
  costId: z.int(),
  kind: z.enum(costKinds),
  /** Negative: it takes back an earlier one. */
  fen: z.int(),
  at: instant,
  note: z.string().nullable(),
  by: z.string(),
  /** By whom, or from what: entered, claimed by a supplier, or worked out by a price. */
  source: z.enum(['entered', 'invoice', 'tariff']),
  basis: basisSchema,
  /** The line that it takes back or adds to. */
  corrects: z.int().nullable(),
  /** What another person decides: a disputed invoice, a correction of an order that is closed. */
  question: z.enum(['dispute', 'correction']).nullable(),
  decision: z.enum(['stands', 'refused']).nullable(),
  decidedBy: z.string().nullable(),
  decidedReason: z.string().nullable(),
  /** May the caller decide it? */
  mayDecide: z.boolean(),
})
const share = z.object({ unit, fen: z.int() })
const settlementSchema = z.object({
  /** By the odometer, and by the track, as far as each is known. */
  distanceM: z.int().nullable(),
  trackM: z.int().nullable(),
  /** What follows from the prices of the day and is not among the costs yet. */
  proposed: z.array(z.object({ kind: z.enum(costKinds), part: parts, quantity: z.number(), fen: z.int() })),
  /** What those who used the vehicle owe the one whose it is; nobody where it is their own. */
  charged: z.array(share),
})
/** What the vehicle's track says of the trip, by device time. */
const trackSchema = z.object({
  departedAt: instant.nullable(),
  pickedUpAt: instant.nullable(),
  arrivedAt: instant.nullable(),
  returnedAt: instant.nullable(),
  /** Between the two, or as long as it is out. */
  km: z.number().nullable(),
  /** The last position that was looked at. */
  knownUntil: instant,
  /** Where what the driver said and the track are further apart than the law lets pass; null: not said, not seen. */
  differences: z.array(
    z.discriminatedUnion('of', [
      z.object({ of: z.enum(['depart', 'comeBack']), said: instant.nullable(), seen: instant.nullable() }),
      z.object({ of: z.literal('km'), said: z.number(), seen: z.number() }),
    ]),
  ),
})
export type OrderTrack = z.infer<typeof trackSchema>
const inspectionSchema = z
  .array(z.object({ item: z.enum(inspectionItems), ok: z.boolean(), remark: z.string().trim().max(100).default('') }))
  .max(40)
const photoSchema = z.object({
  photoId: z.int(),
  shows: z.enum(photoSubjects),
  /** The deed that it belongs to. */
  of: z.object({ what: z.enum(['step', 'cost', 'incident']), id: z.int() }).nullable(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  takenAt: instant,
  by: z.string(),
})
const incidentSchema = z.object({
  incidentId: z.int(),
  kind: z.enum(incidentKinds),
  state: z.enum(incidentStates),
  text: z.string(),
  place: stopSchema.nullable(),
  at: instant,
  by: z.string(),
  reportedAt: instant,
  /** Until when its vehicle is kept back. */
  heldUntil: instant.nullable(),
  version,
  mayAct: z.array(z.enum(incidentActions)),
  steps: z.array(stepSchema),
})
export type Incident = z.infer<typeof incidentSchema>
export const orderDetailSchema = orderRowSchema.extend({
  via: z.array(stopSchema),
  travellers: z.string().nullable(),
  contactName: z.string(),
  contactPhone: z.string(),
  note: z.string().nullable(),
  driverPhone: z.string().nullable(),
  /** Has the driver a telephone that what is new appears on? null: nobody drives for the passengers. */
  driverReached: z.boolean().nullable(),
  departedAt: instant.nullable(),
  returnedAt: instant.nullable(),
  odometerOutKm: z.number().nullable(),
  odometerBackKm: z.number().nullable(),
  /** null: nothing is seen of it, or the vehicle is not the reader's to see. */
  track: trackSchema.nullable(),
  /** As the driver found the vehicle: at departure, at return. */
  inspections: z.array(
    z.object({ action: z.enum(['depart', 'comeBack']), at: instant, energyPct: z.number().nullable(), results: inspectionSchema }),
  ),
  photos: z.array(photoSchema),
  incidents: z.array(incidentSchema),
  /** What phones sent: when it was done by our clock, and by theirs. */
  deeds: z.array(
    z.object({
      what: z.enum(['step', 'cost', 'photo', 'incident']),
      /** The number of the step in its order, of the cost, the photo, the incident. */
      id: z.int(),
      at: instant,
      atDevice: instant,
      receivedAt: instant,
      /** How far the phone's clock was ahead, and whether that is too far. */
      offsetMs: z.int(),
      clockOff: z.boolean(),
    }),
  ),
  costs: z.array(costSchema),
  /** Of the lines that count. */
  totalFen: z.int(),
  /** Once the trip is over. */
  settlement: settlementSchema.nullable(),
  mayAct: z.array(z.enum(orderActions)),
  mayEnterCosts: z.boolean(),
  /** An order that is closed: what is entered now names what it corrects, and counts when another person has agreed. */
  mayCorrectCosts: z.boolean(),
  mayCorrectOdometer: z.boolean(),
  mayMove: z.boolean(),
  steps: z.array(stepSchema),
})
export type OrderDetail = z.infer<typeof orderDetailSchema>

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
  /** Leased vehicles, the cheapest first, beside what one of the fleets would cost by its price; `byKm`: the way is in the prices. */
  leases: z.object({
    offers: z.array(
      z.object({
        supplier: z.object({ supplierId: z.int(), name: z.string() }),
        bodyType: z.enum(bodyTypes).nullable(),
        priceFen: z.int(),
      }),
    ),
    byKm: z.boolean(),
    ownFen: z.int().nullable(),
  }),
  /** How many can be given at all; `pairs` are the best of them. */
  able: z.int(),
  /** The first of those that are left out, and how many each reason leaves out; all of them: GET /requests/:requestId/excluded. */
  excluded: z.array(z.object({ vehicle: offered, reasons: exclusions })),
  excludedTotal: z.int(),
  excludedBy: z.array(z.object({ code: z.enum(exclusionCodes), n: z.int() })),
  /** Drivers within reach; `away`: those who could drive no vehicle then. */
  drivers: z.object({ total: z.int(), awayTotal: z.int(), awayBy: z.array(z.object({ code: z.enum(fitnessCodes), n: z.int() })) }),
  /** Why nothing can be given; `holders`: the numbers of the orders that have what it would have had. */
  unserved: z.object({ code: z.enum(unservedCodes), holders: z.array(z.string()) }).nullable(),
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
      alerts: z.int(),
      version,
    })
    .nullable(),
})
const boardSchema = z.object({
  vehicles: z.array(vehicle.extend({ unit, seats: z.int(), state: z.enum(vehicleStates), bars: z.array(barSchema) })),
  drivers: z.array(driver.extend({ unit, bars: z.array(barSchema) })),
  /** There are more than are shown. */
  more: z.boolean(),
})
export type Board = z.infer<typeof boardSchema>

const rulesRowSchema = z.object({
  organisation: z.object({ organisationId: z.int(), name: z.string() }).nullable(),
  effectiveFrom: z.iso.date(),
  rules: approvalRulesSchema,
  version,
})
export type ApprovalRulesRow = z.infer<typeof rulesRowSchema>
const deputySchema = z.object({
  deputyshipId: z.int(),
  /** Who is away, and who stands in for him. */
  account: person,
  deputy: person,
  fromDay: z.iso.date(),
  untilDay: z.iso.date(),
  endedAt: instant.nullable(),
  /** The caller named it, and may end it. */
  own: z.boolean(),
  version,
})
export type Deputyship = z.infer<typeof deputySchema>
/** One answer for each of several, in their order: done, or why not. */
const outcome = z.object({ error: errorSchema.shape.error.omit({ requestId: true }).nullable() })
export type DecisionOutcome = z.infer<typeof outcome>

const seriesSchema = z.object({
  seriesId: z.int(),
  requests: z.array(z.object({ requestId: z.int(), state: z.enum(requestStates), startsAt: instant, version })),
})
const seriesParams = z.object({ seriesId: id })
/** From this trip on, as it was seen. */
const fromTrip = { requestId: id, version }
const { kind: _kind, ...tripFields } = requestFields

const { from, to, via, startsAt, endsAt, passengers, withDriver } = requestFields
/** What tells who would approve a trip, and how it could be made otherwise. */
const preview = { from, to, via, startsAt, endsAt, passengers, withDriver, organisationId: id.optional() }

const requestParams = z.object({ requestId: id })
export const orderParams = z.object({ orderId: id })
/** Who is given, and when where that differs from what was asked for. */
const given = { vehicleId: id, driverId: id.nullable(), startsAt: instant.optional(), endsAt: instant.optional() }

export const ordersApi = {
  listRequests: {
    method: 'GET',
    path: '/requests',
    summary: 'Requests for vehicles within reach, the next departure first; one’s own where one has no others',
    access: 'request.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      organisationId: id.optional(),
      state: z.enum(requestStates).optional(),
      kind: z.enum(requestKinds).optional(),
      seriesId: id.optional(),
      /** `approval`: those that wait for the caller's decision, where he takes any, and for anybody's otherwise. `dispatch`: those that wait for a vehicle. `own`: those that the caller made. */
      waiting: z.enum(['approval', 'dispatch', 'own']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(requestRowSchema),
  },
  getRequest: {
    method: 'GET',
    path: '/requests/:requestId',
    summary: 'A request and its steps',
    access: 'request.view',
    params: requestParams,
    answer: requestDetailSchema,
  },
  createRequest: {
    method: 'POST',
    path: '/requests',
    summary: 'Asks for a vehicle. Sent twice with one key it is one request',
    access: 'request.create',
    body: z.object({
      ...requestFields,
      /** For which unit; one’s own where it is left out. */
      organisationId: id.optional(),
      /** Kept and not sent yet. */
      draft: z.boolean().default(false),
      /** Made by whoever asks, once for each request. */
      key: z.uuid(),
    }),
    answer: requestDetailSchema,
  },
  changeRequest: {
    method: 'PATCH',
    path: '/requests/:requestId',
    summary:
      'Changes a request whose trip has not begun. What is another matter now is approved anew, from the first step, and gives its vehicle back',
    access: 'request.create',
    params: requestParams,
    body: z.object({ ...requestFields, version }),
    answer: requestDetailSchema,
  },
  actOnRequest: {
    method: 'POST',
    path: '/requests/:requestId/steps',
    summary: 'Takes a step: submit, approve, giveBack, reject, decline, cancel',
    access: 'request.view',
    params: requestParams,
    body: z.object({ action: z.enum(requestActions), version, reason }),
    answer: requestDetailSchema,
  },
  decideRequests: {
    method: 'POST',
    path: '/requests/decisions',
    summary: 'Takes one step on several requests, each in an act of its own: one that cannot be holds up no other',
    access: 'request.approve',
    body: z.object({
      action: z.enum(['approve', 'giveBack', 'reject']),
      requests: z
        .array(z.object({ requestId: id, version }))
        .min(1)
        .max(100),
      reason,
    }),
    answer: z.object({ outcomes: z.array(outcome) }),
  },
  createSeries: {
    method: 'POST',
    path: '/request-series',
    summary: 'Asks for a vehicle again and again, at the same time of the day: all of it or nothing. Each trip is a request of its own',
    access: 'request.create',
    body: z.object({ ...tripFields, organisationId: id.optional(), recurrence: recurrenceSchema, key: z.uuid() }),
    answer: seriesSchema,
  },
  changeSeries: {
    method: 'POST',
    path: '/request-series/:seriesId/changes',
    summary: 'Changes a trip and all later ones of its series, by as much time each',
    access: 'request.create',
    params: seriesParams,
    body: z.object({ ...tripFields, ...fromTrip }),
    answer: seriesSchema,
  },
  cancelSeries: {
    method: 'POST',
    path: '/request-series/:seriesId/cancellation',
    summary: 'Takes back a trip and all later ones of its series',
    access: 'request.create',
    params: seriesParams,
    body: z.object({ ...fromTrip, reason }),
    answer: seriesSchema,
  },
  previewRequest: {
    method: 'POST',
    path: '/requests/preview',
    summary:
      'Who would have to agree to such a request if it were sent now, and how a short way could be gone without a vehicle; nothing is kept',
    access: 'request.create',
    body: z.object(preview),
    answer: z.object({
      chain: chainSchema,
      /** A short way: what is offered instead, and what it saves. */
      green: z.array(z.object({ way: z.enum(greenWays), savedKm: z.number(), savedFen: z.int() })),
    }),
  },
  chooseGreen: {
    method: 'POST',
    path: '/requests/green-choices',
    summary: 'Puts on record that a short way is gone without a vehicle, and what that saves',
    access: 'request.create',
    body: z.object({ ...preview, way: z.enum(greenWays) }),
    answer: z.object({ savedKm: z.number(), savedFen: z.int() }),
  },
  listApprovalRules: {
    method: 'GET',
    path: '/approval-rules',
    summary: 'Rules of approval that concern this scope: its own, and those above that hold for it; of one organisation the latest first',
    access: 'request.view',
    answer: z.object({ rows: z.array(rulesRowSchema) }),
  },
  setApprovalRules: {
    method: 'PUT',
    path: '/approval-rules',
    summary: 'Rules of approval for a subtree from a day on; requests that have been sent keep the chain they have',
    access: 'ledger.approve',
    body: z.object({ organisationId: id, effectiveFrom: daySchema, rules: approvalRulesSchema, reason: purposeSchema }),
    answer: rulesRowSchema,
  },
  listDeputies: {
    method: 'GET',
    path: '/approval-deputies',
    summary: 'Who stands in for the caller, and for whom the caller does; those that are over as well, the latest first',
    access: 'request.approve',
    answer: z.object({ rows: z.array(deputySchema) }),
  },
  listFitDeputies: {
    method: 'GET',
    path: '/approval-deputies/fit',
    summary: 'Who could stand in for the caller: of the same role, another person, in the same league or the region',
    access: 'request.approve',
    query: z.object({ q: z.string().trim().max(40).optional(), most: z.coerce.number().int().min(1).max(50).default(20) }),
    answer: z.object({ rows: z.array(person.extend({ unit: z.string() })) }),
  },
  nameDeputy: {
    method: 'POST',
    path: '/approval-deputies',
    summary: 'Names who decides in the caller’s name on these days',
    access: 'request.approve',
    body: z.object({ deputyId: id, fromDay: daySchema, untilDay: daySchema }),
    answer: deputySchema,
  },
  endDeputy: {
    method: 'POST',
    path: '/approval-deputies/:deputyshipId/end',
    summary: 'Ends it at once',
    access: 'request.approve',
    params: z.object({ deputyshipId: id }),
    body: z.object({ version }),
    answer: deputySchema,
  },
  ratifyRequest: {
    method: 'POST',
    path: '/requests/:requestId/ratification',
    summary: 'Approves a trip in an emergency afterwards',
    access: 'request.approve',
    params: requestParams,
    body: z.object({ version, reason: z.string().trim().min(2).max(200) }),
    answer: requestDetailSchema,
  },
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
  listOrders: {
    method: 'GET',
    path: '/orders',
    summary: 'Orders within reach, the latest departure first; one’s own where one has no others',
    access: 'order.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      organisationId: id.optional(),
      state: z.enum(orderStates).optional(),
      /** Those that are not over. */
      open: z.enum(['true']).optional(),
      vehicleId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(orderRowSchema),
  },
  getOrder: {
    method: 'GET',
    path: '/orders/:orderId',
    summary: 'An order, its steps and its costs',
    access: 'order.view',
    params: orderParams,
    answer: orderDetailSchema,
  },
  actOnOrder: {
    method: 'POST',
    path: '/orders/:orderId/steps',
    summary: 'Takes a step of the trip, or of its settlement',
    access: 'order.view',
    params: orderParams,
    body: z.object({
      action: z.enum(orderActions),
      version,
      reason,
      data: z
        .object({
          odometerKm: z.number().min(0).max(2_000_000).optional(),
          /** The reading is unusual and right. */
          sure: z.boolean().optional(),
          /** What is in the tank, or in the battery, in per cent. */
          energyPct: z.number().min(0).max(100).optional(),
          /** Each point of the list, or none. */
          inspection: inspectionSchema.optional(),
          /** Driven off with a fault of safety, knowingly. */
          unsafeSure: z.boolean().optional(),
          /** With `settle`: who bears it, by which parts (people, kilometres); the unit that travels alone where it is left out. */
          shares: z
            .array(z.object({ organisationId: id, weight: z.int().min(0).max(1_000_000) }))
            .min(1)
            .max(20)
            .optional(),
        })
        .default({}),
      done: doneOnPhoneSchema.optional(),
    }),
    answer: orderDetailSchema,
  },
  getOrderSheet: {
    method: 'GET',
    path: '/orders/:orderId/sheet.pdf',
    summary: 'An order as it is printed (PDF), with a code that leads to its verification',
    access: 'order.view',
    params: orderParams,
    query: z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') }),
    download: true,
    answer: z.unknown(),
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
  addOrderCost: {
    method: 'POST',
    path: '/orders/:orderId/costs',
    summary: 'Enters what the trip cost',
    access: 'cost.enter',
    params: orderParams,
    body: z.object({
      kind: z.enum(enteredKinds),
      fen: z
        .int()
        .min(-100_000_000)
        .max(100_000_000)
        .refine((fen) => fen !== 0, '金额不能为零 / the amount cannot be zero'),
      /** Told by a phone (`done`), it is dated to when it was done. */
      at: instant,
      note: z.string().trim().max(200).nullable().default(null),
      /** The line that it takes back or adds to; an order that is closed takes nothing else. */
      corrects: id.optional(),
      /** The invoice of a supplier: how far it says that the vehicle went. */
      claimedKm: z.number().min(0).max(100_000).optional(),
      version,
      done: doneOnPhoneSchema.optional(),
    }),
    answer: orderDetailSchema,
  },
  decideOrderCost: {
    method: 'POST',
    path: '/orders/:orderId/costs/:costId/decision',
    summary: 'Decides a disputed invoice, or a correction after closing: it stands, or it does not',
    access: 'cost.approve',
    params: z.object({ orderId: id, costId: id }),
    body: z.object({ stands: z.boolean(), version, reason: z.string().trim().min(2).max(200) }),
    answer: orderDetailSchema,
  },
  correctOdometer: {
    method: 'POST',
    path: '/orders/:orderId/odometer',
    summary: 'Puts a reading right afterwards; what follows from the distance is worked out anew',
    access: 'order.dispatch',
    params: orderParams,
    body: z.object({
      which: z.enum(['out', 'back']),
      odometerKm: z.number().min(0).max(2_000_000),
      /** The reading is unusual and right. */
      sure: z.boolean().default(false),
      version,
      reason: z.string().trim().min(2).max(200),
    }),
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
    }),
    answer: boardSchema,
  },
} as const satisfies Record<string, Endpoint>
