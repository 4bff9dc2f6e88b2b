// Designated suppliers (定点): for what, and from when to when.
import { covers } from './dated.ts'

/** SQL: is the supplier `s` designated on the day? */
export const isDesignatedOn = (day: string, s = 's'): string => covers(day, `${s}.valid_from`, `${s}.valid_until`)

/** SQL: may the supplier `s` give out a fuel card on the day? */
export const isFuelSupplierOn = (day: string, s = 's'): string => `('fuel' = ANY(${s}.kinds) AND ${isDesignatedOn(day, s)})`
