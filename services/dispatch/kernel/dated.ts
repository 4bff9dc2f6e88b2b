// Rows that hold from a day on, in SQL.

/** SQL: does the span from one day until another, both included, cover this day? Without an end it goes on. */
export const covers = (day: string, from: string, until: string): string =>
  `(${from} <= ${day}::date AND (${until} IS NULL OR ${until} >= ${day}::date))`

/** SQL: is the row `l` with `from_day` and `until_day` in force on the day? */
export const isInForce = (day: string, l: string): string => covers(day, `${l}.from_day`, `${l}.until_day`)

/**
 * SQL: `columns` of the one row `p` of `table` that holds for the organisation with this lft on the day: the nearest organisation above that
 * says something, its newest word; the whole region's (no organisation) where nobody does.
 */
export const nearestAbove = (table: string, columns: string, lft: string, day: string): string => `
  SELECT ${columns} FROM ${table} p LEFT JOIN organisations a ON a.organisation_id = p.organisation_id
  WHERE (p.organisation_id IS NULL OR ${lft} BETWEEN a.lft AND a.rgt) AND p.effective_from <= ${day}::date
  ORDER BY a.lft DESC NULLS LAST, p.effective_from DESC LIMIT 1`
