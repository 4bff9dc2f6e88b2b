// Turns the list of pages into routes. Pages are lazy; nobody passes into the shell without a session.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import type { Account } from '../../services/contracts/api.ts'
import type { Capability, Role } from '../../services/domain/permissions.ts'
import { findAccount, may } from '../kit/api/session.ts'
import { isPhone } from '../kit/theme/media.ts'
import { parseSearch, stringifySearch, type UrlText } from '../kit/urlText.ts'
import { LoadFailed } from './LoadFailed.tsx'
import { PageNotFound } from './PageNotFound.tsx'
import { findHome, pages } from './pages.ts'
import { SignInDoor } from './SignInDoor.tsx'

type Context = { account: Account }

/** A page that the role may not use is not opened; it is said so, and what the role may use stays at hand. */
const needs =
  (anyOf: readonly Capability[]) =>
  ({ context, location }: { context: unknown; location: { pathname: string } }) => {
    if (anyOf.length > 0 && !anyOf.some((capability) => may((context as Context).account, capability)))
      throw redirect({ to: '/not-allowed', search: { page: location.pathname } } as never)
  }

const lazily = (open: () => Promise<ComponentType>) => lazyRouteComponent(async () => ({ default: await open() }))

const asText = (search: Record<string, unknown>): UrlText => search as UrlText

const root = createRootRoute({ component: Outlet, notFoundComponent: PageNotFound, errorComponent: LoadFailed, validateSearch: asText })

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInDoor })

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    const account = await findAccount()
    if (!account) throw redirect({ to: '/sign-in', search: { to: location.href } } as never)
    return { account }
  },
  component: lazily(async () => (await import('./Inside.tsx')).Inside),
})

/** The duty room's wall: the whole screen, without the shell. */
const wall = createRoute({
  getParentRoute: () => inside,
  path: '/wall',
  beforeLoad: needs(['live.view']),
  component: lazily(async () => (await import('../pages/live/WallPage.tsx')).WallPage),
})

const shell = createRoute({
  getParentRoute: () => inside,
  id: 'shell',
  component: lazily(async () => (await import('./Shell.tsx')).Shell),
})

/** To the phone's pages, a program of its own: nothing of this one is shown any more. */
function handOver(): Promise<never> {
  window.location.replace('/phone')
  return new Promise(() => undefined)
}

/** Whose day is on the phone begins there with one in his hand; its way to all pages says so (`/?pages=all`). */
const ofPhone: readonly Role[] = ['applicant', 'unit_approver', 'driver']

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async ({ context, search }) => {
    const { account } = context as unknown as Context
    if (ofPhone.includes(account.role) && isPhone() && search.pages !== 'all') return handOver()
    const to = findHome(account)
    if (to) throw redirect({ to } as never)
  },
  component: lazily(async () => (await import('../pages/home/HomePage.tsx')).HomePage),
})
const notAllowed = createRoute({
  getParentRoute: () => shell,
  path: '/not-allowed',
  component: lazily(async () => (await import('./NotAllowedPage.tsx')).NotAllowedPage),
})

const opened = pages.map(({ path, needs: anyOf, open }) =>
  createRoute({ getParentRoute: () => shell, path, beforeLoad: needs(anyOf), component: lazily(open) }),
)

export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([wall, shell.addChildren([home, notAllowed, ...opened])])]),
  parseSearch,
  stringifySearch,
  defaultPreload: false,
})
