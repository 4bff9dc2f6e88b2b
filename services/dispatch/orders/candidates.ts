// Who could take a request: vehicles and drivers within reach as domain/ranking.ts ranks them, and of the others why not.
import type { Candidates } from '../../contracts/api/orders.ts'
import { dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import { distanceM } from '../../domain/geofence.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import { type DriverOffer, rankPairs, type Tier, type VehicleOffer, type Wanted } from '../../domain/ranking.ts'
import { heldFor } from '../../domain/requests.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { FitDriver, OrdersDeps } from './drivers.ts'
import type { Request } from './requestRows.ts'
import { requireRequest } from './requests.ts'

/** Those of the unit and its pool come first; a scope with more vehicles than this is asked for in parts. */
const MOST_VEHICLES = 2_500
const SHOWN_EXCLUDED = 60
const WEEK = `interval '7 days'`

type Found = VehicleOffer & {
  plate: string
  plateColour: 'blue'
  unitId: number
  unitName: string
  bodyType: string | null
  energy: string
}

export async function listCandidates(
  { db, clock, listDrivers }: OrdersDeps,
  who: Who,
  requestId: number,
  limit: number,
): Promise<Candidates> {
  const request = await requireRequest(db, who, requestId, clock.nowMs())
  const wanted: Wanted = {
    startsAtMs: Date.parse(request.startsAt),
    endsAtMs: Date.parse(request.endsAt),
    passengers: request.passengers,
    withDriver: request.withDriver,
    distanceKm: roadKm(request.from, request.to, Date.parse(request.startsAt)),
  }
  const vehicles = await findVehicles(db, who.reach, request, wanted)
  const drivers = wanted.withDriver
    ? await listDrivers(db, who.reach, { fromMs: wanted.startsAtMs, untilMs: wanted.endsAtMs }, clock.nowMs())
    : []
  const byId = new Map(vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]))
  const names = new Map(drivers.map(({ driverId, name }) => [driverId, name]))
  const { pairs, excluded } = rankPairs(wanted, vehicles, await offersOf(db, drivers, byId, wanted))
  const shown = ({ vehicleId, plate, plateColour, seats, unitId, unitName, tier }: Found) => ({
    vehicleId,
    plate,
    plateColour,
    seats,
    unit: { organisationId: unitId, name: unitName },
    tier,
  })
  return {
    able: pairs.length,
    pairs: pairs.slice(0, limit).map(({ vehicleId, driverId, points, why }) => ({
      vehicle: shown(byId.get(vehicleId)!),
      driver: driverId === null ? null : { driverId, name: names.get(driverId)! },
      points,
      why,
    })),
    excludedTotal: excluded.length,
    excluded: excluded.slice(0, SHOWN_EXCLUDED).map(({ vehicleId, reasons }) => ({ vehicle: shown(byId.get(vehicleId)!), reasons })),
  }
}

type Point = { lon: number | null; lat: number | null }
function roadKm(from: Point, to: Point, atMs: number): number | null {
  if (from.lon === null || to.lon === null) return null
  return (distanceM([from.lon, from.lat!], [to.lon, to.lat!]) * dispatchLawOn(dayAt(atMs)).roadFactor) / 1000
}

