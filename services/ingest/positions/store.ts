// Positions and last states, in the transaction of a commit. Rows are written in the order of their vehicle, so that two workers wait for
// each other instead of deadlocking.
import type { Position } from '../../contracts/position.ts'
import { FLAG_DISPLACED, FLAG_STUCK } from '../../domain/status.ts'
import { lawAt, type TripLaw } from '../../domain/tripLaw.ts'
import { prepared, type Queryable } from '../../platform/db.ts'
import { NotWritten, wrote } from '../../platform/wrote.ts'
import type { Stored } from '../kinds/kind.ts'
import { type Arranged, arrange } from './arrange.ts'
import { believeElsewhere } from './believe.ts'
import { liveEvidence, saneTime } from './liveEvidence.ts'
import { type Counter, encodeSmallints, type PositionReading, positionColumns, type RowEncoder } from './rows.ts'

const columns = positionColumns.join(', ')
const forward = positionColumns
  .filter((name) => name !== 'vehicle_id' && name !== 'flags')
  .map((name) => `${name} = excluded.${name}`)
  .join(', ')

// `mark`: 0 = an older reading of its vehicle, 1 = the newest, 2 = the only one, and at rest.
// Trips stay settled (derive_from NULL) while a vehicle at rest says again that it is at rest at the place of its rest, which settling
// has noted: 60 e-7° for each metre of the law's leaveM are two thirds of it, and across both less than what is elsewhere; nothing begins there.
// One statement with both writes: 56,000 rows/s on the embedded database with a different vehicle in every row (5,000 rows in 88 ms,
// half of it last_states); insert and update as two statements, 48,000. What was stored is counted per chunk and 1,024 vehicles in the same
// statement, which is what the rows are later held against (dispatch/operations/rowCheck.ts); a chunk that this statement itself makes is
// not in pg_class for it, but has its name as regclass. By hour and 128 vehicles too: what is prepared of an hour is held against that
// (dispatch/whereabouts/units.ts). The details are asked for only when something is out of the
// ordinary, that is, a position was not stored or is late; so is which positions were there already.
// A batch that brings both news and something older than what is known of its vehicle: the tail begins with the news, the rest is late.
const NEWS = "CASE WHEN excluded.derive_from IS NULL THEN excluded.ts ELSE greatest(excluded.derive_from, l.ts + interval '1 ms') END"
const settled = ({ leaveM }: TripLaw): string => `excluded.derive_from IS NULL AND l.tail_from IS NULL
  AND abs(l.rest_lon_e7::float8 - excluded.lon_e7) < ${leaveM * 60} AND abs(l.rest_lat_e7::float8 - excluded.lat_e7) < ${leaveM * 60}`
/** Positions further apart are ranges of their own, so that one of last month and one of today do not cost the month between. */
const LATE_APART = "interval '6 hours'"
const INSERT = `inserted AS (
  INSERT INTO positions (${columns}) SELECT ${columns} FROM input ON CONFLICT DO NOTHING RETURNING vehicle_id, ts, tableoid
),
counted AS (
  INSERT INTO position_tally AS t (chunk, part, worker, stored)
  SELECT substring(chunk::regclass::text FROM '[^.]+$'), part, $4, stored
    FROM (SELECT tableoid AS chunk, vehicle_id / 1024 AS part, count(*) AS stored FROM inserted GROUP BY 1, 2) n
  ON CONFLICT (chunk, part, worker) DO UPDATE SET stored = t.stored + excluded.stored
),
by_hour AS (
  INSERT INTO position_hours AS t (hour, part, worker, stored)
  SELECT floor(date_part('epoch', ts) / 3600)::int, vehicle_id / 128, $4, count(*) FROM inserted GROUP BY 1, 2
  ON CONFLICT (hour, part, worker) DO UPDATE SET stored = t.stored + excluded.stored
),`
// What phones said is in its own table by now (phones.ts): of it only what moves the live state and what is to be derived follows here.
const INSERTED = 'inserted AS (SELECT vehicle_id, ts, $4::text FROM input),'

