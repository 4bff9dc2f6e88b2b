// What the drivers' pages read, and what a change makes them read again.
import { queryOptions } from '@tanstack/react-query'
import { call, queryClient } from '../../kit/api/session.ts'

export const driverQuery = (driverId: number) =>
  queryOptions({ queryKey: ['driver', driverId], queryFn: ({ signal }) => call('getDriver', { params: { driverId }, signal }) })

export const driverDaysQuery = (driverId: number, from: string, until: string) =>
  queryOptions({
    queryKey: ['driver', driverId, 'days', from, until],
    queryFn: ({ signal }) => call('listDriverDays', { params: { driverId }, query: { from, until }, signal }),
  })

export const driverHistoryQuery = (driverId: number) =>
  queryOptions({
    queryKey: ['driver', driverId, 'history'],
    queryFn: ({ signal }) => call('listDriverHistory', { params: { driverId }, signal }),
  })

/** After a change: the driver with everything that hangs on him, and the lists. */
export async function driverChanged(driverId: number): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['driver', driverId] }),
    queryClient.invalidateQueries({ queryKey: ['drivers'] }),
  ])
}
