// A quota approved for a later day takes effect on that day though nobody does anything then: whoever waits is seated, by the system.
// Safe to run at any time and by several servers at once; when all sit as they should it changes nothing.
import type { VehicleCategory } from '../../domain/vehicle.ts'
import { LEDGER_LOCK } from '../../platform/locks.ts'
import { type ActDeps, actAs, type Deed } from '../kernel/act.ts'
import { isSubjectToQuotaSql, quotasInForce } from '../kernel/quota.ts'
import { system } from '../kernel/record.ts'
import { fillSeats } from '../kernel/seats.ts'

/** Where vehicles wait although the quota of today has free seats, or sit beyond its last one. */
const unsettledSql = `
  SELECT q.unit_id AS "unitId", q.category
  FROM ${quotasInForce('$1', `AND ${isSubjectToQuotaSql('q.category')}`)} q
  JOIN (SELECT user_unit_id, category, count(quota_seat) AS seated, count(*) FILTER (WHERE quota_seat IS NULL) AS waiting,
               max(quota_seat) AS furthest
        FROM vehicles WHERE state <> 'DISPOSED' GROUP BY user_unit_id, category) v
    ON v.user_unit_id = q.unit_id AND v.category = q.category
  WHERE (v.waiting > 0 AND v.seated < q.seats) OR v.furthest > q.seats
  ORDER BY q.unit_id, q.category`

/** @returns how many vehicles got a seat or another one */
export function seatForToday(deps: ActDeps): Promise<number> {
  const work = async ({ client, today, notes, record }: Deed) => {
    const { rows } = await client.query<{ unitId: number; category: VehicleCategory }>(unsettledSql, [today])
    for (const { unitId, category } of rows) await fillSeats({ client, today, notes }, unitId, category)
    const seated = notes.takeAll()
    for (const { action, subject, before, after } of seated)
      record(action, subject, { before, after, detail: { because: 'quota.effective' } })
    return seated.length
  }
  return actAs(deps, system, work, LEDGER_LOCK)
}
