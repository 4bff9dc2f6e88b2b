// A track as GPX 1.1: one segment between two gaps, times in UTC.
import { degreesOf, type EvidenceTrack, escapeXml, type TrackRun, utcOf } from './track.ts'

export function* gpxLines({ name, arrays }: EvidenceTrack, runs: readonly TrackRun[]): Generator<string> {
  const { timeMs, lonE7, latE7, altitudeM } = arrays
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Morin" xmlns="http://www.topografix.com/GPX/1/1">\n'
  yield `<trk><name>${escapeXml(name)}</name>\n`
  for (const run of runs) {
    yield '<trkseg>\n'
    for (const i of run) {
      const height = altitudeM[i]!
      const ele = Number.isNaN(height) ? '' : `<ele>${height}</ele>`
      yield `<trkpt lat="${degreesOf(latE7[i]!)}" lon="${degreesOf(lonE7[i]!)}">${ele}<time>${utcOf(timeMs[i]!)}</time></trkpt>\n`
    }
    yield '</trkseg>\n'
  }
  yield '</trk>\n</gpx>\n'
}
