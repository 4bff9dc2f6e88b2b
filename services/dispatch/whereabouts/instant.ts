// The time machine: where every vehicle last was at an instant, by when reports were made and not by when they came. Of a vehicle that has reported nothing
// since, its last state says it; of the others what is prepared of the hour (minutes.ts) until the minute began, and then positions themselves; so it is where nothing is prepared as it stands.
import { vehicleClasses } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import { numbersOf } from '../kernel/binaryArray.ts'
import { type Ask, isWithheld, RELEASE_COLUMNS, sightValues, vehiclesInSight } from './ask.ts'
import { lastMinute } from './minutes.ts'
import { findUnprepared, HOUR_MS, hourOf, PART } from './units.ts'

type Fix = { ms: number; lonE7: number; latE7: number; speedKph: number | null }
type Sought = { vehicleId: number; plate: string; class: number; fix: Fix | undefined }
export type InstantPicture = { seen: (Sought & { fix: Fix })[]; unseen: Sought[]; withheld: number }

const MINUTE_MS = 60_000
/** A report is at most so old of whoever is under way or stands with a terminal that speaks. */
const RECENT_MS = 6 * MINUTE_MS
const VEHICLES_AT_ONCE = 4_096
/** Reports that are not believed are looked for among those that are no older. */
const DOUBT_MS = 2 * HOUR_MS

export async function readInstant(db: Queryable, ask: Ask): Promise<InstantPicture> {
  const atMs = ask.fromMs
  const { all, withheld, later } = await readFleet(db, ask, atMs)
  const byId = new Map(later.map((one) => [one.vehicleId, one]))
  const open = new Map(byId)
  const settle = (vehicleId: number, fix: Fix): void => {
    const one = open.get(vehicleId)
    if (!one) return
    one.fix = fix
    open.delete(vehicleId)
  }
  const hour = hourOf(atMs)
  for (const h of [hour, hour - 1]) if (open.size > 0) await readHour(db, h, atMs, open, settle)
  if (open.size > 0) await readEarlier(db, hour - 1, [...open.keys()], settle)
  // Of each minute the last report is kept: what is older than that of the minute which is not over is among the positions.
  const minuteMs = atMs - (atMs % MINUTE_MS)
  if (atMs > minuteMs)
    await readRaw(
      db,
      later.map(({ vehicleId }) => vehicleId),
      minuteMs,
      atMs + 1,
      (vehicleId, fix) => {
        byId.get(vehicleId)!.fix = fix
      },
    )
  await correct(db, atMs, all)
  return { seen: all.filter((one): one is Sought & { fix: Fix } => one.fix !== undefined), unseen: all.filter(({ fix }) => !fix), withheld }
}

const MS = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
type FleetRow = {
  id: Buffer | null
  plates: string[] | null
  classes: Buffer | null
  ms: Buffer | null
  lon: Buffer | null
  lat: Buffer | null
  speed: Buffer | null
}

/** Everybody in sight, with the last state where that is of before. */
async function readFleet(db: Queryable, ask: Ask, atMs: number): Promise<{ all: Sought[]; withheld: number; later: Sought[] }> {
  const all: Sought[] = []
  const later: Sought[] = []
  let withheld = 0
  const { rows } = await db.query<FleetRow>(
    `SELECT array_send(array_agg(vehicle_id)) AS id, array_agg(plate) AS plates, array_send(array_agg(class)) AS classes, array_send(array_agg(ms)) AS ms,
       array_send(array_agg(lon_e7)) AS lon, array_send(array_agg(lat_e7)) AS lat, array_send(array_agg(speed_dkph)) AS speed
     FROM (SELECT v.vehicle_id, v.plate, array_position($5::text[], v.class)::int - 1 AS class, (extract(epoch FROM least(l.ts, l.received_at)) * 1000)::bigint AS ms,
         l.lon_e7, l.lat_e7, l.speed_dkph
       FROM ${vehiclesInSight('LEFT JOIN last_states l ON l.vehicle_id = v.vehicle_id WHERE')}) r`,
    [...sightValues(ask), vehicleClasses],
  )
  const inCase = await readCase(db, ask)
  const { id, plates, classes, ms, lon, lat, speed } = rows[0]!
  const [ids, classOf, times, lons, lats, speeds] = [id, classes, ms, lon, lat, speed].map(numbersOf) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < ids.length; i++) {
    if (isWithheld(ask, { class: vehicleClasses[classOf[i]!]!, ...(inCase.get(ids[i]!) ?? notIn) })) {
      withheld++
      continue
    }
    const one: Sought = { vehicleId: ids[i]!, plate: plates![i]!, class: classOf[i]!, fix: undefined }
    all.push(one)
    if (Number.isNaN(times[i]!)) continue
    // A receiver without a fix stands for its vehicle until there is another.
    const placed = lons[i] !== 0 && lats[i] !== 0
    if (times[i]! > atMs) later.push(one)
    else if (placed)
      one.fix = { ms: times[i]!, lonE7: lons[i]!, latE7: lats[i]!, speedKph: Number.isNaN(speeds[i]!) ? null : speeds[i]! / 10 }
  }
  return { all, withheld, later }
}

