// The audit log as the audit administrator reads it; an inspector sees what he looked at himself.
import { z } from 'zod'
import { unusuals } from '../../domain/lookLaw.ts'
import { type Role, roles } from '../../domain/permissions.ts'
import { type AuditAction, auditActions } from '../auditActions.ts'
import { type Endpoint, instant, offset, pageSize } from './endpoint.ts'

const number = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const word = z.string().trim().min(1).max(64)

/** Which records: all of what is given must hold. */
const auditFilterSchema = z.object({
  from: instant.optional(),
  to: instant.optional(),
  /** The user name of whoever acted. */
  actor: word.optional(),
  action: z.enum(auditActions).optional(),
  subjectType: word.optional(),
  subjectId: word.optional(),
  /** Words anywhere in the record. */
  text: word.optional(),
})
export type AuditFilter = z.output<typeof auditFilterSchema>

const auditRowSchema = z.object({
  seq: z.int(),
  at: instant,
  username: z.string(),
  role: z.enum(roles).nullable() as z.ZodType<Role | null>,
  organisation: z.string().nullable(),
  action: z.enum(auditActions) as z.ZodType<AuditAction>,
  subject: z.object({ type: z.string(), id: z.string() }).nullable(),
  purpose: z.string().nullable(),
  /** The names of what the record speaks of by number, as `kind:number`; without one = not for this reader. */
  names: z.record(z.string(), z.string()),
})
export type AuditListRow = z.infer<typeof auditRowSchema>

const fields = z.record(z.string(), z.unknown()).nullable()
const auditRecordSchema = auditRowSchema.extend({
  before: fields,
  after: fields,
  detail: fields,
  algorithm: z.string(),
  prevHash: z.string(),
  hash: z.string(),
  /** When a head that covers this record was signed; null = not yet, or no heads are kept here. */
  signedAt: instant.nullable(),
})
export type AuditRecord = z.infer<typeof auditRecordSchema>

const auditVerificationSchema = z.object({
  state: z.enum(['never', 'running', 'whole', 'broken', 'failed']),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** The records to be checked: from this one to that one. */
  from: z.int(),
  to: z.int(),
  checked: z.int(),
  heads: z.int(),
  /** Records that no head vouches for yet. */
  unsigned: z.int(),
  findingCount: z.int(),
  /** The first of what is wrong. `seq` null: a head is wrong, not a record. */
  findings: z.array(z.object({ seq: z.int().nullable(), kind: z.string(), says: z.string() })),
})
/** How long records are kept by the policy in force, and the oldest there is. */
const auditRetentionSchema = z.object({ keepDays: z.int(), effectiveFrom: instant, oldestAt: instant.nullable() })
export type AuditRetention = z.infer<typeof auditRetentionSchema>
const verificationAnswer = auditVerificationSchema.extend({ retention: auditRetentionSchema })
export type AuditVerificationState = z.infer<typeof auditVerificationSchema>

const lookWeekSchema = z.object({
  /** Monday and Sunday. */
  from: z.iso.date(),
  until: z.iso.date(),
  /** By which it is judged (domain/lookLaw.ts). */
  law: z.object({
    looksPerMin: z.int(),
    vehicleDaysPerHour: z.int(),
    manyVehicles: z.int(),
    oddLooks: z.int(),
    manyRefused: z.int(),
    caseOpenDays: z.int(),
  }),
  total: z.int(),
  rows: z.array(
    z.object({
      username: z.string(),
      /** null: an account that is gone. */
      name: z.string().nullable(),
      role: z.enum(roles).nullable() as z.ZodType<Role | null>,
      organisation: z.string().nullable(),
      looks: z.int(),
      refused: z.int(),
      exports: z.int(),
      prints: z.int(),
      vehicles: z.int(),
      vehicleDays: z.number(),
      /** Cases within which was looked. */
      cases: z.int(),
      /** Outside working hours; and of days of which nobody has said whether they are worked. */
      oddLooks: z.int(),
      unjudgedLooks: z.int(),
      /** Of the cases looked within that are open, the oldest, and for how many days it is. */
      oldestCase: z.object({ number: z.string(), days: z.int() }).nullable(),
      firstAt: instant,
      lastAt: instant,
      unusual: z.array(z.enum(unusuals)),
    }),
  ),
})
export type LookWeek = z.infer<typeof lookWeekSchema>

export const auditApi = {
  readLookWeek: {
    method: 'GET',
    path: '/audit/look-week',
    summary: 'A week of looking at vehicles’ past, person by person: how much, and what of it is unusual; who looked most unusually first',
    access: 'audit.export',
    query: z.object({ day: z.iso.date().optional(), limit: pageSize, offset }),
    answer: lookWeekSchema,
  },
  listAudit: {
    method: 'GET',
    path: '/audit/records',
    summary: 'Records of the audit log, newest first; `next` goes on, and is null at the end',
    access: 'audit.view',
    query: auditFilterSchema.extend({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z
        .string()
        .regex(/^-?\d{1,15}\.\d{1,16}$/)
        .optional(),
    }),
    answer: z.object({ rows: z.array(auditRowSchema), next: z.string().nullable(), searchedTo: instant.nullable() }),
  },
  getAuditRecord: {
    method: 'GET',
    path: '/audit/records/:seq',
    summary: 'One record in full, with its place in the chain',
    access: 'audit.view',
    params: z.object({ seq: number }),
    answer: auditRecordSchema,
  },
  exportAudit: {
    method: 'GET',
    path: '/audit/export',
    summary: 'The records of a filter as JSON lines, oldest first, as the verifier reads them; the export is itself recorded',
    access: 'audit.export',
    query: auditFilterSchema,
    download: true,
    answer: z.unknown(),
  },
  getAuditVerification: {
    method: 'GET',
    path: '/audit/verification',
    summary: 'How far the last verification of the chain is, what it found, and how long records are kept',
    access: 'audit.export',
    answer: verificationAnswer,
  },
  verifyAudit: {
    method: 'POST',
    path: '/audit/verification',
    summary: 'Begin to verify the chain, all of it or the last records; CONFLICT while one is running',
    access: 'audit.export',
    body: z.object({ last: z.int().min(1).max(100_000_000).optional() }),
    answer: verificationAnswer,
  },
} as const satisfies Record<string, Endpoint>
