// Quota (编制) per unit and category, the standards vehicles are held to, and what happens beyond either.
import { z } from 'zod'
import { quotaLifecycle, quotaStates } from '../../domain/lifecycle.ts'
import { bodyTypes } from '../../domain/vehicle.ts'
import { vehicleCategorySchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './endpoint.ts'
import { historySchema } from './ledger.ts'

const numberOf = z.int().positive().max(2_147_483_647)
const day = z.iso.date()
const seats = z.int().min(0).max(10_000)

const applicationSchema = z.object({
  quotaId: z.int(),
  unitId: z.int(),
  unitName: z.string(),
  category: vehicleCategorySchema,
  seats: z.int(),
  effectiveFrom: day,
  state: z.enum(quotaStates),
  reason: z.string(),
  returnedWhy: z.string().nullable(),
  decidedAt: instant.nullable(),
  /** What the caller may do now, in the order of the lifecycle table. */
  mayAct: z.array(z.string()),
  version: z.int(),
})
export type QuotaApplication = z.infer<typeof applicationSchema>

const quotaRowSchema = z.object({
  unitId: z.int(),
  unitName: z.string(),
  category: vehicleCategorySchema,
  /** Approved and in force today; 0 where none was approved. */
  seats: z.int(),
  inService: z.int(),
  vacant: z.int(),
  over: z.int(),
  /** The application that is under way. */
  open: z.object({ quotaId: z.int(), state: z.enum(quotaStates), seats: z.int() }).nullable(),
})
export type QuotaRow = z.infer<typeof quotaRowSchema>
const totals = z.object({ seats: z.int(), inService: z.int(), vacant: z.int(), over: z.int() })

export const quotaApi = {
  listQuotas: {
    method: 'GET',
    path: '/quotas',
    summary: 'Quota, vehicles in service, vacancies and excess per unit and category, with totals of what was asked for',
    access: 'ledger.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      organisationId: id.optional(),
      category: vehicleCategorySchema.optional(),
      only: z.enum(['over', 'vacant', 'open']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(quotaRowSchema).extend({ totals }),
  },
  getQuota: {
    method: 'GET',
    path: '/quotas/:quotaId',
    summary: 'One application for quota',
    access: 'ledger.view',
    params: z.object({ quotaId: id }),
    answer: applicationSchema,
  },
  getQuotaHistory: {
    method: 'GET',
    path: '/quotas/history',
    summary: 'All applications of a unit and category, and what was done to them',
    access: 'ledger.view',
    query: z.object({ unitId: id, category: vehicleCategorySchema }),
    answer: z.object({ applications: z.array(applicationSchema), history: historySchema.shape.rows }),
  },
  draftQuota: {
    method: 'POST',
    path: '/quotas',
    summary: 'Draft an application for quota',
    access: 'ledger.draft',
    body: z.object({ unitId: numberOf, category: vehicleCategorySchema, seats, effectiveFrom: day, reason: purposeSchema }),
    answer: applicationSchema,
  },
  changeQuota: {
    method: 'PATCH',
    path: '/quotas/:quotaId',
    summary: 'Change an application that is a draft or was returned',
    access: 'ledger.draft',
    params: z.object({ quotaId: id }),
    body: z.object({ version: z.int().positive(), seats: seats.optional(), effectiveFrom: day.optional(), reason: purposeSchema }),
    answer: applicationSchema,
  },
  actOnQuota: {
    method: 'POST',
    path: '/quotas/:quotaId/actions',
    summary: 'Submit, withdraw, take into review, approve or return an application',
    access: 'ledger.draft',
    params: z.object({ quotaId: id }),
    body: z.object({
      version: z.int().positive(),
      action: z.enum(Object.keys(quotaLifecycle) as [keyof typeof quotaLifecycle]),
      reason: purposeSchema,
    }),
    answer: applicationSchema,
  },
  listStandards: {
    method: 'GET',
    path: '/standard-limits',
    summary: 'Price and displacement limits that concern this scope, and the policy in force for what is beyond',
    access: 'ledger.view',
    answer: z.object({
      limits: z.array(
        z.object({
          limitId: z.int(),
          organisation: z.object({ organisationId: z.int(), name: z.string() }),
          category: vehicleCategorySchema,
          bodyType: z.enum(bodyTypes).nullable(),
          newEnergy: z.boolean().nullable(),
          maxPriceFen: z.number().nullable(),
          maxDisplacementMl: z.int().nullable(),
          effectiveFrom: day,
          note: z.string(),
        }),
      ),
      policy: z.object({ overQuota: z.enum(['refuse', 'flag']), overStandard: z.enum(['refuse', 'flag']) }),
    }),
  },
  addStandardLimit: {
    method: 'POST',
    path: '/standard-limits',
    summary: 'Add a limit from a day on; limits are never changed, a later one takes over',
    access: 'ledger.approve',
    body: z.object({
      organisationId: numberOf,
      category: vehicleCategorySchema,
      bodyType: z.enum(bodyTypes).nullable(),
      newEnergy: z.boolean().nullable(),
      maxPriceFen: z.int().min(1).max(10_000_000_00).nullable(),
      maxDisplacementMl: z.int().min(1).max(30_000).nullable(),
      effectiveFrom: day,
      reason: purposeSchema,
    }),
    answer: z.object({ limitId: z.int() }),
  },
  setLedgerPolicy: {
    method: 'PUT',
    path: '/ledger/policy',
    summary: 'Refuse or flag vehicles beyond quota and standard, for a subtree from today on',
    access: 'ledger.approve',
    body: z.object({
      organisationId: numberOf,
      overQuota: z.enum(['refuse', 'flag']),
      overStandard: z.enum(['refuse', 'flag']),
      reason: purposeSchema,
    }),
    answer: z.object({}),
  },
} as const satisfies Record<string, Endpoint>