type InCase = Omit<Parameters<typeof isWithheld>[1], 'class'>
const notIn: InCase = { state: null, releasedFromMs: null, releasedUntilMs: null }

/** What the case of the question says of the vehicles in it. */
async function readCase(db: Queryable, { caseId }: Ask): Promise<Map<number, InCase>> {
  if (caseId === undefined) return new Map()
  const { rows } = await db.query<InCase & { vehicleId: number }>(
    `SELECT cv.vehicle_id AS "vehicleId", ${RELEASE_COLUMNS} FROM case_vehicles cv WHERE cv.case_id = $1 AND cv.state <> 'OUT'`,
    [caseId],
  )
  return new Map(rows.map(({ vehicleId, ...inCase }) => [vehicleId, inCase]))
}

type Settle = (vehicleId: number, fix: Fix) => void

async function readHour(db: Queryable, hour: number, atMs: number, open: ReadonlyMap<number, Sought>, settle: Settle): Promise<void> {
  const raw = new Set((await findUnprepared(db, hour, hour)).map(({ part }) => part))
  const ids = [...open.keys()].sort((a, b) => a - b)
  const isRaw = (id: number): boolean => raw.has(Math.floor(id / PART))
  await readMinutes(
    db,
    hour,
    atMs,
    ids.filter((id) => !isRaw(id)),
    settle,
  )
  const startMs = hour * HOUR_MS
  const endMs = Math.min(atMs + 1, startMs + HOUR_MS)
  const recentMs = Math.max(startMs, endMs - RECENT_MS)
  await readRaw(db, ids.filter(isRaw), recentMs, endMs, settle)
  if (recentMs > startMs)
    await readRaw(
      db,
      ids.filter((id) => isRaw(id) && open.has(id)),
      startMs,
      recentMs,
      settle,
    )
}

/** All of an hour's rows as one value a slice: rows of small values cost more than what is in them. */
async function readMinutes(db: Queryable, hour: number, atMs: number, ids: readonly number[], settle: Settle): Promise<void> {
  const second = Math.min(3_600, Math.floor((atMs - hour * HOUR_MS) / 1000))
  for (let at = 0; at < ids.length; at += VEHICLES_AT_ONCE) {
    const some = ids.slice(at, at + VEHICLES_AT_ONCE)
    const { rows } = await db.query<{ bytes: Buffer | null }>(
      `SELECT string_agg(int4send(vehicle_id) || int4send(length(minutes)) || minutes, ''::bytea) AS bytes FROM vehicle_hours
       WHERE hour = $1 AND vehicle_id BETWEEN $2 AND $3`,
      [hour, some[0], some.at(-1)],
    )
    const bytes = rows[0]!.bytes
    for (let from = 0; bytes && from < bytes.length; ) {
      const [vehicleId, length] = [bytes.readInt32BE(from), bytes.readInt32BE(from + 4)]
      const fix = lastMinute(bytes, from + 8, from + 8 + length, second)
      if (fix) settle(vehicleId, fixOf(hour, fix))
      from += 8 + length
    }
  }
}

const fixOf = (hour: number, { second, ...fix }: NonNullable<ReturnType<typeof lastMinute>>): Fix => ({
  ms: hour * HOUR_MS + second * 1000,
  ...fix,
})

type RawRow = { id: number; ms: number; lon: number; lat: number; speed: number | null }
const fixOfRaw = ({ ms, lon, lat, speed }: RawRow): Fix => ({ ms, lonE7: lon, latE7: lat, speedKph: speed === null ? null : speed / 10 })
const settleRaw =
  (settle: Settle) =>
  (row: RawRow): void =>
    settle(row.id, fixOfRaw(row))

async function readRaw(db: Queryable, ids: readonly number[], fromMs: number, toMs: number, settle: Settle): Promise<void> {
  for (let at = 0; at < ids.length; at += VEHICLES_AT_ONCE) {
    const { rows } = await db.query<RawRow>(
      `SELECT DISTINCT ON (vehicle_id) vehicle_id AS id, ${MS('ts')} AS ms, lon_e7 AS lon, lat_e7 AS lat, speed_dkph AS speed
       FROM positions WHERE vehicle_id = ANY($1::int[]) AND ts >= $2 AND ts < $3 ORDER BY vehicle_id, ts DESC`,
      [ids.slice(at, at + VEHICLES_AT_ONCE), new Date(fromMs), new Date(toMs)],
    )
    rows.forEach(settleRaw(settle))
  }
}

