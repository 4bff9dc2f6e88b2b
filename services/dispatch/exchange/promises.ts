// What is promised to a trip is not moved to another unit by a file, as by no page.
import type { Queryable } from '../../platform/db.ts'
import { listPromises, promisedRefusal } from '../kernel/availability.ts'
import type { Candidate, Complaint } from './sheet.ts'
import { refused } from './words.ts'

/** Complaints of those `moving` that are promised, or out, from `nowMs` on. */
export async function complainOfPromises(
  db: Queryable,
  of: 'vehicle' | 'driver',
  column: string,
  moving: readonly Candidate[],
  nowMs: number,
): Promise<Complaint[]> {
  if (moving.length === 0) return []
  const ids = moving.map(({ existing }) => existing!.id as number)
  const promises = await listPromises(db, of, ids, nowMs)
  return moving.flatMap(({ row, existing }) => {
    const promise = promises.get(existing!.id as number)
    return promise ? [{ row, column, message: refused(...promisedRefusal(of, promise)) }] : []
  })
}
