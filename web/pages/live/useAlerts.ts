// Vehicles of which something that weighs is open, for those who may be told: they have a red ring on the map.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call, may, useAccount } from '../../kit/api/session.ts'
import type { LiveMap } from './liveMap.ts'

const EVERY_MS = 60_000

export function useAlerts(map: LiveMap | null): ReadonlySet<number> {
  const allowed = may(useAccount(), 'finding.view')
  const { data } = useQuery({
    queryKey: ['finding-vehicles'],
    enabled: allowed && map !== null,
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }) => new Set((await call('listSupervisionVehicles', { signal })).vehicleIds),
  })
  useEffect(() => map?.setAlerts(data ?? none), [map, data])
  return data ?? none
}

const none: ReadonlySet<number> = new Set()
