// The limits and policies in force, and the judgement of a whole list in SQL. The SQL says what `judgeStandard` says; a test holds the two together.
import { byNearness, type StandardLimit } from '../../domain/standards.ts'
import type { Queryable } from '../../platform/db.ts'
import { nearestAbove } from '../kernel/dated.ts'

/** All limits, in the order in which they are asked. */
export async function listLimits(db: Queryable): Promise<StandardLimit[]> {
  const { rows } = await db.query<StandardLimit>(
    `SELECT o.lft, o.rgt, l.category, l.body_type AS "bodyType", l.new_energy AS "newEnergy", l.max_price_fen AS "maxPriceFen",
            l.max_displacement_ml AS "maxDisplacementMl", l.effective_from::text AS "effectiveFrom"
     FROM standard_limits l JOIN organisations o USING (organisation_id)`,
  )
  return rows.sort(byNearness)
}

/** Is vehicle `v` of unit `u` beyond its standard? One CASE with a branch a limit: a few dozen comparisons a row, no join. */
export function overStandardSql(limits: readonly StandardLimit[], $: (value: unknown) => string): string {
  if (limits.length === 0) return 'false'
  const branches = limits.map((limit) => {
    const tests = [`v.category = ${$(limit.category)}`, `u.lft BETWEEN ${$(limit.lft)}::int AND ${$(limit.rgt)}::int`]
    tests.push(`v.registered_on >= ${$(limit.effectiveFrom)}::date`)
    if (limit.bodyType !== null) tests.push(`v.body_type = ${$(limit.bodyType)}`)
    if (limit.newEnergy !== null) tests.push(`(v.energy IN ('electric', 'plug_in_hybrid')) = ${$(limit.newEnergy)}::boolean`)
    const over = []
    if (limit.maxPriceFen !== null) over.push(`coalesce(v.price_fen > ${$(limit.maxPriceFen)}::bigint, false)`)
    if (limit.maxDisplacementMl !== null) over.push(`coalesce(v.displacement_ml > ${$(limit.maxDisplacementMl)}::int, false)`)
    return `WHEN ${tests.join(' AND ')} THEN ${over.join(' OR ') || 'false'}`
  })
  return `(CASE ${branches.join(' ')} ELSE false END)`
}

/** Is `v` over the least of all limits? Asked before the long question above, of every vehicle, it leaves few to ask that of. */
export function mayBeOverSql(limits: readonly StandardLimit[], $: (value: unknown) => string): string {
  const least = (values: (number | null)[]): number | null => values.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null)
  const price = $(least(limits.map(({ maxPriceFen }) => maxPriceFen)))
  return `(v.price_fen > ${price}::bigint OR v.displacement_ml > ${$(least(limits.map(({ maxDisplacementMl }) => maxDisplacementMl)))}::int)`
}

export type LedgerPolicy = { overQuota: 'refuse' | 'flag'; overStandard: 'refuse' | 'flag' }

/** What holds for an organisation on `today`: the nearest organisation that says something. Nobody does: no seat, no vehicle; standards are flagged. */
export async function policyFor(db: Queryable, { lft }: { lft: number }, today: string): Promise<LedgerPolicy> {
  const { rows } = await db.query<LedgerPolicy>(
    nearestAbove('ledger_policies', 'p.over_quota AS "overQuota", p.over_standard AS "overStandard"', '$1', '$2'),
    [lft, today],
  )
  return rows[0] ?? { overQuota: 'refuse', overStandard: 'flag' }
}
