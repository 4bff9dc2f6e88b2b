// The trip of an order against its vehicle's track: looked at while it lasts and again when positions come late, and kept in rows beside what the
// driver said (migration 0062). What is seen in a track: domain/orderTrack.ts.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { DAY_MS, dayAt } from '../../domain/days.ts'
import { type DispatchLaw, dispatchLawOn } from '../../domain/dispatchLaw.ts'
import type { LonLat, Shape } from '../../domain/geofence.ts'
import { drivenStates, type OrderState } from '../../domain/orders.ts'
import { differencesOf, type Fix, followLegs, homeOf, type Seen, type Stand, type TrackEventKind } from '../../domain/orderTrack.ts'
import { ringOf } from '../../domain/places.ts'
import { lawAt } from '../../domain/tripLaw.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { countingPositions } from '../kernel/countingPositions.ts'
import { drivenByOdometer } from './legs.ts'
import type { Order } from './orderRows.ts'

const HOUR_MS = 3_600_000
const ORDERS_A_ROUND = 200
/** More than a vehicle says in a week on the road. */
const MOST_FIXES = 60_000
/** Looked at again after so long, and after a second more for each so many fixes: the longer the trip the seldomer. */
const AGAIN_MS = 20_000
const FIXES_A_SECOND = 100

/** Metres that a vehicle drove within a window: the one adder of trips. */
export type DrivenM = (db: Queryable, vehicleId: number, fromMs: number, untilMs: number) => Promise<number>
type Deps = { db: Database; clock: Clock; drivenM: DrivenM }

export type Due = {
  orderId: number
  state: OrderState
  vehicleId: number
  startsAtMs: number
  endsAtMs: number
  sinceMs: number
  departedMs: number | null
  returnedMs: number | null
  pickUp: LonLat | null
  destination: LonLat | null
  /** Until when the vehicle was on the order before this one, and from when on it is on the next. */
  beforeMs: number | null
  nextMs: number | null
  /** What was driven until it was swapped on the way, and since when it is as it is now. */
  legs: { leg: number; vehicleId: number; fromMs: number; untilMs: number }[]
  legSinceMs: number | null
}

/** Looks at the tracks of all orders that are due. @returns how many */
export async function followTracks(deps: Deps): Promise<number> {
  const nowMs = deps.clock.nowMs()
  const { rows } = await deps.db.query<{ id: number }>(
    `SELECT order_id AS id FROM order_tracks WHERE due_at <= $1 ORDER BY due_at LIMIT ${ORDERS_A_ROUND}`,
    [new Date(nowMs)],
  )
  for (const { id } of rows) await deps.db.transaction((client) => lookAt({ ...deps, client, nowMs }, id))
  return rows.length
}

async function lookAt({ client, nowMs, drivenM }: Deps & { client: Queryable; nowMs: number }, orderId: number): Promise<void> {
  // Whoever changes the order meanwhile has it looked at once more.
  const { rowCount } = await client.query('SELECT FROM order_tracks WHERE order_id = $1 FOR UPDATE', [orderId])
  const order = rowCount === 0 ? undefined : await findDue(client, orderId)
  if (!order) return
  const { law, beginsMs, looksMs, endsMs, isOut, toMs } = windowOf(order, nowMs)
  if (nowMs < looksMs) {
    await keep(client, order, { dueMs: looksMs })
    return
  }
  const parts = await readParts(client, order, { beginsMs, looksMs, toMs })
  const fixes = parts.flatMap((part) => part.fixes)
  const seen = followLegs(parts, { pickUp: order.pickUp, destination: order.destination, backByMs: endsMs + law.trackAfterH * HOUR_MS })
  const [fromMs, untilMs] = [seen?.depart ?? order.departedMs, seen?.comeBack ?? order.returnedMs ?? toMs]
  let distanceM: number | null = null
  for (const part of parts) {
    if (fromMs === null) break
    const [began, ended] = [Math.max(fromMs, part.beganMs), Math.min(untilMs, part.endedMs)]
    const metres = ended > began ? await drivenM(client, part.vehicleId, began, ended) : 0
    if (part.leg !== null)
      await client.query('UPDATE order_legs SET track_m = $3 WHERE order_id = $1 AND leg = $2', [orderId, part.leg, Math.round(metres)])
    distanceM = (distanceM ?? 0) + metres
  }
  await keep(client, order, {
    dueMs: await dueAgain(client, order, { law, nowMs, toMs, isOut, fixes: fixes.length }),
    // Where it stood before is part of what is seen.
    fromMs: beginsMs - DAY_MS,
    toMs,
    knownMs: fixes.at(-1)?.atMs ?? null,
    seen,
    distanceM,
  })
}

