// Money: prices, budgets, and what was booked for vehicles and units. Amounts are whole fen. What is entered into the book: costBook.ts.
import { z } from 'zod'
import { bookedKinds } from '../../domain/costBook.ts'
import { daySchema as day } from '../../domain/days.ts'
import { tariffKinds } from '../../domain/tariff.ts'
import { bodyTypes } from '../../domain/vehicle.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, offset, page, pageSize } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const supplier = z.object({ supplierId: z.int(), name: z.string() })
const reason = z.string().trim().min(2).max(200)
const price = z.int().min(0).max(100_000_000)
const year = z.coerce.number().int().min(2000).max(2199)

const prices = {
  baseFen: price,
  includedM: z.int().min(0).max(10_000_000),
  includedMin: z.int().min(0).max(100_000),
  kmFen: price,
  hourFen: price,
  driverFen: price,
  nightFen: price,
  awayFen: price,
}
const tariffFields = { kind: z.enum(tariffKinds), bodyType: z.enum(bodyTypes).nullable(), effectiveFrom: day }
const tariffRowSchema = z.object({
  tariffId: z.int(),
  organisation: unit,
  supplier: supplier.nullable(),
  ...tariffFields,
  ...prices,
  note: z.string(),
  /** The one that holds today, of its organisation. */
  inForce: z.boolean(),
})
export type TariffRow = z.infer<typeof tariffRowSchema>

export const budgetSchema = z.object({
  year: z.int(),
  /** null: none was set. */
  fen: z.int().nullable(),
  /** Booked as running costs, for orders that are closed and from bills. */
  usedFen: z.int(),
  /** Of orders that are not closed, what was entered or agreed on; bills that wait for approval; and work that was approved and is not accepted yet. */
  committedFen: z.int(),
  /** Negative: beyond it. null where no budget was set. */
  leftFen: z.int().nullable(),
})
export type Budget = z.infer<typeof budgetSchema>
const budgetRowSchema = budgetSchema.extend({
  unit,
  revision: z.int(),
  setAt: z.iso.datetime().nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
})
export type BudgetRow = z.infer<typeof budgetRowSchema>

const vehicle = z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema })
/** What was booked between two days, both included. */
const range = { from: day, until: day, organisationId: id.optional() }
const sumRowSchema = z.object({
  /** null: summed up over several. */
  unit: unit.nullable(),
  month: z.string().nullable(),
  /** null: a supplier's, or sensitive ones that the reader does not see. */
  vehicle: vehicle.nullable(),
  supplier: supplier.nullable(),
  orders: z.int(),
  /** By the odometers. */
  distanceM: z.int(),
  /** By kind; a kind without an entry is left out. */
  fen: z.partialRecord(z.enum(bookedKinds), z.int()),
  totalFen: z.int(),
  /** What was bought, as far as it is on bills: millilitres, watt hours. */
  fuelMl: z.int(),
  chargeWh: z.int(),
})
export type CostSum = z.infer<typeof sumRowSchema>
const entryRowSchema = z.object({
  entryId: z.int(),
  day,
  unit,
  costCentre: z.string().nullable(),
  vehicle: vehicle.nullable(),
  /** What it was booked for; both null: of a sensitive vehicle that the reader does not see. */
  order: z.object({ orderId: z.int(), number: z.string() }).nullable(),
  billId: z.int().nullable(),
  kind: z.enum(bookedKinds),
  fen: z.int(),
  /** Thousandths of a litre or of a kilowatt hour, where they are on a bill. */
  quantity: z.int().nullable(),
  note: z.string().nullable(),
  /** Of a transfer: the unit on its other side. */
  other: z.string().nullable(),
})
export type CostEntry = z.infer<typeof entryRowSchema>

export const costsApi = {
  listTariffs: {
    method: 'GET',
    path: '/tariffs',
    summary: 'Prices of organisations in the scope, and those above it that hold for it',
    access: 'cost.view',
    query: z.object({ kind: z.enum(tariffKinds).optional(), supplierId: id.optional(), limit: pageSize, offset }),
    answer: page(tariffRowSchema),
  },
  addTariff: {
    method: 'POST',
    path: '/tariffs',
    summary: 'Adds a price from a day on. Prices are added, never changed: a later day takes over',
    access: 'cost.approve',
    body: z.object({ organisationId: id, supplierId: id.nullable().default(null), ...tariffFields, ...prices, reason }),
    answer: z.object({ tariffId: z.int() }),
  },
  listBudgets: {
    method: 'GET',
    path: '/budgets',
    summary: 'Units with a budget or costs in the year: what is used, committed and left',
    access: 'cost.view',
    query: z.object({ year, organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(budgetRowSchema),
  },
  setBudget: {
    method: 'POST',
    path: '/budgets',
    summary: 'Sets what a unit may spend in a year; earlier revisions stay. `revision`: the one that was seen, 0 for none',
    access: 'cost.approve',
    body: z.object({
      organisationId: id,
      year,
      fen: z.int().min(0).max(1_000_000_000_00),
      revision: z.int().min(0).max(2_147_483_647),
      reason,
    }),
    answer: z.object({ revision: z.int() }),
  },
  listCostSums: {
    method: 'GET',
    path: '/costs',
    summary: 'What was booked: by vehicle and unit, by unit, or by month',
    access: 'cost.view',
    query: z.object({
      ...range,
      by: z.enum(['vehicle', 'unit', 'month']).default('vehicle'),
      idle: z.enum(['true']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(sumRowSchema).extend({ totalFen: z.int() }),
  },
  listCostEntries: {
    method: 'GET',
    path: '/costs/entries',
    summary: 'The entries that a sum is made of',
    access: 'cost.view',
    query: z.object({
      ...range,
      unitId: id.optional(),
      vehicleId: id.optional(),
      /** Of suppliers' vehicles, or of sensitive ones that the reader does not see. */
      supplierId: id.optional(),
      unnamed: z.enum(['true']).optional(),
      kind: z.enum(bookedKinds).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(entryRowSchema).extend({ totalFen: z.int() }),
  },
} as const satisfies Record<string, Endpoint>
