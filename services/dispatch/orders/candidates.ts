// Who could take a request: vehicles and drivers within reach as domain/ranking.ts ranks them, and of the others why not. Of thousands only what
// decides is read; names are read of those that are shown.
import type { z } from 'zod'
import type { Candidates } from '../../contracts/api/dispatching.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import type { Booking } from '../../domain/availability.ts'
import { dayAt } from '../../domain/days.ts'
import type { FitnessReason } from '../../domain/driverFitness.ts'
import type { LonLat } from '../../domain/geofence.ts'
import { isAutomatic, sizeOf, type VehicleSize, vehicleSizes } from '../../domain/licence.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import {
  countByReason,
  type DriverOffer,
  type Exclusion,
  judgeDriverOffer,
  type PickUp,
  type Ranking,
  rankPairs,
  tierWith,
  type VehicleOffer,
  type Wanted,
} from '../../domain/ranking.ts'
import { heldFor, type RequestTimes } from '../../domain/requests.ts'
import { estimateLeg } from '../../domain/roads.ts'
import { findUnserved } from '../../domain/unserved.ts'
import type { Queryable } from '../../platform/db.ts'
import { listAllBookings, ordersNear } from '../kernel/availability.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { OrdersDeps } from './drivers.ts'
import { listLeaseOffers } from './leases.ts'
import { listBorrowed, listLending } from './loanRows.ts'
import { numbersOf } from './orderRows.ts'
import type { Request } from './requestRows.ts'
import { requireRequest } from './requests.ts'
import { readPlan } from './sharing/rows.ts'
import { findSeat } from './stops.ts'
import { poolsAbove, tierSql, tiersByNumber } from './tiers.ts'

/** Those of the unit and its pool come first; a scope with more vehicles than this is asked for in parts. */
const MOST_VEHICLES = 2_500
const SHOWN_EXCLUDED = 20

/** Of so many of the best the router is asked; the others stand by estimate. */
const ASKED_OF_ROUTER = 60

type Found = VehicleOffer & { unitId: number; at: LonLat | null }
type Way = Candidates['way']
/** One vehicle or one driver is asked about alone. */
type Only = { vehicleId?: number | undefined; driverId?: number | undefined }
type Asked = {
  way: Way
  wanted: Wanted
  vehicles: Found[]
  drivers: DriverOffer[]
  names: ReadonlyMap<number, string>
  ranking: Ranking
}

/** `beside`: what is read of the trip while the ranking is made, by whoever needs it. */
async function rank<T = undefined>(
  { db, clock, listDrivers, travelTimes }: OrdersDeps,
  who: Who,
  requestId: number,
  only: Only = {},
  beside?: (request: Request, wanted: Wanted) => Promise<T>,
): Promise<Asked & { beside: T | undefined }> {
  const request = await fromItsSeat(db, await requireRequest(db, who, requestId, clock.nowMs()))
  // Those who travel together are given one vehicle, for as long as they need it.
  const shared = (await readPlan(db, requestId))?.plan
  const startsAtMs = shared?.startsMs ?? Date.parse(request.startsAt)
  const pickUp = placeOf(request.from)
  const times = { startsAtMs, endsAtMs: shared?.endsMs ?? Date.parse(request.endsAt) }
  const window = { fromMs: startsAtMs, untilMs: times.endsAtMs }
  // Of none of these does another hang: while the database answers one, the answer to the other is read.
  const [way, found, all] = await Promise.all([
    wayOf(travelTimes, request, startsAtMs),
    findVehicles(db, who.reach, request, times),
    request.withDriver ? listDrivers(db, who.reach, window, clock.nowMs(), { urgent: request.kind === 'emergency' }) : [],
  ])
  const wanted: Wanted = {
    ...times,
    passengers: shared?.most ?? request.passengers,
    withDriver: request.withDriver,
    distanceKm: way?.km ?? null,
    urgent: request.kind === 'emergency',
    equipment: request.equipment,
  }
  const cutOff = way?.problem === 'no-route'
  const asked = only.vehicleId === undefined ? found : found.filter(({ vehicleId }) => vehicleId === only.vehicleId)
  const there = only.driverId === undefined ? all : all.filter(({ driverId }) => driverId === only.driverId)
  const [bookings, alongside] = await Promise.all([
    listAllBookings(db, { vehicles: asked.map(idOfVehicle), drivers: there.map(idOfDriver) }, heldFor(wanted)),
    beside?.(request, wanted),
  ])
  const estimated = asked
  for (const vehicle of estimated) {
    vehicle.cutOff = cutOff
    vehicle.bookings = bookings.vehicles.get(vehicle.vehicleId) ?? nothing
  }
  const drivers = offersOf(there, estimated, bookings.drivers)
  const names = new Map(there.map(({ driverId, name }) => [driverId, name]))
  const first = rankPairs(wanted, estimated, drivers)
  const vehicles = pickUp === null || cutOff ? null : await askRouter(travelTimes, first, estimated, pickUp, startsAtMs)
  const told = { way, wanted, drivers, names, beside: alongside }
  if (vehicles === null) return { ...told, vehicles: estimated, ranking: first }
  return { ...told, vehicles, ranking: rankPairs(wanted, vehicles, drivers) }
}

