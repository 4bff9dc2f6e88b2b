// What the page of dispatching reads, again every few seconds: another dispatcher may be at work on the same pool.
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import type { Range } from './boardGeometry.ts'

const EVERY_MS = 3_000
const SHOWN_REQUESTS = 100
export const SHOWN_PAIRS = 9

export const queueQuery = queryOptions({
  queryKey: ['requests', 'queue'],
  refetchInterval: EVERY_MS,
  queryFn: ({ signal }) => call('listRequests', { query: { waiting: 'dispatch', limit: SHOWN_REQUESTS }, signal }),
})

export const boardQuery = ({ fromMs, untilMs }: Range, organisationId: number | undefined) =>
  queryOptions({
    queryKey: ['board', fromMs, untilMs, organisationId],
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      call('getBoard', {
        query: { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString(), organisationId },
        signal,
      }),
  })

export const candidatesQuery = (requestId: number, version: number | undefined) =>
  queryOptions({
    queryKey: ['candidates', requestId, version],
    // To rank a large pool is work.
    refetchInterval: EVERY_MS * 10,
    enabled: version !== undefined,
    queryFn: ({ signal }) => call('listCandidates', { params: { requestId }, query: { most: SHOWN_PAIRS }, signal }),
  })
