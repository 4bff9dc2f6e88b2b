// Endpoint → slice, in the order of the API table. Nothing is decided here.
import type { VehicleFields } from '../contracts/api/ledger.ts'
import { Refusal } from '../contracts/errors.ts'
import { grantOf } from '../contracts/permissions.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { pinyinOf } from '../platform/pinyin.ts'
import { actorOf } from './audit/caller.ts'
import { createAuditHandlers } from './audit/handlers.ts'
import type { AuditHeads } from './audit/heads.ts'
import { recordAudit } from './audit/record.ts'
import { recordUse } from './audit/use.ts'
import type { AuditVerification } from './audit/verification.ts'
import { createDriversHandlers } from './drivers/handlers.ts'
import { createExchangeHandlers } from './exchange/handlers.ts'
import { listDemoAccounts } from './identity/demoAccounts.ts'
import { createIdentityHandlers } from './identity/handlers.ts'
import type { Identity } from './identity/identity.ts'
import { findPerson, isSamePerson } from './identity/persons.ts'
import type { LiveFeed } from './live/liveFeed.ts'
import { RosterCache } from './live/roster.ts'
import { terminalConservation, totalConservation } from './operations/conservation.ts'
import type { HealthReader } from './operations/health.ts'
import { listQuarantine, type Publish, replayQuarantined } from './operations/quarantine.ts'
import { createPlacesHandlers } from './places/handlers.ts'
import { createRegistryHandlers } from './registry/handlers.ts'
import { listOrganisations } from './registry/organisations.ts'
import { listLimits, policyFor } from './registry/standards.ts'
import { renumber } from './registry/tree.ts'
import { findVehicle } from './registry/vehicleDetail.ts'
import { searchTextOf } from './registry/vehicleFields.ts'
import { listVehicles } from './registry/vehicleList.ts'
import { type Call, type Handlers, orNotFound } from './routes.ts'
import { createSecrecyHandlers } from './secrecy/handlers.ts'
import { seenLists } from './seenLists.ts'
import type { Settings } from './settings.ts'
import { readTrack } from './tracks/track.ts'
import { listTrips } from './tracks/trips.ts'
import { windowOf } from './tracks/window.ts'

export type HandlerDeps = {
  db: Database
  clock: Clock
  settings: Settings
  identity: Identity
  feed: LiveFeed
  health: HealthReader
  publish: Publish
  auditHeads: AuditHeads | undefined
  verification: AuditVerification
  /** Told when what someone may see of sensitive vehicles has changed. */
  onSightChanged(): void
}

export function createHandlers(deps: HandlerDeps): Handlers {
  const { db, clock, settings, feed, health, publish } = deps
  const rosters = new RosterCache()
  const trackRead = ({ caller, reach, params, query }: Call<'getTrack'> | Call<'listTrips'>) => ({
    caller,
    reach,
    vehicleId: params.vehicleId,
    ...windowOf(query),
    purpose: query.purpose,
    atMs: clock.nowMs(),
  })
  return {
    ...createAuditHandlers(deps),
    ...createIdentityHandlers(deps),
    ...createDriversHandlers(deps),
    ...createPlacesHandlers(deps),
    ...createRegistryHandlers(deps),
    ...createExchangeHandlers({
      db,
      clock,
      rules: {
        pinyinOf,
        searchTextOf: (values) => searchTextOf(values as VehicleFields),
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
      isSamePerson: async (client, accountId, otherId) =>
        isSamePerson(await findPerson(client, accountId), await findPerson(client, otherId)),
      onSightChanged: deps.onSightChanged,
      onPolicyChanged: () => feed.checkLedger(),
    }),
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
      const { cleared, unmasked } = caller.scope
      const scope = { organisationId: caller.organisation.organisationId, vehicleId: reach.vehicleId, cleared }
      return rosters.get(feed.picture.ledger, scope, unmasked)
    },
    listOrganisations: async ({ caller }) => ({ rows: await listOrganisations(db, caller.scope, clock.nowMs()) }),
    listVehicles: ({ reach, query }) => listVehicles(db, reach, query, clock.nowMs()),
    async getVehicle({ caller, reach, params }) {
      const vehicle = orNotFound(await findVehicle(db, reach, params.vehicleId, caller.role, clock.nowMs()))
      // Whoever must state a purpose leaves a record of each vehicle looked at under it; so does whoever looks under an unmasking.
      const purpose = caller.session.livePurpose
      if (grantOf(caller.role, 'live.view').purposeRequired) {
        const subject = { type: 'vehicle', id: params.vehicleId }
        await recordAudit(db, { atMs: clock.nowMs(), actor: actorOf(caller), action: 'vehicle.view', subject, purpose })
      }
      await recordUse(db, caller, [params.vehicleId], 'live', clock.nowMs(), purpose)
      return vehicle
    },
    listTrips: (call) => listTrips(db, trackRead(call)),
    getTrack: (call) => readTrack(db, trackRead(call)),
    getConservation({ caller, query }) {
      const window = { from: query.from ? new Date(query.from) : undefined, to: query.to ? new Date(query.to) : undefined }
      if (query.terminalId === undefined) return totalConservation(db, window)
      return terminalConservation(db, caller.scope, query.terminalId, window)
    },
    listQuarantine: ({ caller, query }) => listQuarantine(db, caller, query),
    async replayQuarantine({ caller, params }) {
      await replayQuarantined(db, publish, caller, params.quarantineId, clock.nowMs())
      return {}
    },
  } satisfies Handlers
}
