// Travel times as everybody asks for them: of the router where one is named and answers, else estimated. What it has said is kept for a while; while
// it fails it is left alone for a while.
import type { LonLat } from '../../domain/geofence.ts'
import { estimateLeg, type LegResult, legOf } from '../../domain/roads.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { type Router, RouterFailed, type TravelTimes } from './port.ts'

const KEEP_MS = 10 * 60_000
const MOST_KEPT = 20_000
const LEFT_ALONE_MS = 15_000
/** So many estimates at once do not hold up anybody else. */
const AT_ONCE = 20_000

type Options = { router?: Router | undefined; clock: Clock; log: Logger }

export function openTravelTimes({ router, clock, log }: Options): TravelTimes {
  const kept = new Map<string, { leg: LegResult; untilMs: number }>()
  let failingSinceMs: number | null = null
  let askAgainAtMs = 0

  /** What the router says; undefined when it cannot be asked now. */
  async function asked<T>(ask: (router: Router) => Promise<T>): Promise<T | undefined> {
    if (!router || clock.nowMs() < askAgainAtMs) return undefined
    try {
      const said = await ask(router)
      failingSinceMs = null
      return said
    } catch (error) {
      if (!(error instanceof RouterFailed)) throw error
      failingSinceMs ??= clock.nowMs()
      askAgainAtMs = clock.nowMs() + LEFT_ALONE_MS
      log.warn({ err: error }, 'the router does not answer as it should; travel times are estimated')
      return undefined
    }
  }

  function keep(key: string, leg: LegResult): void {
    kept.delete(key)
    kept.set(key, { leg, untilMs: clock.nowMs() + KEEP_MS })
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
  }
  const known = (key: string): LegResult | undefined => {
    const found = kept.get(key)
    return found && found.untilMs > clock.nowMs() ? found.leg : undefined
  }

  async function tableOf(router: Router, from: readonly LonLat[], to: readonly LonLat[], atMs: number): Promise<LegResult[][]> {
    const unknown = from.filter((start) => to.some((end) => known(keyOf(start, end)) === undefined))
    if (unknown.length > 0)
      for (const [n, row] of (await router.table(unknown, to, atMs)).entries())
        for (const [m, leg] of row.entries()) keep(keyOf(unknown[n]!, to[m]!), leg)
    return from.map((start) => to.map((end) => known(keyOf(start, end))!))
  }

  return {
    async table(from, to, atMs) {
      const legs = from.length * to.length > MOST_KEPT ? undefined : await asked((each) => tableOf(each, from, to, atMs))
      if (legs) return { legs, by: 'router' }
      return { legs: await estimateAll(from, to, atMs), by: 'estimate' }
    },
    async route(through, atMs) {
      const leg = await asked(async (each) => {
        const key = through.map(placeKey).join('|')
        const said = known(key) ?? (await each.route(through))
        keep(key, said)
        return said
      })
      if (leg) return { leg, by: 'router' }
      const legs = through.slice(1).map((end, n) => estimateLeg(through[n]!, end, atMs))
      const sum = (of: 'km' | 'minutes') => legs.reduce((all, each) => all + each[of], 0)
      return { leg: legOf(sum('km'), sum('minutes')), by: 'estimate' }
    },
    failingSince: () => failingSinceMs,
  }
}

/** Places within some ten metres are one. */
const placeKey = ([lon, lat]: LonLat): string => `${lon.toFixed(4)},${lat.toFixed(4)}`
const keyOf = (from: LonLat, to: LonLat): string => `${placeKey(from)}>${placeKey(to)}`

async function estimateAll(from: readonly LonLat[], to: readonly LonLat[], atMs: number): Promise<LegResult[][]> {
  const rows: LegResult[][] = []
  let done = 0
  for (const start of from) {
    rows.push(to.map((end) => estimateLeg(start, end, atMs)))
    done += to.length
    if (done < AT_ONCE) continue
    done = 0
    await new Promise((next) => setImmediate(next))
  }
  return rows
}
