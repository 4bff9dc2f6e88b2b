// Rows of monthly letters: each place has one.
import type { lettersApi } from '../../../services/contracts/api/letters.ts'
import { type Row, rowIds } from './row.ts'

export const letterRows: Record<keyof typeof lettersApi, Row> = {
  listLetters: {
    lists: {
      letters: {
        request: { query: { limit: 200 } },
        all: 'SELECT letter_id AS id, organisation_id AS unit FROM letters',
        ids: rowIds('letterId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  makeLetter: {
    aims: { body: { at: ({ unit }) => ({ body: { organisationId: unit, month: '2026-01' } }), absent: 'VALIDATION_FAILED' } },
  },
  downloadLetter: { aims: { path: { at: ({ letter }) => ({ params: { letterId: letter } }) } } },
}
