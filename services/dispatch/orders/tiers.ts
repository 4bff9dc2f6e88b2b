// Whose a vehicle is, as seen by the unit that asks, in SQL: its own, of its motor pool or compound, of a pool that is kept above it, or another's.
import type { Tier } from '../../domain/ranking.ts'

/** In the order of `tierSql`. */
export const tiersByNumber = ['own', 'pool', 'upper', 'other'] as const satisfies Tier[]

/** SQL: the pools that are kept above the unit `q`, as the one row `pools`: for who asks of many units. */
export const poolsAbove = (q: string): string => `
  SELECT coalesce(array_agg(mp.pool_id), '{}') AS pools FROM motor_pools mp JOIN organisations h ON h.organisation_id = mp.organisation_id
  JOIN ${q} q ON q.lft BETWEEN h.lft AND h.rgt`

/** SQL: the number of the tier of a vehicle of the unit `o` for the unit `q` that asks. `above`: a table of `poolsAbove`, where it was made before. */
export const tierSql = (o: string, q: string, above?: string): string => `
  CASE WHEN ${o}.organisation_id = ${q}.organisation_id THEN 0
    WHEN ${o}.pool_id = ${q}.pool_id OR ${o}.compound_id = ${q}.compound_id THEN 1
    WHEN ${
      above
        ? `${o}.pool_id = ANY((SELECT pools FROM ${above})::int[])`
        : `EXISTS (SELECT FROM motor_pools mp JOIN organisations h ON h.organisation_id = mp.organisation_id
      WHERE mp.pool_id = ${o}.pool_id AND ${q}.lft BETWEEN h.lft AND h.rgt)`
    } THEN 2 ELSE 3 END`

/**
 * SQL: units `o` that the organisation `q` may ask for a loan as neighbours: in one motor pool, one compound or one league `g` (null: it stands in none).
 * Each is looked up once: asked vehicle by vehicle it held the database for seconds (23,188 vehicles).
 */
export const isNeighbour = (o: string, q: string, g: string): string =>
  `(${o}.pool_id = ${q}.pool_id OR ${o}.compound_id = ${q}.compound_id OR ${o}.lft BETWEEN ${g}.lft AND ${g}.rgt)`
