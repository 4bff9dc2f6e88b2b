// Who is signed in, and the client that speaks for them. The account lives in the query cache under ['session'].
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import type { SignInStepAnswer } from '../../../services/contracts/api/identity.ts'
import type { Account } from '../../../services/contracts/api.ts'
import type { ErrorCode } from '../../../services/contracts/errors.ts'
import type { Capability } from '../../../services/domain/permissions.ts'
import { Store } from '../store.ts'
import { hasUnsaved } from '../unsaved.ts'
import { ApiError, createClient } from './client.ts'

const SESSION = ['session'] as const

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only a server that was not reached is worth another try.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.code === 'OFFLINE' || error.code === 'UNAVAILABLE'),
    },
  },
})

/** Refusals that say: the password was right, and one more step is needed. */
const stepCodes: readonly (ErrorCode | 'OFFLINE')[] = [
  'TOTP_REQUIRED',
  'TOTP_ENROLMENT_REQUIRED',
  'ENTRY_CODE_REQUIRED',
  'PASSWORD_CHANGE_REQUIRED',
  'NOTICE_REQUIRED',
]
const isStepNeeded = (error: unknown): boolean => error instanceof ApiError && stepCodes.includes(error.code)

/** The session ended while a form holds what is not saved: the page waits, covered, for the same person to come back. */
export const endedStore = new Store(false)

/** The sign-in that is half-way in this browser, as far as this page knows. */
let step: SignInStepAnswer | null = null
/** Survives a reload of this tab, so that the door asks for the step again and nobody else's door asks for nothing. */
const STEP_KEY = 'morin.step'

export const call = createClient({
  fetch: (input, init) => fetch(input, init),
  csrfToken: () => step?.csrfToken ?? queryClient.getQueryData<Account | null>(SESSION)?.csrfToken ?? null,
  onSignedOut: () => {
    if (!queryClient.getQueryData<Account | null>(SESSION)) return
    if (hasUnsaved()) endedStore.set(true)
    else queryClient.setQueryData(SESSION, null)
  },
})

export const sessionQuery = queryOptions<Account | null>({
  queryKey: SESSION,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }) => {
    try {
      return await call('getSession', { signal })
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NOT_SIGNED_IN') return null
      if (!isStepNeeded(error)) throw error
      sessionStorage.setItem(STEP_KEY, 'open')
      return null
    }
  },
})

export const findAccount = (): Promise<Account | null> => queryClient.ensureQueryData(sessionQuery)
const useFoundAccount = (): Account | null => useQuery(sessionQuery).data ?? null

/** To whom the pages behind sign-in were shown last. */
let shownTo: Account | null = null

/**
 * The account of a page behind sign-in. A page that is still being drawn when its session ends is drawn for whom it was, and left with the others
 * (app/Inside.tsx). Throws when there was never one: the route lets nobody in without.
 */
export function useAccount(): Account {
  shownTo = useFoundAccount() ?? shownTo
  if (!shownTo) throw new Error('a page behind sign-in was shown without an account')
  return shownTo
}

export function rememberAccount(account: Account | null): void {
  queryClient.setQueryData(SESSION, account)
}

/** Signs in; the answer is the step that is still to do, or null when one is in. */
export async function signIn(username: string, password: string): Promise<SignInStepAnswer | null> {
  step = null
  try {
    enter(await call('signIn', { body: { username, password } }))
    return null
  } catch (error) {
    if (!isStepNeeded(error)) throw error
    return rememberStep(await call('getSignInStep'))
  }
}

/** The step a reload, or the way back from single sign-on, has left open; null when there is none. */
export async function findStep(expected: boolean): Promise<SignInStepAnswer | null> {
  if (!expected && !sessionStorage.getItem(STEP_KEY)) return null
  try {
    return await goOn(await call('getSignInStep'))
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'NOT_SIGNED_IN')) throw error
    sessionStorage.removeItem(STEP_KEY)
    return null
  }
}

/** After a step: the next one, or null when it was the last and one is in. */
export async function goOn(next: SignInStepAnswer): Promise<SignInStepAnswer | null> {
  if (next.step !== 'open') return rememberStep(next)
  step = null
  sessionStorage.removeItem(STEP_KEY)
  enter(await call('getSession'))
  return null
}

function rememberStep(next: SignInStepAnswer): SignInStepAnswer {
  step = next
  sessionStorage.setItem(STEP_KEY, next.step)
  return next
}

function enter(account: Account): void {
  // The same person comes back to the form that waits; for anybody else the page begins anew.
  const back = endedStore.get() && queryClient.getQueryData<Account | null>(SESSION)?.username === account.username
  if (!back) forgetTheRest()
  rememberAccount(account)
  endedStore.set(false)
  if (back) void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] })
}

/** Gives up the form that waits: the session is over. */
export function giveUp(): void {
  endedStore.set(false)
  rememberAccount(null)
}

const TRIES = 4

/** Whoever leaves means it: a server that is too busy says so before it has begun, and is asked again; a session that is over is over. */
async function endSession(): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      return void (await call('signOut'))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'NOT_SIGNED_IN') return
      if (error.code !== 'UNAVAILABLE' || tries === TRIES) throw error
      await new Promise((again) => setTimeout(again, (error.retryAfterS ?? 1) * 1000))
    }
}

/** Leaves a sign-in half-way. */
export async function leaveStep(): Promise<void> {
  await endSession()
  step = null
  sessionStorage.removeItem(STEP_KEY)
}

/** Ends the session; when the server cannot be reached the error is thrown, because the cookie then still works. */
export async function signOut(): Promise<void> {
  await endSession()
  // The account's own entry must stay: who watches an entry that was taken away is never told that the session ended.
  rememberAccount(null)
  forgetTheRest()
}

const forgetTheRest = (): void => queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] })

export const may = (account: Account, capability: Capability): boolean => (account.permissions[capability]?.reach ?? 'none') !== 'none'
