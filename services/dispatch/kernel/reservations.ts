// Promises of vehicles and drivers to trips. A promise is a row with its time; that none is given twice, and none across upkeep, sealing or
// leave, the database says (migration 0035), so a trip takes no lock of the ledger and leaves the vehicle's version as it is.
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Span } from '../../domain/driverFitness.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'

/** One vehicle or one driver. */
export type Promised = { vehicleId: number } | { driverId: number }
/** Whose trip it is, such as order:12. */
export type Holder = `${string}:${number}`

const openTrips = `r.reason = 'trip' AND r.ended_at IS NULL`

/** SQL: what a vehicle is said to be. Promised and out are told of one that is available; everything else its file says. */
export const stateSql = (vehicle = 'v'): string => `
  CASE WHEN ${vehicle}.state <> 'AVAILABLE' THEN ${vehicle}.state ELSE coalesce((SELECT CASE WHEN bool_or(r.begun_at IS NOT NULL) THEN 'IN_USE'
    WHEN count(*) > 0 THEN 'RESERVED' END FROM reservations r WHERE r.vehicle_id = ${vehicle}.vehicle_id AND ${openTrips}), 'AVAILABLE') END`

/** SQL: is that what the vehicle is said to be? The open trips are looked through once, not once a vehicle. */
export function stateTest(state: VehicleState, $: (value: unknown) => string, vehicle = 'v'): string {
  const among = (begun: string) =>
    `${vehicle}.vehicle_id IN (SELECT r.vehicle_id FROM reservations r WHERE r.vehicle_id IS NOT NULL AND ${openTrips} ${begun})`
  const free = `${vehicle}.state = 'AVAILABLE'`
  if (state === 'IN_USE') return `(${free} AND ${among('AND r.begun_at IS NOT NULL')})`
  if (state === 'RESERVED') return `(${free} AND ${among('')} AND NOT ${among('AND r.begun_at IS NOT NULL')})`
  if (state === 'AVAILABLE') return `(${free} AND NOT ${among('')})`
  return `${vehicle}.state = ${$(state)}`
}

/**
 * Promises a vehicle or a driver to a trip. Whoever asks has judged that it is in reach, and the driver fit.
 * @throws Refusal CONFLICT for a vehicle that is not available or a driver who is not active; what is promised for that time already the
 * database refuses, in words of its own (violations.ts)
 */
export async function reserve(client: Queryable, promised: Promised, { fromMs, untilMs }: Span, holder: Holder): Promise<void> {
  await requireAtHand(client, promised)
  const [vehicleId, driverId] = 'vehicleId' in promised ? [promised.vehicleId, null] : [null, promised.driverId]
  await client.query(
    `INSERT INTO reservations (vehicle_id, driver_id, during, reason, holder) VALUES ($1, $2, tstzrange($3, $4), 'trip', $5)`,
    [vehicleId, driverId, new Date(fromMs), new Date(untilMs), holder],
  )
}

/** Held against a change of the file until the transaction's end: whoever suspends a vehicle sees the promise, or the promise its state. */
async function requireAtHand(client: Queryable, promised: Promised): Promise<void> {
  const isVehicle = 'vehicleId' in promised
  const { rows } = isVehicle
    ? await client.query<{ state: string }>('SELECT state FROM vehicles WHERE vehicle_id = $1 FOR SHARE', [promised.vehicleId])
    : await client.query<{ state: string }>('SELECT state FROM drivers WHERE driver_id = $1 FOR SHARE', [promised.driverId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  const { state } = rows[0]
  if (isVehicle && state !== 'AVAILABLE') throw refusal('CONFLICT', 'body.vehicleId', 'state.not', { state })
  if (!isVehicle && state !== 'active') throw refusal('CONFLICT', 'body.driverId', 'driver.state')
}

/** The promises of a trip that will not be are as if they had never been. Returns how many there were. */
export async function release(client: Queryable, holder: Holder): Promise<number> {
  return (await client.query('DELETE FROM reservations WHERE holder = $1 AND begun_at IS NULL', [holder])).rowCount
}

/** The trip begins. Before its time it takes the time until then as well, where nobody else has it. Returns how many promises it was. */
export async function depart(client: Queryable, holder: Holder, atMs: number): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE reservations SET begun_at = $2, during = tstzrange(least(lower(during), $2), upper(during))
     WHERE holder = $1 AND begun_at IS NULL AND ended_at IS NULL`,
    [holder, new Date(atMs)],
  )
  return rowCount
}

/** Vehicle and driver are back. Before its time what is left is free again; late, the promise stays as it was; who is
 * back in the instant he left was out for a millisecond. Returns how many it was. */
export async function giveBack(client: Queryable, holder: Holder, atMs: number): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE reservations SET ended_at = $2, during = tstzrange(lower(during), least(upper(during), greatest($2, lower(during) + interval '1 ms')))
     WHERE holder = $1 AND begun_at IS NOT NULL AND ended_at IS NULL`,
    [holder, new Date(atMs)],
  )
  return rowCount
}

/** When a driver is promised to trips, as far as it touches the span. */
export async function listTripsPromised(db: Queryable, driverId: number, { fromMs, untilMs }: Span): Promise<Span[]> {
  const { rows } = await db.query<Span>(
    `SELECT (extract(epoch FROM lower(during)) * 1000)::float8 AS "fromMs", (extract(epoch FROM upper(during)) * 1000)::float8 AS "untilMs"
     FROM reservations WHERE driver_id = $1 AND reason = 'trip' AND during && tstzrange($2, $3) ORDER BY during`,
    [driverId, new Date(fromMs), new Date(untilMs)],
  )
  return rows
}
