// Supervision (监督): what rules suspect, what became of it, and the values of rules. What is not verified is a suspicion.
import { z } from 'zod'
import { daySchema } from '../../domain/days.ts'
import { ruleCodes } from '../../domain/supervision/codes.ts'
import { supervisionActions, supervisionStates } from '../../domain/supervision/findings.ts'
import { figureUnits, severities, unjudgedReasons } from '../../domain/supervision/rule.ts'
import { plateColourSchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { issueSchema } from '../errorAnswer.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'
import { doneOnPhoneSchema } from './tripFields.ts'

const code = z.enum(ruleCodes)
const findingRowSchema = z.object({
  findingId: z.int(),
  rule: code,
  severity: z.enum(severities),
  state: z.enum(supervisionStates),
  since: instant,
  /** Until when the next step should be taken. */
  dueAt: instant.nullable(),
  from: instant,
  /** null: it goes on. */
  until: instant.nullable(),
  figure: z.number(),
  threshold: z.number(),
  unit: z.enum(figureUnits),
  /** What is beside it: a place, or which of several. */
  note: z.string().nullable(),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema, class: vehicleClassSchema }),
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  driver: z.object({ driverId: z.int(), name: z.string() }).nullable(),
  order: z.object({ orderId: z.int(), number: z.string().nullable() }).nullable(),
  raisedAt: instant,
  /** Of so many days of vehicles like it (`of`; of what is judged as a state, of so many vehicles), on how many as much or more was found; null: not asked, or not of the last 30 days. */
  rarity: z.object({ beyond: z.int(), of: z.int(), per: z.enum(['day', 'vehicle']) }).nullable(),
  version,
  mayAct: z.array(z.enum(supervisionActions)),
})
export type FindingRow = z.infer<typeof findingRowSchema>

/** For whoever writes a program against it. Until it is verified it is a suspicion. */
const findingExample = {
  findingId: 41,
  rule: 'R01',
  severity: 'alarm',
  state: 'NOTIFIED',
  since: '2026-11-30T01:00:00.000Z',
  dueAt: '2026-12-05T01:00:00.000Z',
  from: '2026-11-28T10:12:00.000Z',
  until: '2026-11-28T11:40:00.000Z',
  figure: 9_300,
  threshold: 500,
  unit: 'm',
  note: null,
  vehicle: { vehicleId: 202, plate: '蒙AA0202', plateColour: 'blue', class: 'official' },
  organisation: { organisationId: 20, name: '示例单位' },
  driver: null,
  order: null,
  raisedAt: '2026-11-28T16:00:00.000Z',
  rarity: null,
  version: 2,
  mayAct: [],
} satisfies FindingRow

const findingSchema = findingRowSchema.extend({
  /** Where it was then. */
  points: z.array(z.object({ at: instant, lon: z.number(), lat: z.number() })),
  orders: z.array(z.object({ orderId: z.int(), number: z.string().nullable() })),
  /** The values it was judged by; without a day: those of the rule itself. */
  params: z.object({
    effectiveFrom: z.string().nullable(),
    organisation: z.string().nullable(),
    values: z.record(z.string(), z.unknown()),
  }),
  /** Findings of the same vehicle at the same time. */
  beside: z.array(z.object({ findingId: z.int(), rule: code, state: z.enum(supervisionStates) })),
  steps: z.array(
    z.object({
      action: z.string(),
      state: z.string(),
      at: instant,
      by: z.string(),
      reason: z.string(),
      /** Why it was withdrawn. */
      why: z.enum(['facts', 'ended']).nullable(),
    }),
  ),
  /** What whoever is concerned shows with what he says. */
  photos: z.array(z.object({ photoId: z.int(), by: z.string(), at: instant })),
  mayAddPhoto: z.boolean(),
})
export type Finding = z.infer<typeof findingSchema>

const values = z
  .record(z.string().max(40), z.unknown())
  .refine((given) => Object.keys(given).length <= 20, '至多 20 个参数 / 20 values at most')
/** For vehicles of one class alone, before what is for all. */
const ofClass = vehicleClassSchema.nullable().default(null)
const paramsRowSchema = z.object({
  paramsId: z.int(),
  rule: code,
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  effectiveFrom: z.string(),
  enabled: z.boolean(),
  /** null: for every vehicle. */
  class: vehicleClassSchema.nullable(),
  values: z.record(z.string(), z.unknown()),
  note: z.string(),
  setBy: z.string(),
  setAt: instant,
})
export type ParamsRow = z.infer<typeof paramsRowSchema>

const filter = {
  rule: code.optional(),
  state: z.enum(supervisionStates).optional(),
  severity: z.enum(severities).optional(),
  organisationId: id.optional(),
  vehicleId: id.optional(),
  /** A fragment of a plate. */
  q: z.string().trim().max(20).optional(),
  /** Of days, both included. */
  from: daySchema.optional(),
  until: daySchema.optional(),
  /** Those that began so many days ago, or more. */
  olderThanDays: z.coerce.number().int().min(1).max(365).optional(),
  /** Those alone whose next step is late. */
  late: z.literal('true').optional(),
  /** rarity: those of the last 30 days that want somebody, the most unlikely first. */
  by: z.enum(['time', 'rarity']).default('time'),
}

/** So many vehicles are judged by proposed values in one answer, or as many as a moment is enough for. */
export const TRIAL_VEHICLES = 300
export const TRIAL_DAYS = 31

