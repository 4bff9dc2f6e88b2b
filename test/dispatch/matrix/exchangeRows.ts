// Rows of import and export.
import type { exchangeApi } from '../../../services/contracts/api/exchange.ts'
import { type ExchangeSubject, exchangeSubjects } from '../../../services/contracts/exchange.ts'
import { type List, type Row, rowIds } from './row.ts'

const text: List['ids'] = ({ body }) => ({ text: body })
const firstColumn: List['ids'] = ({ body }) => ({
  text: body
    .split('\n')
    .map((line) => line.split(',')[0])
    .join('\n'),
})
/** A word that stands in a line of the file for each row that there is. */
const words: Record<ExchangeSubject, Pick<List, 'all' | 'also'>> = {
  // The first column: the code of what stands above the top of a scope is in its row, so that the file can be read back.
  organisations: { all: 'SELECT code AS id, organisation_id AS unit FROM organisations' },
  quotas: { all: `SELECT reason AS id, unit_id AS unit FROM quotas WHERE state = 'APPROVED'` },
  suppliers: { all: 'SELECT name AS id, organisation_id AS unit FROM suppliers' },
  vehicles: { all: `SELECT left(plate, 2) || '·' || substr(plate, 3) AS id, user_unit_id AS unit FROM vehicles` },
  terminals: {
    all: 'SELECT terminal_id AS id, user_unit_id AS unit FROM terminals JOIN vehicles USING (vehicle_id)',
  },
  drivers: { all: 'SELECT name AS id, organisation_id AS unit FROM drivers', also: ['driver.view'] },
  fuelCards: { all: 'SELECT s.name AS id, f.organisation_id AS unit FROM fuel_cards f JOIN suppliers s USING (supplier_id)' },
}
const exportOf = (subject: ExchangeSubject): List => ({
  request: { params: { subject }, query: { format: 'csv' } },
  ids: subject === 'organisations' ? firstColumn : text,
  ...words[subject],
})
const fleet: List = {
  ...exportOf('vehicles'),
  request: { params: { subject: 'vehicles' }, query: { format: 'csv', list: 'ledger' } },
  narrowed: (organisationId) => ({ organisationId }),
}

export const exchangeRows: Record<keyof typeof exchangeApi, Row> = {
  getImportTemplate: { plain: { request: { params: { subject: 'vehicles' } } } },
  checkImport: {
    plain: {
      request: {
        query: { subject: 'suppliers' },
        body: Buffer.from('x'),
        headers: { 'content-type': 'application/octet-stream' },
      },
      unrecorded: true,
    },
  },
  listImports: {
    lists: {
      imports: {
        request: { query: { limit: 200 } },
        all: 'SELECT import_id AS id, organisation_id AS unit FROM imports',
        ids: rowIds('importId'),
      },
    },
  },
  getImport: { aims: { path: { at: (at) => ({ params: { importId: at.import } }) } } },
  getAnnotatedImport: { aims: { path: { at: (at) => ({ params: { importId: at.import }, query: { format: 'csv' } }) } } },
  applyImport: {
    aims: { path: { at: (at) => ({ params: { importId: at.import }, body: { token: '0'.repeat(64) } }), told: () => 'CONFLICT' } },
  },
  exportList: {
    lists: { ...Object.fromEntries(exchangeSubjects.map((subject) => [subject, exportOf(subject)])), 'the ledger as seen': fleet },
  },
}
