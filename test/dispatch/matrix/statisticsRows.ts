// Rows of statistics: each unit in the sums is one that the reader reaches, and so is each of the facts.
import type { boardsApi } from '../../../services/contracts/api/boards.ts'
import type { statisticsApi } from '../../../services/contracts/api/statistics.ts'
import type { Row } from './row.ts'

// Until the day of the matrix, whose vehicles are the places' own.
const year = { period: '2026', by: 'unit', limit: 200 }
const all = `SELECT DISTINCT user_unit_id AS id, user_unit_id AS unit FROM vehicles WHERE state <> 'DISPOSED'`
const narrowed = (organisationId: number) => ({ organisationId })
type Answer = { rows: { keys: (string | null)[]; unit?: { organisationId: number } }[] }

export const statisticsRows: Record<keyof typeof statisticsApi | keyof typeof boardsApi, Row> = {
  readStatistics: {
    lists: {
      units: {
        request: { params: { table: 'T2' }, query: year },
        all,
        ids: (answer) => (answer.json() as Answer).rows.map(({ keys }) => Number(keys[0])),
        narrowed,
      },
    },
  },
  readBoard: {
    aims: { query: { at: ({ unit }) => ({ query: { organisationId: unit } }) } },
  },
  listStatisticsFacts: {
    lists: {
      units: {
        request: { params: { table: 'T2' }, query: { ...year, by: '' } },
        all,
        ids: (answer) => [...new Set((answer.json() as Answer).rows.map(({ unit }) => unit!.organisationId))],
        narrowed,
      },
    },
  },
}