async function findVehicles(db: Queryable, scope: Sight, request: Request, wanted: Wanted): Promise<Found[]> {
  const held = heldFor(wanted)
  const { rows } = await db.query<Omit<Found, 'pickUpKm' | 'electric' | 'kind'> & { lon: number | null; lat: number | null }>(
    `WITH asking AS MATERIALIZED (SELECT organisation_id, pool_id, compound_id FROM organisations WHERE organisation_id = $4),
     -- The nearest by unit first, and what costs more of these alone.
     nearest AS MATERIALIZED (
       SELECT v.vehicle_id, o.name AS unit_name,
         CASE WHEN v.user_unit_id = q.organisation_id THEN 'own' WHEN o.pool_id = q.pool_id OR o.compound_id = q.compound_id THEN 'pool' ELSE 'other' END AS tier
       FROM ${openVehicles('$3')} v JOIN organisations o ON o.organisation_id = v.user_unit_id CROSS JOIN asking q
       WHERE o.lft BETWEEN $1 AND $2 AND v.state <> 'DISPOSED'
       ORDER BY (v.user_unit_id = q.organisation_id) DESC, (o.pool_id = q.pool_id OR o.compound_id = q.compound_id) DESC NULLS LAST, v.vehicle_id
       LIMIT ${MOST_VEHICLES})
     SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.seats, v.state, v.body_type AS "bodyType", v.energy,
       v.inspection_until::text AS "inspectionUntil", v.insurance_until::text AS "insuranceUntil", v.user_unit_id AS "unitId", n.unit_name AS "unitName", n.tier,
       s.lon_e7 / 1e7::float8 AS lon, s.lat_e7 / 1e7::float8 AS lat, s.soc_permille / 10.0::float8 AS "socPct",
       (SELECT coalesce(json_agg(json_build_object('fromMs', extract(epoch FROM lower(r.during)) * 1000, 'untilMs', extract(epoch FROM upper(r.during)) * 1000,
          'reason', r.reason, 'holder', r.holder) ORDER BY r.during), '[]') FROM reservations r
        WHERE r.vehicle_id = v.vehicle_id AND r.during && tstzrange($5, $7)) AS bookings,
       (SELECT count(*) FROM dispatch_orders d WHERE d.vehicle_id = v.vehicle_id AND d.state NOT IN ('DECLINED', 'VOIDED')
          AND d.starts_at BETWEEN $6::timestamptz - ${WEEK} AND $6::timestamptz + ${WEEK}) AS "ordersNear"
     FROM nearest n JOIN ${openVehicles('$3')} v USING (vehicle_id) LEFT JOIN last_states s ON s.vehicle_id = v.vehicle_id`,
    [
      scope.lft,
      scope.rgt,
      scope.cleared,
      request.unit.organisationId,
      new Date(held.fromMs),
      new Date(wanted.startsAtMs),
      new Date(held.untilMs),
    ],
  )
  return rows.map(({ lon, lat, ...vehicle }) => ({
    ...vehicle,
    state: vehicle.state as VehicleState,
    kind: kindOf(vehicle),
    electric: vehicle.energy === 'electric',
    pickUpKm: roadKm({ lon, lat }, request.from, wanted.startsAtMs),
  }))
}

const kindOf = ({ bodyType, seats, energy }: Pick<Found, 'bodyType' | 'seats' | 'energy'>): string =>
  JSON.stringify([bodyType, seats, energy])

async function offersOf(
  db: Queryable,
  drivers: readonly FitDriver[],
  vehicles: ReadonlyMap<number, Found>,
  { startsAtMs }: Wanted,
): Promise<DriverOffer[]> {
  const { rows } = await db.query<{ id: number; n: number }>(
    `SELECT driver_id AS id, count(*)::int AS n FROM dispatch_orders WHERE driver_id = ANY($1) AND state NOT IN ('DECLINED', 'VOIDED')
       AND starts_at BETWEEN $2::timestamptz - ${WEEK} AND $2::timestamptz + ${WEEK} GROUP BY driver_id`,
    [drivers.map(({ driverId }) => driverId), new Date(startsAtMs)],
  )
  const near = new Map(rows.map(({ id, n }) => [id, n]))
  const tierOfUnit = new Map<number, Tier>([...vehicles.values()].map(({ unitId, tier }) => [unitId, tier]))
  return drivers.map((driver) => ({
    driverId: driver.driverId,
    tier: tierOfUnit.get(driver.unitId) ?? 'other',
    usual: driver.usual,
    ordersNear: near.get(driver.driverId) ?? 0,
    judge(kind) {
      const [bodyType, seats, energy] = JSON.parse(kind) as [string | null, number, string]
      return driver.judge({ bodyType, seats, energy })
    },
  }))
}