/** A request that sets out from its unit, and says no more than its name, sets out from where that sits. */
async function fromItsSeat(db: Queryable, request: Request): Promise<Request> {
  const { from, unit, startsAt } = request
  if (placeOf(from) !== null || from.name.trim() !== unit.name) return request
  const seat = await findSeat(db, unit.organisationId, dayAt(Date.parse(startsAt)))
  return seat === null ? request : { ...request, from: { ...from, ...seat } }
}

type Point = { lon: number | null; lat: number | null }
const placeOf = ({ lon, lat }: Point): LonLat | null => (lon === null || lat === null ? null : [lon, lat])

/** The way of the trip itself; null where one of its places is a name alone. */
async function wayOf(travelTimes: OrdersDeps['travelTimes'], { from, via, to }: Request, atMs: number): Promise<Way> {
  const places = [from, ...via, to].map(placeOf)
  if (!places.every((place) => place !== null)) return null
  const { leg, by } = await travelTimes.route(places, atMs)
  return 'none' in leg ? { km: null, minutes: null, problem: leg.none, by } : { ...leg, problem: null, by }
}

const estimatePickUp = (at: LonLat | null, pickUp: LonLat | null, atMs: number): PickUp | null =>
  at && pickUp && { ...estimateLeg(at, pickUp, atMs), by: 'estimate' }

/** The best with the ways that the router knows; null where there is none, or it does not answer. A car in a yard far from any road stands by estimate. */
async function askRouter(
  travelTimes: OrdersDeps['travelTimes'],
  { pairs }: Ranking,
  vehicles: readonly Found[],
  pickUp: LonLat,
  atMs: number,
): Promise<Found[] | null> {
  const best = new Set(pairs.slice(0, ASKED_OF_ROUTER).map(({ vehicleId }) => vehicleId))
  const asked = vehicles.filter((vehicle): vehicle is Found & { at: LonLat } => vehicle.at !== null && best.has(vehicle.vehicleId))
  if (asked.length === 0) return null
  const { legs, by } = await travelTimes.table(
    asked.map(({ at }) => at),
    [pickUp],
    atMs,
  )
  if (by === 'estimate') return null
  const known = new Map(asked.map(({ vehicleId }, n) => [vehicleId, legs[n]![0]!]))
  return vehicles.map((vehicle) => {
    const leg = known.get(vehicle.vehicleId)
    if (leg === undefined) return vehicle
    if (!('none' in leg)) return { ...vehicle, pickUp: { ...leg, by } }
    return leg.none === 'no-route' ? { ...vehicle, pickUp: null, cutOff: true } : vehicle
  })
}

export async function listCandidates(
  deps: OrdersDeps,
  who: Who,
  requestId: number,
  { most, ...only }: Only & { most: number },
): Promise<Candidates> {
  const leasesOf = (request: Request, wanted: Wanted) => listLeaseOffers(deps.db, request, wanted)
  const { way, wanted, vehicles, drivers, names, ranking, beside: leases } = await rank(deps, who, requestId, only, leasesOf)
  const { pairs, excluded } = ranking
  const [best, others] = [pairs.slice(0, most), excluded.slice(0, SHOWN_EXCLUDED)]
  const shown = await readShown(
    deps.db,
    who.reach,
    vehicles,
    [...best, ...others].map(({ vehicleId }) => vehicleId),
  )
  const away = drivers.filter(({ reasons }) => reasons.length > 0)
  const unserved = findUnserved(wanted, vehicles, drivers, pairs.length)
  const failingSinceMs = deps.travelTimes.failingSince()
  return {
    way,
    routerFailingSince: failingSinceMs === null ? null : new Date(failingSinceMs).toISOString(),
    able: pairs.length,
    pairs: best.map(({ vehicleId, driverId, points, why }) => ({
      vehicle: shown.get(vehicleId)!,
      driver: driverId === null ? null : { driverId, name: names.get(driverId)! },
      points,
      why,
    })),
    excludedTotal: excluded.length,
    excludedBy: countByReason(excluded) as Candidates['excludedBy'],
    excluded: others.map(({ vehicleId, reasons }) => ({ vehicle: shown.get(vehicleId)!, reasons })),
    drivers: { total: drivers.length, awayTotal: away.length, awayBy: countByReason(away) as Candidates['drivers']['awayBy'] },
    leases: leases!,
    unserved: unserved && { ...unserved, holders: [...(await numbersOf(deps.db, who.reach, unserved.holders)).values()] },
  }
}

