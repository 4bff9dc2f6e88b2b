// Derives the trips of one vehicle again where they are unsettled: from its last settled position on (last_states.tail_from), and
// around late positions (late_ranges). Each range is begun at the last trip that it cannot change, and left as soon as what is derived
// is what was derived before: one late point of an old day costs the trips around it. A trip under way is followed from where it was
// last looked at, while its worker remembers (followed.ts).
// Law: reading takes no lock and may take several short statements; writing locks the vehicle's last-state row and goes ahead only if
// nothing has slipped in between what was read. So two workers agree, and any order of arrival ends in the same trips.
import { lawAt } from '../../domain/tripLaw.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { Followed, type Following } from './followed.ts'
import { metresBetween, type Place } from './plane.ts'
import { createSegmenter, type Derived } from './segment.ts'
import { countPoints, type Found, findBeginning, findSealed, findUnsettled, listEnds, readPoints } from './settleReads.ts'
import { replaceDerived } from './settleWrites.ts'

const PAGE_ROWS = 5_000
/** Around late positions most of a page would be read for nothing. */
const LATE_PAGE_ROWS = 400
/** From here on before a change a long rest is read again, ms: longer than anything at rest is remembered. */
const REST_MEMORY_MS = 6 * 3_600_000

/** So many positions of a rest are counted each time that it is followed. */
const LONG_REST = 4_000
/** What of a rest is remembered at most (rest.ts). */
const HELD_AT_REST = 200

type Range = { fromMs: number; toMs: number; rangeIds: number[] }
type Outcome = Derived & {
  afterMs: number
  untilMs: number
  read: number
  lastMs: number
  whole: boolean
  open: boolean
  rest: Place | null
  following?: Following
}

/** @returns whether the vehicle is settled up to the last position read; false = something slipped in: call again later. */
export async function settleVehicle(db: Database, vehicleId: number, nowMs: number, followed: Followed = new Followed()): Promise<boolean> {
  const unsettled = await findUnsettled(db, vehicleId)
  if (!unsettled) return true
  const { late, tailMs } = unsettled
  const known = followed.take(vehicleId, late.length === 0 ? tailMs : null)
  if (known)
    return settle(db, vehicleId, { fromMs: known.lastMs + 1, toMs: Number.POSITIVE_INFINITY, rangeIds: [] }, nowMs, followed, known)
  const ranges = late.map(({ id, fromMs, toMs }): Range => ({ fromMs, toMs, rangeIds: [id] }))
  const tail = tailMs ?? (late.length === 0 ? unsettled.fromMs : null)
  if (tail !== null) ranges.push({ fromMs: tail, toMs: Number.POSITIVE_INFINITY, rangeIds: [] })
  for (const range of joined(ranges)) if (!(await settle(db, vehicleId, range, nowMs, followed))) return false
  return true
}

async function settle(
  db: Database,
  vehicleId: number,
  range: Range,
  nowMs: number,
  followed: Followed,
  known?: Following,
): Promise<boolean> {
  const outcome = await derive(db, vehicleId, range, nowMs, known)
  if (!(await write(db, vehicleId, range, outcome))) return false
  if (outcome.following) followed.keep(vehicleId, outcome.following)
  return true
}

/** Ranges that overlap or lie close together are one. */
function joined(ranges: Range[]): Range[] {
  const joined: Range[] = []
  for (const range of ranges.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    if (!last || range.fromMs > last.toMs + REST_MEMORY_MS) joined.push({ ...range })
    else {
      last.toMs = Math.max(last.toMs, range.toMs)
      last.rangeIds.push(...range.rangeIds)
    }
  }
  return joined
}

