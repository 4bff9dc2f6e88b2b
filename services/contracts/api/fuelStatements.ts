// Statements of suppliers of fuel and current: read from their files, matched to card, vehicle, station and track, and booked by another person's approval.
import { z } from 'zod'
import { fuelLineActions, fuelLineStates, MAX_STATEMENT_BYTES, trackVerdicts, waitReasons } from '../../domain/fuelStatement.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const supplier = z.object({ supplierId: z.int(), name: z.string() })
const words = z.object({ zh: z.string(), en: z.string() })

const statementSchema = z.object({
  statementId: z.int(),
  unit,
  supplier,
  fileName: z.string(),
  importedAt: instant,
  by: z.string(),
  /** Lines in reach of the reader: those that became bills, wait for somebody, or are no matter; and bills of them that wait for approval. */
  matched: z.int(),
  waiting: z.int(),
  dismissed: z.int(),
  toApprove: z.int(),
  fen: z.int(),
})
export type FuelStatement = z.infer<typeof statementSchema>

const lineSchema = z.object({
  lineId: z.int(),
  statementId: z.int(),
  row: z.int(),
  unit,
  /** The last four digits. */
  card: z.string(),
  at: instant,
  clocked: z.boolean(),
  kind: z.enum(['fuel', 'charge']),
  fen: z.int(),
  quantity: z.int(),
  station: z.string(),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(),
  place: z.string().nullable(),
  verdict: z.enum(trackVerdicts),
  why: z.enum(waitReasons).nullable(),
  state: z.enum(fuelLineStates),
  billId: z.int().nullable(),
  /** Of a line that waits: vehicles whose card ends alike. */
  candidates: z.array(z.object({ vehicleId: z.int(), plate: z.string(), card: z.string() })),
  version,
})
export type FuelLine = z.infer<typeof lineSchema>

const readSchema = z.object({
  /** null: nothing was written, as it was a trial or had nothing new. */
  statementId: z.int().nullable(),
  headings: z.array(z.string()),
  /** Which column, from 0, is what. */
  columns: z.record(z.string(), z.int()),
  lines: z.int(),
  known: z.int(),
  matched: z.int(),
  waiting: z.int(),
  /** Totals and what is no purchase. */
  skipped: z.int(),
  problemCount: z.int(),
  problems: z.array(z.object({ row: z.int(), value: z.string(), message: words })),
  verdicts: z.record(z.string(), z.int()),
})
export type StatementRead = z.infer<typeof readSchema>

const column = z.coerce.number().int().min(0).max(199).optional()

export const fuelStatementsApi = {
  listFuelStatements: {
    method: 'GET',
    path: '/fuel-statements',
    summary: 'Statements of the scope, newest first',
    access: 'cost.view',
    query: z.object({ organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(statementSchema),
  },
  importFuelStatement: {
    method: 'POST',
    path: '/fuel-statements',
    summary:
      'Reads a supplier’s statement (xlsx, CSV). `trial`: says what it holds, and writes nothing. What was imported before is known again',
    access: 'bill.enter',
    query: z.object({
      organisationId: id,
      supplierId: id,
      fileName: z.string().trim().min(1).max(200).default('statement'),
      trial: z.enum(['true']).optional(),
      /** Columns, from 0, that the headings do not tell. */
      cardNo: column,
      at: column,
      clock: column,
      fen: column,
      quantity: column,
      station: column,
      product: column,
    }),
    upload: { maxBytes: MAX_STATEMENT_BYTES },
    answer: readSchema,
  },
  approveFuelStatement: {
    method: 'POST',
    path: '/fuel-statements/:statementId/approval',
    summary: 'Approves the bills of a statement that wait, as one who had no hand in it; `bills`: how many were seen',
    access: 'cost.approve',
    params: z.object({ statementId: id }),
    body: z.object({ bills: z.int().min(1).max(100_000), reason: z.string().trim().min(2).max(200) }),
    answer: z.object({ approved: z.int() }),
  },
  listFuelLines: {
    method: 'GET',
    path: '/fuel-lines',
    summary: 'Lines of statements, those that wait for a person first, with vehicles whose card ends alike',
    access: 'cost.view',
    query: z.object({
      statementId: id.optional(),
      organisationId: id.optional(),
      state: z.enum(fuelLineStates).optional(),
      why: z.enum(waitReasons).optional(),
      verdict: z.enum(trackVerdicts).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(lineSchema),
  },
  actOnFuelLine: {
    method: 'POST',
    path: '/fuel-lines/:lineId/steps',
    summary: 'What waits is a vehicle’s after all, which makes a bill of it, or is no matter of ours',
    access: 'bill.enter',
    params: z.object({ lineId: id }),
    body: z.object({
      action: z.enum(fuelLineActions),
      version,
      vehicleId: id.nullable().default(null),
      reason: z.string().trim().min(2).max(200),
    }),
    answer: lineSchema,
  },
} as const satisfies Record<string, Endpoint>
