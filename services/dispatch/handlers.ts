// Endpoint → slice, in the order of the API table. Nothing is decided here.
import { Refusal } from '../contracts/errors.ts'
import { pinyinOf } from '../platform/pinyin.ts'
import { createAuditHandlers } from './audit/handlers.ts'
import { createCasesHandlers } from './cases/handlers.ts'
import { createCostsHandlers } from './costs/handlers.ts'
import type { HandlerDeps } from './deps.ts'
import { listFitDrivers } from './drivers/fitDrivers.ts'
import { createDriversHandlers } from './drivers/handlers.ts'
import { createExchangeHandlers } from './exchange/handlers.ts'
import { readRows } from './exchange/read/readFile.ts'
import { createHandoverHandlers } from './handovers/handlers.ts'
import { listDemoAccounts } from './identity/demoAccounts.ts'
import { createIdentityHandlers } from './identity/handlers.ts'
import { changeLedger } from './kernel/act.ts'
import { grantFor } from './kernel/caller.ts'
import { recordLook } from './kernel/look.ts'
import { RosterCache } from './live/roster.ts'
import { createNotificationHandlers } from './notifications/handlers.ts'
import { terminalConservation, totalConservation } from './operations/conservation.ts'
import { listJobs, retryJob } from './operations/jobs.ts'
import { listQuarantine, readQuarantined, replayQuarantined } from './operations/quarantine.ts'
import { createOrdersHandlers } from './orders/handlers.ts'
import { createPlacesHandlers } from './places/handlers.ts'
import { findPlace } from './places/placeRead.ts'
import { createPublicationHandlers } from './publication/handlers.ts'
import { countClocksAhead } from './registry/clocks.ts'
import { fitTerminal } from './registry/fitting.ts'
import { createRegistryHandlers } from './registry/handlers.ts'
import { listOrganisations } from './registry/organisations.ts'
import { listLimits, policyFor } from './registry/standards.ts'
import { renumber } from './registry/tree.ts'
import { findVehicle } from './registry/vehicleDetail.ts'
import { searchTextOf } from './registry/vehicleFields.ts'
import { listVehicles } from './registry/vehicleList.ts'
import { createReportHandlers } from './reports/handlers.ts'
import { type Call, type Handlers, orNotFound } from './routes.ts'
import { createSealingHandlers } from './sealing/handlers.ts'
import { createSecrecyHandlers } from './secrecy/handlers.ts'
import { seenLists } from './seenLists.ts'
import { createFilingHandlers } from './statistics/filing/handlers.ts'
import { createStatisticsHandlers } from './statistics/handlers.ts'
import { createLetterHandlers } from './statistics/letters/handlers.ts'
import { createSupervisionHandlers } from './supervision/handlers.ts'
import { createTerminalHandlers } from './terminals/handlers.ts'
import { readTrack } from './tracks/track.ts'
import { readTrackBytes } from './tracks/trackBytes.ts'
import { exportTrack, recordPrint } from './tracks/trackFile.ts'
import { drivenM, listTrips } from './tracks/trips.ts'
import { windowOf } from './tracks/window.ts'
import { createUpkeepHandlers } from './upkeep/handlers.ts'
import { createWhereaboutsHandlers } from './whereabouts/handlers.ts'
import { readVehicleMinutes } from './whereabouts/vehicleMinutes.ts'

