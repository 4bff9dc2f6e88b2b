// Rows of scheduled reports: each place has one of its own, that goes to one of its people, to whom one has come.
import type { reportsApi } from '../../../services/contracts/api/reports.ts'
import { type Row, rowIds } from './row.ts'

const fields = {
  ...{ name: '台账月报', list: 'ledger', filter: {}, format: 'csv', locale: 'zh-CN', every: 'month', onDay: 1, atMinute: 480 },
}
const reader = (accountId: number) => ({ accountId, byApp: true, byMail: false })
/** Whoever sets one must be able to have the list as a file. */
const also = ['ledger.export', 'ledger.view'] as const

export const reportRows: Record<keyof typeof reportsApi, Row> = {
  listReports: {
    lists: {
      reports: {
        request: { query: { limit: 200 } },
        all: 'SELECT report_id AS id, organisation_id AS unit FROM report_plans',
        ids: rowIds('reportId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  makeReport: {
    aims: {
      body: {
        also,
        at: ({ unit, activeAccount }) => ({ body: { ...fields, organisationId: unit, readers: [reader(activeAccount)] } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  changeReport: {
    aims: {
      path: {
        afterwards: also,
        at: ({ report, activeAccount }) => ({
          params: { reportId: report },
          body: { ...fields, readers: [reader(activeAccount)], on: true, version: 1 },
        }),
      },
    },
  },
  // What went out within the minute is not owed again: that it was asked for is on record, and nothing else.
  sendReport: { aims: { path: { at: ({ report }) => ({ params: { reportId: report } }), leavesNothing: true } } },
  listReportDeliveries: { aims: { path: { at: ({ report }) => ({ params: { reportId: report } }) } } },
  listReportReaders: {
    lists: {
      readers: {
        request: { query: { limit: 200 } },
        all: `SELECT account_id AS id, organisation_id AS unit FROM accounts WHERE status = 'active'`,
        ids: rowIds('accountId'),
      },
    },
  },
  listOwnReports: {
    lists: {
      own: {
        request: { query: { limit: 200 } },
        all: 'SELECT delivery_id AS id, NULL::int AS unit, account_id AS self FROM report_deliveries',
        ids: rowIds('deliveryId'),
        reach: 'mine',
      },
    },
  },
  readOwnReport: { aims: { path: { at: ({ delivery }) => ({ params: { deliveryId: delivery } }), reach: 'mine' } } },
  leaveReport: { aims: { path: { at: ({ report }) => ({ params: { reportId: report }, body: { on: false } }), reach: 'mine' } } },
  setMailAddress: { plain: { request: { body: { address: 'someone@cars.example' } } } },
}
