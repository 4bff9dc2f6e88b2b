// Accidents and traffic violations: when, where and with which vehicle; who drove by the order of the time; what it cost, and who bore it. Amounts are whole fen.
import { z } from 'zod'
import { finePayers, liabilities, mishapActions, mishapKinds, mishapStates } from '../../domain/mishaps.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { workOrderStates } from '../../domain/workOrders.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const text = (most: number) => z.string().trim().max(most)
const fen = z.int().min(0).max(1_000_000_000_00)
const points = z.int().min(0).max(12)

/** Who drove: by the order under which the vehicle was out at that time, or unknown. An order without a driver of ours names none. */
const droveSchema = z.object({ order: z.object({ orderId: z.int(), number: z.string() }), driver: z.string().nullable() }).nullable()
const common = {
  mishapId: z.int(),
  kind: z.enum(mishapKinds),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }),
  at: instant,
  place: z.string(),
  text: z.string(),
  noticeNo: z.string().nullable(),
  liability: z.enum(liabilities).nullable(),
  fineFen: z.int(),
  points: z.int(),
  drove: droveSchema,
  paidBy: z.enum(finePayers).nullable(),
  /** `SUSPECTED` is 疑似. */
  state: z.enum(mishapStates),
}
const mishapSchema = z.object({
  ...common,
  /** Whose the vehicle was when it happened. */
  unit: z.object({ organisationId: z.int(), name: z.string() }),
  /** Whose it is now, where that is another. */
  movedTo: z.string().nullable(),
  workOrders: z.array(z.object({ workOrderId: z.int(), state: z.enum(workOrderStates), fen: z.int().nullable() })),
  costFen: z.int().nullable(),
  insuredFen: z.int().nullable(),
  billIds: z.array(z.int()),
  enteredAt: instant,
  by: z.string(),
  mayAct: z.array(z.enum(mishapActions)),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
})
export type Mishap = z.infer<typeof mishapSchema>
const ownMishapSchema = z.object(common)
export type OwnMishap = z.infer<typeof ownMishapSchema>

export const mishapsApi = {
  listMishaps: {
    method: 'GET',
    path: '/mishaps',
    summary:
      'Accidents and violations of units in the scope, those that are not settled first. Those of sensitive vehicles are shown to those who see them',
    access: 'cost.view',
    query: z.object({
      organisationId: id.optional(),
      vehicleId: id.optional(),
      kind: z.enum(mishapKinds).optional(),
      state: z.enum(mishapStates).optional(),
      q: text(20).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(mishapSchema),
  },
  enterMishap: {
    method: 'POST',
    path: '/mishaps',
    summary:
      'Enters an accident or a violation, once for each key, of a vehicle by its number or its plate. It is suspected until another person has verified it; the unit that had the vehicle then enters it',
    access: 'bill.enter',
    body: z
      .object({
        key: z.uuid(),
        kind: z.enum(mishapKinds),
        vehicleId: id.nullable().default(null),
        plate: text(20).nullable().default(null),
        at: instant,
        place: text(100).min(2),
        text: text(500).min(2),
        noticeNo: text(60).min(1).nullable().default(null),
        fineFen: fen.default(0),
        points: points.default(0),
      })
      .refine(({ kind, noticeNo }) => kind === 'accident' || noticeNo !== null, {
        path: ['noticeNo'],
        message: '请填写违章决定书或通知编号 / say the number of the notice',
      })
      .refine(({ vehicleId, plate }) => (vehicleId === null) !== (plate === null), {
        path: ['plate'],
        message: '请填写号牌 / say which vehicle',
      }),
    answer: mishapSchema,
  },
  actOnMishap: {
    method: 'POST',
    path: '/mishaps/:mishapId/steps',
    summary:
      'Takes a step: verify or dismiss (another person than who entered it), look again, settle, which enters what the unit bears as bills',
    access: 'cost.view',
    params: z.object({ mishapId: id }),
    body: z.object({
      action: z.enum(mishapActions),
      version,
      reason: text(200).default(''),
      data: z
        .object({
          liability: z.enum(liabilities).optional(),
          fineFen: fen.optional(),
          points: points.optional(),
          paidBy: z.enum(finePayers).optional(),
          /** What it cost beside the repairs, which are booked by their work orders. */
          costFen: fen.optional(),
          insuredFen: fen.optional(),
        })
        .default({}),
    }),
    answer: mishapSchema,
  },
  listOwnMishaps: {
    method: 'GET',
    path: '/own/mishaps',
    summary: 'To a driver, what happened or is suspected while he drove by the orders of the time; to others nothing',
    access: 'order.drive',
    query: z.object({ limit: pageSize, offset }),
    answer: page(ownMishapSchema),
  },
} as const satisfies Record<string, Endpoint>
