// Rows of statements of fuel and current.
import type { fuelStatementsApi } from '../../../services/contracts/api/fuelStatements.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const narrowed: List['narrowed'] = (organisationId) => ({ organisationId })
const upload = {
  body: Buffer.from('卡号,交易时间,金额,加油量,网点\n9000000000000099,2026-03-01 08:30,300.00,40.5,示例站\n'),
  headers: { 'content-type': 'application/octet-stream' },
}

export const fuelStatementRows: Record<keyof typeof fuelStatementsApi, Row> = {
  listFuelStatements: {
    lists: {
      statements: {
        request: { query: { limit: 200 } },
        all: 'SELECT statement_id AS id, unit_id AS unit FROM fuel_statements',
        ids: rowIds('statementId'),
        narrowed,
      },
    },
  },
  importFuelStatement: {
    aims: {
      organisation: {
        at: ({ unit }, { own }) => ({ query: { organisationId: unit, supplierId: own.supplier }, ...upload }),
        absent: 'VALIDATION_FAILED',
      },
      supplier: {
        at: ({ supplier }, { own }) => ({ query: { organisationId: own.unit, supplierId: supplier }, ...upload }),
        reach: 'holding',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  approveFuelStatement: {
    aims: { path: { at: ({ statement }) => ({ params: { statementId: statement }, body: { bills: 1, reason } }) } },
  },
  listFuelLines: {
    lists: {
      lines: {
        request: { query: { limit: 200 } },
        all: `SELECT line_id AS id, unit_id AS unit, coalesce(v.secrecy, false) AS secret FROM fuel_lines l LEFT JOIN every_vehicle v USING (vehicle_id)`,
        ids: rowIds('lineId'),
        narrowed,
      },
    },
  },
  actOnFuelLine: {
    aims: {
      path: { at: ({ statementLine }) => ({ params: { lineId: statementLine }, body: { action: 'dismiss', version: 1, reason } }) },
      vehicle: {
        at: ({ vehicle }, { own }) => ({
          params: { lineId: own.statementLine },
          body: { action: 'assign', version: 1, vehicleId: vehicle, reason },
        }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
}
