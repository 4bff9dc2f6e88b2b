// The matrix: a row for every endpoint of the API table. One that is missing does not compile. A slice adds its rows in a file of its own.
import type { EndpointName } from '../../../services/contracts/api.ts'
import { NOW_MS } from '../region.ts'
import { caseRows } from './caseRows.ts'
import { costBookRows } from './costBookRows.ts'
import { costRows } from './costRows.ts'
import { driverRows } from './driverRows.ts'
import { exchangeRows } from './exchangeRows.ts'
import { filingRows } from './filingRows.ts'
import { fuelStatementRows } from './fuelStatementRows.ts'
import { handoverRows } from './handoverRows.ts'
import { identityRows } from './identityRows.ts'
import { leaveRows } from './leaveRows.ts'
import { ledgerRows } from './ledgerRows.ts'
import { letterRows } from './letterRows.ts'
import { loanRows } from './loanRows.ts'
import { orderRows } from './orderRows.ts'
import { placeRows } from './placeRows.ts'
import { publicationRows } from './publicationRows.ts'
import { renewalRows } from './renewalRows.ts'
import { reportRows } from './reportRows.ts'
import { type List, type Row, rowIds } from './row.ts'
import { sealingRows } from './sealingRows.ts'
import { secrecyRows } from './secrecyRows.ts'
import { sharingRows } from './sharingRows.ts'
import { statisticsRows } from './statisticsRows.ts'
import { supervisionRows } from './supervisionRows.ts'
import { terminalRows } from './terminalRows.ts'
import { travelRows } from './travelRows.ts'
import { tripRows } from './tripRows.ts'
import { upkeepRows } from './upkeepRows.ts'
import { whereaboutsRows } from './whereaboutsRows.ts'

const window = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() }
const vehicles: List = {
  request: { query: { limit: 200 } },
  all: `SELECT v.vehicle_id AS id, v.user_unit_id AS unit, a.account_id AS self, v.secrecy AS secret
        FROM every_vehicle v LEFT JOIN drivers d USING (vehicle_id) LEFT JOIN accounts a USING (driver_id)`,
  ids: rowIds('vehicleId'),
}
const webhook = { name: '短信网关', url: 'https://sms.example/in', kinds: ['order.dispatch'] }
const records = 'SELECT seq AS id, organisation_id AS unit, account_id AS self FROM audit_log'