export function createHandlers(deps: HandlerDeps): Handlers {
  const { db, clock, settings, feed, health, publish, looks } = deps
  const rosters = new RosterCache()
  const trackRead = ({ caller, reach, params, query }: Call<'getTrack' | 'getTrackBytes' | 'listTrips' | 'exportTrack'>) => ({
    caller,
    reach: { ...reach, vehicleId: reach.vehicleId ?? null },
    vehicleId: params.vehicleId,
    ...windowOf(query),
    purpose: query.purpose,
    caseId: query.caseId,
    atMs: clock.nowMs(),
  })
  return {
    ...createAuditHandlers(deps),
    ...createCasesHandlers(deps),
    ...createSupervisionHandlers({ db, clock, onDone: deps.onTripsChanged }),
    ...createHandoverHandlers({ db, clock, onDone: deps.onTripsChanged }),
    ...createSealingHandlers({ db, clock, onDone: deps.onTripsChanged }),
    ...createUpkeepHandlers({ db, clock, onDone: deps.onTripsChanged }),
    ...createStatisticsHandlers({ db, clock }),
    ...createCostsHandlers({ db, clock, readRows }),
    ...createFilingHandlers({ db, clock }),
    ...createLetterHandlers({ db, clock }),
    ...createPublicationHandlers({ db, clock }),
    ...createReportHandlers(deps.reports),
    ...createIdentityHandlers(deps),
    ...createDriversHandlers(deps),
    ...createPlacesHandlers(deps),
    ...createOrdersHandlers({
      db,
      clock,
      listDrivers: listFitDrivers,
      travelTimes: deps.travelTimes,
      bringIn: deps.bringIn,
      drivenM,
      key: deps.identity.key,
      onDone: deps.onTripsChanged,
    }),
    ...createNotificationHandlers(deps.push),
    ...createRegistryHandlers(deps),
    ...createExchangeHandlers({
      db,
      clock,
      rules: {
        pinyinOf,
        searchTextOf: (values) => searchTextOf(values as Parameters<typeof searchTextOf>[0]),
        renumber,
        listLimits,
        policyFor,
        onChanged: () => feed.checkLedger(),
      },
      lists: seenLists,
    }),
    ...createSecrecyHandlers({
      db,
      clock,
      onSightChanged: deps.onSightChanged,
      onPolicyChanged: () => feed.checkLedger(),
    }),
    ...createTerminalHandlers({
      db,
      clock,
      settings,
      looks,
      rules: {
        change: (who, work) => changeLedger({ db, clock, onDone: () => feed.checkLedger() }, who, work),
        fit: fitTerminal,
      },
    }),
    ...createWhereaboutsHandlers({ db, clock, findPlace: (who, placeId) => findPlace(db, who.reach, placeId) }),
    async getHealth({ setStatus }) {
      const answer = await health.read()
      if (answer.status === 'down') setStatus(503)
      return answer
    },
    getMapSources: async () => ({
      demo: settings.demo,
      styleUrl: settings['map-style-url'] ?? null,
      tiandituKey: settings['tianditu-key'] ?? null,
      pmtilesUrl: settings['pmtiles-url'] ?? null,
      reviewNo: settings['map-review-no'] ?? null,
    }),
    listDemoAccounts: () => listDemoAccounts(db, settings.demo, settings['demo-password']),
    async getRoster({ caller, reach }) {
      if (!feed.ready) throw new Refusal('UNAVAILABLE')
      const { cleared, unmasked } = reach
      const scope = { organisationId: caller.organisation.organisationId, vehicleId: reach.vehicleId, cleared }
      return rosters.get(feed.picture.ledger, scope, unmasked)
    },
    listOrganisations: async ({ reach }) => ({ rows: await listOrganisations(db, reach, clock.nowMs()) }),
    async listVehicles({ caller, reach, query }) {
      const { limit: _limit, offset: _offset, ...filter } = query
      await looks.owed({ caller, reach }, 'list', filter)
      return listVehicles(db, reach, query, clock.nowMs())
    },
    async getVehicle({ caller, reach, params: { vehicleId } }) {
      const atMs = clock.nowMs()
      // Whoever must state a purpose leaves a record of each vehicle looked at under it; so does whoever looks under an unmasking.
      const action = grantFor(caller, 'live.view').purposeRequired ? 'vehicle.view' : undefined
      await recordLook(db, { caller, reach, vehicleId, action, part: 'live', purpose: caller.session.livePurpose, atMs })
      if (!action) await looks.owed({ caller, reach }, 'vehicle', { vehicleId })
      return orNotFound(await findVehicle(db, reach, vehicleId, caller.role, atMs))
    },
    listTrips: (call) => listTrips(db, trackRead(call)),
    getTrack: (call) => readTrack(db, trackRead(call)),
    async getTrackBytes(call) {
      const content = await readTrackBytes(db, trackRead(call), { readMinutes: readVehicleMinutes })
      return { fileName: `${call.params.vehicleId}.mtk`, mediaType: 'application/octet-stream', content, encoding: 'gzip' }
    },
    exportTrack: (call) => exportTrack(db, trackRead(call), call.query),
    printTracks: ({ caller, reach, body: { vehicleIds, purpose, caseId, ...body } }) =>
      recordPrint(db, {
        caller,
        reach: { ...reach, vehicleId: null },
        vehicleIds,
        purpose,
        caseId,
        ...windowOf(body),
        atMs: clock.nowMs(),
      }),
    async getConservation({ reach, query }) {
      const window = { from: query.from ? new Date(query.from) : undefined, to: query.to ? new Date(query.to) : undefined }
      const counts =
        query.terminalId === undefined
          ? await totalConservation(db, window)
          : await terminalConservation(db, reach, query.terminalId, window)
      return { ...counts, broker: (await health.read()).broker }
    },
    getClocks: async ({ reach }) => ({ ahead: await countClocksAhead(db, reach) }),
    listQuarantine: (call) => listQuarantine(db, call, call.query),
    readQuarantined: (call) => readQuarantined(db, call, call.params.quarantineId, call.query.purpose, clock.nowMs()),
    async replayQuarantine(call) {
      await replayQuarantined({ db, clock }, publish, call, call.params.quarantineId)
      return {}
    },
    listJobs: ({ caller, query }) => listJobs(db, caller, query),
    async retryJob(call) {
      await retryJob({ db, clock }, call, call.params.jobId)
      deps.wakeJobs()
      return {}
    },
  } satisfies Handlers
}
