// R14: fuel that was paid for and did not go into this vehicle, as far as one can tell: several fills of a day, more than its tank holds, a fill where it was
// not, one of which the level in the tank knows nothing, and more by the kilometre than any of its kind needs.
import { z } from 'zod'
import { dayAt } from '../../days.ts'
import { distanceM } from '../../geofence.ts'
import type { Facts, FillFact } from '../facts.ts'
import { sumFuel } from '../fuelLevel.ts'
import { defineRule, type Suspicion, type Verdict } from '../rule.ts'
import { MIN_MS } from '../spans.ts'

export const fuelAnomaly = defineRule({
  code: 'R14',
  severity: 'alarm',
  unit: 'litre',
  kind: 'event',
  fixes: true,
  params: z.object({
    fillsADay: z.int().min(2).max(20).default(2),
    farM: z.number().min(200).max(50_000).default(1_000),
    aroundMin: z.number().min(1).max(240).default(15),
    /** A rise of the level that is a fill, L; and how long after a payment it may be seen. */
    riseL: z.number().min(1).max(100).default(8),
    seenWithinMin: z.number().min(10).max(720).default(120),
    /** Litres for 100 km, over so many fills and so many metres at least. */
    mostPer100Km: z.number().min(5).max(200).default(35),
    overFills: z.int().min(2).max(20).default(3),
    overM: z.number().min(50_000).max(5_000_000).default(300_000),
  }),
  judge(facts, params): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    const fills = facts.fills.filter(({ atMs }) => dayAt(atMs) === facts.day)
    const raise = (fill: FillFact, figure: number, threshold: number, note: string): void => {
      const found: Suspicion = {
        ...{ fromMs: fill.atMs, untilMs: fill.atMs + MIN_MS, figure, threshold, note },
        points: nearestFix(facts, fill.atMs, params.aroundMin),
        orderIds: fill.orderId === null ? [] : [fill.orderId],
      }
      verdict.suspicions.push(found)
    }
    for (const [n, fill] of fills.entries()) {
      const { litres, atMs, at } = fill
      const per100 = per100Km(facts, fill, params)
      if (litres !== null && facts.vehicle.tankL !== null && litres > facts.vehicle.tankL) raise(fill, litres, facts.vehicle.tankL, 'tank')
      else if (at !== null && isElsewhere(facts, atMs, at, params)) raise(fill, litres ?? 0, 0, 'elsewhere')
      else if (isUnseen(facts, atMs, params)) raise(fill, litres ?? 0, 0, 'level')
      else if (n + 1 >= params.fillsADay) raise(fill, n + 1, params.fillsADay, 'twice')
      else if (per100 !== null && per100 > params.mostPer100Km) raise(fill, per100, params.mostPer100Km, 'per100')
      if (facts.fixes.every(({ fuelPermille }) => fuelPermille === null))
        verdict.unjudged.push({ why: 'fuel', fromMs: atMs, untilMs: atMs + MIN_MS })
    }
    return verdict
  },
})

/**
 * What went in for 100 km since the first of the fills that are known, in tenths of a litre; null where it is too little to say anything, or of one of them
 * nobody knows how much it was. What the first filled was driven before.
 */
function per100Km({ fills, driven }: Facts, { atMs }: FillFact, { overFills, overM }: { overFills: number; overM: number }): number | null {
  const until = fills.filter((fill) => fill.atMs <= atMs)
  const [first, ...later] = until
  if (!first || later.length < overFills || until.some(({ litres }) => litres === null)) return null
  const metres = driven.filter(({ untilMs }) => untilMs > first.atMs && untilMs <= atMs).reduce((sum, { distanceM }) => sum + distanceM, 0)
  if (metres < overM) return null
  return Math.round((later.reduce((sum, { litres }) => sum + litres!, 0) / metres) * 1_000_000) / 10
}

const nearestFix = ({ fixes }: Facts, atMs: number, withinMin: number) =>
  fixes
    .filter((fix) => Math.abs(fix.atMs - atMs) <= withinMin * MIN_MS)
    .sort((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))
    .slice(0, 1)
    .map(({ atMs, at }) => ({ atMs, at }))

type Around = { farM: number; aroundMin: number; riseL: number; seenWithinMin: number }

/** It was seen around that time, and never near. Where nothing was seen nothing is said. */
function isElsewhere({ fixes }: Facts, atMs: number, at: FillFact['at'], { farM, aroundMin }: Around): boolean {
  const around = fixes.filter((fix) => Math.abs(fix.atMs - atMs) <= aroundMin * MIN_MS)
  return around.length > 0 && around.every((fix) => distanceM(fix.at, at!) > farM)
}

/** Its level is known before and after, and did not rise. */
function isUnseen({ fixes, vehicle }: Facts, atMs: number, { riseL, seenWithinMin }: Around): boolean {
  if (vehicle.tankL === null) return false
  const levels = fixes
    .filter((fix) => fix.fuelPermille !== null && Math.abs(fix.atMs - atMs) <= seenWithinMin * MIN_MS)
    .map((fix) => ({ atMs: fix.atMs, litres: (fix.fuelPermille! * vehicle.tankL!) / 1000 }))
  if (!levels.some((level) => level.atMs < atMs) || !levels.some((level) => level.atMs > atMs + seenWithinMin * MIN_MS * 0.5)) return false
  return sumFuel(levels, riseL).fills.length === 0
}
