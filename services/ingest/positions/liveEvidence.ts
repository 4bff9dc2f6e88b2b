// What a commit asks of a vehicle's last state `l` before a newer report `excluded` takes its place (docs/trips.md, "Live"), as SQL:
// it is decided where the row is locked, so several workers agree.
import { FLAG_DISPLACED, FLAG_IGNITION, FLAG_IGNITION_UNKNOWN, FLAG_STUCK } from '../../domain/status.ts'
import type { TripLaw } from '../../domain/tripLaw.ts'

/** 1e-7 degree of latitude, in metres. */
const DEGREE_E7_M = 0.0111195
const squareM = (fromLon: string, fromLat: string): string =>
  `(power((excluded.lat_e7::float8 - ${fromLat}) * ${DEGREE_E7_M}, 2) +
    power((excluded.lon_e7::float8 - ${fromLon}) * ${DEGREE_E7_M} * cos(excluded.lat_e7 * 1.7453293e-9), 2))`

/** 1e-7 degrees that are `metres` to the north. */
const e7 = (metres: number): number => metres / DEGREE_E7_M
/** Within so many 1e-7 degrees north and east, in whole numbers: the square of the distance costs twice as much, and is not needed for most. */
const withinE7 = (fromLon: string, fromLat: string, most: number): string =>
  `(abs(excluded.lat_e7 - ${fromLat}) <= ${most} AND abs(excluded.lon_e7::int8 - ${fromLon}) <= ${most})`
/** Further than so many metres. A square of 0.7 of them lies within; what is further to the north alone lies beyond, whatever the longitude. */
const beyond = (fromLon: string, fromLat: string, metres: number): string =>
  `(NOT ${withinE7(fromLon, fromLat, Math.floor(e7(metres * 0.7)))}
    AND (abs(excluded.lat_e7 - ${fromLat}) > ${Math.ceil(e7(metres)) + 1} OR ${squareM(fromLon, fromLat)} > ${metres ** 2}))`

/** When a report was made by a sane clock: never after it arrived. */
export const saneTime = (row: string): string => `least(${row}.ts, ${row}.received_at)`

/** A receiver without a fix: the first report of a vehicle may be one, and stands for it until there is another. */
const noFix = (row: string): string => `(${row}.lon_e7 = 0 OR ${row}.lat_e7 = 0)`

const fromStill = squareM('l.still_lon_e7', 'l.still_lat_e7')
/** Not `extract`, which counts in numeric: six of these a position took a third of the whole commit. */
const seconds = (since: string): string => `date_part('epoch', ${saneTime('excluded')} - ${since})`
const stillS = seconds('l.still_since')
const sinceLastS = seconds(saneTime('l'))

/** `takesItsPlace`: is it newer by a sane clock, and a place that can be reached from where it was; `sets`: SET clauses beside those that copy the report. */
export function liveEvidence(law: TripLaw): { takesItsPlace: string; sets: string } {
  const { standingDkph, live } = law
  /** Further than this from where it stood is not standing: as far as a place of rest reaches. */
  const stillM = law.stayM
  const left = beyond('l.still_lon_e7', 'l.still_lat_e7', stillM)
  const apart = `(l.still_since IS NULL OR ${left})`
  const drivesOff = `(l.speed_dkph < ${live.drivesOffDkph} AND excluded.speed_dkph >= ${live.drivesOffDkph})`
  /** Since it came to stand there; or, however long it had stood, since its last report: a message may hold the reports of minutes. */
  const fast = `(NOT ${noFix('l')} AND ${left} AND (${fromStill} >= power(${live.movingMps} * ${stillS}, 2)
    OR ${squareM('l.lon_e7', 'l.lat_e7')} >= power(${stillM} + ${live.movingMps} * greatest(0, ${sinceLastS}), 2)))`
  const stillTold = (forS: number): string => `((l.flags & ${FLAG_DISPLACED}) <> 0 AND NOT ${left} AND ${stillS} <= ${forS})`

  /** How long a place has been said unchanged with a speed: the receiver has lost its fix, in a tunnel, and the vehicle went on. */
  const sameS = `CASE WHEN l.speed_dkph >= ${standingDkph} AND l.lon_e7 = l.still_lon_e7 AND l.lat_e7 = l.still_lat_e7
    THEN least(${law.restS}, greatest(0, date_part('epoch', ${saneTime('l')} - l.still_since))) ELSE 0 END`

  /** The flags of the report, and what its place says about its speed. */
  const evidence = `
    (excluded.flags & ${FLAG_IGNITION | FLAG_IGNITION_UNKNOWN}) | CASE
      WHEN excluded.speed_dkph IS NULL THEN CASE WHEN ${fast} OR ${stillTold(live.tellsS)} THEN ${FLAG_DISPLACED} ELSE 0 END
      WHEN excluded.speed_dkph >= ${standingDkph}
        THEN CASE WHEN NOT ${apart} AND NOT coalesce(${drivesOff}, false) AND ${stillS} > ${law.claimS} THEN ${FLAG_STUCK} ELSE 0 END
      WHEN l.speed_dkph < ${standingDkph} AND ${sinceLastS} <= ${live.tellsS} AND (${fast} OR ${stillTold(live.tellsAgainstZeroS)})
        THEN ${FLAG_DISPLACED}
      ELSE 0 END`

  const moves = `(${noFix('l')} OR ${apart} OR coalesce(${drivesOff}, false))`
  const stillColumn = (column: string, value: string): string => `${column} = CASE WHEN ${moves} THEN ${value} ELSE l.${column} END`

  return {
    takesItsPlace: `
      (${saneTime('excluded')}, excluded.ts) > (${saneTime('l')}, CASE WHEN l.ts > l.received_at THEN '-infinity' ELSE l.ts END)
      AND excluded.lon_e7 <> 0 AND excluded.lat_e7 <> 0
      AND (${withinE7('l.lon_e7', 'l.lat_e7', Math.floor(e7(law.slackM * 0.7)))} OR ${noFix('l')} OR ${squareM('l.lon_e7', 'l.lat_e7')} <= power(${law.slackM} + ${law.topSpeedKph / 3.6} * (greatest(0, ${sinceLastS}) + ${sameS}), 2))`,
    sets: `
      flags = ${evidence},
      ${stillColumn('still_lon_e7', 'excluded.lon_e7')}, ${stillColumn('still_lat_e7', 'excluded.lat_e7')},
      ${stillColumn('still_since', saneTime('excluded'))}, doubt_reports = 0`,
  }
}
