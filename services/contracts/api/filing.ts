// Filings of statistics (统计填报): begun, filled, reviewed, handed up and added up, and what was filed held against other figures.
import { z } from 'zod'
import { checkCodes } from '../../domain/filing/checks.ts'
import { filingActions, filingStates } from '../../domain/filing/filings.ts'
import { dimensions, measureKinds, tableCodes } from '../../domain/statistics/table.ts'
import { organisationKinds } from '../../domain/vehicle.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { exchangeLocales } from '../exchange.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

const organisation = z.object({ organisationId: z.int(), name: z.string(), kind: z.enum(organisationKinds) })
const pair = z.tuple([z.string(), z.string()])
const params = z.object({ filingId: id })
const period = z.string().max(7)
const figures = z.array(z.number().nullable())
/** The time that it was filled, the last where it is left out. */
const round = z.coerce.number().int().min(1).max(10_000).optional()

const rowSchema = z.object({
  filingId: z.int(),
  organisation,
  period,
  state: z.enum(filingStates),
  since: instant,
  round: z.int(),
  dueOn: z.string(),
  overdue: z.boolean(),
  mayAct: z.array(z.enum(filingActions)),
  version,
})
export type FilingRow = z.infer<typeof rowSchema>

const checkSchema = z.object({
  code: z.enum(checkCodes),
  severity: z.enum(['error', 'warning']),
  values: z.array(z.string()),
  /** By what its explanation names it. */
  key: z.string(),
  /** What was filed with it. */
  explanation: z.string().nullable(),
})

const filingSchema = rowSchema.extend({
  above: z.array(z.string()),
  /** What is told of: a time that it was filled, or, where that is null, what would be filed now. */
  told: z.object({
    round: z.int().nullable(),
    takenAt: instant,
    from: z.string(),
    until: z.string(),
    preliminary: z.boolean(),
    /** Of what was filed. */
    sha256: z.string().nullable(),
  }),
  /** Tables of which the reader may see the facts. */
  tables: z.array(
    z.object({
      code: z.enum(tableCodes),
      by: z.array(z.enum(dimensions)),
      measures: z.array(z.object({ key: z.string(), kind: z.enum(measureKinds), words: pair })),
      rows: z.array(z.object({ keys: z.array(z.string().nullable()), figures })),
      sum: figures,
    }),
  ),
  checks: z.array(checkSchema),
  /** Organisations below when the period ended. */
  below: z.array(organisation.extend({ filingId: z.int().nullable(), state: z.enum(filingStates).nullable(), included: z.boolean() })),
  rounds: z.array(z.object({ round: z.int(), takenAt: instant, sha256: z.string(), preliminary: z.boolean() })),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
})
export type Filing = z.infer<typeof filingSchema>

export const comparedWith = ['today', 'before', 'year'] as const
const sideSchema = z.object({ period, round: z.int().nullable(), takenAt: instant })
const comparisonSchema = z.object({
  before: sideSchema,
  after: sideSchema,
  total: z.int(),
  lines: z.array(
    z.object({
      table: z.enum(tableCodes),
      by: z.array(z.enum(dimensions)),
      keys: z.array(z.string().nullable()),
      measure: z.object({ key: z.string(), kind: z.enum(measureKinds), words: pair }),
      before: z.number(),
      after: z.number(),
      /** Rows of the organisation's own that make the difference; those of sensitive vehicles that the reader does not see are counted. */
      facts: z.array(
        z.object({
          what: z.string(),
          id: z.int().nullable(),
          vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }).nullable(),
          before: z.number(),
          after: z.number(),
        }),
      ),
      hidden: z.int(),
      more: z.int(),
      below: z.array(organisation.extend({ filingId: z.int().nullable(), before: z.number(), after: z.number() })),
    }),
  ),
})
export type FilingComparison = z.infer<typeof comparisonSchema>

export const filingFormats = ['xlsx', 'pdf', 'json'] as const

export const filingApi = {
  listFilings: {
    method: 'GET',
    path: '/filings',
    summary: 'Filings of the scope: what waits for the caller first, then what is due first',
    access: 'statistics.view',
    query: z.object({
      period: period.optional(),
      state: z.enum(filingStates).optional(),
      organisationId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(rowSchema).extend({ byState: z.array(z.object({ state: z.enum(filingStates), count: z.int() })) }),
  },
  readFiling: {
    method: 'GET',
    path: '/filings/:filingId',
    summary: 'One filing with its tables and checks; where it is open, what would be filed now',
    access: 'statistics.view',
    params,
    query: z.object({ round }),
    answer: filingSchema,
  },
  compareFiling: {
    method: 'GET',
    path: '/filings/:filingId/differences',
    summary:
      'What was filed against today’s figures, the time before, or the same a year before: line by line, with the rows that make the difference',
    access: 'statistics.view',
    params,
    query: z.object({ round, against: z.enum(comparedWith) }),
    answer: comparisonSchema,
  },
  downloadFiling: {
    method: 'GET',
    path: '/filings/:filingId/file',
    summary: 'What was filed: as a workbook, on paper, or for another system, by the schema of /filing-schema',
    access: 'statistics.view',
    download: true,
    params,
    query: z.object({ round, format: z.enum(filingFormats), locale: z.enum(exchangeLocales).default('zh-CN') }),
    answer: z.unknown(),
  },
  readFilingSchema: {
    method: 'GET',
    path: '/filing-schema',
    summary: 'The JSON schema of a filing’s machine-readable file',
    access: 'signed-in',
    answer: z.record(z.string(), z.unknown()),
  },
  beginFilings: {
    method: 'POST',
    path: '/filings',
    summary: 'Begins the filing of an organisation and period, and of all below it; those that there are stay as they are',
    access: 'filing.fill',
    body: z.object({ organisationId: id, period, below: z.boolean().default(false) }),
    answer: z.object({ filingId: z.int(), begun: z.int() }),
  },
  actOnFiling: {
    method: 'POST',
    path: '/filings/:filingId/steps',
    summary: 'Takes a step: fill, review, give back, submit, send back',
    access: 'statistics.view',
    params,
    body: z.object({
      action: z.enum(filingActions),
      version,
      reason: z.string().trim().max(400).default(''),
      data: z
        .object({
          /** Of a period that is not over, as far as it is. */
          preliminary: z.boolean().optional(),
          explanations: z
            .array(z.object({ key: z.string().max(400), text: z.string().trim().min(2).max(400) }))
            .max(100)
            .default([]),
        })
        .prefault({}),
    }),
    answer: filingSchema,
  },
} as const satisfies Record<string, Endpoint>
