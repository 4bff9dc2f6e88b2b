// Every page of the desk, once: its address, its name, who may open it, and the file that shows it, which is fetched when it is opened.
// The router is made from this list, and the rail shows of it what the account may use.
import type { ComponentType } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import type { Capability, Role } from '../../services/domain/permissions.ts'
import { may } from '../kit/api/session.ts'
import type { TextKey } from './texts.ts'

type PageEntry = {
  path: `/${string}`
  name: TextKey
  /** Whoever has one of these may open it; everybody who is signed in when there are none. */
  needs: readonly Capability[]
  /** The rail shows it to this role only. */
  role?: Role
  /** Reached from elsewhere than the rail. */
  offRail?: true
  open: () => Promise<ComponentType>
}

export const pages = [
  { path: '/live', name: 'page.live', needs: ['live.view'], open: async () => (await import('../pages/live/LivePage.tsx')).LivePage },
  {
    path: '/requests',
    name: 'page.requests',
    needs: ['request.view'],
    open: async () => (await import('../pages/requests/RequestsPage.tsx')).RequestsPage,
  },
  {
    path: '/dispatch',
    name: 'page.dispatch',
    needs: ['order.dispatch'],
    open: async () => (await import('../pages/dispatch/DispatchPage.tsx')).DispatchPage,
  },
  {
    path: '/orders',
    name: 'page.orders',
    needs: ['order.view'],
    open: async () => (await import('../pages/orders/OrdersPage.tsx')).OrdersPage,
  },
  { path: '/fleet', name: 'page.fleet', needs: ['live.view'], open: async () => (await import('../pages/fleet/FleetPage.tsx')).FleetPage },
  {
    path: '/ledger',
    name: 'page.ledger',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/LedgerPage.tsx')).LedgerPage,
  },
  {
    path: '/flows',
    name: 'page.flows',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/FlowsPage.tsx')).FlowsPage,
  },
  {
    path: '/quota',
    name: 'page.quota',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/quota/QuotaPage.tsx')).QuotaPage,
  },
  {
    path: '/organisations',
    name: 'page.organisations',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/OrganisationsPage.tsx')).OrganisationsPage,
  },
  {
    path: '/drivers',
    name: 'page.drivers',
    needs: ['driver.view'],
    open: async () => (await import('../pages/drivers/DriversPage.tsx')).DriversPage,
  },
  {
    path: '/terminals',
    name: 'page.terminals',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/terminals/TerminalsPage.tsx')).TerminalsPage,
  },
  {
    path: '/suppliers',
    name: 'page.suppliers',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/places/SuppliersPage.tsx')).SuppliersPage,
  },
  {
    path: '/places',
    name: 'page.places',
    needs: ['place.view'],
    open: async () => (await import('../pages/places/PlacesPage.tsx')).PlacesPage,
  },
  {
    path: '/calendar',
    name: 'page.calendar',
    needs: ['driver.view'],
    open: async () => (await import('../pages/places/CalendarPage.tsx')).CalendarPage,
  },
  {
    path: '/exchange',
    name: 'page.exchange',
    needs: ['ledger.export'],
    open: async () => (await import('../pages/exchange/ExchangePage.tsx')).ExchangePage,
  },
  {
    path: '/secrecy',
    name: 'page.secrecy',
    needs: ['unmask.request', 'unmask.approve'],
    open: async () => (await import('../pages/secrecy/SecrecyPage.tsx')).SecrecyPage,
  },
  {
    path: '/own',
    name: 'own.title',
    needs: ['live.view'],
    role: 'driver',
    open: async () => (await import('../pages/drivers/OwnDriverPage.tsx')).OwnDriverPage,
  },
  { path: '/audit', name: 'page.audit', needs: ['audit.view'], open: async () => (await import('../pages/audit/AuditPage.tsx')).AuditPage },
  {
    path: '/accounts',
    name: 'page.accounts',
    needs: ['account.view'],
    open: async () => (await import('../pages/identity/AccountsPage.tsx')).AccountsPage,
  },
  {
    path: '/security',
    name: 'page.security',
    needs: ['policy.manage'],
    open: async () => (await import('../pages/identity/SecurityPage.tsx')).SecurityPage,
  },
  {
    path: '/operations',
    name: 'page.operations',
    needs: ['operations.view'],
    open: async () => (await import('../pages/operations/OperationsPage.tsx')).OperationsPage,
  },
  { path: '/me', name: 'page.me', needs: [], offRail: true, open: async () => (await import('../pages/identity/MePage.tsx')).MePage },
] as const satisfies readonly PageEntry[]

export type PagePath = (typeof pages)[number]['path']
/** The pages that the rail may show. */
export type RailPath = Exclude<(typeof pages)[number], { offRail: true }>['path']
type RailPage = PageEntry & { path: RailPath }

export const pagesOf = (account: Account): RailPage[] =>
  (pages as readonly PageEntry[]).filter(
    (page): page is RailPage =>
      !page.offRail && page.needs.some((one) => may(account, one)) && (page.role === undefined || page.role === account.role),
  )

/** Where each account begins: the first of these that it may open. Who asks for vehicles has no map before there is a trip. */
const homes: readonly PagePath[] = ['/live', '/ledger', '/operations', '/accounts', '/audit']
export const findHome = (account: Account): PagePath | undefined =>
  account.role === 'applicant'
    ? '/requests'
    : homes.find((path) => pages.some((page) => page.path === path && page.needs.some((one) => may(account, one))))

/** The name of the page at `path`; undefined when no page of the rail is there. */
export const nameOfPage = (path: string): TextKey | undefined => pages.find((page) => page.path === path)?.name
