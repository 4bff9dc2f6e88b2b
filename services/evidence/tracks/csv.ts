// A track as a table (RFC 4180, UTF-8 with the mark that spreadsheets know it by): every stored position, believed or not, with everything that was sent.
import type { TrackColumn } from '../../contracts/trackBytes.ts'
import type { FlagReason } from '../../domain/tracks.ts'
import { degreesOf, type EvidenceTrack, regionalOf, utcOf } from './track.ts'

const columns = [
  [
    'time_utc',
    'time_region',
    'lon_wgs84',
    'lat_wgs84',
    'speed_kph',
    'heading_deg',
    'altitude_m',
    'odometer_m',
    'fuel_percent',
    'charge_percent',
  ],
  ['satellites', 'flags', 'alarms', 'received_utc', 'not_believed'],
].flat()

export function* csvLines({ arrays, flagged }: EvidenceTrack): Generator<string> {
  yield `\ufeff${columns.join(',')}\r\n`
  const reasons = new Map<number, FlagReason>(flagged.map(({ index, reason }) => [index, reason]))
  const { timeMs, lonE7, latE7, lagMs } = arrays
  const at = (column: TrackColumn, i: number, by = 1): string => {
    const value = arrays[column][i]!
    return Number.isNaN(value) ? '' : String(by === 1 ? value : value / by)
  }
  for (let i = 0; i < timeMs.length; i++) {
    const ms = timeMs[i]!
    const lag = lagMs[i]!
    const cells = [
      ...[utcOf(ms), regionalOf(ms), degreesOf(lonE7[i]!), degreesOf(latE7[i]!), at('speedDkph', i, 10), at('headingDeg', i)],
      ...[at('altitudeM', i), at('odometerM', i), at('fuelPermille', i, 10), at('socPermille', i, 10), at('satellites', i), at('flags', i)],
      ...[at('alarms', i), Number.isNaN(lag) ? '' : utcOf(ms + lag), reasons.get(i) ?? ''],
    ]
    yield `${cells.join(',')}\r\n`
  }
}