/** A page of the vehicles or the drivers that are left out, each with all its reasons. */
export async function listExcluded(
  deps: OrdersDeps,
  who: Who,
  requestId: number,
  { of, code, vehicleId, limit, offset }: z.output<Api['listExcluded']['query']>,
): Promise<AnswerOf<'listExcluded'>> {
  const { vehicles, drivers, names, ranking } = await rank(deps, who, requestId)
  const has = ({ reasons }: { reasons: readonly { code: string }[] }) =>
    code === undefined || reasons.some((reason) => reason.code === code)
  if (of === 'driver') {
    const kind = vehicles.find((vehicle) => vehicle.vehicleId === vehicleId)?.kind
    const away = drivers
      .map((driver): { driverId: number; reasons: readonly FitnessReason[] } => ({
        driverId: driver.driverId,
        reasons: kind === undefined ? driver.reasons : judgeDriverOffer(driver, kind),
      }))
      .filter((driver) => driver.reasons.length > 0 && has(driver))
    return {
      total: away.length,
      rows: away.slice(offset, offset + limit).map(({ driverId, reasons }) => ({
        vehicle: null,
        driver: { driverId, name: names.get(driverId)! },
        reasons: [...reasons],
      })),
    }
  }
  const excluded = ranking.excluded.filter((each) => has(each) && (vehicleId === undefined || each.vehicleId === vehicleId))
  const page = excluded.slice(offset, offset + limit)
  const shown = await readShown(
    deps.db,
    who.reach,
    vehicles,
    page.map((each) => each.vehicleId),
  )
  return {
    total: excluded.length,
    rows: page.map((each) => ({ vehicle: shown.get(each.vehicleId)!, driver: null, reasons: each.reasons satisfies Exclusion[] })),
  }
}

type VehicleColumns = Pick<Found, 'vehicleId' | 'seats' | 'inspectionUntil' | 'insuranceUntil' | 'unitId' | 'ordersNear' | 'equipment'> & {
  state: VehicleState
  bodyType: string | null
  energy: string
  /** As `tiersByNumber` says. */
  tier: number
  lonE7: number | null
  latE7: number | null
  socPermille: number | null
}

const idOfVehicle = ({ vehicleId }: { vehicleId: number }): number => vehicleId
const idOfDriver = ({ driverId }: { driverId: number }): number => driverId

/** Unit by unit, by its index, and what belongs to a vehicle by its number: what is read grows with the pool, not with the region. */
async function findVehicles(db: Queryable, scope: Sight, request: Request, times: RequestTimes): Promise<Found[]> {
  const pickUp = placeOf(request.from)
  const borrowed = await listBorrowed(db, scope, times.startsAtMs)
  const columns =
    'v.vehicle_id, v.seats, v.state, v.equipment, v.body_type, v.energy, v.inspection_until, v.insurance_until, v.user_unit_id'
  const ofBorrowed = `UNION SELECT ${columns}, ${tierSql('o', 'q', 'above')} FROM ${openVehicles('$3')} v
     JOIN organisations o ON o.organisation_id = v.user_unit_id CROSS JOIN asking q WHERE v.vehicle_id = ANY($6) AND v.state <> 'DISPOSED'`
  const { rows } = await db.query<VehicleColumns>(
    // Of a place and a charge the whole numbers that are stored: as fractions they took a third of the statement to write out.
    `WITH asking AS MATERIALIZED (SELECT organisation_id, pool_id, compound_id, lft FROM organisations WHERE organisation_id = $4),
       above AS MATERIALIZED (${poolsAbove('asking')}),
       units AS MATERIALIZED (SELECT o.organisation_id, ${tierSql('o', 'q', 'above')} AS tier FROM organisations o CROSS JOIN asking q WHERE o.lft BETWEEN $1 AND $2)
     SELECT v.vehicle_id AS "vehicleId", v.seats, v.state, v.equipment, v.body_type AS "bodyType", v.energy, v.inspection_until::text AS "inspectionUntil",
       v.insurance_until::text AS "insuranceUntil", v.user_unit_id AS "unitId", v.tier, s.lon_e7 AS "lonE7", s.lat_e7 AS "latE7", s.soc_permille AS "socPermille", n."ordersNear"
     FROM (SELECT ${columns}, u.tier FROM units u CROSS JOIN LATERAL (
         SELECT ${columns} FROM ${openVehicles('$3')} v WHERE v.user_unit_id = u.organisation_id AND v.state <> 'DISPOSED' OFFSET 0) v
       ${borrowed.length > 0 ? ofBorrowed : ''} ORDER BY tier, vehicle_id LIMIT ${MOST_VEHICLES}) v
     LEFT JOIN LATERAL (SELECT lon_e7, lat_e7, soc_permille FROM last_states l WHERE l.vehicle_id = v.vehicle_id OFFSET 0) s ON true
     CROSS JOIN LATERAL (${ordersNear('v', '$5')}) n ORDER BY v.tier, v.vehicle_id`,
    [
      scope.lft,
      scope.rgt,
      scope.cleared,
      request.unit.organisationId,
      new Date(times.startsAtMs),
      ...(borrowed.length > 0 ? [borrowed] : []),
    ],
  )
  const lendingOf = await listLending(db, rows.map(idOfVehicle), request.unit.organisationId, times)
  // Field by field: to copy the rest of a row costs more than all else that is done with it.
  return rows.map((row): Found => {
    const at: LonLat | null = row.lonE7 === null || row.latE7 === null ? null : [row.lonE7 / 1e7, row.latE7 / 1e7]
    const lending = lendingOf(row.vehicleId, row.unitId)
    return {
      vehicleId: row.vehicleId,
      unitId: row.unitId,
      state: row.state,
      seats: row.seats,
      equipment: row.equipment,
      inspectionUntil: row.inspectionUntil,
      insuranceUntil: row.insuranceUntil,
      socPct: row.socPermille === null ? null : row.socPermille / 10,
      ordersNear: row.ordersNear,
      tier: tierWith(tiersByNumber[row.tier]!, lending, times),
      lending,
      kind: kindOf({ size: sizeOf(row), automatic: isAutomatic(row.energy) }),
      electric: row.energy === 'electric',
      at,
      pickUp: estimatePickUp(at, pickUp, times.startsAtMs),
      cutOff: false,
      bookings: nothing,
    }
  })
}
const nothing: readonly never[] = []

