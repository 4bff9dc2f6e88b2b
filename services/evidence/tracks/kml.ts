// A track as KML 2.2: for programs with a time slider gx:Track, of which all times stand before all places; beside it a plain line for those that know no gx:Track.
import { degreesOf, type EvidenceTrack, escapeXml, type TrackRun, utcOf } from './track.ts'

export function* kmlLines({ name, arrays }: EvidenceTrack, runs: readonly TrackRun[]): Generator<string> {
  const { timeMs, lonE7, latE7, altitudeM } = arrays
  const height = (i: number) => (Number.isNaN(altitudeM[i]!) ? 0 : altitudeM[i]!)
  const title = escapeXml(name)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n'
  yield `<Document><name>${title}</name>\n<Style id="line"><LineStyle><color>ff2d7fd0</color><width>4</width></LineStyle></Style>\n`
  yield `<Placemark><name>${title}</name><styleUrl>#line</styleUrl><gx:MultiTrack>\n<altitudeMode>clampToGround</altitudeMode>\n`
  for (const run of runs) {
    yield '<gx:Track>\n<altitudeMode>clampToGround</altitudeMode>\n'
    for (const i of run) yield `<when>${utcOf(timeMs[i]!)}</when>\n`
    for (const i of run) yield `<gx:coord>${degreesOf(lonE7[i]!)} ${degreesOf(latE7[i]!)} ${height(i)}</gx:coord>\n`
    yield '</gx:Track>\n'
  }
  yield `</gx:MultiTrack></Placemark>\n<Placemark><name>${title}</name><styleUrl>#line</styleUrl><MultiGeometry>\n`
  for (const run of runs) {
    if (run.length < 2) continue
    yield '<LineString><tessellate>1</tessellate><coordinates>\n'
    for (const i of run) yield `${degreesOf(lonE7[i]!)},${degreesOf(latE7[i]!)}\n`
    yield '</coordinates></LineString>\n'
  }
  yield '</MultiGeometry></Placemark>\n</Document>\n</kml>\n'
}
