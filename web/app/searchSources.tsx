// What the search looks through, in the order its answers stand: each source with the right it needs and the page it opens.
// The server cuts every answer to the scope; what a role may not see is not asked for.
import type { Account } from '../../services/contracts/api.ts'
import type { Capability } from '../../services/domain/permissions.ts'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { call, may } from '../kit/api/session.ts'
import type { UrlText } from '../kit/urlText.ts'
import { StatusWord } from '../parts/marks/Marks.tsx'
import { Plate } from '../parts/marks/Plate.tsx'
import type { OrganisationTree } from '../parts/organisation/organisations.ts'
import type { Text, TextKey } from './texts.ts'

type Hit = { key: string; row: React.ReactNode; search: UrlText }
export type Found = { total: number; hits: Hit[] }
export type SearchSource = {
  name: TextKey
  /** The page that shows what was found. */
  to: string
  find: (q: string, signal: AbortSignal) => Promise<Found>
}

const VEHICLES = 8
const OTHERS = 4

const Words = ({ strong, quiet }: { strong: string; quiet: string }) => (
  <>
    <strong>{strong}</strong>
    <span className="search-unit quiet">{quiet}</span>
  </>
)

const onMap: SearchSource = {
  name: 'search.vehicles',
  to: '/live',
  find: async (q, signal) => {
    const { total, rows } = await call('listVehicles', { query: { q, limit: VEHICLES }, signal })
    // A sensitive vehicle that is shown coarsely has no plate to be found by.
    const hits = rows
      .filter((row) => row.seen === 'whole')
      .map((row) => ({
        key: `vehicle-${row.vehicleId}`,
        search: { v: String(row.vehicleId) },
        row: (
          <>
            <Plate plate={row.plate} colour={row.plateColour} />
            <span className="search-unit">
              {row.userUnit.name}
              {row.driverName && <span className="quiet"> · {row.driverName}</span>}
            </span>
            <StatusWord status={row.status} />
          </>
        ),
      }))
    return { total, hits }
  },
}

const inLedger = (t: Text): SearchSource => ({
  name: 'search.vehicles',
  to: '/ledger',
  find: async (q, signal) => {
    const { total, rows } = await call('listLedger', { query: { q, limit: VEHICLES }, signal })
    const hits = rows.map((row) => ({
      key: `vehicle-${row.vehicleId}`,
      search: { id: String(row.vehicleId) },
      row: (
        <>
          <Plate plate={row.plate} colour={row.plateColour} />
          <span className="search-unit">{row.userUnit.name}</span>
          <span className="quiet">{t(`vehicleState.${row.state}`)}</span>
        </>
      ),
    }))
    return { total, hits }
  },
})

const terminals: SearchSource = {
  name: 'search.terminals',
  to: '/terminals',
  find: async (q, signal) => {
    const { total, rows } = await call('listTerminals', { query: { q, limit: OTHERS }, signal })
    const hits = rows.map(({ terminalId, vehicle, organisation }) => ({
      key: `terminal-${terminalId}`,
      search: { id: terminalId },
      row: <Words strong={terminalId} quiet={vehicle ? `${plateAsPrinted(vehicle.plate)} · ${organisation.name}` : organisation.name} />,
    }))
    return { total, hits }
  },
}

const drivers: SearchSource = {
  name: 'search.drivers',
  to: '/drivers',
  find: async (q, signal) => {
    const { total, rows } = await call('listDrivers', { query: { q, limit: OTHERS }, signal })
    const hits = rows.map(({ driverId, name, organisation }) => ({
      key: `driver-${driverId}`,
      search: { id: String(driverId) },
      row: <Words strong={name} quiet={organisation.name} />,
    }))
    return { total, hits }
  },
}

const units = (tree: OrganisationTree): SearchSource => ({
  name: 'search.units',
  to: '/organisations',
  find: async (q) => {
    const rows = tree.find(q, 60)
    const hits = rows.slice(0, OTHERS).map(({ organisationId, parentId, name }) => ({
      key: `unit-${organisationId}`,
      search: { id: String(organisationId) },
      row: <Words strong={name} quiet={parentId === null ? '' : tree.nameOf(parentId)} />,
    }))
    return { total: rows.length, hits }
  },
})

const places = (t: Text): SearchSource => ({
  name: 'search.places',
  to: '/places',
  find: async (q, signal) => {
    const { total, rows } = await call('listPlaces', { query: { q, limit: OTHERS }, signal })
    const hits = rows.map(({ placeId, name, kind }) => ({
      key: `place-${placeId}`,
      search: { id: String(placeId) },
      row: <Words strong={name} quiet={t(`placeKind.${kind}`)} />,
    }))
    return { total, hits }
  },
})

const accounts: SearchSource = {
  name: 'search.accounts',
  to: '/accounts',
  find: async (q, signal) => {
    const { total, rows } = await call('listAccounts', { query: { q, limit: VEHICLES }, signal })
    const hits = rows.map(({ accountId, username, displayName, organisation }) => ({
      key: `account-${accountId}`,
      search: { account: String(accountId) },
      row: <Words strong={`${displayName} · ${username}`} quiet={organisation.name} />,
    }))
    return { total, hits }
  },
}

const searched: readonly Capability[] = ['live.view', 'ledger.view', 'driver.view', 'place.view', 'account.view']
export const maySearch = (account: Account): boolean => searched.some((capability) => may(account, capability))

/** The sources of this account. Without a purpose on record, where one is required, vehicles are found in the ledger and not on the map. */
export function sourcesOf(account: Account, tree: OrganisationTree | undefined, t: Text): SearchSource[] {
  const live = may(account, 'live.view') && !(account.permissions['live.view'].purposeRequired && account.livePurpose === null)
  const ledger = may(account, 'ledger.view')
  return [
    ...(live ? [onMap] : ledger ? [inLedger(t)] : []),
    ...(may(account, 'driver.view') ? [drivers] : []),
    ...(ledger ? [terminals] : []),
    ...(ledger && tree ? [units(tree)] : []),
    ...(may(account, 'place.view') ? [places(t)] : []),
    ...(may(account, 'account.view') ? [accounts] : []),
  ]
}
