// Evidence packages (证据包) of cases: what goes into one, how it is made, and how it is taken away. Members of an open case alone.
import { z } from 'zod'
import { MAX_CASE_VEHICLES } from '../../domain/cases.ts'
import { evidenceStates } from '../../domain/evidence.ts'
import { type Endpoint, id, instant, offset, page, pageSize } from './endpoint.ts'

const caseParams = z.object({ caseId: id })
/** The whole period of the case where it is left out. */
const part = { from: instant.optional(), until: instant.optional() }
const leftOut = z.array(z.object({ plate: z.string(), why: z.enum(['waits', 'refused', 'period', 'chosen']) }))

const packageSchema = z.object({
  packageId: z.int(),
  /** 案〔2026〕0007-1 */
  number: z.string(),
  state: z.enum(evidenceStates),
  from: instant,
  until: instant,
  vehicles: z.int(),
  leftOut: z.int(),
  by: z.string(),
  askedAt: instant,
  /** Per cent. */
  progress: z.int(),
  endedAt: instant.nullable(),
  bytes: z.int().nullable(),
  sha256: z.string().nullable(),
  /** The fingerprint of the key. */
  signedBy: z.string().nullable(),
  /** Why it could not be made. */
  failure: z.object({ reason: z.string(), values: z.record(z.string(), z.string().or(z.number())) }).nullable(),
  downloads: z.array(
    z.object({
      downloadId: z.int(),
      at: instant,
      by: z.string(),
      /** null: under way. false: broken off. */
      whole: z.boolean().nullable(),
      ended: z.boolean(),
    }),
  ),
})
export type EvidencePackage = z.infer<typeof packageSchema>

export const evidenceApi = {
  estimateEvidence: {
    method: 'GET',
    path: '/cases/:caseId/evidence/estimate',
    summary: 'What an evidence package of the case would hold, and how large it becomes at most',
    access: 'case.keep',
    params: caseParams,
    query: z.object(part),
    answer: z.object({
      from: instant,
      until: instant,
      vehicles: z.array(z.object({ vehicleId: z.int(), plate: z.string(), unit: z.string() })),
      leftOut,
      days: z.int(),
      bytes: z.int(),
      mostBytes: z.int(),
      /** Of these vehicles, how many days fit. */
      mostDays: z.int(),
    }),
  },
  makeEvidence: {
    method: 'POST',
    path: '/cases/:caseId/evidence',
    summary: 'Makes an evidence package of the vehicles of the case that may be looked at; the looks are on record before anything is read',
    access: 'case.keep',
    params: caseParams,
    body: z.object({
      ...part,
      /** All that may be looked at where it is left out. */
      vehicleIds: z.array(id).min(1).max(MAX_CASE_VEHICLES).optional(),
      language: z.enum(['zh-CN', 'en']).default('zh-CN'),
    }),
    answer: packageSchema,
  },
  listEvidence: {
    method: 'GET',
    path: '/cases/:caseId/evidence',
    summary: 'The evidence packages of a case, the newest first, and who took them away',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ limit: pageSize, offset }),
    answer: page(packageSchema),
  },
  readEvidence: {
    method: 'GET',
    path: '/evidence/:packageId',
    summary: 'An evidence package (zip). Each time is a record of its own',
    access: 'case.keep',
    params: z.object({ packageId: id }),
    download: true,
    answer: z.unknown(),
  },
  listEvidenceKeys: {
    method: 'GET',
    path: '/evidence-keys',
    summary:
      'The public keys by which evidence packages of this installation are verified, in PEM, with their fingerprints (SHA-256 of the key, DER)',
    access: 'public',
    answer: z.object({
      rows: z.array(
        z.object({ algorithm: z.enum(['Ed25519', 'SM2']), fingerprint: z.string(), publicKey: z.string(), current: z.boolean() }),
      ),
    }),
  },
} as const satisfies Record<string, Endpoint>
