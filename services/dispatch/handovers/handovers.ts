// The book of shifts: listed, who has a vehicle now, and handing it over.
import type { z } from 'zod'
import type { Handover } from '../../contracts/api/handovers.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type Equipment, inOrder } from '../../domain/equipment.ts'
import { type HandoverAction, handoverActions, isReadingPossible, MOST_KM_A_DAY } from '../../domain/handover.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { grantFor, type Reachable, type Who } from '../kernel/caller.ts'
import { keepStep, listPermitted } from '../kernel/procedure.ts'
import { platePattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { FROM, isReached, loadHandovers, OWN_DRIVER, type StoredHandover, valuesOf } from './handoverRows.ts'
import { handoverProcedure } from './procedure.ts'
import { HANDOVERS } from './table.ts'

async function tell(db: Queryable, { caller, reach }: Who<Reachable>, rows: readonly StoredHandover[], nowMs: number): Promise<Handover[]> {
  const actions = await listPermitted(db, handoverProcedure, { caller, reach: { ...reach, vehicleId: null } }, rows, nowMs)
  return rows.map(({ told }, n) => ({
    ...told,
    mayAct: handoverActions.filter((action) => (actions[n] as HandoverAction[]).includes(action)),
  }))
}

export async function tellHandover(db: Queryable, who: Who<Reachable>, handoverId: number, nowMs: number): Promise<Handover> {
  const [row] = await tell(db, who, await loadHandovers(db, who, 'h.handover_id = $5', [handoverId]), nowMs)
  if (!row) throw new Refusal('NOT_FOUND')
  return row
}

export async function listHandovers(
  db: Queryable,
  who: Who<Reachable>,
  { vehicleId, state, organisationId, q, limit, offset }: z.output<Api['listHandovers']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listHandovers'>> {
  const tests = `($5::int IS NULL OR h.vehicle_id = $5) AND ($6::text IS NULL OR h.state = $6) AND ($7::bigint IS NULL OR ${isUnder('$7::bigint', 'u')})
    AND ($8::text IS NULL OR v.plate LIKE $8)`
  const values = [vehicleId ?? null, state ?? null, organisationId ?? null, q ? platePattern(q) : null]
  const { rows } = await db.query<{ total: number }>(`SELECT count(*)::int AS total ${FROM} WHERE ${isReached(who)} AND ${tests}`, [
    ...valuesOf(who),
    ...values,
  ])
  const order = 'ORDER BY h.offered_at DESC, h.handover_id DESC LIMIT $9 OFFSET $10'
  return {
    total: rows[0]!.total,
    rows: await tell(db, who, await loadHandovers(db, who, `${tests} ${order}`, [...values, limit, offset]), nowMs),
  }
}

type Holding = {
  vehicleId: number
  plate: string
  plateColour: 'blue'
  unitId: number
  equipment: Equipment[]
  holderId: number | null
  holder: string | null
  since: Date | null
  odometerKm: number | null
  ownDriverId: number | null
}

/** Who has a vehicle that the caller may hand over: of his scope; a driver the one that he has, or usually drives. @throws Refusal NOT_FOUND */
async function loadHolding(db: Queryable, who: Who<Reachable>, vehicleId: number): Promise<Holding> {
  const own = grantFor(who.caller, 'order.drive').reach === 'self'
  const reached = own
    ? `(l.to_driver_id = ${OWN_DRIVER} OR $6::int = v.vehicle_id) AND $1::int <= $2::int`
    : 'u.lft BETWEEN $1 AND $2 AND $6::int IS NULL'
  const { rows } = await db.query<Holding>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.user_unit_id AS "unitId", v.equipment, l.to_driver_id AS "holderId",
       d.name AS holder, l.taken_at AS since, l.odometer_km AS "odometerKm", ${OWN_DRIVER} AS "ownDriverId"
     FROM ${openVehicles('$3')} v JOIN organisations u ON u.organisation_id = v.user_unit_id
     LEFT JOIN LATERAL (SELECT h.to_driver_id, h.taken_at, h.odometer_km FROM vehicle_handovers h WHERE h.vehicle_id = v.vehicle_id AND h.state = 'TAKEN'
       ORDER BY h.taken_at DESC, h.handover_id DESC LIMIT 1) l ON true
     LEFT JOIN drivers d ON d.driver_id = l.to_driver_id
     WHERE v.vehicle_id = $5 AND v.state <> 'DISPOSED' AND ${reached}`,
    [...valuesOf(who), vehicleId, own ? (who.caller.ownVehicleId ?? 0) : null],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rows[0]
}

export async function getShift(db: Queryable, who: Who<Reachable>, vehicleId: number, nowMs: number): Promise<AnswerOf<'getShift'>> {
  const { plate, plateColour, unitId, equipment, holderId, holder, since, odometerKm } = await loadHolding(db, who, vehicleId)
  const [open] = await tell(db, who, await loadHandovers(db, who, `h.vehicle_id = $5 AND h.state = 'OFFERED'`, [vehicleId]), nowMs)
  const { rows: colleagues } = await db.query<{ driverId: number; name: string }>(
    `SELECT d.driver_id AS "driverId", d.name FROM drivers d WHERE d.organisation_id = $1 AND d.state = 'active' AND d.driver_id IS DISTINCT FROM $2
     ORDER BY d.name, d.driver_id LIMIT 500`,
    [unitId, holderId],
  )
  return {
    ...{ vehicle: { vehicleId, plate, plateColour }, holder: holderId === null ? null : { driverId: holderId, name: holder! } },
    ...{ since: since?.toISOString() ?? null, odometerKm, equipment, open: open ?? null, colleagues },
  }
}

/**
 * @throws Refusal NOT_FOUND; CONFLICT where it is offered already, or another has it; VALIDATION_FAILED for a reading that cannot be, or somebody who
 * drives for another unit
 */
export async function offerHandover(act: Act, body: z.output<Api['offerHandover']['body']>): Promise<number> {
  const { client, caller, scope, nowMs } = act
  const { key, vehicleId, toDriverId, odometerKm, fuelPct, equipment, inspection, remarks } = body
  const who = { caller, reach: { ...scope, vehicleId: null } }
  const holding = await loadHolding(client, who, vehicleId)
  const { rows: known } = await client.query<{ id: number; vehicleId: number }>(
    'SELECT handover_id AS id, vehicle_id AS "vehicleId" FROM vehicle_handovers WHERE offered_by = $1 AND key = $2',
    [caller.accountId, key],
  )
  if (known[0]) {
    if (known[0].vehicleId !== vehicleId) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return known[0].id
  }
  const own = grantFor(caller, 'order.drive').reach === 'self'
  if (own && holding.holderId !== holding.ownDriverId)
    throw refusal('CONFLICT', 'body.vehicleId', 'handover.holder', { name: holding.holder ?? '' })
  if (toDriverId === holding.holderId) throw refusal('VALIDATION_FAILED', 'body.toDriverId', 'handover.same')
  const before = holding.odometerKm === null ? null : { km: holding.odometerKm, atMs: holding.since!.getTime() }
  if (!isReadingPossible(odometerKm, before, nowMs))
    throw refusal('VALIDATION_FAILED', 'body.odometerKm', 'handover.reading', { km: before!.km, most: MOST_KM_A_DAY })
  const fault = inspection.findIndex(({ ok, remark }) => !ok && remark === '')
  if (fault >= 0)
    throw refusal('VALIDATION_FAILED', `body.inspection.${fault}.remark`, 'inspection.remark', { inspectionItem: inspection[fault]!.item })
  if (toDriverId !== null) {
    const { rows } = await client.query(`SELECT FROM drivers WHERE driver_id = $1 AND organisation_id = $2 AND state = 'active'`, [
      toDriverId,
      holding.unitId,
    ])
    if (rows.length === 0) throw refusal('VALIDATION_FAILED', 'body.toDriverId', 'handover.driver')
  }
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO vehicle_handovers (vehicle_id, unit_id, from_driver_id, to_driver_id, state, since, odometer_km, fuel_pct, equipment, inspection, remarks,
       offered_by, offered_at, key)
     VALUES ($1, $2, $3, $4, 'OFFERED', $5, $6, $7, $8, $9, $10, $11, $5, $12) ON CONFLICT DO NOTHING RETURNING handover_id AS id`,
    [
      ...[vehicleId, holding.unitId, holding.holderId, toDriverId, new Date(nowMs), odometerKm, fuelPct, inOrder(equipment)],
      ...[JSON.stringify(inspection), remarks, caller.accountId, key],
    ],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.vehicleId', 'handover.open')
  const { id } = rows[0]
  await keepStep(act, HANDOVERS, id, { action: 'offer', to: 'OFFERED', reason: remarks })
  act.record(
    'handover.offer',
    { type: 'vehicle', id: vehicleId },
    { after: { handoverId: id, fromDriverId: holding.holderId, toDriverId, odometerKm, fuelPct } },
  )
  return id
}
