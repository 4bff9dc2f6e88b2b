// Designated suppliers (定点): for what, and from when to when.

/** SQL: is the supplier `s` designated on the day? */
export const isDesignatedOn = (day: string, s = 's'): string =>
  `(${s}.valid_from <= ${day}::date AND (${s}.valid_until IS NULL OR ${s}.valid_until >= ${day}::date))`

/** SQL: may the supplier `s` give out a fuel card on the day? */
export const isFuelSupplierOn = (day: string, s = 's'): string => `('fuel' = ANY(${s}.kinds) AND ${isDesignatedOn(day, s)})`
