// What one was told: read again when the socket says so, or now and then where there is none.
import { queryOptions, useMutation } from '@tanstack/react-query'
import { call, queryClient } from '../../kit/api/session.ts'

const KEY = ['notifications'] as const
export const SHOWN = 30

export const notificationsQuery = (everyMs?: number) =>
  queryOptions({
    queryKey: KEY,
    queryFn: ({ signal }) => call('listNotifications', { query: { limit: SHOWN }, signal }),
    ...(everyMs ? { refetchInterval: everyMs } : {}),
  })

/** What was told says that a request or an order has changed: whatever shows one is read again with it. */
export const toldAgain = (): Promise<void> =>
  queryClient.invalidateQueries({
    predicate: ({ queryKey: [first, second] }) =>
      ['notifications', 'requests', 'orders', 'board', 'candidates'].includes(String(first === 'phone' ? second : first)),
  })

export const useRead = () =>
  useMutation({
    mutationFn: (which: { ids: number[] } | { upTo: number }) => call('readNotifications', { body: which }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: KEY }),
  })
