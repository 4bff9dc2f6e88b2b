// Orders: a vehicle and a driver given to a request; driven, paid for, closed. Who has a row for himself alone sees his own, a driver what
// he drives.
import { z } from 'zod'
import { approvalGrounds, approvalLevels } from '../../domain/approvals.ts'
import { incidentActions, incidentKinds, incidentStates } from '../../domain/incidents.ts'
import { inspectionItems } from '../../domain/inspection.ts'
import { costKinds, enteredKinds, orderActions, orderStates, photoSubjects } from '../../domain/orders.ts'
import { tripPurposes } from '../../domain/requests.ts'
import { changeActions, changeStates } from '../../domain/roadChanges.ts'
import { costMatters, disputeReasons } from '../../domain/settlement.ts'
import { priceParts } from '../../domain/tariff.ts'
import { bodyTypes } from '../../domain/vehicle.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'
import { sharedStopSchema } from './sharing.ts'
import {
  doneOnPhoneSchema,
  driver,
  equipmentSchema,
  orderParams,
  person,
  reason,
  stepSchema,
  stopSchema,
  unit,
  vehicle,
} from './tripFields.ts'

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
  /** Of a shared trip: how many other requests travel with it. */
  riders: z.int(),
  /** Incidents that nobody has closed, and faults of safety that it was driven off with. */
  alerts: z.int(),
  /** It was voided, and the vehicle has left all the same. */
  leftVoided: z.boolean(),
  /** What of its costs waits for whoever approves them. */
  toApprove: z.array(z.enum(costMatters)),
  version,
})
export type OrderRow = z.infer<typeof orderRowSchema>

