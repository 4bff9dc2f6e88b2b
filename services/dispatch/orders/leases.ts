// Leased vehicles (公务租车): what suppliers ask for a trip by their tariffs, beside what the fleets' own would cost; and an order with one of them.
import type { Candidates } from '../../contracts/api/dispatching.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { findTariff, type Journey, leasedSeats, priceOf, type Tariff } from '../../domain/tariff.ts'
import type { BodyType } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { isDesignatedOn } from '../kernel/designated.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { Request } from './requestRows.ts'
import { listTariffsFor } from './settlement.ts'

type Trip = { startsAtMs: number; endsAtMs: number; passengers: number; withDriver: boolean; distanceKm: number | null }

/** Suppliers that are designated for rental on a day where the unit is. */
async function listRentals(db: Queryable, unitId: number, day: string): Promise<Map<number, string>> {
  const { rows } = await db.query<{ id: number; name: string }>(
    `SELECT s.supplier_id AS id, s.name FROM suppliers s JOIN organisations o USING (organisation_id) CROSS JOIN organisations u
     WHERE u.organisation_id = $1 AND u.lft BETWEEN o.lft AND o.rgt AND 'rental' = ANY(s.kinds) AND ${isDesignatedOn('$2')}`,
    [unitId, day],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const totalOf = (tariff: Tariff, journey: Journey): number => priceOf(tariff, journey).reduce((sum, { fen }) => sum + fen, 0)

/**
 * What each supplier asks for the trip there and back, the cheapest first. Without a way only what does not go by the kilometre is in the price.
 * `ownFen`: what a vehicle of another unit would cost by its price; null where there is none.
 */
export async function listLeaseOffers(
  db: Queryable,
  request: Pick<Request, 'unit' | 'unitLft'>,
  trip: Trip,
): Promise<Candidates['leases']> {
  const day = dayAt(trip.startsAtMs)
  const suppliers = await listRentals(db, request.unit.organisationId, day)
  const tariffs = await listTariffsFor(db, [request.unitLft])
  const journey = {
    distanceM: Math.round((trip.distanceKm ?? 0) * 2_000),
    fromMs: trip.startsAtMs,
    untilMs: trip.endsAtMs,
    withDriver: trip.withDriver,
  }
  const asked = new Map<string, [number, BodyType | null]>()
  for (const { kind, supplierId, bodyType } of tariffs)
    if (kind === 'lease' && supplierId !== null && suppliers.has(supplierId)) asked.set(`${supplierId} ${bodyType}`, [supplierId, bodyType])
  const own = findTariff(tariffs, 'own', { lft: request.unitLft, day, bodyType: null })
  const offers = [...asked.values()].flatMap(([supplierId, bodyType]) => {
    const tariff = findTariff(tariffs, 'lease', { lft: request.unitLft, day, bodyType, supplierId })
    if (!tariff || tariff.bodyType !== bodyType || (bodyType !== null && leasedSeats[bodyType] < trip.passengers)) return []
    return [{ supplier: { supplierId, name: suppliers.get(supplierId)! }, bodyType, priceFen: totalOf(tariff, journey) }]
  })
  return {
    offers: offers.sort((a, b) => a.priceFen - b.priceFen || a.supplier.supplierId - b.supplier.supplierId),
    byKm: trip.distanceKm !== null,
    ownFen: own ? totalOf(own, journey) : null,
  }
}

/** @throws Refusal VALIDATION_FAILED for a supplier that is not designated, too few seats, or a vehicle of the ledger that is no leased one in reach */
export async function requireLeasable(
  { client, scope }: Act,
  request: Request,
  { supplierId, bodyType }: { supplierId: number; bodyType: BodyType | null },
  vehicleId: number | null,
  startsAtMs: number,
): Promise<void> {
  const suppliers = await listRentals(client, request.unit.organisationId, dayAt(startsAtMs))
  if (!suppliers.has(supplierId)) throw refusal('VALIDATION_FAILED', 'body.lease.supplierId', 'supplier.unknown')
  if (bodyType !== null && leasedSeats[bodyType] < request.passengers)
    throw refusal('CONFLICT', 'body.lease.bodyType', 'vehicle.seats', { places: leasedSeats[bodyType], passengers: request.passengers })
  if (vehicleId === null) return
  const { rowCount } = await client.query(
    `SELECT FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND v.class = 'leased' AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'lease.vehicle')
}