export const matrix = {
  signIn: {
    plain: {
      request: { body: { username: 'nobody', password: 'x' } },
      told: () => 'BAD_CREDENTIALS',
      failureWrites: ['sign_in_failures'],
    },
  },
  getSession: { plain: {} },
  signOut: { plain: {} },
  getHealth: { plain: {} },
  getMapSources: { plain: {} },
  listDemoAccounts: { plain: {} },
  statePurpose: { plain: { request: { body: { purpose: '另有线索需要核查' } }, people: true } },
  getRoster: {
    lists: {
      vehicles: {
        ...vehicles,
        request: {},
        ids: (answer) => (answer.json() as { vehicleId: number[] }).vehicleId,
      },
    },
  },
  listOrganisations: {
    lists: { all: { all: 'SELECT organisation_id AS id, organisation_id AS unit FROM organisations', ids: rowIds('organisationId') } },
  },
  listVehicles: { lists: { vehicles: { ...vehicles, narrowed: (organisationId) => ({ organisationId }) } } },
  getVehicle: {
    aims: {
      path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle } }), self: 'vehicle' },
      sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle } }), reach: 'cleared' },
    },
  },
  listTrips: {
    aims: {
      path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle }, query: window }), self: 'vehicle' },
      sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle }, query: window }), reach: 'cleared' },
    },
  },
  getTrack: {
    aims: {
      path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle }, query: window }), self: 'vehicle' },
      sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle }, query: window }), reach: 'cleared' },
    },
  },
  getTrackBytes: {
    aims: {
      path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle }, query: window }), self: 'vehicle' },
      sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle }, query: window }), reach: 'cleared' },
    },
  },
  exportTrack: {
    aims: {
      path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle }, query: window }) },
      sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle }, query: window }), reach: 'cleared' },
    },
  },
  printTracks: {
    aims: {
      body: { at: ({ vehicle }) => ({ body: { vehicleIds: [vehicle], ...window } }), leavesNothing: true },
      sensitive: {
        at: ({ secretVehicle }) => ({ body: { vehicleIds: [secretVehicle], ...window } }),
        reach: 'cleared',
        leavesNothing: true,
      },
    },
  },
  readLookWeek: { plain: {} },
  getConservation: { plain: {}, aims: { terminal: { at: ({ terminal }) => ({ query: { terminalId: terminal } }) } } },
  getClocks: { plain: {} },
  listQuarantine: {
    lists: {
      messages: {
        request: { query: { limit: 200 } },
        all: `SELECT q.quarantine_id AS id, v.user_unit_id AS unit FROM quarantine q
              LEFT JOIN terminals USING (terminal_id) LEFT JOIN every_vehicle v USING (vehicle_id)`,
        ids: rowIds('quarantineId'),
      },
    },
  },
  readQuarantined: {
    aims: { path: { at: ({ quarantine }) => ({ params: { quarantineId: quarantine }, query: { purpose: '排查终端故障' } }) } },
  },
  replayQuarantine: { aims: { path: { at: ({ quarantine }) => ({ params: { quarantineId: quarantine } }) } } },
  listJobs: { plain: { region: true } },
  retryJob: { plain: { region: true, request: { params: { jobId: 2_000_000_000 } }, told: () => 'NOT_FOUND' } },
  listAudit: { lists: { records: { request: { query: { limit: 200 } }, all: records, ids: rowIds('seq') } } },
  getAuditRecord: { aims: { path: { at: ({ audit }) => ({ params: { seq: audit } }) } } },
  exportAudit: {
    lists: {
      records: {
        all: records,
        ids: ({ body }) =>
          body
            .trim()
            .split('\n')
            .map((line) => (JSON.parse(line) as { seq: number }).seq),
      },
    },
  },
  getAuditVerification: { plain: {} },
  verifyAudit: { plain: { request: { body: { last: 1 } }, leavesNothing: true } },
  ...caseRows,
  ...supervisionRows,
  ...handoverRows,
  ...sealingRows,
  ...statisticsRows,
  ...filingRows,
  ...publicationRows,
  ...reportRows,
  ...letterRows,
  ...identityRows,
  ...ledgerRows,
  ...driverRows,
  ...placeRows,
  ...orderRows,
  ...tripRows,
  ...travelRows,
  ...costRows,
  ...costBookRows,
  ...upkeepRows,
  ...renewalRows,
  ...fuelStatementRows,
  ...leaveRows,
  ...loanRows,
  ...sharingRows,
  listNotifications: {
    lists: {
      own: {
        request: { query: { limit: 200 } },
        all: 'SELECT notification_id AS id, NULL::int AS unit, account_id AS self FROM notifications',
        ids: rowIds('notificationId'),
        reach: 'mine',
      },
    },
  },
  readNotifications: { plain: { request: { body: { upTo: 1 } }, leavesNothing: true } },
  listWebhooks: {
    lists: { webhooks: { all: 'SELECT webhook_id AS id, organisation_id AS unit FROM webhooks', ids: rowIds('webhookId') } },
  },
  makeWebhook: {
    aims: { organisation: { at: ({ unit }) => ({ body: { ...webhook, organisationId: unit } }), absent: 'VALIDATION_FAILED' } },
  },
  changeWebhook: {
    aims: { path: { at: ({ webhook: webhookId }) => ({ params: { webhookId }, body: { ...webhook, on: true, version: 1 } }) } },
  },
  renewWebhookSecret: { aims: { path: { at: ({ webhook: webhookId }) => ({ params: { webhookId }, body: { version: 1 } }) } } },
  testWebhook: { aims: { path: { at: ({ webhook: webhookId }) => ({ params: { webhookId } }) } } },
  listDeliveries: { aims: { path: { at: ({ webhook: webhookId }) => ({ params: { webhookId } }) } } },
  getPush: { plain: {} },
  // Without a key of its own the test's installation pushes nothing.
  registerPush: {
    plain: {
      request: { body: { endpoint: 'https://push.example/1', keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) } } },
      told: () => 'UNAVAILABLE',
    },
  },
  removePush: { plain: { request: { body: { endpoint: 'https://push.example/1' } }, leavesNothing: true } },
  ...exchangeRows,
  ...secrecyRows,
  ...terminalRows,
  ...whereaboutsRows,
} satisfies Record<EndpointName, Row>

/** Routes beside the table, and who they answer: `public` pages, figures for this machine, the web's files and the sign-in elsewhere. */
export const otherRoutes: Record<string, 'public' | 'this machine'> = {
  'GET /api/docs': 'public',
  'GET /api/docs/': 'public',
  'GET /api/docs/static/index.html': 'public',
  'GET /api/docs/static/swagger-initializer.js': 'public',
  'GET /api/docs/*': 'public',
  'GET /api/docs/json': 'public',
  'GET /api/docs/yaml': 'public',
  'GET /api/openapi.json': 'public',
  'GET /api/oidc/start': 'public',
  'GET /api/oidc/callback': 'public',
  'GET /verify/:token': 'public',
  'GET /public/trips': 'public',
  'GET /public/trips/:file': 'public',
  'GET /unsubscribe/:token': 'public',
  'POST /unsubscribe/:token': 'public',
  'GET /evidence-verify.html': 'public',
  'GET /calendar/:file': 'public',
  'GET /metrics': 'this machine',
  'GET /*': 'public',
}