async function derive(db: Queryable, vehicleId: number, range: Range, nowMs: number, known?: Following): Promise<Outcome> {
  const bounded = Number.isFinite(range.toMs)
  const { beginning, eventMs, first }: Found = known ? { eventMs: null } : await begin(db, vehicleId, range.fromMs)
  // It lies before positions that are no longer kept: the trips of then stand as they were derived.
  if (beginning && beginning.since.tsMs >= range.toMs) return nothingAt(beginning.since.tsMs)
  const before = bounded ? await listEnds(db, vehicleId, eventMs) : []
  if (first) before.unshift(first)
  const segmenter = known?.segmenter ?? createSegmenter(beginning)
  const found: Derived = known?.found ?? { trips: [], displacements: [], flags: [] }
  const afterMs = known?.afterMs ?? beginning?.since.tsMs ?? Number.NEGATIVE_INFINITY
  let [read, lastMs, restsSinceMs] = [known?.read ?? 0, known?.lastMs ?? afterMs, eventMs]
  const rows = bounded ? LATE_PAGE_ROWS : PAGE_ROWS
  for (let page = rows; page === rows; ) {
    const points = await readPoints(db, vehicleId, lastMs, rows)
    for (const point of points) {
      segmenter.add(point)
      read++
      lastMs = point.tsMs
      if (!bounded || lastMs <= range.toMs) continue
      collect(found, segmenter.take())
      restsSinceMs = latestEnd(found) ?? restsSinceMs
      const rest = segmenter.restingAt()
      // It rests where and since when it rested before: what follows is as it was.
      if (!rest || restsSinceMs === null) continue
      // Then it was as clear as it is now: after a jump the line that it left is not forgotten for a while (sieve.ts).
      if (before.some(({ jump, endMs }) => jump && endMs <= lastMs && lastMs - endMs <= lawAt(endMs).returnS * 1000)) continue
      const old = before.findLast((each) => each.startMs < lastMs)
      if (old && old.endMs === restsSinceMs && old.endMs <= lastMs && old.confirmed && metresBetween(old.rest, rest) < 0.1)
        return { ...found, afterMs, untilMs: lastMs, read, lastMs, whole: false, open: false, rest }
    }
    page = points.length
  }
  const rest = segmenter.restingAt()
  collect(found, segmenter.take())
  const { open, ...last } = segmenter.finish(nowMs)
  const outcome: Outcome = {
    ...found,
    afterMs,
    untilMs: Number.POSITIVE_INFINITY,
    read,
    lastMs,
    whole: true,
    open,
    rest: open ? null : rest,
  }
  // From the end of a trip on, and in a long rest, it is begun anew: there is less to read, to count and to write.
  if (read > 0 && found.trips.length === 0 && found.displacements.length === 0 && (open || read < LONG_REST))
    outcome.following = { segmenter, found: { ...found }, afterMs, read, lastMs, held: open ? read : Math.min(read, HELD_AT_REST) }
  collect(outcome, last)
  return outcome
}

/** Where to begin: never before what was derived of positions that are no longer kept, because that would be derived away. */
async function begin(db: Queryable, vehicleId: number, fromMs: number): Promise<Found> {
  const settled = await findBeginning(db, vehicleId, fromMs, REST_MEMORY_MS)
  return (await findSealed(db, vehicleId, settled.eventMs)) ?? settled
}

const nothingAt = (ms: number): Outcome => ({
  trips: [],
  displacements: [],
  flags: [],
  afterMs: ms,
  untilMs: ms,
  read: 0,
  lastMs: ms,
  whole: false,
  open: false,
  rest: null,
})

function collect(found: Derived, more: Derived): void {
  if (more.trips.length > 0) found.trips = [...found.trips, ...more.trips]
  if (more.displacements.length > 0) found.displacements = [...found.displacements, ...more.displacements]
  if (more.flags.length > 0) found.flags = [...found.flags, ...more.flags]
}

function latestEnd({ trips, displacements }: Derived): number | undefined {
  const ends = [trips.at(-1)?.end.tsMs, displacements.at(-1)?.end.tsMs].filter((ms) => ms !== undefined)
  return ends.length > 0 ? Math.max(...ends) : undefined
}

const EARLIEST_LATE = '(SELECT min(from_at) FROM late_ranges r WHERE r.vehicle_id = l.vehicle_id)'
/** What comes after the last position read is still to be derived, and so is a trip under way. */
const TAIL = `CASE WHEN $3 OR ts > to_timestamp($2::float8 / 1000) THEN to_timestamp(($2::float8 + 1) / 1000) END`
const WHOLE = `
UPDATE last_states l SET tail_from = ${TAIL}, derive_from = least(${TAIL}, ${EARLIEST_LATE}),
       rest_lon_e7 = CASE WHEN $2::float8 IS NULL THEN rest_lon_e7 ELSE $4::int END, rest_lat_e7 = CASE WHEN $2::float8 IS NULL THEN rest_lat_e7 ELSE $5::int END
 WHERE vehicle_id = $1`

async function write(db: Database, vehicleId: number, { rangeIds }: Range, outcome: Outcome): Promise<boolean> {
  const { afterMs, untilMs, read, lastMs, whole, open, rest } = outcome
  return db.transaction(async (client) => {
    const { rowCount } = await client.query('SELECT FROM last_states WHERE vehicle_id = $1 FOR UPDATE', [vehicleId])
    if (rowCount === 0 || (await countPoints(client, vehicleId, afterMs, lastMs)) !== read) return false
    await replaceDerived(client, vehicleId, afterMs, untilMs, outcome)
    if (rangeIds.length > 0) await client.query('DELETE FROM late_ranges WHERE range_id = ANY($1::bigint[])', [rangeIds])
    if (whole) await client.query(WHOLE, [vehicleId, read > 0 ? lastMs : null, open, rest?.lonE7 ?? null, rest?.latE7 ?? null])
    else await client.query(`UPDATE last_states l SET derive_from = least(tail_from, ${EARLIEST_LATE}) WHERE vehicle_id = $1`, [vehicleId])
    return true
  })
}
