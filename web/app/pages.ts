// Every page of the desk, once: its address, its name, its group in the rail, who may open it, and the file that shows it, which is fetched when it is
// opened. The router is made from this list, and the rail shows of it what the account may use: groups in the order of `groups`, pages as they stand here.
import type { ComponentType } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import type { Capability, Role } from '../../services/domain/permissions.ts'
import { may } from '../kit/api/session.ts'
import type { TextKey } from './texts.ts'

/** The work that pages are for. */
export const groups = ['live', 'dispatch', 'trips', 'fleet', 'oversight', 'audit', 'reports', 'operations', 'system'] as const
export type Group = (typeof groups)[number]

type PageEntry = {
  path: `/${string}`
  name: TextKey
  group: Group
  /** Whoever has one of these may open it; everybody who is signed in when there are none. */
  needs: readonly Capability[]
  /** The rail shows it to this role only. */
  role?: Role
  /** Reached from elsewhere than the rail. */
  offRail?: true
  /** Requests, or orders with costs to approve, that wait here for whoever has this capability: how many is said in the rail. */
  waiting?: { which: 'approval' | 'dispatch' | 'costs'; of: Capability }
  open: () => Promise<ComponentType>
}

export const pages = [
  {
    path: '/live',
    name: 'page.live',
    group: 'live',
    needs: ['live.view'],
    open: async () => (await import('../pages/live/LivePage.tsx')).LivePage,
  },
  {
    path: '/fleet',
    name: 'page.fleet',
    group: 'live',
    needs: ['live.view'],
    open: async () => (await import('../pages/fleet/FleetPage.tsx')).FleetPage,
  },
  {
    path: '/dispatch',
    name: 'page.dispatch',
    group: 'dispatch',
    needs: ['order.dispatch'],
    waiting: { which: 'dispatch', of: 'order.dispatch' },
    open: async () => (await import('../pages/dispatch/DispatchPage.tsx')).DispatchPage,
  },
  {
    path: '/orders',
    name: 'page.orders',
    group: 'dispatch',
    needs: ['order.view'],
    waiting: { which: 'costs', of: 'cost.approve' },
    open: async () => (await import('../pages/orders/OrdersPage.tsx')).OrdersPage,
  },
  {
    path: '/loans',
    name: 'page.loans',
    group: 'dispatch',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/loans/LoansPage.tsx')).LoansPage,
  },
  {
    path: '/costs',
    name: 'page.costs',
    group: 'dispatch',
    needs: ['cost.view'],
    open: async () => (await import('../pages/costs/CostsPage.tsx')).CostsPage,
  },
  {
    path: '/requests',
    name: 'page.requests',
    group: 'trips',
    needs: ['request.view'],
    waiting: { which: 'approval', of: 'request.approve' },
    open: async () => (await import('../pages/requests/RequestsPage.tsx')).RequestsPage,
  },
  {
    path: '/ledger',
    name: 'page.ledger',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/LedgerPage.tsx')).LedgerPage,
  },
  {
    path: '/flows',
    name: 'page.flows',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/FlowsPage.tsx')).FlowsPage,
  },
  {
    path: '/upkeep',
    name: 'page.upkeep',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/upkeep/UpkeepPage.tsx')).UpkeepPage,
  },
  {
    path: '/mishaps',
    name: 'page.mishaps',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/mishaps/MishapsPage.tsx')).MishapsPage,
  },
  {
    path: '/quota',
    name: 'page.quota',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/quota/QuotaPage.tsx')).QuotaPage,
  },
  {
    path: '/organisations',
    name: 'page.organisations',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/ledger/OrganisationsPage.tsx')).OrganisationsPage,
  },
  {
    path: '/drivers',
    name: 'page.drivers',
    group: 'fleet',
    needs: ['driver.view'],
    open: async () => (await import('../pages/drivers/DriversPage.tsx')).DriversPage,
  },
  {
    path: '/leaves',
    name: 'page.leaves',
    group: 'fleet',
    needs: ['leave.decide'],
    open: async () => (await import('../pages/leaves/LeavesPage.tsx')).LeavesPage,
  },
  {
    path: '/handovers',
    name: 'page.handovers',
    group: 'fleet',
    needs: ['order.view'],
    open: async () => (await import('../pages/handovers/HandoversPage.tsx')).HandoversPage,
  },
  {
    path: '/terminals',
    name: 'page.terminals',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/terminals/TerminalsPage.tsx')).TerminalsPage,
  },
  {
    path: '/suppliers',
    name: 'page.suppliers',
    group: 'fleet',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/places/SuppliersPage.tsx')).SuppliersPage,
  },
  {
    path: '/places',
    name: 'page.places',
    group: 'fleet',
    needs: ['place.view'],
    open: async () => (await import('../pages/places/PlacesPage.tsx')).PlacesPage,
  },
  {
    path: '/calendar',
    name: 'page.calendar',
    group: 'fleet',
    needs: ['driver.view'],
    open: async () => (await import('../pages/places/CalendarPage.tsx')).CalendarPage,
  },
  {
    path: '/exchange',
    name: 'page.exchange',
    group: 'fleet',
    needs: ['ledger.export'],
    open: async () => (await import('../pages/exchange/ExchangePage.tsx')).ExchangePage,
  },
  {
    path: '/own',
    name: 'own.title',
    group: 'fleet',
    needs: ['live.view'],
    role: 'driver',
    open: async () => (await import('../pages/drivers/OwnDriverPage.tsx')).OwnDriverPage,
  },
  {
    path: '/findings',
    name: 'page.supervision',
    group: 'oversight',
    needs: ['finding.view'],
    open: async () => (await import('../pages/supervision/FindingsPage.tsx')).FindingsPage,
  },
  {
    path: '/sealing',
    name: 'page.sealing',
    group: 'oversight',
    needs: ['ledger.view'],
    open: async () => (await import('../pages/sealing/SealingPage.tsx')).SealingPage,
  },
  {
    path: '/secrecy',
    name: 'page.secrecy',
    group: 'oversight',
    needs: ['unmask.request', 'unmask.approve'],
    open: async () => (await import('../pages/secrecy/SecrecyPage.tsx')).SecrecyPage,
  },
  {
    path: '/cases',
    name: 'page.cases',
    group: 'audit',
    needs: ['case.keep'],
    open: async () => (await import('../pages/cases/CasesPage.tsx')).CasesPage,
  },
  {
    path: '/explanations',
    name: 'page.explanations',
    group: 'oversight',
    needs: ['explanation.give'],
    open: async () => (await import('../pages/explanations/ExplanationsPage.tsx')).ExplanationsPage,
  },
  {
    path: '/replay',
    name: 'page.replay',
    group: 'audit',
    needs: ['track.view'],
    // Reached from a case or a vehicle: by itself there is nothing to play.
    offRail: true,
    open: async () => (await import('../pages/replay/ReplayPage.tsx')).ReplayPage,
  },
  {
    path: '/whereabouts',
    name: 'page.whereabouts',
    group: 'audit',
    needs: ['whereabouts.ask'],
    open: async () => (await import('../pages/whereabouts/WhereaboutsPage.tsx')).WhereaboutsPage,
  },
  {
    path: '/compare',
    name: 'page.compare',
    group: 'audit',
    needs: ['track.view'],
    // Reached from a case, a replay or an order: by itself there is nothing to compare.
    offRail: true,
    open: async () => (await import('../pages/compare/ComparePage.tsx')).ComparePage,
  },
  {
    path: '/looks',
    name: 'page.looks',
    group: 'audit',
    needs: ['audit.export'],
    open: async () => (await import('../pages/looks/LooksPage.tsx')).LooksPage,
  },
  {
    path: '/audit',
    name: 'page.audit',
    group: 'audit',
    needs: ['audit.view'],
    open: async () => (await import('../pages/audit/AuditPage.tsx')).AuditPage,
  },
  {
    path: '/boards',
    name: 'page.boards',
    group: 'reports',
    needs: ['statistics.view'],
    open: async () => (await import('../pages/boards/BoardsPage.tsx')).BoardsPage,
  },
  {
    path: '/statistics',
    name: 'page.statistics',
    group: 'reports',
    needs: ['statistics.view'],
    open: async () => (await import('../pages/statistics/StatisticsPage.tsx')).StatisticsPage,
  },
  {
    path: '/filings',
    name: 'page.filings',
    group: 'reports',
    needs: ['statistics.view'],
    open: async () => (await import('../pages/filings/FilingsPage.tsx')).FilingsPage,
  },
  {
    path: '/publications',
    name: 'page.publications',
    group: 'reports',
    needs: ['statistics.view'],
    open: async () => (await import('../pages/publications/PublicationsPage.tsx')).PublicationsPage,
  },
  {
    path: '/letters',
    name: 'page.letters',
    group: 'reports',
    needs: ['letter.view'],
    open: async () => (await import('../pages/letters/LettersPage.tsx')).LettersPage,
  },
  {
    path: '/reports',
    name: 'page.reports',
    group: 'reports',
    needs: ['report.plan'],
    open: async () => (await import('../pages/reports/ReportsPage.tsx')).ReportsPage,
  },
  {
    path: '/operations',
    name: 'page.operations',
    group: 'operations',
    needs: ['operations.view'],
    open: async () => (await import('../pages/operations/OperationsPage.tsx')).OperationsPage,
  },
  {
    path: '/accounts',
    name: 'page.accounts',
    group: 'system',
    needs: ['account.view'],
    open: async () => (await import('../pages/identity/AccountsPage.tsx')).AccountsPage,
  },
  {
    path: '/security',
    name: 'page.security',
    group: 'system',
    needs: ['policy.manage'],
    open: async () => (await import('../pages/identity/SecurityPage.tsx')).SecurityPage,
  },
  {
    path: '/webhooks',
    name: 'page.webhooks',
    group: 'system',
    needs: ['webhook.manage'],
    open: async () => (await import('../pages/webhooks/WebhooksPage.tsx')).WebhooksPage,
  },
  {
    path: '/me',
    name: 'page.me',
    group: 'system',
    needs: [],
    offRail: true,
    open: async () => (await import('../pages/identity/MePage.tsx')).MePage,
  },
] as const satisfies readonly PageEntry[]

