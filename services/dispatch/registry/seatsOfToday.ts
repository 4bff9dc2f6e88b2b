// A quota approved for a later day takes effect on that day though nobody does anything then: whoever waits is seated, by the system.
// Safe to run at any time and by several servers at once; when all sit as they should it changes nothing.
import { dayAt } from '../../domain/days.ts'
import type { VehicleCategory } from '../../domain/vehicle.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { LEDGER_LOCK } from '../kernel/act.ts'
import { Notes } from '../kernel/notes.ts'
import { isSubjectToQuotaSql, quotasInForce } from '../kernel/quota.ts'
import { recordAuditMany, system } from '../kernel/record.ts'
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
export async function seatForToday({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  const atMs = clock.nowMs()
  const today = dayAt(atMs)
  return db.transaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LEDGER_LOCK])
    const { rows } = await client.query<{ unitId: number; category: VehicleCategory }>(unsettledSql, [today])
    const notes = new Notes()
    for (const { unitId, category } of rows) await fillSeats({ client, today, notes }, unitId, category)
    const seated = notes.takeAll()
    await recordAuditMany(
      client,
      seated.map((followed) => ({ atMs, actor: system, detail: { because: 'quota.effective' }, ...followed })),
    )
    return seated.length
  })
}