function statement(law: TripLaw, counter: Counter): string {
  const { takesItsPlace, sets } = liveEvidence(law)
  const isSettled = settled(law)
  // Planned once a connection: it reads no position, and planning it took as long as 500 rows.
  return prepared(`
WITH input AS MATERIALIZED (SELECT * FROM unnest($1::positions[], $2::smallint[]) AS i(${columns}, mark)),
${counter === 'stored' ? INSERT : INSERTED}
per_vehicle AS (SELECT vehicle_id, count(*) AS stored, min(ts) AS oldest, max(ts) AS newest FROM inserted GROUP BY vehicle_id),
moved AS (
  INSERT INTO last_states AS l (${columns}, ${counter}, from_phone, derive_from, tail_from, still_lon_e7, still_lat_e7, still_since)
  SELECT ${columns}, stored, ${counter === 'phoned'}, CASE WHEN mark = 1 THEN oldest END, CASE WHEN mark = 1 THEN oldest END, lon_e7, lat_e7, ${saneTime('input')}
    FROM input JOIN per_vehicle USING (vehicle_id) WHERE mark > 0
  ON CONFLICT (vehicle_id) DO UPDATE SET ${forward}, ${sets}, ${counter} = l.${counter} + excluded.${counter}, from_phone = excluded.from_phone,
    derive_from = CASE WHEN ${isSettled} THEN l.derive_from ELSE least(l.derive_from, ${NEWS}) END,
    tail_from = CASE WHEN ${isSettled} THEN NULL ELSE least(l.tail_from, ${NEWS}) END
  WHERE ${takesItsPlace}
  RETURNING vehicle_id, flags, tail_from
),
totals AS (
  SELECT (SELECT count(*) FROM inserted) AS stored, (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM per_vehicle) AS vehicles
)
SELECT stored, CASE WHEN stored < $3 OR moved < vehicles THEN (
    SELECT json_agg(json_build_array(vehicle_id, p.stored, extract(epoch FROM oldest) * 1000, extract(epoch FROM newest) * 1000,
                                     m.vehicle_id IS NOT NULL))
      FROM per_vehicle p LEFT JOIN moved m USING (vehicle_id)
  ) END AS details,
  CASE WHEN stored < $3 THEN (
    SELECT json_agg(json_build_array(vehicle_id, extract(epoch FROM ts) * 1000))
      FROM (SELECT vehicle_id, ts FROM input EXCEPT ALL SELECT vehicle_id, ts FROM inserted) there
  ) END AS there,
  CASE WHEN moved < vehicles OR EXISTS (SELECT FROM moved m JOIN per_vehicle p USING (vehicle_id) WHERE oldest < tail_from) THEN (
    SELECT json_agg(json_build_array(vehicle_id, extract(epoch FROM first) * 1000, extract(epoch FROM last) * 1000)) FROM (
      SELECT vehicle_id, min(ts) AS first, max(ts) AS last FROM (
        SELECT vehicle_id, ts, count(*) FILTER (WHERE apart) OVER (PARTITION BY vehicle_id ORDER BY ts) AS part FROM (
          SELECT i.vehicle_id, ts, ts - lag(ts) OVER (PARTITION BY i.vehicle_id ORDER BY ts) > ${LATE_APART} AS apart
            FROM inserted i LEFT JOIN moved m ON m.vehicle_id = i.vehicle_id WHERE m.vehicle_id IS NULL OR ts < m.tail_from
        ) gaps
      ) parts GROUP BY vehicle_id, part ORDER BY vehicle_id
    ) ranges
  ) END AS late,
  (SELECT json_agg(json_build_array(vehicle_id, flags)) FROM moved WHERE flags & ${FLAG_DISPLACED | FLAG_STUCK} <> 0) AS evidence
FROM totals`)
}
/** By the law that they are judged by. */
const statements = { stored: new Map<TripLaw, string>(), phoned: new Map<TripLaw, string>() }

const late = (counter: Counter): string => `
WITH marked AS (
  INSERT INTO late_ranges (vehicle_id, from_at, to_at)
  SELECT vehicle_id, to_timestamp(first / 1000), to_timestamp(last / 1000) FROM unnest($1::int[], $2::float8[], $3::float8[]) AS r(vehicle_id, first, last)
)
UPDATE last_states l SET ${counter} = l.${counter} + late.stored, derive_from = least(l.derive_from, to_timestamp(late.oldest / 1000))
  FROM unnest($4::int[], $5::int[], $6::float8[]) AS late(vehicle_id, stored, oldest) WHERE l.vehicle_id = late.vehicle_id`

type Detail = [vehicleId: number, stored: number, oldestMs: number, newestMs: number, moved: boolean]
export type LateRange = [vehicleId: number, fromMs: number, toMs: number]
type There = [vehicleId: number, tsMs: number]
type Said = {
  stored: number
  details: Detail[] | null
  there: There[] | null
  late: LateRange[] | null
  evidence: [number, number][] | null
}

