// Who asks whether a vehicle or a driver is free asks here: what it is booked for, whether it is available and why not, and whether it may be
// taken away from where it is. The law is domain/availability.ts.

import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type Booking, type DriverCase, judgeDriver, judgeVehicle, type Unavailable, type VehicleCase } from '../../domain/availability.ts'
import { addDays, dayAt, dayStartMs } from '../../domain/days.ts'
import type { Span } from '../../domain/driverFitness.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Deed } from './act.ts'
import { among, listOf } from './among.ts'

/** One vehicle or one driver. */
export type Promised = { vehicleId: number } | { driverId: number }

const keyOf = (promised: Promised) =>
  'vehicleId' in promised ? (['vehicle_id', promised.vehicleId] as const) : (['driver_id', promised.driverId] as const)

/** A trip that is promised or under way. */
const openTrip = `r.reason = 'trip' AND r.ended_at IS NULL`

/** What it is booked for, as far as it touches the span: trips, upkeep, sealing, leave. */
export async function listBookings(db: Queryable, promised: Promised, { fromMs, untilMs }: Span): Promise<Booking[]> {
  const [column, id] = keyOf(promised)
  const { rows } = await db.query<Booking>(
    `SELECT (extract(epoch FROM lower(during)) * 1000)::float8 AS "fromMs", (extract(epoch FROM upper(during)) * 1000)::float8 AS "untilMs",
            reason, holder
     FROM reservations WHERE ${column} = $1 AND during && tstzrange($2, $3) ORDER BY during`,
    [id, new Date(fromMs), new Date(untilMs)],
  )
  return rows
}

/** By their numbers, each in order. */
export type BookingsOf = { vehicles: Map<number, Booking[]>; drivers: Map<number, Booking[]> }

/** What all of these vehicles and drivers are booked for within the span, in one statement: a ranking asks of thousands. */
export async function listAllBookings(
  db: Queryable,
  { vehicles, drivers }: { vehicles: readonly number[]; drivers: readonly number[] },
  { fromMs, untilMs }: Span,
): Promise<BookingsOf> {
  const { rows } = await db.query<Booking & { vehicleId: number | null; driverId: number | null }>(
    `SELECT r.vehicle_id AS "vehicleId", r.driver_id AS "driverId", (extract(epoch FROM lower(during)) * 1000)::float8 AS "fromMs",
       (extract(epoch FROM upper(during)) * 1000)::float8 AS "untilMs", reason, holder
     FROM reservations r WHERE r.during && tstzrange($1, $2) AND (${among('r.vehicle_id', '$3')} OR ${among('r.driver_id', '$4')}) ORDER BY r.during`,
    [new Date(fromMs), new Date(untilMs), listOf(vehicles), listOf(drivers)],
  )
  const found: BookingsOf = { vehicles: new Map(), drivers: new Map() }
  for (const { vehicleId, driverId, ...booking } of rows) {
    const [of, id] = vehicleId === null ? [found.drivers, driverId!] : [found.vehicles, vehicleId]
    const before = of.get(id)
    if (before) before.push(booking)
    else of.set(id, [booking])
  }
  return found
}

/** So many days before and after a trip the use of a vehicle, and the work of a driver, is looked at. */
export const NEAR_DAYS = 7

/** SQL: how many orders a row `on` of vehicles has in the week before and after an instant, as "ordersNear"; of drivers: driving.ts. */
export const ordersNear = (on: string, at: string): string => `
  SELECT count(*)::int AS "ordersNear" FROM dispatch_orders near WHERE near.vehicle_id = ${on}.vehicle_id AND near.state NOT IN ('DECLINED', 'VOIDED', 'EXPIRED')
    AND near.starts_at BETWEEN ${at}::timestamptz - interval '${NEAR_DAYS} days' AND ${at}::timestamptz + interval '${NEAR_DAYS} days' OFFSET 0`

/**
 * Why it is not available for the span; nothing where it is. Its file is held against a change until the transaction's end: whoever suspends
 * a vehicle sees the promise, or the promise its state.
 * @throws Refusal NOT_FOUND
 */
