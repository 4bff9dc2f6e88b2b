// Statistics (统计报表): tables that are added up from facts, each cell of which opens into the rows that made it.
import { z } from 'zod'
import { dimensions, measureKinds, tableCodes } from '../../domain/statistics/table.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, pageSize } from './endpoint.ts'

const dimension = z.enum(dimensions)
/** A year, a month or a day: 2026, 2026-11, 2026-11-30. */
const period = z.string().max(10)
/** Up to three dimensions of the table, the first the outermost, with commas between; none: one row for all. */
const by = z.string().max(80).default('')

const params = z.object({ table: z.enum(tableCodes) })
const asked = { period, by, organisationId: id.optional() }
const figures = z.array(z.number().nullable())
const days = z.object({ from: z.string(), until: z.string() })
const told = z.object({ period: z.string(), ...days.shape })

const rowSchema = z.object({
  /** The value of each dimension: an organisation's number, a word of its list, a band; null: not known. */
  keys: z.array(z.string().nullable()),
  /** Of organisations, compounds and pools; null: the key is a word. */
  names: z.array(z.string().nullable()),
  /** One a measure, in the order of the table; null: nothing to divide by. */
  now: figures,
  before: figures,
  yearBefore: figures,
})
export type StatisticsRow = z.infer<typeof rowSchema>
const pair = z.tuple([z.string(), z.string()])

const answerSchema = z.object({
  period: told,
  before: told,
  yearBefore: told,
  /** The period is not over: figures are of what there is until today. */
  open: z.boolean(),
  by: z.array(dimension),
  measures: z.array(z.object({ key: z.string(), kind: z.enum(measureKinds), words: pair, formula: pair })),
  total: z.int(),
  rows: z.array(rowSchema),
  sum: rowSchema.pick({ now: true, before: true, yearBefore: true }),
  /** Vehicles whose changes do not explain their unit's figures (T6); sensitive ones that the reader does not see are left out. */
  broken: z.array(
    z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema, unit: z.string(), unexplained: z.int() }),
  ),
})
export type Statistics = z.infer<typeof answerSchema>

/** For whoever writes a program against it: the fleet of two leagues in 2026. */
const statisticsExample = {
  period: { period: '2026', from: '2026-01-01', until: '2026-11-30' },
  before: { period: '2025', from: '2025-01-01', until: '2025-12-31' },
  yearBefore: { period: '2025', from: '2025-01-01', until: '2025-12-31' },
  open: true,
  by: ['league'],
  measures: [
    {
      key: 'vehicles',
      kind: 'count',
      words: ['车辆', 'Vehicles'],
      formula: ['期末在册车辆（已处置的除外）', 'In the ledger at the end of the period'],
    },
    {
      key: 'newEnergyShare',
      kind: 'percent',
      words: ['新能源占比', 'New energy share'],
      formula: ['新能源 ÷ 车辆', 'New energy ÷ vehicles'],
    },
  ],
  total: 2,
  rows: [
    { keys: ['2'], names: ['呼和浩特市'], now: [1410, 22.5], before: [1402, 18.1], yearBefore: [1402, 18.1] },
    { keys: ['3'], names: ['包头市'], now: [1212, 24.1], before: [1200, 20], yearBefore: [1200, 20] },
  ],
  sum: { now: [2622, 23.2], before: [2602, 19], yearBefore: [2602, 19] },
  broken: [],
} satisfies Statistics

const factSchema = z.object({
  what: z.string(),
  id: z.int().nullable(),
  at: instant.nullable(),
  unit: z.object({ organisationId: z.int(), name: z.string() }),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }).nullable(),
  /** What it adds to each of `columns`. */
  values: z.array(z.number()),
})
export type StatisticsFact = z.infer<typeof factSchema>

export const statisticsApi = {
  readStatistics: {
    method: 'GET',
    path: '/statistics/:table',
    summary: 'A table for a year, a month or a day, by up to three dimensions, beside the period before and the same a year before',
    access: 'statistics.view',
    params,
    query: z.object({ ...asked, limit: pageSize, offset }),
    answer: answerSchema.meta({ examples: [statisticsExample] }),
  },
  listStatisticsFacts: {
    method: 'GET',
    path: '/statistics/:table/facts',
    summary: 'The rows that a cell was added up from; those of sensitive vehicles that the reader does not see are counted alone',
    access: 'statistics.view',
    params,
    query: z.object({
      ...asked,
      /** The key of the row, as many values as `by`, in one text as JSON; without it: of all rows. */
      keys: z.string().max(400).optional(),
      /** Only facts that add to this measure. */
      measure: z.string().max(40).optional(),
      limit: pageSize,
      offset,
    }),
    answer: z.object({
      columns: z.array(z.object({ key: z.string(), kind: z.enum(measureKinds), words: pair })),
      total: z.int(),
      hidden: z.int(),
      sums: z.array(z.number()),
      rows: z.array(factSchema),
    }),
  },
} as const satisfies Record<string, Endpoint>
