// The query for one vehicle's file: pages that show it and dialogs that name what is in it share its answer.
import { call } from '../../kit/api/session.ts'
import { fromWallClock } from '../../kit/format/time.ts'

/** `day`: as it was at the end of it; empty for now. */
export const fileQuery = (vehicleId: number, day = '') => ({
  queryKey: ['vehicleFile', vehicleId, day],
  queryFn: ({ signal }: { signal: AbortSignal }) => {
    const asOf = day ? new Date(fromWallClock(`${day}T23:59:59`)!).toISOString() : undefined
    return call('getVehicleFile', { params: { vehicleId }, query: { asOf }, signal })
  },
})
