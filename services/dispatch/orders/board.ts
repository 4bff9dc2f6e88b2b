// The board: vehicles and drivers within reach, and for when each is promised, to what.
import type { z } from 'zod'
import type { Board } from '../../contracts/api/dispatching.ts'
import type { Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable } from '../../platform/db.ts'
import { listOf } from '../kernel/among.ts'
import { stateSql } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { hiddenVehicles, openVehicles } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { alertsSql, ridersSql } from './orderRows.ts'

const MOST_DAYS = 15
type Bar = Board['drivers'][number]['bars'][number]
type BarRow = {
  id: number
  from: Date
  until: Date | null
  reason: Bar['reason']
  order:
    | (Omit<NonNullable<Bar['order']>, 'number' | 'asked'> & { year: number; number: number; askedFrom: string; askedUntil: string })
    | null
}

/** How a row is listed: under its unit; `total` is how many there are to list. */
type Listed = { unitId: number; unitName: string; lft: number; total: number }

/** Those that have a trip in the time that is shown (`$5`…`$6`): where not all are shown, they are. */
const promised = (key: 'vehicle_id' | 'driver_id', of: string) =>
  `LEFT JOIN (SELECT DISTINCT ${key} FROM reservations WHERE reason = 'trip' AND during && tstzrange($5, $6)) b ON b.${key} = ${of}.${key}`

/** @throws Refusal VALIDATION_FAILED for more than two weeks */
export async function readBoard(db: Queryable, scope: Sight, query: z.output<Api['getBoard']['query']>, nowMs: number): Promise<Board> {
  const [fromMs, untilMs] = [Date.parse(query.from), Date.parse(query.until)]
  if (untilMs <= fromMs || untilMs - fromMs > MOST_DAYS * DAY_MS)
    throw refusal('VALIDATION_FAILED', 'query.until', 'window.order', { days: MOST_DAYS })
  const within = `o.lft BETWEEN $1 AND $2 AND ($3::int IS NULL OR ${isUnder('$3', 'o')})`
  const values = [scope.lft, scope.rgt, query.organisationId ?? null, query.most, new Date(fromMs), new Date(untilMs)]
  // Unit by unit: a board of one does not go through the region's vehicles.
  const there = `there AS MATERIALIZED (SELECT o.organisation_id, o.lft, o.name FROM organisations o WHERE ${within})`
  const { rows: vehicles } = await db.query<Omit<Board['vehicles'][number], 'bars' | 'unit'> & Listed>(
    `WITH ${there}, shown AS MATERIALIZED (
       SELECT v.*, o.lft, o.name AS unit_name, count(*) OVER () AS total
       FROM there o CROSS JOIN LATERAL (SELECT * FROM ${openVehicles('$7')} v
         WHERE v.user_unit_id = o.organisation_id AND v.state <> 'DISPOSED' OFFSET 0) v ${promised('vehicle_id', 'v')}
       ORDER BY b.vehicle_id IS NULL, o.lft, v.plate COLLATE "C" LIMIT $4)
     SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.seats, ${stateSql(nowMs)} AS state, v.user_unit_id AS "unitId",
       v.unit_name AS "unitName", v.lft, v.total FROM shown v ORDER BY v.lft, v.plate COLLATE "C"`,
    [...values, scope.cleared],
  )
  const { rows: drivers } = await db.query<{ driverId: number; name: string } & Listed>(
    `WITH ${there}
     SELECT * FROM (SELECT d.driver_id AS "driverId", d.name, d.organisation_id AS "unitId", o.name AS "unitName", o.lft, count(*) OVER () AS total
       FROM there o CROSS JOIN LATERAL (SELECT driver_id, name, organisation_id FROM drivers d
         WHERE d.organisation_id = o.organisation_id AND d.state <> 'retired' OFFSET 0) d ${promised('driver_id', 'd')}
       ORDER BY b.driver_id IS NULL, o.lft, d.name, d.driver_id LIMIT $4) shown
     ORDER BY lft, name, "driverId"`,
    values,
  )
  const vehicleBars = await listBars(
    db,
    'vehicle_id',
    vehicles.map(({ vehicleId }) => vehicleId),
    scope,
    fromMs,
    untilMs,
  )
  const driverBars = await listBars(
    db,
    'driver_id',
    drivers.map(({ driverId }) => driverId),
    scope,
    fromMs,
    untilMs,
  )
  return {
    vehicles: vehicles.map(({ unitId, unitName, lft: _lft, total: _total, ...vehicle }) => ({
      ...vehicle,
      unit: { organisationId: unitId, name: unitName },
      bars: vehicleBars.get(vehicle.vehicleId) ?? [],
    })),
    drivers: drivers.map(({ unitId, unitName, lft: _lft, total: _total, ...driver }) => ({
      ...driver,
      unit: { organisationId: unitId, name: unitName },
      bars: driverBars.get(driver.driverId) ?? [],
    })),
    more: [vehicles[0], drivers[0]].some((row) => row !== undefined && row.total > query.most),
    routes: query.with === 'routes' ? await listRoutes(db, [...vehicleBars.values(), ...driverBars.values()].flat()) : [],
  }
}