/** What of the track is looked at for an order: from before its beginning to after its end, and until now while it is out. */
export function windowOf(order: Due, nowMs: number) {
  const law = dispatchLawOn(dayAt(order.startsAtMs))
  const beginsMs = Math.min(order.startsAtMs, order.departedMs ?? Number.POSITIVE_INFINITY)
  const looksMs = beginsMs - law.trackBeforeH * HOUR_MS
  const endsMs = Math.max(order.endsAtMs, order.returnedMs ?? 0)
  const isOut = drivenStates.includes(order.state) || (order.state === 'VOIDED' && order.departedMs !== null && order.returnedMs === null)
  const toMs = Math.min(nowMs, order.nextMs ?? nowMs, isOut ? nowMs : endsMs + law.trackAfterH * HOUR_MS)
  return { law, beginsMs, looksMs, endsMs, isOut, toMs }
}

export type TrackPart = { leg: number | null; vehicleId: number; home: Shape | null; fixes: Fix[]; beganMs: number; endedMs: number }

/** What each of its vehicles was seen to do while it drove this trip: one alone, where none was swapped. */
export async function readParts(
  client: Queryable,
  order: Due,
  { beginsMs, looksMs, toMs }: { beginsMs: number; looksMs: number; toMs: number },
): Promise<TrackPart[]> {
  if (order.state === 'VOIDED' && !isWorthALook(order)) return []
  const parts: TrackPart[] = []
  const driven = [
    ...order.legs.map(({ leg, vehicleId, fromMs, untilMs }) => ({ leg, vehicleId, fromMs, untilMs })),
    { leg: null, vehicleId: order.vehicleId, fromMs: order.legSinceMs ?? beginsMs, untilMs: toMs },
  ]
  for (const [n, { leg, vehicleId, fromMs, untilMs }] of driven.entries()) {
    // The first may leave before its time, if it was not on another order then; any other is this trip's from the swap on.
    const home = await findHome(client, vehicleId, n === 0 ? beginsMs : fromMs)
    const since = n === 0 ? Math.max(home?.sinceMs ?? 0, looksMs, Math.min(order.beforeMs ?? 0, beginsMs)) : fromMs
    const fixes = home ? await readFixes(client, vehicleId, since, untilMs) : []
    // A fix of the instant of a swap is of whoever drives from then on.
    parts.push({
      leg,
      vehicleId,
      home: home?.fence ?? null,
      fixes: leg === null ? fixes : fixes.filter(({ atMs }) => atMs < untilMs),
      beganMs: n === 0 ? 0 : fromMs,
      endedMs: leg === null ? Number.POSITIVE_INFINITY : untilMs,
    })
  }
  return parts
}

/** One that was voided when its driver might have been about to leave. */
const isWorthALook = ({ sinceMs, startsAtMs, nextMs, endsAtMs, departedMs }: Due): boolean =>
  departedMs !== null || (sinceMs >= startsAtMs - 2 * HOUR_MS && (nextMs === null || nextMs >= endsAtMs))

/** While it is out, and until trips are derived to its end; then not before positions come late. */
async function dueAgain(
  client: Queryable,
  { vehicleId, nextMs, endsAtMs, returnedMs }: Due,
  { law, nowMs, toMs, isOut, fixes }: { law: DispatchLaw; nowMs: number; toMs: number; isOut: boolean; fixes: number },
): Promise<number | null> {
  const againMs = nowMs + AGAIN_MS + (fixes / FIXES_A_SECOND) * 1000
  if (toMs < nowMs || (!isOut && Math.max(endsAtMs, returnedMs ?? 0) + law.trackAfterH * HOUR_MS <= nowMs)) {
    const { rows } = await client.query<{ settled: boolean }>(
      'SELECT coalesce(derive_from > $2, true) AS settled FROM last_states WHERE vehicle_id = $1',
      [vehicleId, new Date(Math.min(toMs, nextMs ?? toMs))],
    )
    return rows[0]?.settled === false ? againMs : null
  }
  return againMs
}

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
/** SQL: what of other orders a vehicle is on, or was: orders that somebody drives, or did, and their parts before a swap. */
const others = (vehicle: string): string => `FROM (
    SELECT order_id, vehicle_id, coalesce(leg_since, starts_at) AS starts_at, ends_at, coalesce(leg_since, departed_at) AS departed_at, returned_at
    FROM dispatch_orders WHERE state NOT IN ('DECLINED', 'VOIDED')
    UNION ALL SELECT order_id, vehicle_id, from_at, until_at, from_at, until_at FROM order_legs) o
  WHERE o.vehicle_id = ${vehicle} AND o.order_id <> d.order_id`

