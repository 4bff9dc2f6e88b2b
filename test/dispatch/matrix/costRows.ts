// Rows of prices, budgets and what was booked.
import type { costsApi } from '../../../services/contracts/api/costs.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const prices = { baseFen: 0, includedM: 0, includedMin: 0, kmFen: 120, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0 }
const range = { from: '2026-01-01', until: '2026-12-31', limit: 200 }
const narrowed: List['narrowed'] = (organisationId) => ({ organisationId })

export const costRows: Record<keyof typeof costsApi, Row> = {
  listTariffs: {
    lists: {
      tariffs: {
        request: { query: { limit: 200 } },
        all: 'SELECT tariff_id AS id, organisation_id AS unit FROM tariffs',
        ids: rowIds('tariffId'),
        reach: 'holding',
      },
    },
  },
  addTariff: {
    aims: {
      organisation: {
        at: ({ unit }) => ({
          body: { organisationId: unit, kind: 'own', bodyType: 'truck', effectiveFrom: '2026-06-01', ...prices, reason },
        }),
        absent: 'VALIDATION_FAILED',
      },
      supplier: {
        at: ({ supplier }, { own }) => ({
          body: {
            organisationId: own.unit,
            kind: 'lease',
            supplierId: supplier,
            bodyType: null,
            effectiveFrom: '2026-07-01',
            ...prices,
            reason,
          },
        }),
        reach: 'holding',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  listBudgets: {
    lists: {
      budgets: {
        request: { query: { year: 2026, limit: 200 } },
        all: 'SELECT unit_id AS id, unit_id AS unit FROM budgets WHERE year = 2026',
        ids: (answer) => (answer.json() as { rows: { unit: { organisationId: number } }[] }).rows.map(({ unit }) => unit.organisationId),
        narrowed,
      },
    },
  },
  setBudget: {
    aims: {
      organisation: {
        at: ({ unit }) => ({ body: { organisationId: unit, year: 2027, fen: 5_000_000, revision: 0, reason } }),
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  listCostSums: {
    lists: {
      sums: {
        request: { query: { ...range, by: 'unit' } },
        all: 'SELECT DISTINCT unit_id AS id, unit_id AS unit FROM cost_entries',
        ids: (answer) => (answer.json() as { rows: { unit: { organisationId: number } }[] }).rows.map(({ unit }) => unit.organisationId),
        narrowed,
      },
    },
  },
  listCostEntries: {
    lists: {
      entries: {
        request: { query: range },
        all: 'SELECT entry_id AS id, unit_id AS unit FROM cost_entries',
        ids: rowIds('entryId'),
        narrowed,
      },
    },
  },
}
