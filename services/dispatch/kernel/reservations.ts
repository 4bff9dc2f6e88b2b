// Promises of vehicles and drivers to trips. A promise is a row with its time; that none is given twice, and none across upkeep, sealing or
// leave, the database says (migration 0035), so a trip takes no lock of the ledger and leaves the vehicle's version as it is.
import type { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Unavailable } from '../../domain/availability.ts'
import type { Span } from '../../domain/driverFitness.ts'
import type { Queryable } from '../../platform/db.ts'
import { listWhyUnavailable, type Promised } from './availability.ts'

/** Whose trip it is, such as order:12. */
export type Holder = `${string}:${number}`

/**
 * Promises a vehicle or a driver to a trip. Whoever asks has judged that it is in reach, and that the driver fits the vehicle.
 * @throws Refusal CONFLICT for a vehicle that is not available or a driver who is not active, or what expires before the end; what is promised
 * for that time already the database refuses, whoever writes, in words of its own (violations.ts)
 */
export async function reserve(client: Queryable, promised: Promised, span: Span, holder: Holder): Promise<void> {
  for (const why of await listWhyUnavailable(client, promised, span)) if (why.code !== 'BOOKED') throw refusalOf(promised, why)
  const [vehicleId, driverId] = 'vehicleId' in promised ? [promised.vehicleId, null] : [null, promised.driverId]
  await client.query(
    `INSERT INTO reservations (vehicle_id, driver_id, during, reason, holder) VALUES ($1, $2, tstzrange($3, $4), 'trip', $5)`,
    [vehicleId, driverId, new Date(span.fromMs), new Date(span.untilMs), holder],
  )
}

function refusalOf(promised: Promised, why: Exclude<Unavailable, { code: 'BOOKED' }>): Refusal {
  const path = 'vehicleId' in promised ? 'body.vehicleId' : 'body.driverId'
  if (why.code === 'EXPIRES') return refusal('CONFLICT', path, 'trip.expires', { field: why.field, day: why.day })
  return 'vehicleId' in promised ? refusal('CONFLICT', path, 'state.not', { state: why.state }) : refusal('CONFLICT', path, 'driver.state')
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

/**
 * A trip that is under way takes longer: what it holds is held until then.
 * @throws Refusal CONFLICT for what expires before the end; what is promised for that time already the database refuses
 */
export async function extend(client: Queryable, promised: Promised, span: Span, holder: Holder): Promise<void> {
  for (const why of await listWhyUnavailable(client, promised, span)) if (why.code !== 'BOOKED') throw refusalOf(promised, why)
  const [column, id] = 'vehicleId' in promised ? ['vehicle_id', promised.vehicleId] : ['driver_id', promised.driverId]
  const { rowCount } = await client.query(
    `UPDATE reservations SET during = tstzrange(lower(during), $3) WHERE holder = $1 AND ${column} = $2 AND ended_at IS NULL`,
    [holder, id, new Date(span.untilMs)],
  )
  // Whoever drives what he had let go of holds nothing: from now on he does.
  if (rowCount === 0) await reserve(client, promised, span, holder)
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
