// Rows of loans of vehicles, and of agreements on them.
import type { loansApi } from '../../../services/contracts/api/loans.ts'
import { NOW_MS } from '../region.ts'
import { type Row, reason, rowIds } from './row.ts'

const at = (hours: number): string => new Date(NOW_MS + hours * 3_600_000).toISOString()
const span = { from: at(300), until: at(310), reason }
const days = { fromDay: '2026-06-01', untilDay: '2026-12-31', reason }

export const loanRows: Record<keyof typeof loansApi, Row> = {
  listVehicleLoans: {
    lists: {
      loans: {
        request: { query: { limit: 200 } },
        all: 'SELECT loan_id AS id, lender_id AS unit FROM vehicle_loans UNION SELECT loan_id, borrower_id FROM vehicle_loans',
        ids: rowIds('loanId'),
        narrowed: (organisationId) => ({ organisationId }),
      },
    },
  },
  listLendable: {
    aims: {
      borrower: {
        at: ({ unit }) => ({ query: { borrowerId: unit, from: span.from, until: span.until } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  askVehicleLoan: {
    aims: {
      // From a place to the one below it: whoever reaches the vehicle reaches both, and a neighbour's is asked for without.
      vehicle: {
        reach: 'neighbours',
        at: ({ spareVehicle }, { below }) => ({ body: { vehicleId: spareVehicle, borrowerId: below.unit, ...span } }),
        absent: 'VALIDATION_FAILED',
        told: ({ site }) => (site!.where === 'below' ? 'VALIDATION_FAILED' : 'OK'),
      },
      borrower: {
        at: ({ unit }, { below }) => ({ body: { vehicleId: below.spareVehicle, borrowerId: unit, ...span } }),
        absent: 'VALIDATION_FAILED',
        told: ({ site }) => (site!.where === 'below' ? 'VALIDATION_FAILED' : 'OK'),
      },
    },
  },
  actOnVehicleLoan: {
    aims: { path: { at: ({ vehicleLoan }) => ({ params: { loanId: vehicleLoan }, body: { action: 'end', version: 1 } }) } },
  },
  listLoanAgreements: {
    lists: {
      agreements: {
        request: { query: { limit: 200 } },
        all: 'SELECT agreement_id AS id, lender_id AS unit FROM loan_agreements',
        ids: rowIds('agreementId'),
      },
    },
  },
  addLoanAgreement: {
    aims: {
      lender: {
        at: ({ unit }, { below }) => ({ body: { lenderId: unit, borrowerId: below.unit, ...days } }),
        absent: 'VALIDATION_FAILED',
        told: ({ site }) => (site!.where === 'below' ? 'VALIDATION_FAILED' : 'OK'),
      },
      borrower: {
        at: ({ unit }, { below }) => ({ body: { lenderId: below.unit, borrowerId: unit, ...days } }),
        absent: 'VALIDATION_FAILED',
        told: ({ site }) => (site!.where === 'below' ? 'VALIDATION_FAILED' : 'OK'),
      },
    },
  },
}