/** What a driver's licence is judged by: there are few that differ. */
type Kind = { size: VehicleSize; automatic: boolean | null }
const kindOf = ({ size, automatic }: Kind): string => `${size} ${automatic}`
const kinds = new Map(
  vehicleSizes.flatMap((size) => [true, false, null].map((automatic) => [kindOf({ size, automatic }), { size, automatic }] as const)),
)

function offersOf(
  found: Awaited<ReturnType<OrdersDeps['listDrivers']>>,
  vehicles: readonly Found[],
  bookings: ReadonlyMap<number, Booking[]>,
): DriverOffer[] {
  const tierOfUnit = new Map(vehicles.map(({ unitId, tier }) => [unitId, tier]))
  return found.map((driver) => {
    // Leave is judged by its days.
    const trips = (bookings.get(driver.driverId) ?? nothing).filter(({ reason }) => reason === 'trip')
    return {
      driverId: driver.driverId,
      tier: tierOfUnit.get(driver.unitId) ?? 'other',
      usual: driver.usual,
      ordersNear: driver.ordersNear,
      dayMin: driver.dayMin,
      unknownYear: driver.unknownYear,
      onCall: driver.onCall,
      reasons: trips.length === 0 ? driver.reasons : [...trips.map(busy), ...driver.reasons],
      judge: (kind) => driver.judge(kinds.get(kind)!),
    }
  })
}

const busy = ({ fromMs, untilMs, holder }: Booking): FitnessReason => ({
  code: 'BUSY',
  detail: { from: new Date(fromMs).toISOString(), until: untilMs === null ? '' : new Date(untilMs).toISOString(), holder: holder ?? '' },
})

type Shown = Candidates['pairs'][number]['vehicle']

/** What is told of those that are shown. */
async function readShown(
  db: Queryable,
  scope: Sight,
  vehicles: readonly Found[],
  ids: readonly number[],
): Promise<ReadonlyMap<number, Shown>> {
  const { rows } = await db.query<{ id: number; plate: string; plateColour: Shown['plateColour']; unitName: string }>(
    `SELECT v.vehicle_id AS id, v.plate, v.plate_colour AS "plateColour", o.name AS "unitName"
     FROM ${openVehicles('$2')} v JOIN organisations o ON o.organisation_id = v.user_unit_id WHERE v.vehicle_id = ANY($1::int[])`,
    [ids, scope.cleared],
  )
  const byId = new Map(vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]))
  return new Map(
    rows.map(({ id, plate, plateColour, unitName }) => {
      const { seats, tier, unitId } = byId.get(id)!
      return [id, { vehicleId: id, plate, plateColour, seats, tier, unit: { organisationId: unitId, name: unitName } }]
    }),
  )
}
