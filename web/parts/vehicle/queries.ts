// What is read about one vehicle. Tracks and trips are audited reads: never refetched behind a person's back.
import { queryOptions } from '@tanstack/react-query'
import type { Track } from '../../../services/contracts/api.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { call } from '../../kit/api/session.ts'
import { startOfDay } from '../../kit/format/time.ts'
import type { Range } from './liveUrl.ts'

const DETAIL_EVERY_MS = 20_000
/** Points drawn at most; the server hands out a page at a time. */
const MAX_TRACK_POINTS = 100_000
const MAX_TRACK_PAGES = 40

/** The whole day in the region's zone that holds `nowMs`. */
export function dayRange(nowMs: number): Range {
  const fromMs = startOfDay(nowMs)
  return { fromMs, toMs: fromMs + DAY_MS }
}

const windowOf = ({ fromMs, toMs }: Range) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })

export const vehicleQuery = (vehicleId: number) =>
  queryOptions({
    queryKey: ['vehicle', vehicleId],
    queryFn: ({ signal }) => call('getVehicle', { params: { vehicleId }, signal }),
    refetchInterval: DETAIL_EVERY_MS,
  })

export const tripsQuery = (vehicleId: number, range: Range, caseId: number | undefined) =>
  queryOptions({
    queryKey: ['trips', vehicleId, range.fromMs, range.toMs, caseId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => call('listTrips', { params: { vehicleId }, query: { ...windowOf(range), caseId }, signal }),
  })

export type Trail = Pick<Track, 'timeMs' | 'lon' | 'lat' | 'speedKph' | 'flagged'> & {
  /** There is more in the range than was loaded. */
  more: boolean
}

export const trailQuery = (vehicleId: number, range: Range, caseId: number | undefined) =>
  queryOptions({
    queryKey: ['trail', vehicleId, range.fromMs, range.toMs, caseId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: ({ signal }) => readTrail(vehicleId, range, caseId, signal),
  })

/** Reads page after page until the range is done or the bound is reached. */
async function readTrail(vehicleId: number, range: Range, caseId: number | undefined, signal: AbortSignal): Promise<Trail> {
  const trail: Trail = { timeMs: [], lon: [], lat: [], speedKph: [], flagged: [], more: false }
  let query = windowOf(range)
  for (let pages = 1; ; pages++) {
    const page = await call('getTrack', { params: { vehicleId }, query: { ...query, caseId }, signal })
    for (const { index, reason } of page.flagged) trail.flagged.push({ index: index + trail.timeMs.length, reason })
    for (const key of ['timeMs', 'lon', 'lat'] as const) for (const value of page[key]) trail[key].push(value)
    for (const value of page.speedKph) trail.speedKph.push(value)
    if (page.next === null) return trail
    if (trail.timeMs.length >= MAX_TRACK_POINTS || pages >= MAX_TRACK_PAGES) return { ...trail, more: true }
    query = { from: page.next, to: query.to }
  }
}
