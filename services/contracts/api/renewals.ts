// Renewals of insurance and annual inspection: each moves the date of the vehicle's file and enters its bill. Amounts are whole fen.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { renewalKinds, renewalStates } from '../../domain/renewals.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const text = (most: number) => z.string().trim().max(most)
const renewalSchema = z.object({
  renewalId: z.int(),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }),
  unit: z.object({ organisationId: z.int(), name: z.string() }),
  kind: z.enum(renewalKinds),
  fromDay: day,
  untilDay: day,
  /** What the file said before; null: nothing. */
  beforeDay: day.nullable(),
  /** Days without cover before it; negative: covered twice. */
  gapDays: z.int(),
  /** The insurer, or the station that inspected. */
  by: z.string(),
  documentNo: z.string(),
  fen: z.int(),
  paidDay: day,
  note: z.string().nullable(),
  billId: z.int().nullable(),
  state: z.enum(renewalStates),
  recordedAt: instant,
  recordedBy: z.string(),
  mayWithdraw: z.boolean(),
  /** Why it was withdrawn. */
  reason: z.string(),
  version,
})
export type Renewal = z.infer<typeof renewalSchema>

export const renewalsApi = {
  listRenewals: {
    method: 'GET',
    path: '/renewals',
    summary: 'Insurance and inspections of vehicles of units in the scope as they were recorded, the latest first',
    access: 'cost.view',
    query: z.object({
      organisationId: id.optional(),
      vehicleId: id.optional(),
      kind: z.enum(renewalKinds).optional(),
      state: z.enum(renewalStates).optional(),
      q: text(20).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(renewalSchema),
  },
  recordRenewal: {
    method: 'POST',
    path: '/renewals',
    summary:
      'Records a policy or an inspection, once for each key: the date of the file moves, and what it cost is entered as a bill. A gap or an overlap is told unless `sure`',
    access: 'bill.enter',
    body: z.object({
      key: z.uuid(),
      vehicleId: id,
      kind: z.enum(renewalKinds),
      fromDay: day,
      untilDay: day,
      /** Of insurance: a designated insurer. */
      supplierId: id.nullable().default(null),
      /** Of an inspection: who made it. */
      station: text(60).nullable().default(null),
      documentNo: text(60).min(1),
      fen: z.int().min(0).max(1_000_000_000_00),
      paidDay: day,
      note: text(200).nullable().default(null),
      sure: z.boolean().default(false),
    }),
    answer: renewalSchema,
  },
  withdrawRenewal: {
    method: 'POST',
    path: '/renewals/:renewalId/withdraw',
    summary:
      'Takes back what was recorded wrongly: the file says what it said before, and a bill that nobody has approved yet goes with it',
    access: 'bill.enter',
    params: z.object({ renewalId: id }),
    body: z.object({ version, reason: text(200).min(2) }),
    answer: renewalSchema,
  },
} as const satisfies Record<string, Endpoint>
