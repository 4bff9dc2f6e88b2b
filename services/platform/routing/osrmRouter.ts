// An OSRM-compatible server over HTTP: /table and /route. Places are asked for as longitude,latitude. What it does not know is null there, never 0;
// a place that it has moved too far to the next road is off the road.
import { z } from 'zod'
import type { LonLat } from '../../domain/geofence.ts'
import { estimateLeg, type LegResult, legOf } from '../../domain/roads.ts'
import { type Router, RouterFailed } from './port.ts'

/** A server of its own accord refuses tables with more places than 100. */
const MOST_PLACES = 100
const OFF_ROAD_M = 1_000
const MOST_BYTES = 8_000_000

const waypoint = z.object({ distance: z.number().nonnegative() })
const cell = z.number().nonnegative().nullable()
const tableSchema = z.object({
  code: z.literal('Ok'),
  durations: z.array(z.array(cell)),
  distances: z.array(z.array(cell)).optional(),
  sources: z.array(waypoint).optional(),
  destinations: z.array(waypoint).optional(),
})
const routeSchema = z.object({
  code: z.literal('Ok'),
  routes: z.array(z.object({ duration: z.number().nonnegative(), distance: z.number().nonnegative() })).min(1),
  waypoints: z.array(waypoint),
})
/** What the server says of places that it cannot serve: an answer, not a fault. */
const refusals: Record<string, LegResult> = { NoRoute: { none: 'no-route' }, NoSegment: { none: 'off-road' } }

/** Which of so many places it found no road near, where it says so. */
function unfoundIn(said: unknown, places: number): number | undefined {
  const [, named] = /coordinate (\d+)/.exec((said as { message?: string }).message ?? '') ?? []
  return named !== undefined && Number(named) < places ? Number(named) : undefined
}

export type OsrmOptions = { url: string; timeoutMs?: number; offRoadM?: number; fetch?: typeof fetch }

export function osrmRouter({ url, timeoutMs = 1_500, offRoadM = OFF_ROAD_M, fetch: get = fetch }: OsrmOptions): Router {
  const base = url.replace(/\/+$/, '')
  const named = (places: readonly LonLat[]) => places.map(([lon, lat]) => `${lon},${lat}`).join(';')
  const isOff = (found: z.infer<typeof waypoint> | undefined) => found !== undefined && found.distance > offRoadM

  async function ask(path: string): Promise<unknown> {
    try {
      const answer = await get(`${base}${path}`, { signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json' } })
      // Refusals are answered with 400 and a code.
      if (!answer.ok && answer.status !== 400) throw new RouterFailed(`it answered ${answer.status}`)
      const text = await answer.text()
      if (text.length > MOST_BYTES) throw new RouterFailed('its answer is too long')
      return JSON.parse(text)
    } catch (error) {
      if (error instanceof RouterFailed) throw error
      throw new RouterFailed(error instanceof Error ? error.message : String(error))
    }
  }

  /** The rows for a part of the sources and of the destinations that one request may name. */
  async function part(from: readonly LonLat[], to: readonly LonLat[], atMs: number): Promise<LegResult[][]> {
    const sources = from.map((_, n) => n).join(';')
    const destinations = to.map((_, n) => from.length + n).join(';')
    const said = await ask(
      `/table/v1/driving/${named([...from, ...to])}?sources=${sources}&destinations=${destinations}&annotations=duration,distance`,
    )
    const refusal = refusals[(said as { code?: string }).code ?? '']
    if (refusal) {
      // One place that no road is near refuses the whole table, and is named: the others are asked for without it.
      const off = unfoundIn(said, from.length + to.length)
      const without = (places: readonly LonLat[], at: number) => places.filter((_, n) => n !== at)
      if (off === undefined || from.length * to.length === 1) return from.map(() => to.map(() => refusal))
      if (off < from.length) {
        const rows = from.length === 1 ? [] : await part(without(from, off), to, atMs)
        return rows.toSpliced(
          off,
          0,
          to.map(() => refusal),
        )
      }
      const at = off - from.length
      const rows = to.length === 1 ? from.map((): LegResult[] => []) : await part(from, without(to, at), atMs)
      return rows.map((row) => row.toSpliced(at, 0, refusal))
    }
    const table = tableSchema.safeParse(said)
    if (!table.success || !fits(table.data, from.length, to.length)) throw new RouterFailed('its table is not what it should be')
    const { durations, distances, sources: starts, destinations: ends } = table.data
    return durations.map((row, n) =>
      row.map((seconds, m): LegResult => {
        if (isOff(starts?.[n]) || isOff(ends?.[m])) return { none: 'off-road' }
        // Some servers say no distances: the time is theirs, the way then as it is estimated.
        const metres = distances?.[n]?.[m]
        if (seconds === null || metres === null) return { none: 'no-route' }
        return legOf(metres === undefined ? estimateLeg(from[n]!, to[m]!, atMs).km : metres / 1000, seconds / 60)
      }),
    )
  }

  return {
    async table(from, to, atMs) {
      const most = Math.max(1, MOST_PLACES - Math.min(to.length, MOST_PLACES / 2))
      const rows: LegResult[][] = from.map(() => [])
      for (let m = 0; m < to.length; m += MOST_PLACES / 2) {
        const ends = to.slice(m, m + MOST_PLACES / 2)
        for (let n = 0; n < from.length; n += most)
          for (const [k, row] of (await part(from.slice(n, n + most), ends, atMs)).entries()) rows[n + k]!.push(...row)
      }
      return rows
    },
    async route(through) {
      const said = await ask(`/route/v1/driving/${named(through)}?overview=false`)
      const refusal = refusals[(said as { code?: string }).code ?? '']
      if (refusal) return refusal
      const route = routeSchema.safeParse(said)
      if (!route.success) throw new RouterFailed('its route is not what it should be')
      if (route.data.waypoints.some(isOff)) return { none: 'off-road' }
      const { duration, distance } = route.data.routes[0]!
      return legOf(distance / 1000, duration / 60)
    },
  }
}

const fits = (table: z.infer<typeof tableSchema>, from: number, to: number): boolean =>
  (table.sources?.length ?? from) === from &&
  (table.destinations?.length ?? to) === to &&
  [table.durations, table.distances ?? table.durations].every((rows) => rows.length === from && rows.every((row) => row.length === to))
