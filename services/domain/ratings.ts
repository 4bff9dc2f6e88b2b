// What whoever asked thought of a trip (评价): who may say it until when, and what a driver and his unit are told of all of them.
import { DAY_MS, dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import type { OrderState } from './orders.ts'

/** In these states a trip is over and was made. */
export const ratedStates: readonly OrderState[] = ['RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED']

/** Until when a trip may be rated for the first time, and a rating be changed. */
export const rateUntilMs = (returnedAtMs: number): number => returnedAtMs + dispatchLawOn(dayAt(returnedAtMs)).rateWithinD * DAY_MS
export const rerateUntilMs = (ratedAtMs: number): number => ratedAtMs + dispatchLawOn(dayAt(ratedAtMs)).rerateWithinH * 3_600_000

export type Rated = { stars: number; ratedAtMs: number }
/** `average` to a tenth; null while there are too few. */
export type RatingSum = { count: number; average: number | null }

/**
 * What is told of a driver's ratings without telling whose they are: those that cannot be changed any more, in the order in which they were given, in
 * groups of a size that the law says. Nobody sees what a single trip changed, because an average moves by a whole group.
 */
export function sumRatings(ratings: readonly Rated[], nowMs: number): RatingSum {
  const { ratingGroup } = dispatchLawOn(dayAt(nowMs))
  const settled = ratings.filter(({ ratedAtMs }) => rerateUntilMs(ratedAtMs) <= nowMs).sort((a, b) => a.ratedAtMs - b.ratedAtMs)
  const count = settled.length - (settled.length % ratingGroup)
  if (count === 0) return { count: 0, average: null }
  const stars = settled.slice(0, count).reduce((sum, each) => sum + each.stars, 0)
  return { count, average: Math.round((stars * 10) / count) / 10 }
}