export const supervisionApi = {
  listSupervisionFindings: {
    method: 'GET',
    path: '/supervision-findings',
    summary:
      'What rules suspect, the latest first, with how many there are by rule and by state. Whoever only answers sees what he was told of',
    access: 'finding.view',
    query: z.object({ ...filter, limit: pageSize, offset }),
    answer: page(findingRowSchema)
      .extend({
        byRule: z.array(z.object({ rule: code, count: z.int() })),
        byState: z.array(z.object({ state: z.enum(supervisionStates), count: z.int() })),
      })
      .meta({
        examples: [{ total: 1, rows: [findingExample], byRule: [{ rule: 'R01', count: 1 }], byState: [{ state: 'NOTIFIED', count: 1 }] }],
      }),
  },
  listSupervisionVehicles: {
    method: 'GET',
    path: '/supervision-findings/vehicles',
    summary: 'The vehicles of which something that weighs is open: those with a halo on the map',
    access: 'finding.view',
    answer: z.object({ vehicleIds: z.array(z.int()) }),
  },
  getSupervisionFinding: {
    method: 'GET',
    path: '/supervision-findings/:findingId',
    summary: 'A finding with its evidence, the values it was judged by and its steps; on record, because it says where a vehicle was',
    access: 'finding.view',
    params: z.object({ findingId: id }),
    answer: findingSchema,
  },
  actOnSupervisionFindings: {
    method: 'POST',
    path: '/supervision-findings/steps',
    summary:
      'Takes one step on one or several findings, each by itself: of several, those that were refused are named with why. Whoever is concerned decides nothing',
    access: 'finding.view',
    body: z.object({
      findings: z
        .array(z.object({ findingId: id, version }))
        .min(1)
        .max(100),
      action: z.enum(supervisionActions),
      reason: purposeSchema,
    }),
    answer: z.object({
      rows: z.array(findingRowSchema),
      refused: z.array(z.object({ findingId: z.int(), code: z.string(), issues: z.array(issueSchema) })),
    }),
  },
  explainSupervisionFinding: {
    method: 'POST',
    path: '/supervision-findings/:findingId/explanations',
    summary: 'Answers a finding, for oneself or for the unit; once for each key, dated to when it was said on a phone',
    access: 'finding.explain',
    params: z.object({ findingId: id }),
    body: doneOnPhoneSchema.extend({ text: z.string().trim().min(4).max(1_000) }),
    answer: findingRowSchema,
  },
  addSupervisionPhoto: {
    method: 'POST',
    path: '/supervision-findings/:findingId/photos',
    summary:
      'Adds a photo (JPEG, PNG or WebP) to what is said; once for each key, kept upright and without what the camera wrote beside it',
    access: 'finding.explain',
    params: z.object({ findingId: id }),
    query: z.object({ key: z.uuid() }),
    upload: { maxBytes: 32 * 1024 * 1024 },
    answer: findingRowSchema,
  },
  readSupervisionPhoto: {
    method: 'GET',
    path: '/supervision-findings/:findingId/photos/:photoId',
    summary: 'A photo that was added to what is said of a finding; on record',
    access: 'finding.view',
    params: z.object({ findingId: id, photoId: id }),
    download: true,
    answer: z.unknown(),
  },
  listRules: {
    method: 'GET',
    path: '/supervision-rules',
    summary: 'The rules, their values where nobody has set any, and all that were set for the scope or above it',
    access: 'finding.decide',
    answer: z.object({
      rules: z.array(
        z.object({
          rule: code,
          severity: z.enum(severities),
          unit: z.enum(figureUnits),
          defaults: z.record(z.string(), z.unknown()),
          /** The same for law enforcement in the field. */
          lawEnforcement: z.record(z.string(), z.unknown()),
        }),
      ),
      rows: z.array(paramsRowSchema),
    }),
  },
  setRuleParams: {
    method: 'POST',
    path: '/supervision-rules/:rule/params',
    summary: 'Sets the values of a rule for an organisation and all below it, from a day after today on',
    access: 'rule.manage',
    params: z.object({ rule: code }),
    body: z.object({ organisationId: id, effectiveFrom: daySchema, enabled: z.boolean(), class: ofClass, values, reason: purposeSchema }),
    answer: z.object({ paramsId: z.int() }),
  },
  tryRule: {
    method: 'POST',
    path: '/supervision-rules/:rule/trial',
    summary:
      'What proposed values would have found in the days before, vehicle by vehicle; asked again with `next` until that is null. Keeps nothing',
    access: 'rule.manage',
    params: z.object({ rule: code }),
    body: z.object({
      organisationId: id,
      class: ofClass,
      values,
      days: z.int().min(1).max(TRIAL_DAYS),
      /** The last vehicle that was judged. */
      after: z.int().min(0).max(2_147_483_647).default(0),
    }),
    answer: z.object({
      /** How many vehicles there are, and how many of them this answer judged. */
      vehicles: z.int(),
      judged: z.int(),
      next: z.int().nullable(),
      found: z.int(),
      /** Of them, those that the values in force did not find. */
      fresh: z.int(),
      /** What the values in force found and these would not. */
      gone: z.int(),
      unjudged: z.array(z.object({ why: z.enum(unjudgedReasons), count: z.int() })),
      rows: z.array(
        z.object({
          vehicleId: z.int(),
          plate: z.string(),
          plateColour: plateColourSchema,
          from: instant,
          until: instant.nullable(),
          figure: z.number(),
          fresh: z.boolean(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Endpoint>
