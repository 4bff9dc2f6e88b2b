// Rows of import and export.
import type { exchangeApi } from '../../../services/contracts/api/exchange.ts'
import {
  type ExportListName,
  type ExportSubject,
  exchangeSubjects,
  exportLists,
  reportSubjects,
} from '../../../services/contracts/exchange.ts'
import { type List, type Row, reason, rowIds } from './row.ts'

const cells =
  (of: (line: string) => string): List['ids'] =>
  ({ body }) => ({ text: body.split('\n').map(of).join('\n') })
const text = cells((line) => line)
/** The code of what stands above the top of a scope is in its row, so that the file can be read back; a row of its own begins the line. */
const firstCell = cells((line) => line.split(',')[0]!)
/** Where a path of names begins the line: whose row it is. */
const lastStep = cells((line) => line.split(',')[0]!.split('/').at(-1)!)

/** Rows that hold for an organisation and everything below, or for the whole region. */
const ofDomain = (table: string): Words => ({
  all: `SELECT coalesce(o.name, '全区') AS id, t.organisation_id AS unit FROM ${table} t LEFT JOIN organisations o USING (organisation_id)`,
  ids: lastStep,
})
const ofDriver = (table: string, word: string): Words => ({
  all: `SELECT ${word} AS id, d.organisation_id AS unit FROM ${table} t JOIN drivers d USING (driver_id)`,
  also: ['driver.view'],
})

type Words = Pick<List, 'all' | 'also'> & Partial<Pick<List, 'ids'>>
const asPrinted = (plate: string): string => `left(${plate}, 2) || '·' || substr(${plate}, 3)`
const ofCosts: Words = {
  all: 'SELECT DISTINCT o.name AS id, o.organisation_id AS unit FROM cost_entries e JOIN organisations o ON o.organisation_id = e.unit_id',
  also: ['cost.view'],
}
/** A word that stands in a line of the file for each row that there is. */
const words: Record<ExportSubject, Words> = {
  organisations: { all: 'SELECT code AS id, organisation_id AS unit FROM organisations', ids: firstCell },
  organisationPast: { all: 'SELECT name AS id, organisation_id AS unit FROM organisation_past' },
  places: { all: 'SELECT name AS id, organisation_id AS unit FROM places', also: ['place.view'] },
  compounds: { all: 'SELECT name AS id, organisation_id AS unit FROM compounds' },
  pools: { all: 'SELECT name AS id, organisation_id AS unit FROM motor_pools' },
  standards: { all: 'SELECT note AS id, organisation_id AS unit FROM standard_limits' },
  policies: ofDomain('ledger_policies'),
  quotas: { all: `SELECT reason AS id, unit_id AS unit FROM quotas WHERE state = 'APPROVED'` },
  suppliers: { all: 'SELECT name AS id, organisation_id AS unit FROM suppliers' },
  vehicles: { all: `SELECT ${asPrinted('plate')} AS id, user_unit_id AS unit, secrecy AS secret FROM every_vehicle` },
  pastPlates: {
    all: `SELECT ${asPrinted('p.plate')} AS id, v.user_unit_id AS unit, v.secrecy AS secret
          FROM vehicle_past_plates p JOIN every_vehicle v USING (vehicle_id)`,
  },
  terminals: {
    all: 'SELECT terminal_id AS id, user_unit_id AS unit, secrecy AS secret FROM terminals JOIN every_vehicle USING (vehicle_id)',
  },
  drivers: { all: 'SELECT name AS id, organisation_id AS unit FROM drivers', also: ['driver.view'] },
  driverLoans: ofDriver('driver_loans', 't.note'),
  driverShifts: ofDriver('driver_shifts', `to_char(make_interval(mins => t.start_minute), 'HH24:MI')`),
  driverDutyDays: ofDriver('driver_duty_days', 't.note'),
  driverLeaves: ofDriver('driver_leaves', 't.note'),
  drivingLimits: { ...ofDomain('driving_limits'), also: ['driver.view'] },
  fuelCards: { all: 'SELECT s.name AS id, f.organisation_id AS unit FROM fuel_cards f JOIN suppliers s USING (supplier_id)' },
  // Of nobody: the region's alone.
  calendarYears: { all: 'SELECT year AS id, NULL::int AS unit FROM calendar_years', ids: firstCell },
  calendarDays: ofDomain('calendar_days'),
  workingHours: ofDomain('working_hours'),
  quotaStanding: {
    all: `SELECT o.name AS id, o.organisation_id AS unit FROM organisations o WHERE o.organisation_id IN
          (SELECT unit_id FROM quotas UNION SELECT user_unit_id FROM every_vehicle WHERE category <> 'LEASED_SERVICE')`,
    ids: firstCell,
  },
  flows: {
    all: `SELECT flow_id AS id, unit_id AS unit FROM ledger_flows UNION SELECT flow_id, to_unit_id FROM ledger_flows WHERE to_unit_id IS NOT NULL`,
    ids: firstCell,
  },
  statistics: {
    all: `SELECT DISTINCT o.name AS id, o.organisation_id AS unit FROM organisations o JOIN every_vehicle v ON v.user_unit_id = o.organisation_id WHERE v.category <> 'LEASED_SERVICE'`,
    ids: firstCell,
    also: ['statistics.view'],
  },
  boards: { all: 'SELECT organisation_id AS id, organisation_id AS unit FROM organisations WHERE false', also: ['statistics.view'] },
  findings: { all: 'SELECT finding_id AS id, unit_id AS unit FROM supervision_findings', ids: firstCell, also: ['finding.view'] },
  costSums: { ...ofCosts, ids: firstCell },
  costEntries: { ...ofCosts, ids: firstCell },
  maintenanceDue: {
    all: 'SELECT o.name AS id, o.organisation_id AS unit FROM maintenance_plans p JOIN every_vehicle v USING (vehicle_id) JOIN organisations o ON o.organisation_id = v.user_unit_id',
    ids: firstCell,
  },
  workOrders: { all: 'SELECT work_order_id AS id, unit_id AS unit FROM work_orders', ids: firstCell, also: ['cost.view'] },
  seals: { all: 'SELECT seal_id AS id, unit_id AS unit FROM vehicle_seals', ids: firstCell },
  handovers: { all: 'SELECT handover_id AS id, unit_id AS unit FROM vehicle_handovers', ids: firstCell, also: ['order.view'] },
  requests: { all: 'SELECT request_id AS id, unit_id AS unit FROM trip_requests', ids: firstCell, also: ['request.view'] },
  orders: {
    all: 'SELECT d.order_id AS id, r.unit_id AS unit FROM dispatch_orders d JOIN trip_requests r USING (request_id)',
    ids: firstCell,
    also: ['order.view'],
  },
  leaveRequests: {
    all: 'SELECT leave_request_id AS id, d.organisation_id AS unit FROM leave_requests q JOIN drivers d USING (driver_id)',
    ids: firstCell,
    also: ['order.drive'],
  },
  vehicleLoans: {
    all: 'SELECT loan_id AS id, lender_id AS unit FROM vehicle_loans UNION SELECT loan_id, borrower_id FROM vehicle_loans',
    ids: firstCell,
  },
  costMonths: { ...ofCosts, ids: firstCell },
  budgets: {
    all: 'SELECT o.name AS id, o.organisation_id AS unit FROM budgets b JOIN organisations o ON o.organisation_id = b.unit_id WHERE year = 2026',
    ids: firstCell,
    also: ['cost.view'],
  },
  renewals: { all: 'SELECT renewal_id AS id, unit_id AS unit FROM vehicle_renewals', ids: firstCell, also: ['cost.view'] },
  mishaps: { all: 'SELECT mishap_id AS id, unit_id AS unit FROM vehicle_mishaps', ids: firstCell, also: ['cost.view'] },
  costBills: { all: 'SELECT bill_id AS id, unit_id AS unit FROM cost_bills', ids: firstCell, also: ['cost.view'] },
}
const exportOf = (subject: ExportSubject): List => ({
  request: { params: { subject }, query: { format: 'csv' } },
  ids: text,
  ...words[subject],
})