export async function findDue(client: Queryable, orderId: number): Promise<Due | undefined> {
  type Stop = { lon: number | null; lat: number | null }
  const { rows } = await client.query<Omit<Due, 'pickUp' | 'destination'> & { from: Stop; to: Stop }>(
    `SELECT d.order_id AS "orderId", d.state, d.vehicle_id AS "vehicleId", ${ms('d.starts_at')} AS "startsAtMs", ${ms('d.ends_at')} AS "endsAtMs",
       ${ms('d.since')} AS "sinceMs", ${ms('d.departed_at')} AS "departedMs", ${ms('d.returned_at')} AS "returnedMs", r.from_stop AS "from", r.to_stop AS "to",
       (SELECT ${ms('max(coalesce(o.returned_at, o.ends_at))')} ${others('coalesce(g.vehicle_id, d.vehicle_id)')} AND o.starts_at < d.starts_at) AS "beforeMs",
       (SELECT ${ms('min(least(o.starts_at, o.departed_at))')} ${others('d.vehicle_id')} AND o.starts_at > coalesce(d.leg_since, d.starts_at)) AS "nextMs",
       ${ms('d.leg_since')} AS "legSinceMs",
       (SELECT coalesce(json_agg(json_build_object('leg', l.leg, 'vehicleId', l.vehicle_id, 'fromMs', ${ms('l.from_at')}, 'untilMs', ${ms('l.until_at')}) ORDER BY l.leg), '[]')
        FROM order_legs l WHERE l.order_id = d.order_id) AS legs
     FROM dispatch_orders d JOIN trip_requests r USING (request_id) LEFT JOIN order_legs g ON g.order_id = d.order_id AND g.leg = 1
     WHERE d.order_id = $1 AND d.vehicle_id IS NOT NULL`,
    [orderId],
  )
  if (!rows[0]) return undefined
  const { from, to, ...order } = rows[0]
  const pointOf = ({ lon, lat }: Stop): LonLat | null => (lon === null || lat === null ? null : [lon, lat])
  return { ...order, pickUp: pointOf(from), destination: pointOf(to) }
}

/** Where it stood before the trip, and since when. */
async function findHome(client: Queryable, vehicleId: number, beginsMs: number): Promise<{ fence: Shape; sinceMs: number } | null> {
  const { rows } = await client.query<{ lon: number; lat: number; sinceMs: number }>(
    `SELECT rest_lon_e7 / 1e7::float8 AS lon, rest_lat_e7 / 1e7::float8 AS lat, ${ms('ended_at')} AS "sinceMs" FROM trips
     WHERE vehicle_id = $1 AND ended AND ended_at <= to_timestamp($2::float8 / 1000) AND rest_lon_e7 IS NOT NULL ORDER BY ended_at DESC LIMIT 20`,
    [vehicleId, beginsMs],
  )
  const stands = rows.length > 0 ? rows : await findFirstStand(client, vehicleId, beginsMs)
  const { rows: yards } = await client.query<{ lon: number; lat: number; radiusM: number | null; ring: number[] | null }>(
    `SELECT DISTINCT p.lon, p.lat, p.radius_m AS "radiusM", p.ring, p.place_id FROM places p JOIN unnest($1::float8[], $2::float8[]) AS s(lon, lat)
       ON s.lon BETWEEN p.west AND p.east AND s.lat BETWEEN p.south AND p.north
     WHERE p.kind IN ('compound', 'designated_lot') ORDER BY p.place_id`,
    [stands.map(({ lon }) => lon), stands.map(({ lat }) => lat)],
  )
  return homeOf(
    stands.map(({ lon, lat, sinceMs }): Stand => ({ at: [lon, lat], sinceMs })),
    yards.map(
      ({ lon, lat, radiusM, ring }): Shape =>
        ring ? { type: 'polygon', ring: ringOf(ring) } : { type: 'circle', centre: [lon, lat], radiusM: radiusM! },
    ),
  )
}

/** Of a vehicle that never had a trip: where it was first seen to stand. */
async function findFirstStand(
  client: Queryable,
  vehicleId: number,
  beginsMs: number,
): Promise<{ lon: number; lat: number; sinceMs: number }[]> {
  const { rows } = await client.query<{ lon: number; lat: number; sinceMs: number }>(
    `SELECT lon_e7 / 1e7::float8 AS lon, lat_e7 / 1e7::float8 AS lat, ${ms('ts')} AS "sinceMs" FROM ${countingPositions(
      `vehicle_id = $1 AND lon_e7 <> 0 AND lat_e7 <> 0 AND coalesce(speed_dkph, 0) < $2`,
      'ORDER BY ts LIMIT 1',
    )} ORDER BY ts LIMIT 1`,
    [vehicleId, lawAt(beginsMs).standingDkph],
  )
  return rows
}

