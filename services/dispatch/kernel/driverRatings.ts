// What is told of a driver's ratings: their sum, and never whose they are (domain/ratings.ts).
import { type RatingSum, sumRatings } from '../../domain/ratings.ts'
import type { Queryable } from '../../platform/db.ts'

export async function readRatingSum(db: Queryable, driverId: number, nowMs: number): Promise<RatingSum> {
  const { rows } = await db.query<{ stars: number; rated_at: Date }>(
    'SELECT stars, rated_at FROM order_ratings JOIN dispatch_orders USING (order_id) WHERE driver_id = $1',
    [driverId],
  )
  return sumRatings(
    rows.map(({ stars, rated_at }) => ({ stars, ratedAtMs: rated_at.getTime() })),
    nowMs,
  )
}
