// A track as GeoJSON (RFC 7946, which knows WGS-84 alone): a line between two gaps, with the time of each of its points; a lone position is a point.
import { degreesOf, type EvidenceTrack, type TrackRun, utcOf } from './track.ts'

export function* geojsonLines({ name, arrays }: EvidenceTrack, runs: readonly TrackRun[]): Generator<string> {
  const { timeMs, lonE7, latE7 } = arrays
  const place = (i: number) => `[${degreesOf(lonE7[i]!)},${degreesOf(latE7[i]!)}]`
  // The collection is named too: one without a line still says whose it is.
  yield `{"type":"FeatureCollection","name":${JSON.stringify(name)},"features":[\n`
  for (const [n, run] of runs.entries()) {
    const lone = run.length === 1
    const comma = n === 0 ? '' : ',\n'
    yield `${comma}{"type":"Feature","properties":{"name":${JSON.stringify(name)},"coordTimes":[\n`
    for (const [k, i] of run.entries()) yield `${k === 0 ? '' : ','}"${utcOf(timeMs[i]!)}"`
    yield `\n]},"geometry":{"type":"${lone ? 'Point' : 'LineString'}","coordinates":${lone ? '' : '['}\n`
    for (const [k, i] of run.entries()) yield `${k === 0 ? '' : ',\n'}${place(i)}`
    yield `\n${lone ? '' : ']'}}}`
  }
  yield '\n]}\n'
}
