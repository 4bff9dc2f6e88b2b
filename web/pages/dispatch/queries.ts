// What the page of dispatching reads, again whenever it has changed: another dispatcher may be at work on the same pool.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { everyMs } from '../../parts/trip/tripNews.ts'
import type { Range } from './boardGeometry.ts'

const RANKED_EVERY_MS = 60_000
const SHOWN_REQUESTS = 100
export const SHOWN_PAIRS = 9

export const queueQuery = queryOptions({
  queryKey: ['requests', 'queue'],
  refetchInterval: everyMs,
  queryFn: ({ signal }) => call('listRequests', { query: { waiting: 'dispatch', limit: SHOWN_REQUESTS }, signal }),
})

export const boardQuery = ({ fromMs, untilMs }: Range, organisationId: number | undefined, routes: boolean) =>
  queryOptions({
    queryKey: ['board', fromMs, untilMs, organisationId, routes],
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('getBoard', {
        query: {
          from: new Date(fromMs).toISOString(),
          until: new Date(untilMs).toISOString(),
          organisationId,
          with: routes ? 'routes' : undefined,
        },
        signal,
      }),
  })

export const candidatesQuery = (requestId: number, version: number | undefined) =>
  queryOptions({
    queryKey: ['candidates', requestId, version],
    // To rank a large pool is work.
    refetchInterval: RANKED_EVERY_MS,
    enabled: version !== undefined,
    queryFn: ({ signal }) => call('listCandidates', { params: { requestId }, query: { most: SHOWN_PAIRS }, signal }),
  })

/** Changes on the road that wait for whoever dispatches. */
export const waitingChangesQuery = queryOptions({
  queryKey: ['orders', 'changes'],
  refetchInterval: everyMs,
  queryFn: ({ signal }) => call('listOrderChanges', { query: { waiting: 'mine', limit: 50 }, signal }),
})