/**
 * Of those that were silent for longer: the last hour in which they were not. Hours of the day before that are not prepared as they stand are read themselves; what comes late
 * of days before is told of when its hour is prepared again.
 */
async function readEarlier(db: Queryable, beforeHour: number, ids: readonly number[], settle: Settle): Promise<void> {
  const found = new Map<number, Fix>()
  for (let at = 0; at < ids.length; at += VEHICLES_AT_ONCE) {
    const { rows } = await db.query<{ id: number; hour: number; minutes: Buffer }>(
      `SELECT id, h.hour, h.minutes FROM unnest($1::int[]) AS id CROSS JOIN LATERAL
         (SELECT hour, minutes FROM vehicle_hours WHERE vehicle_id = id AND hour < $2 ORDER BY hour DESC LIMIT 1) h`,
      [ids.slice(at, at + VEHICLES_AT_ONCE), beforeHour],
    )
    for (const { id, hour, minutes } of rows) found.set(id, fixOf(hour, lastMinute(minutes, 0, minutes.length, 3_600)!))
  }
  const raw = new Map<number, Set<number>>()
  for (const { hour, part } of await findUnprepared(db, beforeHour - 24, beforeHour - 1))
    raw.set(hour, (raw.get(hour) ?? new Set()).add(part))
  for (const hour of [...raw.keys()].sort((a, b) => b - a)) {
    const startMs = hour * HOUR_MS
    const wanted = ids.filter((id) => raw.get(hour)!.has(Math.floor(id / PART)) && (found.get(id)?.ms ?? 0) < startMs + HOUR_MS)
    await readRaw(db, wanted, startMs, startMs + HOUR_MS, (id, fix) => void found.set(id, fix))
  }
  for (const [id, fix] of found) settle(id, fix)
}

/** Where the report that was found is not believed, the last one that is; and where a phone spoke for a vehicle later, that. */
async function correct(db: Queryable, atMs: number, all: readonly Sought[]): Promise<void> {
  const byId = new Map(all.map((one) => [one.vehicleId, one]))
  const { rows: doubted } = await db.query<{ id: number; from: number; to: number }>(
    `SELECT vehicle_id AS id, ${MS('started_at')} AS from, ${MS('ended_at')} AS to FROM position_flags
     WHERE reason <> 'speed' AND ended_at >= $1 AND started_at <= $2`,
    [new Date(atMs - DOUBT_MS), new Date(atMs)],
  )
  // Kept to the second above it.
  const wrong = doubted.filter(({ id, from, to }) => {
    const ms = byId.get(id)?.fix?.ms
    return ms !== undefined && ms >= from && ms < to + 1000
  })
  const ids = [...new Set(wrong.map(({ id }) => id))]
  if (ids.length > 0) {
    for (const id of ids) byId.get(id)!.fix = undefined
    const { rows } = await db.query<RawRow>(
      `SELECT id, ${MS('p.ts')} AS ms, p.lon_e7 AS lon, p.lat_e7 AS lat, p.speed_dkph AS speed FROM unnest($1::int[]) AS id CROSS JOIN LATERAL
         (SELECT ts, lon_e7, lat_e7, speed_dkph FROM positions p WHERE p.vehicle_id = id AND p.ts <= $2 AND p.ts >= $3 AND NOT EXISTS (
            SELECT FROM position_flags f WHERE f.vehicle_id = id AND f.reason <> 'speed' AND p.ts BETWEEN f.started_at AND f.ended_at)
          ORDER BY ts DESC LIMIT 1) p`,
      [ids, new Date(atMs), new Date(atMs - 24 * HOUR_MS)],
    )
    const put: Settle = (id, fix) => {
      byId.get(id)!.fix = fix
    }
    rows.forEach(settleRaw(put))
  }
  const { rows: phoned } = await db.query<RawRow>(
    `SELECT DISTINCT ON (vehicle_id) vehicle_id AS id, ${MS('ts')} AS ms, lon_e7 AS lon, lat_e7 AS lat, speed_dkph AS speed FROM phone_positions
     WHERE counts AND ts > $1 AND ts <= $2 ORDER BY vehicle_id, ts DESC`,
    [new Date(atMs - DOUBT_MS), new Date(atMs)],
  )
  for (const row of phoned) {
    const one = byId.get(row.id)
    if (one && row.ms > (one.fix?.ms ?? 0)) one.fix = fixOfRaw(row)
  }
}
