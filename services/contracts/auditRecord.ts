// What one record of the audit log says, and how it stands in the database, in an export and in a signed head.
// The hash covers (previous hash ‖ seq ‖ body text); every other column repeats the body, or is the chain itself.
import { z } from 'zod'

export const auditAlgorithms = ['sm3', 'sha256'] as const
export type AuditAlgorithm = (typeof auditAlgorithms)[number]

/** The body, parsed. Keys that are null or empty are left out when it is written, except in `actor`. */
export const auditBodySchema = z.object({
  /** The number of the transaction that wrote what is recorded; the rows it wrote carry it. Absent when it wrote none, as a look does. */
  act: z.int().optional(),
  action: z.string(),
  actor: z.object({
    accountId: z.int().nullable(),
    /** Where the account belonged when it acted. */
    organisationId: z.int().nullable(),
    role: z.string().nullable(),
    username: z.string(),
  }),
  algorithm: z.enum(auditAlgorithms),
  at: z.iso.datetime(),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  purpose: z.string().optional(),
  subject: z.object({ id: z.string(), type: z.string() }).optional(),
})
export type AuditBody = z.infer<typeof auditBodySchema>

/** A row of the log as an export's line has it; hashes in hexadecimal. */
export type AuditRow = {
  seq: number
  at: string
  accountId: number | null
  username: string
  role: string | null
  organisationId: number | null
  action: string
  subjectType: string | null
  subjectId: string | null
  algorithm: string
  body: string
  prevHash: string
  hash: string
}

/** A signed statement that the log, when it had `count` records, ended in this hash. One line of the heads file. */
export const auditHeadSchema = z.object({
  seq: z.int(),
  hash: z.string(),
  at: z.string(),
  count: z.int(),
  algorithm: z.string(),
  keyId: z.string(),
  signature: z.string(),
})
export type AuditHead = z.infer<typeof auditHeadSchema>