/** The places of the orders among these bars, as far as they are points. */
async function listRoutes(db: Queryable, bars: readonly Bar[]): Promise<Board['routes']> {
  const orderIds = new Set(bars.flatMap(({ order }) => order?.orderId ?? []))
  const { rows } = await db.query<{ orderId: number; stops: { lon: number | null; lat: number | null }[] }>(
    `SELECT d.order_id AS "orderId", jsonb_build_array(r.from_stop) || r.via || r.to_stop AS stops
     FROM dispatch_orders d JOIN trip_requests r USING (request_id) WHERE d.order_id = ANY($1::int[]) ORDER BY d.order_id`,
    [`{${[...orderIds].join()}}`],
  )
  return rows.flatMap(({ orderId, stops }) => {
    const places = stops.flatMap(({ lon, lat }): [number, number][] => (lon === null || lat === null ? [] : [[lon, lat]]))
    return places.length > 0 ? [{ orderId, places }] : []
  })
}

/** What each is promised to. Of a trip with a sensitive vehicle that the reader does not see, its driver's row says no more than that he is taken. */
async function listBars(
  db: Queryable,
  key: 'vehicle_id' | 'driver_id',
  ids: number[],
  { cleared }: Sight,
  fromMs: number,
  untilMs: number,
): Promise<Map<number, Bar[]>> {
  const { rows } = await db.query<BarRow>(
    `SELECT b.${key} AS id, lower(b.during) AS "from", upper(b.during) AS until,
       CASE WHEN b.holder LIKE 'incident:%' THEN 'hold' ELSE b.reason END AS reason,
       CASE WHEN d.order_id IS NOT NULL THEN json_build_object('orderId', d.order_id, 'year', d.year, 'number', d.number, 'state', d.state,
         'to', r.to_stop->>'name', 'unit', u.name, 'startsAt', to_json(CASE WHEN d.leg_since IS NULL THEN d.starts_at ELSE greatest(d.starts_at, lower(b.during)) END),
         'endsAt', to_json(CASE WHEN d.leg_since IS NULL OR b.ended_at IS NULL THEN d.ends_at ELSE least(d.ends_at, upper(b.during)) END), 'askedFrom', to_json(r.starts_at),
         'askedUntil', to_json(r.ends_at), 'alerts', ${alertsSql('d')}, 'riders', ${ridersSql('d')}, 'version', d.version) END AS "order"
     FROM unnest($1::int[]) AS k (id) JOIN reservations b ON b.${key} = k.id AND b.during && tstzrange($2, $3) LEFT JOIN dispatch_orders d ON d.order_id = substring(b.holder FROM '^order:([0-9]+)$')::int
       AND NOT EXISTS (SELECT FROM ${hiddenVehicles('$4')} h WHERE h.vehicle_id = d.vehicle_id)
     LEFT JOIN trip_requests r USING (request_id) LEFT JOIN organisations u ON u.organisation_id = r.unit_id
     ORDER BY b.during`,
    [listOf(ids), new Date(fromMs), new Date(untilMs), cleared],
  )
  const bars = new Map<number, Bar[]>()
  for (const { id, from, until, reason, order } of rows) {
    const bar: Bar = {
      from: from.toISOString(),
      until: until?.toISOString() ?? null,
      reason,
      order: order && {
        orderId: order.orderId,
        number: orderNumber(order.year, order.number),
        state: order.state,
        to: order.to,
        unit: order.unit,
        startsAt: new Date(order.startsAt).toISOString(),
        endsAt: new Date(order.endsAt).toISOString(),
        asked: { startsAt: new Date(order.askedFrom).toISOString(), endsAt: new Date(order.askedUntil).toISOString() },
        alerts: order.alerts,
        riders: order.riders,
        version: order.version,
      },
    }
    bars.set(id, [...(bars.get(id) ?? []), bar])
  }
  return bars
}
