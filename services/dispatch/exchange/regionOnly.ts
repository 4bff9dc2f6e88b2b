// What holds for the whole region is for who keeps the whole region.
import type { RefusalReason } from '../../contracts/refusals.ts'
import type { Candidate, CheckContext, Complaint } from './sheet.ts'
import { refused } from './words.ts'

/** Every row is the region's. */
export async function judgeRegionOnly(
  candidates: Candidate[],
  { scope }: CheckContext,
  reason: RefusalReason = 'calendar.regionOnly',
): Promise<Complaint[]> {
  if (scope.lft === 1) return []
  return candidates.map(({ row }) => ({ row, column: null, message: refused(reason) }))
}

/** Rows without an organisation (0) are the region's. */
export const judgeDomain = (candidates: Candidate[], context: CheckContext, reason?: RefusalReason): Promise<Complaint[]> =>
  judgeRegionOnly(
    candidates.filter(({ values }) => values.unit === 0),
    context,
    reason,
  )