/** By device time, without those that their neighbours contradict. */
async function readFixes(client: Queryable, vehicleId: number, fromMs: number, toMs: number): Promise<Fix[]> {
  const { rows } = await client.query<{ atMs: number; lon: number; lat: number }>(
    `SELECT ${ms('ts')} AS "atMs", lon_e7 / 1e7::float8 AS lon, lat_e7 / 1e7::float8 AS lat FROM ${countingPositions(
      `vehicle_id = $1 AND ts >= to_timestamp($2::float8 / 1000) AND ts <= to_timestamp($3::float8 / 1000) AND lon_e7 <> 0 AND lat_e7 <> 0
       AND NOT EXISTS (SELECT FROM position_flags f WHERE f.vehicle_id = $1 AND f.reason <> 'speed' AND p.ts BETWEEN f.started_at AND f.ended_at)`,
      `ORDER BY ts LIMIT ${MOST_FIXES}`,
    )} ORDER BY ts LIMIT ${MOST_FIXES}`,
    [vehicleId, fromMs, toMs],
  )
  return rows.map(({ atMs, lon, lat }) => ({ atMs, at: [lon, lat] }))
}

type Looked = {
  dueMs: number | null
  fromMs?: number
  toMs?: number
  knownMs?: number | null
  seen?: Seen | null
  distanceM?: number | null
}

async function keep(client: Queryable, { orderId, vehicleId }: Due, looked: Looked): Promise<void> {
  const { dueMs, fromMs, toMs, knownMs, seen, distanceM } = looked
  const dateOf = (at: number | null | undefined) => (at == null ? null : new Date(at))
  await client.query(
    `UPDATE order_tracks SET due_at = $2, vehicle_id = $3, during = CASE WHEN $4::timestamptz IS NOT NULL THEN tstzrange($4, greatest($4, $5), '[]') END,
       known_until = $6, away = $7, distance_m = $8 WHERE order_id = $1`,
    [orderId, dateOf(dueMs), vehicleId, dateOf(fromMs), dateOf(toMs), dateOf(knownMs), seen?.away ?? false, distanceM ?? null],
  )
  const events = (['depart', 'pickUp', 'arrive', 'comeBack'] as const).flatMap((kind) => {
    const at = seen?.[kind]
    return at == null ? [] : [{ kind, at: new Date(at) }]
  })
  const kinds = events.map(({ kind }) => kind)
  await client.query('DELETE FROM order_track_events WHERE order_id = $1 AND kind <> ALL($2)', [orderId, kinds])
  if (events.length > 0)
    await client.query(
      `INSERT INTO order_track_events (order_id, kind, at) SELECT $1, * FROM unnest($2::text[], $3::timestamptz[])
       ON CONFLICT (order_id, kind) DO UPDATE SET at = excluded.at`,
      [orderId, kinds, events.map(({ at }) => at)],
    )
}

/** What the track says of an order, and where its driver said something else; null: it has not been looked at, or there was nothing to see. */
export async function readTrackOf(db: Queryable, order: Order): Promise<OrderDetail['track']> {
  const { rows } = await db.query<{
    known: Date | null
    away: boolean
    metres: number | null
    events: Record<TrackEventKind, number> | null
  }>(
    `SELECT known_until AS known, away, distance_m AS metres,
       (SELECT json_object_agg(kind, ${ms('at')}) FROM order_track_events e WHERE e.order_id = t.order_id) AS events
     FROM order_tracks t WHERE order_id = $1`,
    [order.orderId],
  )
  const [row] = rows
  if (!row?.known) return null
  const at = (kind: TrackEventKind): number | null => row.events?.[kind] ?? null
  const iso = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString())
  const seen: Seen = { depart: at('depart'), pickUp: at('pickUp'), arrive: at('arrive'), comeBack: at('comeBack'), away: row.away }
  const km = row.metres === null ? null : Math.round(row.metres / 100) / 10
  const { departedAt, returnedAt } = order
  const saidM = drivenByOdometer(order)
  const msOf = (instant: string | null) => (instant === null ? null : Date.parse(instant))
  const said = {
    departMs: msOf(departedAt),
    comeBackMs: msOf(returnedAt),
    km: saidM === null ? null : Math.round(saidM / 100) / 10,
  }
  return {
    departedAt: iso(seen.depart),
    pickedUpAt: iso(seen.pickUp),
    arrivedAt: iso(seen.arrive),
    returnedAt: iso(seen.comeBack),
    km,
    knownUntil: row.known.toISOString(),
    differences: differencesOf(said, { ...seen, km }, row.known.getTime()).map((each) =>
      each.of === 'km' ? each : { of: each.of, said: iso(each.saidMs), seen: iso(each.seenMs) },
    ),
  }
}
