// What is due of the plans: one row a vehicle and item. All are judged by one law (domain/upkeep.ts), those of a page are told whole.
import type { z } from 'zod'
import type { MaintenanceDue } from '../../contracts/api/upkeep.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayAt, dayStartMs } from '../../domain/days.ts'
import { findReadingProblem } from '../../domain/orders.ts'
import { type Due, dueStates, judgeDue } from '../../domain/upkeep.ts'
import { openWorkStates } from '../../domain/workOrders.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { plansOf } from '../kernel/maintenance.ts'
import { platePattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { odometerOf, readOdometers } from './odometer.ts'
import { requireVehicle } from './vehicle.ts'

type Found = Pick<MaintenanceDue, 'planId' | 'item' | 'everyKm' | 'everyMonths' | 'kmSince' | 'workOrderId'> & {
  vehicleId: number
  plate: string
  plateColour: 'blue'
  unitId: number
  unit: string
  day: string | null
  doneM: number | null
  doneBy: number | null
  m: number | null
  at: Date | null
  source: 'track' | 'order' | 'workshop' | null
}

const open = openWorkStates.map((state) => `'${state}'`).join(', ')

async function findDue(
  db: Queryable,
  { lft, rgt, cleared }: Sight,
  { organisationId, vehicleId, q }: { organisationId?: number | undefined; vehicleId?: number | undefined; q?: string | undefined },
): Promise<Found[]> {
  const { rows } = await db.query<Found>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.unit_id AS "unitId", v.unit, p.plan_id AS "planId", p.item,
       p.every_km AS "everyKm", p.every_months AS "everyMonths", d.day::text, d.odometer_m AS "doneM", d.work_order_id AS "doneBy", r.m, r.at, r.source,
       (CASE WHEN r.track_m >= d.track_m THEN r.track_m - d.track_m WHEN r.m >= d.odometer_m THEN r.m - d.odometer_m END / 1000.0)::float8 AS "kmSince",
       (SELECT max(w.work_order_id) FROM work_orders w WHERE w.vehicle_id = v.vehicle_id AND w.item = p.item AND w.state IN (${open})) AS "workOrderId"
     FROM (SELECT v.vehicle_id, v.plate, v.plate_colour, v.class, o.organisation_id AS unit_id, o.name AS unit, o.lft AS unit_lft, o.rgt AS unit_rgt
       FROM ${openVehicles('$3')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
       WHERE o.lft BETWEEN $1 AND $2 AND v.state NOT IN ('DISPOSED', 'DISPOSAL_PENDING') AND ($4::int IS NULL OR v.vehicle_id = $4)
         AND ($5::text IS NULL OR v.plate LIKE $5) AND ($6::bigint IS NULL OR ${isUnder('$6::bigint', 'o')})) v
     CROSS JOIN ${plansOf('v')} p
     CROSS JOIN ${odometerOf('v')} r
     LEFT JOIN LATERAL (SELECT * FROM maintenance_marks d WHERE d.vehicle_id = v.vehicle_id AND d.item = p.item ORDER BY d.day DESC, d.mark_id DESC LIMIT 1) d ON true
     ORDER BY v.unit_lft, v.vehicle_id, p.item`,
    [lft, rgt, cleared, vehicleId ?? null, q ? platePattern(q) : null, organisationId ?? null],
  )
  return rows
}

const judge = (row: Found, today: string): Due => judgeDue(row, row.day === null ? null : { day: row.day, kmSince: row.kmSince }, today)

function tell(row: Found, due: Due): MaintenanceDue {
  const { vehicleId, plate, plateColour, unitId, unit, planId, item, everyKm, everyMonths, day, doneM, doneBy, m, at, source } = row
  return {
    ...{ planId, item, everyKm, everyMonths, ...due },
    dueId: `${vehicleId}:${planId}`,
    vehicle: { vehicleId, plate, plateColour },
    unit: { organisationId: unitId, name: unit },
    last: day === null ? null : { day, odometerKm: doneM === null ? null : doneM / 1000, workOrderId: doneBy },
    kmSince: row.kmSince,
    odometer: m === null || at === null || source === null ? null : { km: m / 1000, at: at.toISOString(), source },
    workOrderId: row.workOrderId,
  }
}

/** What is overdue first, and of the rest what comes first. */
export async function listDue(
  db: Queryable,
  reach: Sight,
  { state, limit, offset, ...of }: z.output<Api['listMaintenanceDue']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listMaintenanceDue'>> {
  const today = dayAt(nowMs)
  const judged = (await findDue(db, reach, of))
    .map((row) => ({ row, due: judge(row, today) }))
    .filter(({ due }) => !state || due.state === state)
  const rank = new Map(dueStates.map((each, n) => [each, n]))
  judged.sort(
    (a, b) => rank.get(a.due.state)! - rank.get(b.due.state)! || (a.due.expectedDay ?? '9').localeCompare(b.due.expectedDay ?? '9'),
  )
  return { total: judged.length, rows: judged.slice(offset, offset + limit).map(({ row, due }) => tell(row, due)) }
}

/**
 * @throws Refusal VALIDATION_FAILED for a vehicle out of reach, an item of no plan of it, a day to come or before it was in use, and a reading that is more than
 * the odometer has now; CONFLICT for a day or a reading before the last
 */
export async function markMaintenance(
  act: Act,
  { vehicleId, item, day, odometerKm, reason }: z.output<Api['markMaintenance']['body']>,
): Promise<MaintenanceDue> {
  const { client, scope, caller, nowMs, today } = act
  const { sinceDay } = await requireVehicle(act, vehicleId)
  const before = (await findDue(client, scope, { vehicleId })).find((row) => row.item === item)
  if (!before) throw refusal('VALIDATION_FAILED', 'body.item', 'plan.none', { item })
  if (day > today) throw refusal('VALIDATION_FAILED', 'body.day', 'bill.future', { today })
  if (day < sinceDay) throw refusal('VALIDATION_FAILED', 'body.day', 'vehicle.before', { sinceDay })
  if (before.day !== null && day < before.day) throw refusal('CONFLICT', 'body.day', 'mark.before', { day: before.day })
  if (odometerKm !== null) {
    const { read } = await readOdometers(client, vehicleId)
    const nowKm = Math.max(read?.km ?? 0, (before.m ?? 0) / 1000)
    if (nowKm > 0 && odometerKm > nowKm)
      throw refusal('VALIDATION_FAILED', 'body.odometerKm', 'odometer.beyond', { km: odometerKm, most: nowKm })
    const last = before.doneM === null ? null : { km: before.doneM / 1000, atMs: dayStartMs(before.day!) }
    const problem = last && findReadingProblem(last, { km: odometerKm, atMs: dayStartMs(addDays(day, 1)) })
    if (problem) throw refusal('CONFLICT', 'body.odometerKm', problem.reason, problem.values)
  }
  await client.query(
    `INSERT INTO maintenance_marks (vehicle_id, item, day, odometer_m, marked_at, marked_by) VALUES ($1, $2, $3, $4, $5, $6)`,
    [vehicleId, item, day, odometerKm === null ? null : Math.round(odometerKm * 1000), new Date(nowMs), caller.accountId],
  )
  act.record('upkeep.mark', { type: 'vehicle', id: vehicleId }, { after: { plannedItem: item, day, odometerKm }, reason })
  const after = (await findDue(client, scope, { vehicleId })).find((row) => row.item === item)!
  return tell(after, judge(after, today))
}