export type PagePath = (typeof pages)[number]['path']
/** The pages that the rail may show. */
export type RailPath = Exclude<(typeof pages)[number], { offRail: true }>['path']
export type RailPage = PageEntry & { path: RailPath }
export type RailGroup = { group: Group; pages: RailPage[] }

/** What the rail shows to an account: of each group the pages that it may open, and no group without one. */
export const railOf = (account: Account): RailGroup[] => {
  const open = (pages as readonly PageEntry[]).filter(
    (page): page is RailPage =>
      !page.offRail && page.needs.some((one) => may(account, one)) && (page.role === undefined || page.role === account.role),
  )
  return groups.map((group) => ({ group, pages: open.filter((page) => page.group === group) })).filter((each) => each.pages.length > 0)
}

/** Where each account begins: the first of these that it may open. Who asks for vehicles has no map before there is a trip. */
const homes: readonly PagePath[] = ['/live', '/ledger', '/operations', '/accounts', '/audit']
export const findHome = (account: Account): PagePath | undefined =>
  account.role === 'applicant'
    ? '/requests'
    : homes.find((path) => pages.some((page) => page.path === path && page.needs.some((one) => may(account, one))))

/** The name of the page at `path`; undefined when no page of the rail is there. */
export const nameOfPage = (path: string): TextKey | undefined => pages.find((page) => page.path === path)?.name
