// Dashboards (驾驶舱): charts of an organisation and all below it, for a year, from prepared sums; each figure is one of statistics and opens there.
import { z } from 'zod'
import { chartNames } from '../../domain/statistics/boards.ts'
import { dimensions, measureKinds, tableCodes } from '../../domain/statistics/table.ts'
import { type Endpoint, id, instant } from './endpoint.ts'

const pair = z.tuple([z.string(), z.string()])
const chartSchema = z.object({
  chart: z.enum(chartNames),
  words: pair,
  fills: pair,
  form: z.enum(['bars', 'stack', 'lines']),
  /** `name` null: the key is a word of its dimension, a month or a year. */
  points: z.array(
    z.object({
      key: z.string().nullable(),
      name: z.string().nullable(),
      /** Where its figures open in statistics. */
      period: z.string(),
      organisationId: z.int(),
    }),
  ),
  by: z.enum(dimensions).nullable(),
  series: z.array(
    z.object({
      table: z.enum(tableCodes),
      measure: z.string(),
      words: pair,
      formula: pair,
      kind: z.enum(measureKinds),
      /** One a point; null: nothing to divide by, or not begun, or not prepared yet. */
      values: z.array(z.number().nullable()),
    }),
  ),
  /** Something of it is not 0. */
  filled: z.boolean(),
  /** Sums of it are still being prepared. */
  waiting: z.boolean(),
})
export type BoardChart = z.infer<typeof chartSchema>

const boardSchema = z.object({
  year: z.string(),
  organisation: z.object({ organisationId: z.int(), name: z.string(), kind: z.enum(['region', 'league', 'banner', 'unit']) }),
  /** The oldest of the sums that are shown; null: none is prepared. */
  preparedAt: instant.nullable(),
  charts: z.array(chartSchema),
})
export type Board = z.infer<typeof boardSchema>

export const boardsApi = {
  readBoard: {
    method: 'GET',
    path: '/boards',
    summary: 'The charts of an organisation and all below it, for a year that has begun; those of whose facts the reader may see',
    access: 'statistics.view',
    query: z.object({ year: z.string().max(10).optional(), organisationId: id.optional() }),
    answer: boardSchema,
  },
} as const satisfies Record<string, Endpoint>
