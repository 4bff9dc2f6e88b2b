// Maintenance: plans, what is due of them, and work orders at designated suppliers. Amounts are whole fen, quantities thousandths.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { dueStates } from '../../domain/upkeep.ts'
import { plateColourSchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { partKinds, workKinds, workOrderActions, workOrderStates } from '../../domain/workOrders.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const vehicle = z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema })
const text = (most: number) => z.string().trim().max(most)
const item = z.string().trim().min(2).max(30)
const fen = z.int().min(1).max(1_000_000_000_00)
const km = z.number().min(0).max(2_000_000)
/** A fragment of a plate. */
const plate = z.string().trim().max(20).optional()
const everyKm = z.int().min(100).max(500_000).nullable().default(null)
const everyMonths = z.int().min(1).max(240).nullable().default(null)
const hasTerm = ({ everyKm, everyMonths }: { everyKm: number | null; everyMonths: number | null }): boolean =>
  everyKm !== null || everyMonths !== null
const someTerm = { path: ['everyKm'], message: '里程和月数至少填写一项 / say kilometres, months, or both' }

const planSchema = z.object({
  planId: z.int(),
  organisation: unit,
  /** One of the two: the vehicle, or all of the class in the organisation and below it. */
  vehicle: vehicle.nullable(),
  class: vehicleClassSchema.nullable(),
  item: z.string(),
  everyKm: z.int().nullable(),
  everyMonths: z.int().nullable(),
  note: z.string().nullable(),
  endedAt: instant.nullable(),
  mayChange: z.boolean(),
  version,
})
export type MaintenancePlan = z.infer<typeof planSchema>

const dueSchema = z.object({
  /** vehicle:plan. */
  dueId: z.string(),
  vehicle,
  unit,
  planId: z.int(),
  item: z.string(),
  everyKm: z.int().nullable(),
  everyMonths: z.int().nullable(),
  /** null: on no record. */
  last: z.object({ day, odometerKm: z.number().nullable(), workOrderId: z.int().nullable() }).nullable(),
  kmSince: z.number().nullable(),
  /** What was last read, and where: of the terminal, of an order, in the workshop. */
  odometer: z.object({ km: z.number(), at: instant, source: z.enum(['track', 'order', 'workshop']) }).nullable(),
  state: z.enum(dueStates),
  dueDay: day.nullable(),
  kmLeft: z.number().nullable(),
  expectedDay: day.nullable(),
  /** The work order for it that is open. */
  workOrderId: z.int().nullable(),
})
export type MaintenanceDue = z.infer<typeof dueSchema>

const partSchema = z.object({
  kind: z.enum(partKinds),
  name: z.string().trim().min(1).max(60),
  quantity: z.int().min(1).max(1_000_000_000),
  fen: z.int().min(0).max(1_000_000_000_00),
})
const workOrderSchema = z.object({
  workOrderId: z.int(),
  vehicle,
  unit,
  supplier: z.object({ supplierId: z.int(), name: z.string() }),
  kind: z.enum(workKinds),
  item: z.string().nullable(),
  work: z.string(),
  from: instant,
  until: instant,
  estimateFen: z.int().nullable(),
  approvedFen: z.int().nullable(),
  invoiceFen: z.int().nullable(),
  invoiceNo: z.string().nullable(),
  invoiceDay: day.nullable(),
  odometerKm: z.number().nullable(),
  backAt: instant.nullable(),
  redone: z.int(),
  parts: z.array(partSchema),
  mishapId: z.int().nullable(),
  /** The bill by which it was booked. */
  billId: z.int().nullable(),
  state: z.enum(workOrderStates),
  /** It is still at the workshop after its time. */
  late: z.boolean(),
  askedAt: instant,
  by: z.string(),
  mayAct: z.array(z.enum(workOrderActions)),
  steps: z.array(
    z.object({
      action: z.string(),
      state: z.string(),
      at: instant,
      by: z.string(),
      reason: z.string(),
      fen: z.int().nullable(),
    }),
  ),
  version,
})
export type WorkOrder = z.infer<typeof workOrderSchema>

export const upkeepApi = {
  listMaintenancePlans: {
    method: 'GET',
    path: '/maintenance-plans',
    summary: 'Plans of maintenance that hold for the scope: of vehicles, and of classes from the organisation that set them down',
    access: 'ledger.view',
    query: z.object({ organisationId: id.optional(), only: z.enum(['running', 'ended']).optional(), limit: pageSize, offset }),
    answer: page(planSchema),
  },
  addMaintenancePlan: {
    method: 'POST',
    path: '/maintenance-plans',
    summary:
      'Sets a plan, of one vehicle or of a class in an organisation and below; a vehicle’s own goes before one of its class of that name',
    access: 'ledger.draft',
    body: z
      .object({
        organisationId: id,
        vehicleId: id.nullable().default(null),
        class: vehicleClassSchema.nullable().default(null),
        item,
        everyKm,
        everyMonths,
        note: text(200).nullable().default(null),
      })
      .refine(hasTerm, someTerm)
      .refine(({ vehicleId, class: of }) => (vehicleId === null) !== (of === null), {
        path: ['class'],
        message: '请选择车辆类别或一辆车，二者择一 / choose a class or one vehicle, not both',
      }),
    answer: planSchema,
  },
  changeMaintenancePlan: {
    method: 'PATCH',
    path: '/maintenance-plans/:planId',
    summary: 'Changes the intervals of a plan, or ends it',
    access: 'ledger.draft',
    params: z.object({ planId: id }),
    body: z
      .object({
        version,
        everyKm,
        everyMonths,
        note: text(200).nullable().default(null),
        ended: z.boolean().default(false),
        reason: text(200).min(2),
      })
      .refine(hasTerm, someTerm),
    answer: planSchema,
  },
  listMaintenanceDue: {
    method: 'GET',
    path: '/maintenance-due',
    summary:
      'What each vehicle in use needs by its plans, what is overdue first, with when it was last done and how far it was driven since',
    access: 'ledger.view',
    query: z.object({
      organisationId: id.optional(),
      vehicleId: id.optional(),
      state: z.enum(dueStates).optional(),
      q: plate,
      limit: pageSize,
      offset,
    }),
    answer: page(dueSchema),
  },
  markMaintenance: {
    method: 'POST',
    path: '/maintenance-marks',
    summary: 'Says when an item was last done without a work order of this platform; the next counts from it',
    access: 'ledger.draft',
    body: z.object({ vehicleId: id, item, day, odometerKm: km.nullable().default(null), reason: text(200).min(2) }),
    answer: dueSchema,
  },
  listWorkOrders: {
    method: 'GET',
    path: '/work-orders',
    summary: 'Work orders of units in the scope, those that wait first. Those of sensitive vehicles are shown to those who see them',
    access: 'cost.view',
    query: z.object({
      organisationId: id.optional(),
      vehicleId: id.optional(),
      kind: z.enum(workKinds).optional(),
      state: z.enum(workOrderStates).optional(),
      q: plate,
      limit: pageSize,
      offset,
    }),
    answer: page(workOrderSchema),
  },
  askWorkOrder: {
    method: 'POST',
    path: '/work-orders',
    summary:
      'Asks for work on a vehicle at a designated supplier, once for each key. `item`: what of the plans it does. The vehicle must be free from `from` until `until`',
    access: 'bill.enter',
    body: z.object({
      key: z.uuid(),
      vehicleId: id,
      supplierId: id,
      kind: z.enum(workKinds),
      item: item.nullable().default(null),
      work: text(500).min(2),
      /** The accident that it repairs. */
      mishapId: id.nullable().default(null),
      from: instant,
      until: instant,
      /** As the supplier said it, where that is known already. */
      estimateFen: fen.nullable().default(null),
    }),
    answer: workOrderSchema,
  },
  actOnWorkOrder: {
    method: 'POST',
    path: '/work-orders/:workOrderId/steps',
    summary:
      'Takes a step: estimate, approve (another person), bring to the workshop, take back with the invoice, accept (another person), which books it; or decline, cancel, have it done again',
    access: 'cost.view',
    params: z.object({ workOrderId: id }),
    body: z.object({
      action: z.enum(workOrderActions),
      version,
      reason: text(200).default(''),
      data: z
        .object({
          estimateFen: fen.optional(),
          odometerKm: km.optional(),
          /** The reading is right though it is far from the last. */
          sure: z.boolean().optional(),
          invoiceFen: fen.optional(),
          invoiceNo: text(60).min(1).optional(),
          invoiceDay: day.optional(),
          parts: z.array(partSchema).min(1).max(60).optional(),
          from: instant.optional(),
          until: instant.optional(),
        })
        .default({}),
    }),
    answer: workOrderSchema,
  },
} as const satisfies Record<string, Endpoint>
