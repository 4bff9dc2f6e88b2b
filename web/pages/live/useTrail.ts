// The trail of the selected vehicle on the map: what was read, and for today also what comes over the live line.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { cutToCase, useCaseOf } from '../../parts/vehicle/caseOf.ts'
import type { LiveReport } from '../../parts/vehicle/liveReport.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { dayRange, type Trail, trailQuery } from '../../parts/vehicle/queries.ts'
import type { LiveMap } from './liveMap.ts'

/** @param placed the address says where the map is, so the first trail must not move it. */
export function useTrail(map: LiveMap | null, vehicleId: number | null, range: Range | null, wanted: boolean, placed: boolean) {
  const within = useCaseOf(wanted ? vehicleId : null)
  const chosen = cutToCase(range ?? dayRange(Date.now()), within.chosen)
  const enabled = wanted && vehicleId !== null && within.ready
  const query = useQuery({ ...trailQuery(vehicleId ?? 0, chosen, within.chosen?.caseId), enabled })
  const drawn = useRef<Trail | null>(null)
  // Only a range that a person chose here moves the map; the map of a link stays where the link says.
  const keep = useRef(placed)
  const today = range === null
  const data = enabled ? query.data : undefined

  useEffect(() => {
    if (!map) return
    drawn.current = data ?? null
    map.showTrack(data && data.timeMs.length > 0 ? data : null, !today && !keep.current)
    if (data) keep.current = false
    if (!data || !today || data.more) return
    return map.report.follow(() => {
      const grown = drawn.current && extended(drawn.current, map.report.get(), vehicleId)
      if (!grown) return
      drawn.current = grown
      map.showTrack(grown, false)
    })
  }, [map, data, today, vehicleId])

  return query
}

/**
 * The trail with a newer report in its place, or null when the report adds nothing. A point by a clock that is ahead stays the last, and holds back none.
 */
export function extended(trail: Trail, report: LiveReport | null, vehicleId: number | null, nowMs = Date.now()): Trail | null {
  if (!report || report.vehicleId !== vehicleId) return null
  const at = trail.timeMs.findLastIndex((ms) => ms <= Math.max(nowMs, report.timeMs)) + 1
  if (at > 0 && trail.timeMs[at - 1]! >= report.timeMs) return null
  const put = <T>(values: readonly T[], value: T): T[] => [...values.slice(0, at), value, ...values.slice(at)]
  return {
    timeMs: put(trail.timeMs, report.timeMs),
    lon: put(trail.lon, report.lon),
    lat: put(trail.lat, report.lat),
    speedKph: put(trail.speedKph, report.speedKph),
    flagged: trail.flagged.map((each) => (each.index >= at ? { ...each, index: each.index + 1 } : each)),
    more: false,
  }
}
