// By which rules requests are approved, and who stands in for those who approve.
import { z } from 'zod'
import { approvalRulesSchema } from '../../domain/approvals.ts'
import { daySchema } from '../../domain/days.ts'
import { type Endpoint, id, instant, purposeSchema, version } from './endpoint.ts'
import { person } from './tripFields.ts'

const rulesRowSchema = z.object({
  organisation: z.object({ organisationId: z.int(), name: z.string() }).nullable(),
  effectiveFrom: z.iso.date(),
  rules: approvalRulesSchema,
  version,
})
export type ApprovalRulesRow = z.infer<typeof rulesRowSchema>
const deputySchema = z.object({
  deputyshipId: z.int(),
  /** Who is away, and who stands in for him. */
  account: person,
  deputy: person,
  fromDay: z.iso.date(),
  untilDay: z.iso.date(),
  endedAt: instant.nullable(),
  /** The caller named it, and may end it. */
  own: z.boolean(),
  version,
})
export type Deputyship = z.infer<typeof deputySchema>

export const approvalsApi = {
  listApprovalRules: {
    method: 'GET',
    path: '/approval-rules',
    summary: 'Rules of approval that concern this scope: its own, and those above that hold for it; of one organisation the latest first',
    access: 'request.view',
    answer: z.object({ rows: z.array(rulesRowSchema) }),
  },
  setApprovalRules: {
    method: 'PUT',
    path: '/approval-rules',
    summary: 'Rules of approval for a subtree from a day on; requests that have been sent keep the chain they have',
    access: 'ledger.approve',
    body: z.object({ organisationId: id, effectiveFrom: daySchema, rules: approvalRulesSchema, reason: purposeSchema }),
    answer: rulesRowSchema,
  },
  listDeputies: {
    method: 'GET',
    path: '/approval-deputies',
    summary: 'Who stands in for the caller, and for whom the caller does; those that are over as well, the latest first',
    access: 'request.approve',
    answer: z.object({ rows: z.array(deputySchema) }),
  },
  listFitDeputies: {
    method: 'GET',
    path: '/approval-deputies/fit',
    summary: 'Who could stand in for the caller: of the same role, another person, in the same league or the region',
    access: 'request.approve',
    query: z.object({ q: z.string().trim().max(40).optional(), most: z.coerce.number().int().min(1).max(50).default(20) }),
    answer: z.object({ rows: z.array(person.extend({ unit: z.string() })) }),
  },
  nameDeputy: {
    method: 'POST',
    path: '/approval-deputies',
    summary: 'Names who decides in the caller’s name on these days',
    access: 'request.approve',
    body: z.object({ deputyId: id, fromDay: daySchema, untilDay: daySchema }),
    answer: deputySchema,
  },
  endDeputy: {
    method: 'POST',
    path: '/approval-deputies/:deputyshipId/end',
    summary: 'Ends it at once',
    access: 'request.approve',
    params: z.object({ deputyshipId: id }),
    body: z.object({ version }),
    answer: deputySchema,
  },
} as const satisfies Record<string, Endpoint>