const parts = z.enum([...priceParts, 'day', 'away'])
/** Of what a line is the price; or what an invoice claims, and what there is to hold it against. */
const basisSchema = z.object({
  part: parts.optional(),
  /** Of an order that was swapped on the way: the first part that it is for. */
  leg: z.int().optional(),
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
/** A shared trip: where who gets on and off, as it was planned and as it was; and who bears how much of it. */
const sharingSchema = z.object({
  /** The most that sit in it at any time. */
  most: z.int(),
  /** `noShow`: nobody of that request came; what is done there is that it is known. */
  stops: z.array(sharedStopSchema.extend({ doneAt: instant.nullable(), noShow: z.boolean() })),
  riders: z.array(
    z.object({
      requestId: z.int(),
      mine: z.boolean(),
      /** null: not the reader's to know. */
      unit: unit.nullable(),
      contactName: z.string().nullable(),
      contactPhone: z.string().nullable(),
      passengers: z.int(),
      directMin: z.number(),
      sharedMin: z.number(),
      /** People times the metres of their own way: by this the costs are shared. */
      passengerM: z.int(),
      confirmedAt: instant.nullable(),
    }),
  ),
  savedKm: z.number(),
})
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
const planSchema = z.object({ endsAt: instant, to: stopSchema, via: z.array(stopSchema) })
/** A change on the road. */
export const changeSchema = z.object({
  changeId: z.int(),
  state: z.enum(changeStates),
  /** As it was planned until then, and as it is to be. */
  before: planSchema,
  after: planSchema,
  reason: z.string(),
  by: z.string(),
  at: instant,
  /** The step of its chain that waits: the first is 1; who decides it, and whether the reader does now. */
  approval: z
    .object({ at: z.int(), of: z.int(), level: z.enum(approvalLevels), because: z.array(z.enum(approvalGrounds)), mine: z.boolean() })
    .nullable(),
  /** Who may be rung up for that step; told to whoever writes it down. */
  deciders: z.array(person),
  /** What is in the way of a later end: the latest that there could be; `held` (its order, or upkeep, leave) is told to whoever gives vehicles. */
  clash: z.object({ of: z.enum(['vehicle', 'driver']), held: z.string().nullable(), from: instant, latest: instant }).nullable(),
  /** Which version of the sheet it made. */
  madeVersion: z.int().nullable(),
  version,
  mayAct: z.array(z.enum(changeActions)),
  steps: z.array(stepSchema.extend({ level: z.enum(approvalLevels).nullable(), onBehalfOf: z.string().nullable(), byPhone: z.boolean() })),
})
export type RoadChange = z.infer<typeof changeSchema>
const ratingSchema = z.object({
  stars: z.int(),
  text: z.string().nullable(),
  at: instant,
  changedAt: instant.nullable(),
  version,
})
export const orderDetailSchema = orderRowSchema.extend({
  /** What the trip needs aboard. */
  equipment: equipmentSchema,
  via: z.array(stopSchema),
  travellers: z.string().nullable(),
  companions: z.array(person),
  /** When it was asked for: it is moved so far from there, and no further, without a new approval. */
  asked: z.object({ startsAt: instant, endsAt: instant }),
  changes: z.array(changeSchema),
  mayAskChange: z.boolean(),
  /** Of whoever asked for the trip; told to him and to those who give vehicles, and never to who drove. */
  rating: ratingSchema.nullable(),
  /** Until when the reader may rate it, or change what he said; null: not his, not over, or too late. */
  mayRateUntil: instant.nullable(),
  /** The reader may follow the vehicle on the map now. */
  mayFollow: z.boolean(),
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
  /** null: nobody else travels with it. */
  sharing: sharingSchema.nullable(),
  /** Where vehicle or driver were swapped on the way: who drove what from when to when, the part that goes on last; else none. */
  legs: z.array(
    z.object({
      leg: z.int(),
      /** null: the vehicle is not the reader's to see. */
      vehicle: vehicle.nullable(),
      driver: driver.nullable(),
      from: instant,
      until: instant.nullable(),
      /** null: it was not taken over yet. */
      odometerOutKm: z.number().nullable(),
      odometerBackKm: z.number().nullable(),
      /** By the vehicle's track. */
      trackKm: z.number().nullable(),
    }),
  ),
  /** null: nothing is seen of it, or the vehicle is not the reader's to see. */
  track: trackSchema.nullable(),
  /** As the driver found the vehicle: at departure, at return. */
  inspections: z.array(
    z.object({
      action: z.enum(['depart', 'takeOver', 'comeBack']),
      at: instant,
      energyPct: z.number().nullable(),
      results: inspectionSchema,
    }),
  ),
  photos: z.array(photoSchema),
  incidents: z.array(incidentSchema),
  /** What phones sent: when it was done by our clock, and by theirs. */
  deeds: z.array(
    z.object({
      what: z.enum(['step', 'cost', 'photo', 'incident', 'change']),
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
  maySwap: z.boolean(),
  steps: z.array(stepSchema),
})
export type OrderDetail = z.infer<typeof orderDetailSchema>

/** Units and their parts of what is borne together. */
const givenShares = z
  .array(z.object({ organisationId: id, weight: z.int().min(0).max(1_000_000) }))
  .min(1)
  .max(20)
  .refine((shares) => shares.some(({ weight }) => weight > 0), '至少一个单位的份额须大于零 / at least one of them bears something')

export const ordersApi = {
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
      /** Those of whose costs something waits for whoever approves them; what has waited longest first. */
      waiting: z.enum(['costs']).optional(),
      vehicleId: id.optional(),
      /** Planned, or driven, at some time between the two. */
      from: instant.optional(),
      until: instant.optional(),
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
          /** With `pickUp` and `dropOff`: whose people get on or off. */
          requestId: id.optional(),
          /** With `settle`: who bears it, by which parts (people, kilometres); the unit that travels alone where it is left out. */
          shares: givenShares.optional(),
        })
        .default({}),
      done: doneOnPhoneSchema.optional(),
    }),
    answer: orderDetailSchema,
  },
  previewShares: {
    method: 'POST',
    path: '/orders/:orderId/shares-preview',
    summary: 'What each of several units would bear of an order if its costs were submitted so now, to the last fen; nothing is kept',
    access: 'cost.enter',
    params: orderParams,
    body: z.object({ shares: givenShares }),
    answer: z.object({
      /** What there is to bear. */
      totalFen: z.int(),
      shares: z.array(share.extend({ weight: z.int() })),
      /** What the costs of others are moved by; nothing of the unit whose vehicle it is. */
      charged: z.array(share),
    }),
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
  swapOrder: {
    method: 'POST',
    path: '/orders/:orderId/swap',
    summary: 'Gives another vehicle or driver to an order that is under way; whoever drives now takes it over',
    access: 'order.dispatch',
    params: orderParams,
    body: z.object({
      vehicleId: id,
      driverId: id.nullable(),
      /** What the odometer of the vehicle until now says; left out where it was not taken over yet. */
      odometerKm: z.number().min(0).max(2_000_000).optional(),
      /** The reading is unusual and right. */
      sure: z.boolean().default(false),
      /** When it was; now where it is left out. */
      at: instant.optional(),
      /** Another planned end. */
      endsAt: instant.optional(),
      version,
      reason: z.string().trim().min(2).max(200),
    }),
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
      /** Of a part that is over; of the whole trip, or what it goes on with, where it is left out. */
      leg: id.optional(),
      odometerKm: z.number().min(0).max(2_000_000),
      /** The reading is unusual and right. */
      sure: z.boolean().default(false),
      version,
      reason: z.string().trim().min(2).max(200),
    }),
    answer: orderDetailSchema,
  },
} as const satisfies Record<string, Endpoint>
