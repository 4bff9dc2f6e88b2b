// Every page and its address. Pages are lazy; nobody passes into the frame without a session.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { Account } from '../services/contracts/api.ts'
import type { Capability } from '../services/contracts/permissions.ts'
import { findAccount, may } from './api/session.ts'
import { LoadFailed } from './frame/LoadFailed.tsx'
import { PageNotFound } from './frame/PageNotFound.tsx'
import { SignInPage } from './signIn/SignInPage.tsx'
import { parseSearch, stringifySearch, type UrlText } from './urlText.ts'

type Context = { account: Account }

/** A page that the role may not use is not opened; it is said so, and what the role may use stays at hand. */
const needs =
  (...anyOf: Capability[]) =>
  ({ context, location }: { context: unknown; location: { pathname: string } }) => {
    if (!anyOf.some((capability) => may((context as Context).account, capability)))
      throw redirect({ to: '/not-allowed', search: { page: location.pathname } } as never)
  }

const asText = (search: Record<string, unknown>): UrlText => search as UrlText

const root = createRootRoute({ component: Outlet, notFoundComponent: PageNotFound, errorComponent: LoadFailed, validateSearch: asText })

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage })

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    const account = await findAccount()
    if (!account) throw redirect({ to: '/sign-in', search: { to: location.href } } as never)
    return { account }
  },
  component: lazyRouteComponent(() => import('./frame/Inside.tsx'), 'Inside'),
})

const wall = createRoute({
  getParentRoute: () => inside,
  path: '/wall',
  beforeLoad: needs('live.view'),
  component: lazyRouteComponent(() => import('./live/WallPage.tsx'), 'WallPage'),
})

const frame = createRoute({
  getParentRoute: () => inside,
  id: 'frame',
  component: lazyRouteComponent(() => import('./frame/Frame.tsx'), 'Frame'),
})

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: ({ context }) => {
    const { account } = context as unknown as Context
    if (may(account, 'live.view')) throw redirect({ to: '/live' } as never)
    if (may(account, 'ledger.view')) throw redirect({ to: '/ledger' } as never)
    if (may(account, 'operations.view')) throw redirect({ to: '/operations' } as never)
    if (may(account, 'account.view')) throw redirect({ to: '/accounts' } as never)
    if (may(account, 'audit.view')) throw redirect({ to: '/audit' } as never)
  },
  component: lazyRouteComponent(() => import('./frame/HomePage.tsx'), 'HomePage'),
})
const notAllowed = createRoute({
  getParentRoute: () => frame,
  path: '/not-allowed',
  component: lazyRouteComponent(() => import('./frame/NotAllowedPage.tsx'), 'NotAllowedPage'),
})
const live = createRoute({
  getParentRoute: () => frame,
  path: '/live',
  beforeLoad: needs('live.view'),
  component: lazyRouteComponent(() => import('./live/LivePage.tsx'), 'LivePage'),
})
const fleet = createRoute({
  getParentRoute: () => frame,
  path: '/fleet',
  beforeLoad: needs('live.view'),
  component: lazyRouteComponent(() => import('./fleet/FleetPage.tsx'), 'FleetPage'),
})
const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  beforeLoad: needs('audit.view'),
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
})
const exchange = createRoute({
  getParentRoute: () => frame,
  path: '/exchange',
  beforeLoad: needs('ledger.export'),
  component: lazyRouteComponent(() => import('./exchange/ExchangePage.tsx'), 'ExchangePage'),
})
const operations = createRoute({
  getParentRoute: () => frame,
  path: '/operations',
  beforeLoad: needs('operations.view'),
  component: lazyRouteComponent(() => import('./operations/OperationsPage.tsx'), 'OperationsPage'),
})

const accounts = createRoute({
  getParentRoute: () => frame,
  path: '/accounts',
  beforeLoad: needs('account.view'),
  component: lazyRouteComponent(() => import('./identity/AccountsPage.tsx'), 'AccountsPage'),
})
const security = createRoute({
  getParentRoute: () => frame,
  path: '/security',
  beforeLoad: needs('policy.manage'),
  component: lazyRouteComponent(() => import('./identity/SecurityPage.tsx'), 'SecurityPage'),
})
const me = createRoute({
  getParentRoute: () => frame,
  path: '/me',
  component: lazyRouteComponent(() => import('./identity/MePage.tsx'), 'MePage'),
})

const ledger = createRoute({
  getParentRoute: () => frame,
  path: '/ledger',
  beforeLoad: needs('ledger.view'),
  component: lazyRouteComponent(() => import('./ledger/LedgerPage.tsx'), 'LedgerPage'),
})
const flows = createRoute({
  getParentRoute: () => frame,
  path: '/flows',
  beforeLoad: needs('ledger.view'),
  component: lazyRouteComponent(() => import('./ledger/FlowsPage.tsx'), 'FlowsPage'),
})
const quota = createRoute({
  getParentRoute: () => frame,
  path: '/quota',
  beforeLoad: needs('ledger.view'),
  component: lazyRouteComponent(() => import('./quota/QuotaPage.tsx'), 'QuotaPage'),
})
const organisations = createRoute({
  getParentRoute: () => frame,
  path: '/organisations',
  beforeLoad: needs('ledger.view'),
  component: lazyRouteComponent(() => import('./ledger/OrganisationsPage.tsx'), 'OrganisationsPage'),
})

const drivers = createRoute({
  getParentRoute: () => frame,
  path: '/drivers',
  beforeLoad: needs('driver.view'),
  component: lazyRouteComponent(() => import('./drivers/DriversPage.tsx'), 'DriversPage'),
})
const ownDriver = createRoute({
  getParentRoute: () => frame,
  path: '/own',
  beforeLoad: needs('live.view'),
  component: lazyRouteComponent(() => import('./drivers/OwnDriverPage.tsx'), 'OwnDriverPage'),
})
const suppliers = createRoute({
  getParentRoute: () => frame,
  path: '/suppliers',
  beforeLoad: needs('ledger.view'),
  component: lazyRouteComponent(() => import('./places/SuppliersPage.tsx'), 'SuppliersPage'),
})
const places = createRoute({
  getParentRoute: () => frame,
  path: '/places',
  beforeLoad: needs('place.view'),
  component: lazyRouteComponent(() => import('./places/PlacesPage.tsx'), 'PlacesPage'),
})
const secrecy = createRoute({
  getParentRoute: () => frame,
  path: '/secrecy',
  beforeLoad: needs('unmask.request', 'unmask.approve'),
  component: lazyRouteComponent(() => import('./secrecy/SecrecyPage.tsx'), 'SecrecyPage'),
})
const calendar = createRoute({
  getParentRoute: () => frame,
  path: '/calendar',
  beforeLoad: needs('driver.view'),
  component: lazyRouteComponent(() => import('./places/CalendarPage.tsx'), 'CalendarPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    inside.addChildren([
      wall,
      frame.addChildren([
        exchange,
        accounts,
        security,
        me,
        home,
        notAllowed,
        live,
        fleet,
        ledger,
        flows,
        quota,
        organisations,
        drivers,
        ownDriver,
        suppliers,
        places,
        calendar,
        secrecy,
        audit,
        operations,
      ]),
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: false,
})