const narrowed = (organisationId: number) => ({ organisationId })
/** Of the list that a page shows: as its own endpoint answers it, with its filter. */
const seen: Partial<Record<ExportListName, Pick<List, 'reach' | 'narrowed'>>> = {
  ledger: { narrowed },
  drivers: { narrowed },
  suppliers: { reach: 'holding', narrowed },
  fuelCards: { narrowed },
  places: { reach: 'holding', narrowed },
  organisations: {},
  quotas: { narrowed },
  flows: {},
  costs: { narrowed },
  costEntries: { narrowed },
  costBills: { narrowed },
  maintenanceDue: { narrowed },
  workOrders: { narrowed },
  findings: { narrowed },
  seals: { narrowed },
  handovers: { narrowed },
  requests: { narrowed },
  orders: { narrowed },
  leaves: {},
  loans: { narrowed },
  costMonths: { narrowed },
  budgets: { narrowed },
  renewals: { narrowed },
  mishaps: { narrowed },
}
const seenOf = (list: ExportListName): List => {
  const subject = exportLists[list]!
  return { ...exportOf(subject), request: { params: { subject }, query: { format: 'csv', list } }, ...seen[list] }
}

export const exchangeRows: Record<keyof typeof exchangeApi, Row> = {
  exportBulk: {
    lists: {
      costs: { request: { params: { subject: 'costs' }, query: { from: '2026-02', until: '2026-03' } }, ...ofCosts, ids: text, narrowed },
      findings: {
        request: { params: { subject: 'findings' }, query: { from: '2026-02', until: '2026-02' } },
        all: 'SELECT finding_id AS id, unit_id AS unit FROM supervision_findings',
        ids: firstCell,
        also: ['finding.view'],
        narrowed,
      },
    },
  },
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
  // A file holds what its uploader saw, and is given back to nobody else.
  getAnnotatedImport: { aims: { path: { at: (at) => ({ params: { importId: at.import }, query: { format: 'csv' } }), reach: 'mine' } } },
  applyImport: {
    aims: { path: { at: (at) => ({ params: { importId: at.import }, body: { token: '0'.repeat(64), reason } }), told: () => 'CONFLICT' } },
  },
  exportList: {
    lists: Object.fromEntries([
      // A dashboard names what stands directly below one organisation, which is no list of a scope: readBoard is asked for each place.
      ...[...exchangeSubjects, ...reportSubjects.filter((subject) => subject !== 'boards')].map((subject) => [subject, exportOf(subject)]),
      ...(Object.keys(seen) as ExportListName[]).map((list) => [`${list} as seen`, seenOf(list)]),
    ]),
  },
}
