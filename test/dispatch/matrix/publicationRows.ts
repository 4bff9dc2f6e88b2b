// Rows of what is made public: each place has one that is drafted.
import type { publicationApi } from '../../../services/contracts/api/publication.ts'
import { type Row, reason, rowIds } from './row.ts'

const rule = { effectiveFrom: '2027-01-01', items: ['tripDay'], classes: ['official'], purposes: ['meeting'], reason }

export const publicationRows: Record<keyof typeof publicationApi, Row> = {
  listPublications: {
    lists: {
      publications: {
        request: { query: { limit: 200 } },
        all: 'SELECT publication_id AS id, organisation_id AS unit FROM publications',
        ids: rowIds('publicationId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  readPublication: { aims: { path: { at: ({ publication }) => ({ params: { publicationId: publication } }) } } },
  draftPublication: {
    aims: { body: { at: ({ unit }) => ({ body: { organisationId: unit, month: '2026-01' } }), absent: 'VALIDATION_FAILED' } },
  },
  actOnPublication: {
    aims: {
      path: { at: ({ publication }) => ({ params: { publicationId: publication }, body: { action: 'publish', version: 1 } }) },
    },
  },
  listPublicationRules: {
    lists: {
      rules: { all: 'SELECT rule_id AS id, organisation_id AS unit FROM publication_rules', ids: rowIds('ruleId'), reach: 'holding' },
    },
  },
  setPublicationRule: {
    aims: { body: { at: ({ unit }) => ({ body: { ...rule, organisationId: unit } }), absent: 'VALIDATION_FAILED' } },
  },
}
