// What a case finds (疑点), and the explanations that are asked for. Members of the case keep findings; who is asked sees the question, its vehicle and time, and nothing
// else of the case.
import { z } from 'zod'
import { findingStates, memberActions } from '../../domain/findings.ts'
import { typedUsernameSchema } from '../../domain/username.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

const text = z.string().trim().min(4).max(1_000)
const caseParams = z.object({ caseId: id })
const findingParams = z.object({ findingId: id })
const about = { vehicleId: id, from: instant, until: instant, text }

const findingSchema = z.object({
  findingId: z.int(),
  caseId: z.int(),
  /** Its how many-th within the case. */
  nth: z.int(),
  state: z.enum(findingStates),
  /** null: a sensitive vehicle that the reader does not see (any more). */
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }).nullable(),
  from: instant,
  until: instant,
  text: z.string(),
  notedBy: z.string(),
  notedAt: instant,
  asked: z.object({ displayName: z.string(), organisation: z.string(), question: z.string(), dueAt: instant }).nullable(),
  answer: z.object({ text: z.string(), at: instant, late: z.boolean() }).nullable(),
  conclusion: z.string().nullable(),
  photos: z.array(z.object({ photoId: z.int(), width: z.int(), height: z.int(), by: z.string(), at: instant })),
  /** Each with what it said then: earlier texts stay readable. */
  steps: z.array(
    z.object({
      action: z.string(),
      state: z.string(),
      at: instant,
      by: z.string(),
      reason: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  version,
  mayAct: z.array(z.enum(memberActions)),
})
export type Finding = z.infer<typeof findingSchema>

const explanationSchema = z.object({
  findingId: z.int(),
  state: z.enum(findingStates),
  plate: z.string().nullable(),
  from: instant,
  until: instant,
  question: z.string(),
  dueAt: instant,
  answer: z.string().nullable(),
  answeredAt: instant.nullable(),
  mayAnswer: z.boolean(),
  version,
})
export type Explanation = z.infer<typeof explanationSchema>

export const findingsApi = {
  listFindings: {
    method: 'GET',
    path: '/cases/:caseId/findings',
    summary: 'What a case has found, in the order in which it was noted',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ limit: pageSize, offset }),
    answer: page(findingSchema),
  },
  noteFinding: {
    method: 'POST',
    path: '/cases/:caseId/findings',
    summary: 'Notes a moment or a stretch of a vehicle of the case, within its period',
    access: 'case.keep',
    params: caseParams,
    body: z.object(about),
    answer: findingSchema,
  },
  changeFinding: {
    method: 'PUT',
    path: '/findings/:findingId',
    summary: 'Changes text or time of a finding; what it said before stays with its steps',
    access: 'case.keep',
    params: findingParams,
    body: z.object({ version, from: instant, until: instant, text, reason: purposeSchema }),
    answer: findingSchema,
  },
  actOnFinding: {
    method: 'POST',
    path: '/findings/:findingId/steps',
    summary: 'Takes a step: ask for an explanation (whom, what, until when), confirm or dismiss with a conclusion, reopen, withdraw',
    access: 'case.keep',
    params: findingParams,
    body: z.object({
      action: z.enum(memberActions),
      version,
      reason: purposeSchema,
      data: z.object({ username: typedUsernameSchema, dueAt: instant, question: text, conclusion: text }).partial().default({}),
    }),
    answer: findingSchema,
  },
  listFindingAnswerers: {
    method: 'GET',
    path: '/findings/:findingId/answerers',
    summary: 'Who may be asked: people of the vehicle’s unit, and who drove it under an order at that time',
    access: 'case.keep',
    params: findingParams,
    query: z.object({ q: z.string().trim().max(64).optional() }),
    answer: z.object({ rows: z.array(z.object({ username: z.string(), displayName: z.string(), organisation: z.string() })) }),
  },
  addFindingPhoto: {
    method: 'POST',
    path: '/findings/:findingId/photos',
    summary: 'Adds a photo (JPEG, PNG or WebP), kept upright and without what the camera wrote beside it',
    access: 'case.keep',
    params: findingParams,
    upload: { maxBytes: 32 * 1024 * 1024 },
    answer: findingSchema,
  },
  readFindingPhoto: {
    method: 'GET',
    path: '/findings/:findingId/photos/:photoId',
    summary: 'A photo of a finding',
    access: 'case.keep',
    params: findingParams.extend({ photoId: id }),
    download: true,
    answer: z.unknown(),
  },
  listExplanations: {
    method: 'GET',
    path: '/explanations',
    summary: 'Explanations that the caller was asked for, what is due first',
    access: 'explanation.give',
    query: z.object({ limit: pageSize, offset }),
    answer: page(explanationSchema),
  },
  answerExplanation: {
    method: 'POST',
    path: '/explanations/:findingId/answer',
    summary: 'Answers one, in the caller’s own words',
    access: 'explanation.give',
    params: findingParams,
    body: z.object({ version, text }),
    answer: explanationSchema,
  },
} as const satisfies Record<string, Endpoint>