export async function listWhyUnavailable(client: Queryable, promised: Promised, span: Span): Promise<Unavailable[]> {
  const bookings = await listBookings(client, promised, span)
  if ('driverId' in promised) {
    const { rows } = await client.query<DriverCase>(
      `SELECT state, licence_expires_on::text AS "licenceExpiresOn" FROM drivers WHERE driver_id = $1 FOR SHARE`,
      [promised.driverId],
    )
    if (!rows[0]) throw new Refusal('NOT_FOUND')
    return judgeDriver(rows[0], bookings, span)
  }
  const { rows } = await client.query<VehicleCase>(
    `SELECT state, insurance_until::text AS "insuranceUntil", inspection_until::text AS "inspectionUntil"
     FROM every_vehicle WHERE vehicle_id = $1 FOR SHARE`,
    [promised.vehicleId],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return judgeVehicle(rows[0], bookings, span)
}

/**
 * Of vehicles or drivers, the first trip that each is promised to within the span, without one from `nowMs` on; by its number. One that is out
 * stays so, however late it is.
 */
export async function listPromises(
  db: Queryable,
  of: 'vehicle' | 'driver',
  ids: readonly number[],
  nowMs: number,
  { fromMs, untilMs }: { fromMs: number; untilMs?: number } = { fromMs: nowMs },
): Promise<Map<number, Booking>> {
  const { rows } = await db.query<Booking & { id: number }>(
    `SELECT DISTINCT ON (r.${of}_id) r.${of}_id AS id, (extract(epoch FROM lower(r.during)) * 1000)::float8 AS "fromMs",
            (extract(epoch FROM upper(r.during)) * 1000)::float8 AS "untilMs", r.reason, r.holder
     FROM reservations r WHERE r.${of}_id = ANY($1::int[]) AND ${openTrip}
       AND (r.during && tstzrange($2, $3) OR r.begun_at IS NOT NULL AND $2::timestamptz <= $4) ORDER BY r.${of}_id, r.during`,
    [ids, new Date(fromMs), untilMs === undefined ? 'infinity' : new Date(untilMs), new Date(nowMs)],
  )
  return new Map(rows.map(({ id, ...booking }) => [id, booking]))
}

/** Reason and values of the refusal to take away what is promised. */
export const promisedRefusal = (of: 'vehicle' | 'driver', { fromMs, untilMs, holder }: Booking) =>
  [
    `${of}.promisedTo`,
    { holder: holder!, bookedFrom: new Date(fromMs).toISOString(), bookedUntil: new Date(untilMs!).toISOString() },
  ] as const

/**
 * Whoever suspends it, moves it to another unit or lends it away asks first; the caller holds its row.
 * @throws Refusal CONFLICT with the trip that it is promised to, or out on, from now on or within the span
 */
export async function requireUnpromised(
  { client, nowMs }: Deed,
  promised: Promised,
  path: string,
  span?: { fromMs: number; untilMs?: number },
): Promise<void> {
  const [column, id] = keyOf(promised)
  const of = column === 'vehicle_id' ? 'vehicle' : 'driver'
  const booking = (await listPromises(client, of, [id], nowMs, span)).get(id)
  if (booking) throw refusal('CONFLICT', path, ...promisedRefusal(of, booking))
}

/** SQL: the day of the region in which `nowMs` is, as a range of time. */
const dayOf = (nowMs: number): string => {
  const day = dayAt(nowMs)
  const at = (of: string) => `'${new Date(dayStartMs(of)).toISOString()}'`
  return `tstzrange(${at(day)}, ${at(addDays(day, 1))})`
}

/**
 * SQL: what a vehicle is said to be today. Promised and out are told of one that is available; everything else its file says. What is promised
 * for another day is told by who asks for that day.
 */
export const stateSql = (nowMs: number, vehicle = 'v'): string => `
  CASE WHEN ${vehicle}.state <> 'AVAILABLE' THEN ${vehicle}.state ELSE coalesce((SELECT CASE WHEN bool_or(r.begun_at IS NOT NULL) THEN 'IN_USE'
    WHEN bool_or(r.during && ${dayOf(nowMs)}) THEN 'RESERVED' END FROM reservations r WHERE r.vehicle_id = ${vehicle}.vehicle_id AND ${openTrip}), 'AVAILABLE') END`

/** SQL: is that what the vehicle is said to be today? The open trips are looked through once, not once a vehicle. */
export function stateTest(state: VehicleState, $: (value: unknown) => string, nowMs: number, vehicle = 'v'): string {
  const among = (which: string) =>
    `${vehicle}.vehicle_id IN (SELECT r.vehicle_id FROM reservations r WHERE r.vehicle_id IS NOT NULL AND ${openTrip} AND ${which})`
  const free = `${vehicle}.state = 'AVAILABLE'`
  const out = 'r.begun_at IS NOT NULL'
  const today = `r.during && ${dayOf(nowMs)}`
  if (state === 'IN_USE') return `(${free} AND ${among(out)})`
  if (state === 'RESERVED') return `(${free} AND ${among(today)} AND NOT ${among(out)})`
  if (state === 'AVAILABLE') return `(${free} AND NOT ${among(`(${out} OR ${today})`)})`
  return `${vehicle}.state = ${$(state)}`
}
