// Quota (编制) in SQL: which row is in force, and what is subject to it. The laws of its seats are in seats.ts.
import { isSubjectToQuota, vehicleCategories } from '../../domain/vehicle.ts'

/** SQL: one row for each unit and category, `quota_id, unit_id, category, seats, effective_from`, as approved and in force on the day. `and` narrows `q`. */
export const quotasInForce = (day: string, and = ''): string => `
  (SELECT DISTINCT ON (q.unit_id, q.category) q.quota_id, q.unit_id, q.category, q.seats, q.effective_from FROM quotas q
   WHERE q.state = 'APPROVED' AND q.effective_from <= ${day}::date ${and} ORDER BY q.unit_id, q.category, q.effective_from DESC)`

const others = vehicleCategories.filter((category) => !isSubjectToQuota(category)).map((category) => `'${category}'`)

/** SQL: is a vehicle, or a row, of this category subject to quota (domain/vehicle.ts)? */
export const isSubjectToQuotaSql = (category: string): string => `${category} NOT IN (${others.join(', ')})`

/** SQL: is the vehicle in service without a seat that it needs? */
export const isWithoutSeatSql = (v: string): string =>
  `(${v}.state <> 'DISPOSED' AND ${isSubjectToQuotaSql(`${v}.category`)} AND ${v}.quota_seat IS NULL)`
