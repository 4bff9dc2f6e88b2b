// What is read of requests and orders, and what a change makes read again.
import { queryOptions } from '@tanstack/react-query'
import { call, queryClient } from '../../kit/api/session.ts'

export const requestQuery = (requestId: number) =>
  queryOptions({
    queryKey: ['requests', 'one', requestId],
    queryFn: ({ signal }) => call('getRequest', { params: { requestId }, signal }),
  })

export const orderQuery = (orderId: number) =>
  queryOptions({ queryKey: ['orders', 'one', orderId], queryFn: ({ signal }) => call('getOrder', { params: { orderId }, signal }) })

/** A request and its order follow each other, and the board shows both. */
export async function tripsChanged(): Promise<void> {
  await Promise.all([['requests'], ['orders'], ['board'], ['candidates']].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}
