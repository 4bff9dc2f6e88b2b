// What is judged before a vehicle and a driver are given to a trip: is it there, does it fit, is it free, is he fit. The database refuses once more
// (reservations): here the refusal says who has it, and from when it is free.
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import type { Span } from '../../domain/driverFitness.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import { orderNumber } from '../../domain/orders.ts'
import { type Exclusion, judgeVehicle, nextFree, type Wanted } from '../../domain/ranking.ts'
import { heldFor } from '../../domain/requests.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { reserve } from '../kernel/reservations.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { ListDrivers } from './drivers.ts'

export type Given = { vehicleId: number; driverId: number | null; startsAtMs: number; endsAtMs: number }
/** `orderId`: whose own promise is given up for the new one; 0 = none yet. */
type Trip = { orderId: number; passengers: number; withDriver: boolean }

/**
 * May these be given to the trip? Asked before anything is written: what is out of reach is answered as what is absent. @throws Refusal VALIDATION_FAILED for a vehicle or driver that is not in reach; CONFLICT with the first reason
 * why not
 */
export async function requireGivable(
  act: Act,
  listDrivers: ListDrivers,
  given: Given,
  { orderId, passengers, withDriver }: Trip,
): Promise<void> {
  const { client, scope, nowMs } = act
  const { vehicleId, driverId, startsAtMs, endsAtMs } = given
  const wanted: Wanted = { startsAtMs, endsAtMs, passengers, withDriver, distanceKm: null }
  const held = heldFor(given)
  const vehicle = await findVehicle(client, scope, vehicleId)
  const busy = await listBusy(client, 'vehicle_id', vehicleId, held.fromMs, orderId)
  const clash = busy.find((span) => span.fromMs < held.untilMs)
  const [first] = judgeVehicle(
    { ...vehicle, tier: 'own', electric: false, socPct: null, pickUpKm: null, ordersNear: 0, clash: clash ?? null },
    wanted,
  )
  if (first?.code === 'BUSY') throw refusal('CONFLICT', 'body.vehicleId', 'vehicle.busy', busyValues(clash!, wanted, busy))
  if (first) throw refusal('CONFLICT', 'body.vehicleId', ...reasonOf(first))
  if (withDriver) {
    if (driverId === null) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.driverMissing')
    const driverBusy = await listBusy(client, 'driver_id', driverId, held.fromMs, orderId)
    const driverClash = driverBusy.find((span) => span.fromMs < held.untilMs)
    const [driver] = await listDrivers(client, scope, { fromMs: startsAtMs, untilMs: endsAtMs }, nowMs, driverId)
    if (!driver) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.driverUnknown')
    if (driverClash) throw refusal('CONFLICT', 'body.driverId', 'driver.busy', busyValues(driverClash, wanted, driverBusy))
    const [unfit] = driver.judge(vehicle).filter(({ code }) => code !== 'BUSY')
    if (unfit) throw refusal('CONFLICT', 'body.driverId', 'driver.unfit', { name: driver.name, fitness: unfit.code })
  } else if (driverId !== null) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.noDriver')
}

/** Promises vehicle and driver to the order. */
export async function promise(client: Queryable, given: Given, orderId: number): Promise<void> {
  const holder = `order:${orderId}` as const
  await reserve(client, { vehicleId: given.vehicleId }, heldFor(given), holder)
  if (given.driverId !== null) await reserve(client, { driverId: given.driverId }, heldFor(given), holder)
}

const reasons: Record<Exclude<Exclusion['code'], 'BUSY' | 'NO_DRIVER'>, RefusalReason> = {
  STATE: 'state.not',
  SEATS: 'vehicle.seats',
  INSPECTION: 'vehicle.inspection',
  INSURANCE: 'vehicle.insurance',
  CHARGE: 'vehicle.charge',
}
const reasonOf = ({ code, detail }: Exclusion): [RefusalReason, RefusalValues] => [reasons[code as keyof typeof reasons], detail]

function busyValues(clash: Busy, wanted: Wanted, busy: readonly Span[]): RefusalValues {
  return {
    from: new Date(clash.fromMs).toISOString(),
    until: Number.isFinite(clash.untilMs) ? new Date(clash.untilMs).toISOString() : '',
    held: clash.order ?? clash.reason,
    free: Number.isFinite(clash.untilMs) ? new Date(nextFree(wanted, busy)).toISOString() : '',
  }
}

type Vehicle = {
  vehicleId: number
  state: VehicleState
  seats: number
  bodyType: string | null
  energy: string
  inspectionUntil: string | null
  insuranceUntil: string | null
}

async function findVehicle(client: Queryable, scope: Sight, vehicleId: number): Promise<Vehicle> {
  const { rows } = await client.query<Vehicle>(
    `SELECT v.vehicle_id AS "vehicleId", v.state, v.seats, v.body_type AS "bodyType", v.energy, v.inspection_until::text AS "inspectionUntil",
       v.insurance_until::text AS "insuranceUntil"
     FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  return rows[0]
}

type Busy = Span & { reason: string; order: string | null }

/** What it is promised to from `fromMs` on, in order; without end: Infinity. The trip's own promise is left out. */
async function listBusy(client: Queryable, key: 'vehicle_id' | 'driver_id', id: number, fromMs: number, orderId: number): Promise<Busy[]> {
  const { rows } = await client.query<{ from: Date; until: Date | null; reason: string; year: number | null; number: number | null }>(
    `SELECT lower(r.during) AS "from", upper(r.during) AS until, r.reason, d.year, d.number FROM reservations r
     LEFT JOIN dispatch_orders d ON r.holder = 'order:' || d.order_id
     WHERE r.${key} = $1 AND (upper_inf(r.during) OR upper(r.during) > $2) AND r.holder IS DISTINCT FROM 'order:' || $3::int ORDER BY r.during LIMIT 200`,
    [id, new Date(fromMs), orderId],
  )
  return rows.map(({ from, until, reason, year, number }) => ({
    fromMs: from.getTime(),
    untilMs: until?.getTime() ?? Number.POSITIVE_INFINITY,
    reason,
    order: year === null ? null : orderNumber(year, number!),
  }))
}
