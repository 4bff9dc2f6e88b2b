// Derives the trips of one vehicle again where they are unsettled: from its last settled position on (last_states.tail_from), and
// around late positions (late_ranges). Each range is begun at the last trip that it cannot change, and left as soon as what is derived
// is what was derived before: one late point of an old day costs the trips around it. A trip under way is followed from where it was
// last looked at, while its worker remembers (followed.ts).
// Law: reading takes no lock and may take several short statements; writing locks the vehicle's last-state row and goes ahead only if
// nothing has slipped in between what was read: none was stored of the vehicle since, or none that lies there. So two workers agree, and any
// order of arrival ends in the same trips.
import { lawAt } from '../../domain/tripLaw.ts'
import { type Database, prepared, type Queryable } from '../../platform/db.ts'
import { Followed, type Following } from './followed.ts'
import { metresBetween, type Place } from './plane.ts'
import type { Point } from './point.ts'
import { createSegmenter, type Derived } from './segment.ts'
import { countPoints, type Found, findBeginning, findSealed, findUnsettled, listEnds, readPoints } from './settleReads.ts'
import { replaceDerived } from './settleWrites.ts'

const PAGE_ROWS = 5_000
/** Around late positions most of a page would be read for nothing. */
const LATE_PAGE_ROWS = 400
/** From here on before a change a long rest is read again, ms: longer than anything at rest is remembered. */
const REST_MEMORY_MS = 6 * 3_600_000

/** A longer rest is begun anew: what was found in it is written each time that it is followed. */
const LONG_REST = 4_000
/** What of a rest is remembered at most (rest.ts). */
const HELD_AT_REST = 200

type Range = { fromMs: number; toMs: number; lateIds: number[] }
type Outcome = Derived & {
  afterMs: number
  untilMs: number
  read: number
  lastMs: number
  whole: boolean
  open: boolean
  rest: Place | null
  /** How many positions were stored of the vehicle before the first was read. */
  stored: number
  following?: Following
}
/** How far it was followed, and the positions that come next. */
type Known = Following & { next: readonly Point[] }

/** @returns whether the vehicle is settled up to the last position read; false = something slipped in: call again later. */
export async function settleVehicle(db: Database, vehicleId: number, nowMs: number, followed: Followed = new Followed()): Promise<boolean> {
  const before = followed.take(vehicleId)
  const unsettled = await findUnsettled(db, vehicleId, before?.lastMs, PAGE_ROWS)
  if (!unsettled) {
    if (before) followed.keep(vehicleId, before)
    return true
  }
  const { late, tailMs, stored, next } = unsettled
  const settle = async (range: Range, known?: Known): Promise<boolean> => {
    const outcome = await derive(db, vehicleId, range, nowMs, stored, known)
    if (!(await write(db, vehicleId, range, outcome))) return false
    if (outcome.following) followed.keep(vehicleId, outcome.following)
    return true
  }
  // What was stored since it was last looked at is what comes next, and nothing else.
  if (before && late.length === 0 && tailMs !== null && before.lastMs < tailMs && before.stored + next.length === stored)
    return settle({ fromMs: before.lastMs + 1, toMs: Number.POSITIVE_INFINITY, lateIds: [] }, { ...before, next })
  const ranges = late.map(({ id, fromMs, toMs }): Range => ({ fromMs, toMs, lateIds: [id] }))
  const tail = tailMs ?? (late.length === 0 ? unsettled.fromMs : null)
  if (tail !== null) ranges.push({ fromMs: tail, toMs: Number.POSITIVE_INFINITY, lateIds: [] })
  for (const range of joined(ranges)) if (!(await settle(range))) return false
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
      last.lateIds.push(...range.lateIds)
    }
  }
  return joined
}

async function derive(db: Queryable, vehicleId: number, range: Range, nowMs: number, stored: number, known?: Known): Promise<Outcome> {
  const bounded = Number.isFinite(range.toMs)
  const { beginning, eventMs, first }: Found = known ? { eventMs: null } : await begin(db, vehicleId, range.fromMs)
  // It lies before positions that are no longer kept: the trips of then stand as they were derived.
  if (beginning && beginning.since.tsMs >= range.toMs) return nothingAt(beginning.since.tsMs, stored)
  const before = bounded ? await listEnds(db, vehicleId, eventMs) : []
  if (first) before.unshift(first)
  const segmenter = known?.segmenter ?? createSegmenter(beginning)
  const found: Derived = known?.found ?? { trips: [], displacements: [], flags: [] }
  const afterMs = known?.afterMs ?? beginning?.since.tsMs ?? Number.NEGATIVE_INFINITY
  let [read, lastMs, restsSinceMs] = [known?.read ?? 0, known?.lastMs ?? afterMs, eventMs]
  const rows = bounded ? LATE_PAGE_ROWS : PAGE_ROWS
  let coming: readonly Point[] | undefined = known?.next
  for (let page = rows; page === rows; ) {
    const points = coming ?? (await readPoints(db, vehicleId, lastMs, rows))
    coming = undefined
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
        return { ...found, afterMs, untilMs: lastMs, read, lastMs, whole: false, open: false, rest, stored }
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
    stored,
  }
  // From the end of a trip on, and in a long rest, it is begun anew: there is less to read and to write.
  if (read > 0 && found.trips.length === 0 && found.displacements.length === 0 && (open || read < LONG_REST))
    outcome.following = { segmenter, found: { ...found }, afterMs, read, lastMs, stored, held: open ? read : Math.min(read, HELD_AT_REST) }
  collect(outcome, last)
  return outcome
}

/** Where to begin: never before what was derived of positions that are no longer kept, because that would be derived away. */
async function begin(db: Queryable, vehicleId: number, fromMs: number): Promise<Found> {
  const settled = await findBeginning(db, vehicleId, fromMs, REST_MEMORY_MS)
  return (await findSealed(db, vehicleId, settled.eventMs)) ?? settled
}

const nothingAt = (ms: number, stored: number): Outcome => ({
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
  stored,
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

const HOLD = prepared('SELECT stored + phoned AS stored FROM last_states WHERE vehicle_id = $1 FOR UPDATE')

async function write(db: Database, vehicleId: number, { lateIds }: Range, outcome: Outcome): Promise<boolean> {
  const { afterMs, untilMs, read, lastMs, whole, open, rest, stored } = outcome
  return db.transaction(async (client) => {
    const { rows } = await client.query<{ stored: number }>(HOLD, [vehicleId])
    if (!rows[0]) return false
    if (rows[0].stored !== stored) {
      if ((await countPoints(client, vehicleId, afterMs, lastMs)) !== read) return false
      // Which of them were stored before the last was read is not known.
      delete outcome.following
    }
    const tail = whole ? { lastMs: read > 0 ? lastMs : null, open, rest } : null
    await replaceDerived(client, vehicleId, { afterMs, untilMs, lateIds, tail, derived: outcome })
    return true
  })
}
