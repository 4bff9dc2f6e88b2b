// A trip beside its order (domain/trackAgainstOrder.ts). `…Ms` are ms since 1970, but for what lies between two moments; `…M` metres.
import { z } from 'zod'
import { orderStates } from '../../domain/orders.ts'
import { type Endpoint, id, purposeSchema } from './endpoint.ts'
import { orderParams, stepSchema, stopSchema, unit, vehicle } from './tripFields.ts'

const verdict = z.enum(['same', 'differs', 'unknown'])
const ms = z.number()
const point = z.tuple([z.number(), z.number()]).readonly()
const timeRow = z.object({
  orderedMs: ms,
  saidMs: ms.nullable(),
  seenMs: ms.nullable(),
  apartMs: z.number().nullable(),
  saidApartMs: z.number().nullable(),
  verdict,
})
const costLine = z.object({ kind: z.string(), fen: z.int(), atMs: ms })
const comparisonSchema = z.object({
  departure: timeRow,
  comeBack: timeRow,
  places: z.array(
    z.object({
      name: z.string(),
      nearestM: z.number().nullable(),
      nearestMs: ms.nullable(),
      saidMs: ms.nullable(),
      saidM: z.number().nullable(),
      verdict,
    }),
  ),
  way: z.object({ verdict, stretches: z.array(z.object({ fromMs: ms, untilMs: ms, beyondM: z.number(), at: point })) }),
  stays: z.object({
    verdict,
    rows: z.array(z.object({ fromMs: ms, untilMs: ms, at: point, offM: z.number(), unseenMs: z.number() })),
  }),
  silences: z.array(z.object({ fromMs: ms, untilMs: ms, metres: z.number() })),
  people: z.object({ passengers: z.int(), room: z.int().nullable(), verdict }),
  driver: z.object({
    ordered: z.string().nullable(),
    drove: z.array(z.string()).readonly(),
    steppedFor: z.array(z.object({ action: z.string(), by: z.string(), atMs: ms })).readonly(),
    verdict,
  }),
  distance: z.object({
    straightM: z.number().nullable(),
    orderedM: z.number().nullable(),
    saidM: z.number().nullable(),
    seenM: z.number().nullable(),
    verdict,
  }),
  cost: z.object({ fen: z.int(), fenPerKm: z.int().nullable(), elsewhen: z.array(costLine), verdict }),
})

export type ComparedOrder = z.infer<(typeof comparisonApi)['compareOrder']['answer']>

export const comparisonApi = {
  compareOrder: {
    method: 'GET',
    path: '/orders/:orderId/against-track',
    summary:
      'An order, its approvals and plan beside what its vehicle’s track has; each difference named and measured. A look at a past, and recorded as one',
    access: 'track.view',
    params: orderParams,
    past: true,
    query: z.object({ purpose: purposeSchema.optional(), caseId: id.optional() }),
    answer: z.object({
      orderId: z.int(),
      number: z.string(),
      state: z.enum(orderStates),
      unit,
      purpose: z.string(),
      stops: z.array(stopSchema),
      /** Those that drove, with from when to when they are looked at; none of a vehicle that is not in the ledger. */
      vehicles: z.array(vehicle.extend({ fromMs: ms, untilMs: ms })),
      /** Steps of the request; null: not the reader's to see. */
      approvals: z.array(stepSchema).nullable(),
      /** Up to when there is a track; null: there is none. */
      knownMs: ms.nullable(),
      comparison: comparisonSchema,
    }),
  },
} as const satisfies Record<string, Endpoint>
