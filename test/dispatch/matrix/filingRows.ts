// Rows of filings: each place has one that was filled twice and waits for review.
import type { filingApi } from '../../../services/contracts/api/filing.ts'
import { type Row, rowIds } from './row.ts'

export const filingRows: Record<keyof typeof filingApi, Row> = {
  listFilings: {
    lists: {
      filings: {
        request: { query: { limit: 200 } },
        all: 'SELECT filing_id AS id, organisation_id AS unit FROM filings',
        ids: rowIds('filingId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  readFiling: { aims: { path: { at: ({ filing }) => ({ params: { filingId: filing } }) } } },
  compareFiling: { aims: { path: { at: ({ filing }) => ({ params: { filingId: filing }, query: { against: 'before' } }) } } },
  downloadFiling: {
    aims: {
      path: {
        at: ({ filing }) => ({ params: { filingId: filing }, query: { format: 'json' } }),
        // The file has every table.
        afterwards: ['ledger.view', 'request.view', 'cost.view', 'finding.view'],
      },
    },
  },
  readFilingSchema: { plain: {} },
  beginFilings: {
    aims: {
      body: { at: ({ unit }) => ({ body: { organisationId: unit, period: '2026-01' } }), absent: 'VALIDATION_FAILED' },
    },
  },
  actOnFiling: {
    aims: {
      path: {
        at: ({ filing }) => ({ params: { filingId: filing }, body: { action: 'review', version: 1 } }),
        also: ['filing.review'],
      },
    },
  },
}
