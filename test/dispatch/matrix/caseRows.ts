// Rows of cases. Nobody who asks is a member of one that the places hold; vehicles that wait for a second person are of the scope.
import type { casesApi } from '../../../services/contracts/api/cases.ts'
import type { comparisonApi } from '../../../services/contracts/api/comparison.ts'
import type { evidenceApi } from '../../../services/contracts/api/evidence.ts'
import type { exhibitsApi } from '../../../services/contracts/api/exhibits.ts'
import type { findingsApi } from '../../../services/contracts/api/findings.ts'
import { NOW_MS } from '../region.ts'
import { type Aim, type Row, reason, rowIds } from './row.ts'
import { ONE_PIXEL } from './tripRows.ts'

const period = { from: new Date(NOW_MS - 86_400_000).toISOString(), until: new Date(NOW_MS).toISOString() }
const opened = { purpose: reason, basis: '来信举报', ...period }
const mine = (body?: object): Record<string, Aim> => ({
  path: { at: (at) => ({ params: { caseId: at.case }, ...(body ? { body } : {}) }), reach: 'mine' },
})

const ofFinding = (body?: object): Record<string, Aim> => ({
  path: { at: (at) => ({ params: { findingId: at.finding }, ...(body ? { body } : {}) }), reach: 'mine' },
})

const ofExhibit: Record<string, Aim> = { path: { at: (at) => ({ params: { exhibitId: at.exhibit } }), reach: 'mine' } }
/** A track of one place. */
export const ONE_PLACE = Buffer.from(
  '<gpx version="1.1"><trk><trkseg><trkpt lat="40.8" lon="111.7"><time>2026-03-02T01:00:00Z</time></trkpt></trkseg></trk></gpx>',
)

export const caseRows: Record<
  keyof typeof casesApi | keyof typeof comparisonApi | keyof typeof evidenceApi | keyof typeof exhibitsApi | keyof typeof findingsApi,
  Row
> = {
  compareOrder: { aims: { path: { at: ({ runningOrder }) => ({ params: { orderId: runningOrder } }), self: 'vehicle' } } },
  listCases: {
    lists: {
      cases: {
        request: { query: { limit: 200 } },
        all: 'SELECT c.case_id AS id, c.organisation_id AS unit, m.account_id AS self FROM cases c JOIN case_members m USING (case_id)',
        ids: rowIds('caseId'),
        reach: 'mine',
      },
    },
  },
  openCase: {
    aims: {
      vehicle: { at: ({ vehicle }) => ({ body: { ...opened, vehicleIds: [vehicle] } }), absent: 'VALIDATION_FAILED' },
      sensitive: {
        at: ({ secretVehicle }) => ({ body: { ...opened, vehicleIds: [secretVehicle] } }),
        reach: 'cleared',
        absent: 'VALIDATION_FAILED',
      },
    },
  },
  getCase: { aims: mine() },
  changeCase: { aims: mine({ version: 1, ...opened, reason }) },
  actOnCase: { aims: mine({ action: 'close', version: 1, reason }) },
  addCaseVehicles: { aims: mine({ vehicleIds: [1], reason }) },
  actOnCaseVehicle: {
    aims: {
      path: { at: ({ caseVehicle }) => ({ params: { caseVehicleId: caseVehicle }, body: { action: 'release', version: 1, reason } }) },
    },
  },
  listCaseReleases: {
    lists: {
      waiting: {
        request: { query: { limit: 200 } },
        all: `SELECT cv.case_vehicle_id AS id, v.user_unit_id AS unit FROM case_vehicles cv JOIN vehicles v USING (vehicle_id) WHERE cv.state = 'WAITING'`,
        ids: rowIds('caseVehicleId'),
      },
    },
  },
  listCaseNameable: { aims: mine() },
  addCaseMember: { aims: mine({ username: 'own.inspector', reason }) },
  endCaseMember: { aims: { path: { at: (at) => ({ params: { caseId: at.case, memberId: 1 }, body: { reason } }), reach: 'mine' } } },
  listCaseLooks: { aims: mine() },
  listFindings: { aims: mine() },
  noteFinding: { aims: mine({ vehicleId: 1, ...period, text: '停于景区' }) },
  changeFinding: { aims: ofFinding({ version: 1, ...period, text: '停于景区', reason }) },
  actOnFinding: { aims: ofFinding({ action: 'withdraw', version: 1, reason }) },
  listFindingAnswerers: { aims: ofFinding() },
  addFindingPhoto: {
    aims: {
      path: {
        at: (at) => ({ params: { findingId: at.finding }, body: ONE_PIXEL, headers: { 'content-type': 'application/octet-stream' } }),
        reach: 'mine',
      },
    },
  },
  readFindingPhoto: { aims: { path: { at: (at) => ({ params: { findingId: at.finding, photoId: 1 } }), reach: 'mine' } } },
  listExplanations: {
    lists: {
      asked: {
        request: { query: { limit: 200 } },
        all: 'SELECT finding_id AS id, NULL::int AS unit, asked_account AS self FROM case_findings WHERE asked_account IS NOT NULL',
        ids: rowIds('findingId'),
        reach: 'mine',
      },
    },
  },
  answerExplanation: {
    aims: { path: { at: (at) => ({ params: { findingId: at.finding }, body: { version: 1, text: '前往办公' } }), reach: 'mine' } },
  },
  addExhibit: {
    aims: {
      path: {
        at: (at) => ({
          params: { caseId: at.case },
          query: { name: 'a.gpx' },
          body: ONE_PLACE,
          headers: { 'content-type': 'application/octet-stream' },
        }),
        reach: 'mine',
      },
    },
  },
  listExhibits: { aims: mine() },
  readExhibit: { aims: ofExhibit },
  readExhibitFile: { aims: ofExhibit },
  estimateEvidence: { aims: mine() },
  makeEvidence: { aims: mine({}) },
  listEvidence: { aims: mine() },
  readEvidence: { aims: { path: { at: (at) => ({ params: { packageId: at.evidence } }), reach: 'mine' } } },
  listEvidenceKeys: { plain: {} },
}
