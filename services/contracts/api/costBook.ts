// The book of costs: bills of what is spent outside trips, and months that units close. Amounts are whole fen, quantities thousandths of a litre or kilowatt hour.
import { z } from 'zod'
import { billActions, billKinds, billStates, isMeasured } from '../../domain/costBook.ts'
import { daySchema as day } from '../../domain/days.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const month = z.string().regex(/^(19|20|21)\d{2}-(0[1-9]|1[0-2])$/, '月份格式为 2026-03 / a month such as 2026-03')
const MAX_FEN = 1_000_000_000_00
const text = (most: number) => z.string().trim().max(most)

const billSchema = z.object({
  billId: z.int(),
  unit,
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }).nullable(),
  kind: z.enum(billKinds),
  /** As it stands on the bill: of what was earned too, which the book has as a negative amount. */
  fen: z.int(),
  day,
  quantity: z.int().nullable(),
  supplier: z.object({ supplierId: z.int(), name: z.string() }).nullable(),
  documentNo: z.string().nullable(),
  note: z.string().nullable(),
  /** What it follows from, such as work-order:12; null: entered by hand, or from a line of a statement. */
  source: z.string().nullable(),
  state: z.enum(billStates),
  enteredAt: instant,
  by: z.string(),
  mayAct: z.array(z.enum(billActions)),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
})
export type CostBill = z.infer<typeof billSchema>

const bookedSchema = z.object({
  month,
  entries: z.int(),
  fen: z.int(),
  /** Bills of the month that wait for somebody: it is not closed before they are decided. */
  waiting: z.int(),
})
const monthSchema = bookedSchema.extend({
  unit,
  /** The unit's first open month where that is an earlier one: it is closed before this one. */
  first: bookedSchema.nullable(),
  /** null: open. `sha256`, of the entries as they were then, stands where the closing is of this very month. */
  closed: z.object({ at: instant, by: z.string(), sha256: z.string() }).nullable(),
})
export type CostMonth = z.infer<typeof monthSchema>

export const costBookApi = {
  listCostBills: {
    method: 'GET',
    path: '/cost-bills',
    summary: 'Bills of units in the scope, those that wait first. Bills of sensitive vehicles are shown to those who see them',
    access: 'cost.view',
    query: z.object({
      organisationId: id.optional(),
      vehicleId: id.optional(),
      kind: z.enum(billKinds).optional(),
      state: z.enum(billStates).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(billSchema),
  },
  enterCostBill: {
    method: 'POST',
    path: '/cost-bills',
    summary: 'Enters a bill, once for each key; another person approves it, which books it',
    access: 'bill.enter',
    body: z
      .object({
        key: z.uuid(),
        organisationId: id,
        vehicleId: id.nullable().default(null),
        kind: z.enum(billKinds),
        fen: z.int().min(1).max(MAX_FEN),
        day,
        quantity: z.int().min(1).max(1_000_000_000).nullable().default(null),
        supplierId: id.nullable().default(null),
        documentNo: text(60).nullable().default(null),
        note: text(200).nullable().default(null),
      })
      .refine(({ kind, quantity }) => quantity === null || isMeasured(kind), {
        path: ['quantity'],
        message: '只有燃油费和充电费登记数量 / only fuel and charging have a quantity',
      }),
    answer: billSchema,
  },
  actOnCostBill: {
    method: 'POST',
    path: '/cost-bills/:billId/steps',
    summary: 'Takes a step: approve, refuse, withdraw; or take back what was booked, which another person agrees to',
    access: 'cost.view',
    params: z.object({ billId: id }),
    body: z.object({ action: z.enum(billActions), version, reason: text(200).default('') }),
    answer: billSchema,
  },
  listCostMonths: {
    method: 'GET',
    path: '/cost-months',
    summary: 'Months of units in the scope with entries or bills, the latest first, and whether they are closed',
    access: 'cost.view',
    query: z.object({ organisationId: id.optional(), only: z.enum(['open', 'closed']).optional(), limit: pageSize, offset }),
    answer: page(monthSchema),
  },
  closeCostMonth: {
    method: 'POST',
    path: '/cost-months',
    summary: 'Closes a month of a unit that is over; nothing is booked into it any more. `entries`, `fen`: what was seen of it',
    access: 'cost.approve',
    body: z.object({
      organisationId: id,
      month,
      entries: z.int().min(0).max(2_147_483_647),
      fen: z
        .int()
        .min(-MAX_FEN * 100)
        .max(MAX_FEN * 100),
      reason: z.string().trim().min(2).max(200),
    }),
    answer: z.object({ sha256: z.string() }),
  },
} as const satisfies Record<string, Endpoint>
