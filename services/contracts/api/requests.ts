// Requests for vehicles: asked for, changed, approved. Who has a row for himself alone sees his own.
import { z } from 'zod'
import { approvalGrounds, approvalLevels } from '../../domain/approvals.ts'
import { greenWays } from '../../domain/greenTravel.ts'
import { orderStates } from '../../domain/orders.ts'
import { requestActions, requestKinds, requestStates, tripPurposes } from '../../domain/requests.ts'
import { recurrenceSchema } from '../../domain/series.ts'
import { errorSchema } from '../errorAnswer.ts'
import { budgetSchema } from './costs.ts'
import { phoneSchema } from './drivers.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'
import { equipmentSchema, leasesSchema, person, reason, requestParams, stepSchema, stopSchema, text, unit } from './tripFields.ts'

export const requestFields = {
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
  /** What the vehicle must have aboard. */
  equipment: equipmentSchema.default([]),
  travellers: z.string().trim().max(200).nullable().default(null),
  /** Of those who travel, the ones with an account of the unit: they follow the vehicle. */
  travellerIds: z.array(id).max(60).default([]),
  contactName: text(40),
  contactPhone: phoneSchema,
  note: z.string().trim().max(200).nullable().default(null),
}
export type RequestFields = z.output<z.ZodObject<typeof requestFields>>

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
  equipment: equipmentSchema,
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
  travellerIds: z.array(z.int()),
  /** The same by name. */
  companions: z.array(person),
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

const { from, to, via, startsAt, endsAt, passengers, withDriver, equipment } = requestFields
/** What tells who would approve a trip, and how it could be made otherwise. */
const preview = { from, to, via, startsAt, endsAt, passengers, withDriver, equipment, organisationId: id.optional() }

export const requestsApi = {
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
      /** The trip that was offered: once it is approved, those on it are asked whether they share. */
      shareWith: id.optional(),
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
      /** Trips that run and could be shared: when one would be picked up and there, and what it saves; who travels is not told. */
      shared: z.array(
        z.object({
          orderId: z.int(),
          /** null: another one than the asking. */
          unit: unit.nullable(),
          pickUpAt: instant,
          dropOffAt: instant,
          directMin: z.number(),
          sharedMin: z.number(),
          savedKm: z.number(),
          savedFen: z.int(),
        }),
      ),
      /** Has the unit or its pool a vehicle that fits and is free? */
      poolFits: z.boolean(),
      /** What suppliers ask, the cheapest first, beside the price of a vehicle of another unit. */
      leases: leasesSchema,
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
  ratifyRequest: {
    method: 'POST',
    path: '/requests/:requestId/ratification',
    summary: 'Approves a trip in an emergency afterwards',
    access: 'request.approve',
    params: requestParams,
    body: z.object({ version, reason: z.string().trim().min(2).max(200) }),
    answer: requestDetailSchema,
  },
} as const satisfies Record<string, Endpoint>
