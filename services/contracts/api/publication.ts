// What is made public of trips (公示单): drafted of a month, approved by a second person, withdrawn; and the dated rules of what may be.
import { z } from 'zod'
import { daySchema } from '../../domain/days.ts'
import { publicationActions, publicationItems, publicationStates, publicClasses, publicPurposes } from '../../domain/publication.ts'
import { tripPurposes } from '../../domain/requests.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

const organisation = z.object({ organisationId: z.int(), name: z.string() })
const rowSchema = z.object({
  publicationId: z.int(),
  organisation,
  month: z.string(),
  state: z.enum(publicationStates),
  since: instant,
  trips: z.int(),
  mayAct: z.array(z.enum(publicationActions)),
  version,
})
export type PublicationRow = z.infer<typeof rowSchema>
const amounts = { km: z.number().optional(), fuelFen: z.number().optional(), costFen: z.number().optional() }
const publicationSchema = rowSchema.extend({
  items: z.array(z.enum(publicationItems)),
  units: z.array(z.object({ unit: z.string(), trips: z.int(), ...amounts })),
  /** As they will be read by everybody. */
  rows: z.array(
    z.object({
      unit: z.string(),
      day: z.string().optional(),
      purpose: z.enum(tripPurposes).optional(),
      place: z.string().nullable().optional(),
      ...amounts,
    }),
  ),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
})
export type Publication = z.infer<typeof publicationSchema>
const ruleSchema = z.object({
  organisationId: id,
  effectiveFrom: daySchema,
  items: z.array(z.enum(publicationItems)).min(1).max(publicationItems.length),
  classes: z.array(z.enum(publicClasses)).max(publicClasses.length),
  purposes: z.array(z.enum(publicPurposes as ['meeting', ...typeof publicPurposes])).max(publicPurposes.length),
})

export const publicationApi = {
  listPublications: {
    method: 'GET',
    path: '/publications',
    summary: 'What was drafted and made public of trips, the latest first',
    access: 'statistics.view',
    query: z.object({ state: z.enum(publicationStates).optional(), organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(rowSchema),
  },
  readPublication: {
    method: 'GET',
    path: '/publications/:publicationId',
    summary: 'One of them, as everybody will read it',
    access: 'statistics.view',
    params: z.object({ publicationId: id }),
    answer: publicationSchema,
  },
  draftPublication: {
    method: 'POST',
    path: '/publications',
    summary: 'Drafts what may be public of a month’s trips of an organisation and all below it',
    access: 'publication.draft',
    body: z.object({ organisationId: id, month: z.string().max(7) }),
    answer: publicationSchema,
  },
  actOnPublication: {
    method: 'POST',
    path: '/publications/:publicationId/steps',
    summary: 'Publishes, drops or withdraws it',
    access: 'publication.approve',
    params: z.object({ publicationId: id }),
    body: z.object({ action: z.enum(publicationActions), version, reason: z.string().trim().max(200).default('') }),
    answer: publicationSchema,
  },
  listPublicationRules: {
    method: 'GET',
    path: '/publication-rules',
    summary: 'Rules of what may be public, of the scope and from above it',
    access: 'statistics.view',
    answer: z.object({ rows: z.array(ruleSchema.extend({ ruleId: z.int(), organisation: z.string() })) }),
  },
  setPublicationRule: {
    method: 'POST',
    path: '/publication-rules',
    summary: 'What may be public from a day on, below an organisation',
    access: 'publication.approve',
    body: ruleSchema.extend({ reason: purposeSchema }),
    answer: z.object({ ruleId: z.int() }),
  },
} as const satisfies Record<string, Endpoint>
