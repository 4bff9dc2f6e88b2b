// The orders of whoever drives, and one of them; the last answers are there without a network.
import { queryOptions } from '@tanstack/react-query'
import { callOrLast } from '../outbox/lastAnswer.ts'

export const ordersQuery = (username: string) =>
  queryOptions({
    queryKey: ['phone', 'orders'],
    queryFn: () => callOrLast(username, 'listOrders', { query: { open: 'true', limit: 100 } }),
    refetchInterval: 30_000,
  })

export const orderQuery = (username: string, orderId: number) =>
  queryOptions({
    queryKey: ['phone', 'order', orderId],
    queryFn: () => callOrLast(username, 'getOrder', { params: { orderId } }),
    refetchInterval: 30_000,
  })
