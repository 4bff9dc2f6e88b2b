// What a commit asks of a vehicle's last state `l` before a newer report `excluded` takes its place (docs/trips.md, "Live"), as SQL:
// it is decided where the row is locked, so several workers agree.
import { FLAG_DISPLACED, FLAG_IGNITION, FLAG_IGNITION_UNKNOWN, FLAG_STUCK, STANDING_BELOW_DKPH } from '../../domain/status.ts'
import { lawAt } from '../../domain/tripLaw.ts'

/** Further than this from where it stood is not standing: as far as a place of rest reaches. */
const law = lawAt(Date.now())
const STILL_M = law.stayM
/** A speed that drives off: from below it to above it a vehicle is watched from there. */
const DRIVES_OFF_DKPH = 100
/** Displaced faster than this is moving, m/s. */
const MOVING_MPS = 1.5
/** How long a displacement tells of movement, s: with no speed at all, and with one that says 0. */
const TELLS_S = 120
const TELLS_AGAINST_ZERO_S = 30

/** 1e-7 degree of latitude, in metres. */
const DEGREE_E7_M = 0.0111195
const squareM = (fromLon: string, fromLat: string): string =>
  `(power((excluded.lat_e7::float8 - ${fromLat}) * ${DEGREE_E7_M}, 2) +
    power((excluded.lon_e7::float8 - ${fromLon}) * ${DEGREE_E7_M} * cos(excluded.lat_e7 * 1.7453293e-9), 2))`

/** When a report was made by a sane clock: never after it arrived. */
export const saneTime = (row: string): string => `least(${row}.ts, ${row}.received_at)`

/** A receiver without a fix: the first report of a vehicle may be one, and stands for it until there is another. */
const noFix = (row: string): string => `(${row}.lon_e7 = 0 OR ${row}.lat_e7 = 0)`

const fromStill = squareM('l.still_lon_e7', 'l.still_lat_e7')
const seconds = (since: string): string => `extract(epoch FROM ${saneTime('excluded')} - ${since})::float8`
const stillS = seconds('l.still_since')
const sinceLastS = seconds(saneTime('l'))

const apart = `(l.still_since IS NULL OR ${fromStill} > ${STILL_M ** 2})`
const drivesOff = `(l.speed_dkph < ${DRIVES_OFF_DKPH} AND excluded.speed_dkph >= ${DRIVES_OFF_DKPH})`
/** Since it came to stand there; or, however long it had stood, since its last report: a message may hold the reports of minutes. */
const fast = `(NOT ${noFix('l')} AND ${fromStill} > ${STILL_M ** 2} AND (${fromStill} >= power(${MOVING_MPS} * ${stillS}, 2)
  OR ${squareM('l.lon_e7', 'l.lat_e7')} >= power(${STILL_M} + ${MOVING_MPS} * greatest(0, ${sinceLastS}), 2)))`
const stillTold = (forS: number): string =>
  `((l.flags & ${FLAG_DISPLACED}) <> 0 AND ${fromStill} <= ${STILL_M ** 2} AND ${stillS} <= ${forS})`

/** How long a place has been said unchanged with a speed: the receiver has lost its fix, in a tunnel, and the vehicle went on. */
const sameS = `CASE WHEN l.speed_dkph >= ${STANDING_BELOW_DKPH} AND l.lon_e7 = l.still_lon_e7 AND l.lat_e7 = l.still_lat_e7
  THEN least(${law.restS}, greatest(0, extract(epoch FROM ${saneTime('l')} - l.still_since)::float8)) ELSE 0 END`

/** Newer by a sane clock, and a place that can be reached from where it was. */
export const takesItsPlace = `
  (${saneTime('excluded')}, excluded.ts) > (${saneTime('l')}, CASE WHEN l.ts > l.received_at THEN '-infinity' ELSE l.ts END)
  AND excluded.lon_e7 <> 0 AND excluded.lat_e7 <> 0
  AND (${noFix('l')} OR ${squareM('l.lon_e7', 'l.lat_e7')} <= power(${law.slackM} + ${law.topSpeedKph / 3.6} * (greatest(0, ${sinceLastS}) + ${sameS}), 2))`

/** The flags of the report, and what its place says about its speed. */
const evidence = `
  (excluded.flags & ${FLAG_IGNITION | FLAG_IGNITION_UNKNOWN}) | CASE
    WHEN excluded.speed_dkph IS NULL THEN CASE WHEN ${fast} OR ${stillTold(TELLS_S)} THEN ${FLAG_DISPLACED} ELSE 0 END
    WHEN excluded.speed_dkph >= ${STANDING_BELOW_DKPH}
      THEN CASE WHEN NOT ${apart} AND NOT coalesce(${drivesOff}, false) AND ${stillS} > ${law.claimS} THEN ${FLAG_STUCK} ELSE 0 END
    WHEN l.speed_dkph < ${STANDING_BELOW_DKPH} AND ${sinceLastS} <= ${TELLS_S} AND (${fast} OR ${stillTold(TELLS_AGAINST_ZERO_S)})
      THEN ${FLAG_DISPLACED}
    ELSE 0 END`

const moves = `(${noFix('l')} OR ${apart} OR coalesce(${drivesOff}, false))`
const stillColumn = (column: string, value: string): string => `${column} = CASE WHEN ${moves} THEN ${value} ELSE l.${column} END`

/** SET clauses beside those that copy the report. */
export const evidenceSets = `
  flags = ${evidence},
  ${stillColumn('still_lon_e7', 'excluded.lon_e7')}, ${stillColumn('still_lat_e7', 'excluded.lat_e7')},
  ${stillColumn('still_since', saneTime('excluded'))}, doubt_reports = 0`