/**
 * Stores what terminals said; or, of what phones said and is stored by now, carries on the live state and what is to be derived.
 * @throws NotWritten when what was stored and what was there already is not all that was given
 */
export async function storePositions(
  client: Queryable,
  encode: RowEncoder,
  worker: string,
  given: readonly PositionReading[],
  counter: Counter = 'stored',
): Promise<Stored<Position>> {
  // What is live goes by the law of the moment, as positions arrive.
  const law = lawAt(given.at(-1)?.message.receivedMs ?? 0)
  const arranged = arrange(law, given)
  const sent = given.length
  const storing = statements[counter].get(law) ?? statement(law, counter)
  statements[counter].set(law, storing)
  const values = [encode(arranged.readings), encodeSmallints(arranged.marks), sent, worker]
  const said = wrote(await client.query<Said>(storing, values), 1, 'what became of a batch').rows[0]!
  const duplicates = duplicatesOf(arranged, said.there ?? [])
  if (said.stored + duplicates.length !== sent) throw new NotWritten('positions', sent, said.stored + duplicates.length)
  // No row stored at all: there is nothing to aggregate, and that is not the ordinary case.
  const details = said.details ?? (said.stored < sent ? [] : null)
  if (said.late) await recordLate(client, details ?? [], said.late, counter)
  if (details) await believeElsewhere(client, encode, notMoved(arranged, details), details, counter)
  return { duplicates, news: movedOf(arranged, details, new Map(said.evidence)) }
}

/**
 * Counts late positions of vehicles whose live state stays where it is, and has the trips around all late positions derived again: those of
 * a vehicle whose state moved were counted with its news.
 */
export async function recordLate(client: Queryable, details: Detail[], ranges: LateRange[], counter: Counter): Promise<void> {
  const stayed = new Map(details.filter(([, , , , moved]) => !moved).map(([id, stored]) => [id, stored]))
  const oldest = new Map<number, number>()
  for (const [id, fromMs] of ranges) oldest.set(id, Math.min(fromMs, oldest.get(id) ?? fromMs))
  const ids = [...oldest.keys()].sort((a, b) => a - b)
  const values = [
    ranges.map(([id]) => id),
    ranges.map(([, fromMs]) => fromMs),
    ranges.map(([, , toMs]) => toMs),
    ids,
    ids.map((id) => stayed.get(id) ?? 0),
    ids.map((id) => oldest.get(id)!),
  ]
  wrote(await client.query(late(counter), values), ids.length, 'the last states of vehicles with late positions')
}

function movedOf({ newest }: Arranged, details: Detail[] | null, evidence: Map<number, number>): PositionReading[] {
  // A first report without a fix has a row, and no place to be told of.
  const fixed = newest.filter(({ value }) => value.lonE7 !== 0 && value.latE7 !== 0)
  const told = evidence.size === 0 ? fixed : fixed.map((reading) => withEvidence(reading, evidence.get(reading.vehicleId)))
  if (!details) return told
  const moved = new Set(details.filter(([, , , , yes]) => yes).map(([vehicleId]) => vehicleId))
  return told.filter(({ vehicleId }) => moved.has(vehicleId))
}

const withEvidence = (reading: PositionReading, flags: number | undefined): PositionReading =>
  flags === undefined ? reading : { ...reading, flags }

/** The newest readings of vehicles whose live state stayed where it was although something was stored. */
function notMoved({ newest }: Arranged, details: Detail[]): PositionReading[] {
  const stayed = new Set(details.filter(([, , , , moved]) => !moved).map(([vehicleId]) => vehicleId))
  return newest.filter(({ vehicleId }) => stayed.has(vehicleId))
}

/** The readings that were not stored. Of equal ones the first to arrive was stored, where any was. */
function duplicatesOf({ readings }: Arranged, there: readonly There[]): PositionReading[] {
  if (there.length === 0) return []
  const left = new Map<string, number>()
  for (const [vehicleId, tsMs] of there) left.set(`${vehicleId} ${tsMs}`, (left.get(`${vehicleId} ${tsMs}`) ?? 0) + 1)
  const duplicates: PositionReading[] = []
  for (let at = readings.length - 1; at >= 0; at--) {
    const reading = readings[at]!
    const key = `${reading.vehicleId} ${reading.value.tsMs}`
    const times = left.get(key) ?? 0
    if (times === 0) continue
    left.set(key, times - 1)
    duplicates.push(reading)
  }
  return duplicates
}
