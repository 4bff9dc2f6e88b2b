// Who is signed in, and the client that speaks for them. The account lives in the query cache under ['session'].
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import type { Account } from '../../services/contracts/api.ts'
import type { Capability } from '../../services/contracts/permissions.ts'
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

export const call = createClient({
  fetch: (input, init) => fetch(input, init),
  csrfToken: () => queryClient.getQueryData<Account | null>(SESSION)?.csrfToken ?? null,
  onSignedOut: () => {
    if (queryClient.getQueryData<Account | null>(SESSION)) queryClient.setQueryData(SESSION, null)
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
      throw error
    }
  },
})

export const findAccount = (): Promise<Account | null> => queryClient.ensureQueryData(sessionQuery)
const useFoundAccount = (): Account | null => useQuery(sessionQuery).data ?? null

/** The account of a page behind sign-in. Throws when there is none: the route lets nobody in without. */
export function useAccount(): Account {
  const account = useFoundAccount()
  if (!account) throw new Error('a page behind sign-in was shown without an account')
  return account
}

export function rememberAccount(account: Account | null): void {
  queryClient.setQueryData(SESSION, account)
}

export async function signIn(username: string, password: string): Promise<Account> {
  const account = await call('signIn', { body: { username, password } })
  forgetTheRest()
  rememberAccount(account)
  return account
}

/** Ends the session; when the server cannot be reached the error is thrown, because the cookie then still works. */
export async function signOut(): Promise<void> {
  await call('signOut')
  // The account's own entry must stay: who watches an entry that was taken away is never told that the session ended.
  rememberAccount(null)
  forgetTheRest()
}

const forgetTheRest = (): void => queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] })

export const may = (account: Account, capability: Capability): boolean => (account.permissions[capability]?.reach ?? 'none') !== 'none'
