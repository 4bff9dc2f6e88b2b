// GPX (1.0 and 1.1) and KML, read piece by piece: nothing is built but the places, and others have their turn between two pieces. Names are taken without their
// prefix, because files in the field name namespaces that they do not declare; entities are never expanded.
import { SaxesParser } from 'saxes'
import type { TrackKind } from '../../domain/exhibits.ts'
import { instantOf, readWrittenTime } from '../writtenTime.ts'
import { Gathered, refuseTrack } from './track.ts'

const PIECE = 64 * 1024
/** No track is deeper than a dozen. */
const MAX_DEPTH = 64

type Reading = {
  open(name: string, attributes: Record<string, string>, line: number): void
  close(name: string, text: string, line: number): void
}

/** @throws Refusal with the line where it is broken, or with what it is instead of a track */
export async function readXmlTrack(text: string): Promise<{ kind: TrackKind; gathered: Gathered }> {
  const gathered = new Gathered()
  const parser = new SaxesParser({ xmlns: false, position: true })
  let kind: TrackKind | undefined
  let reading: Reading | undefined
  let depth = 0
  let said: string[] = []
  const finish: { run?: () => void } = {}
  parser.on('error', () => refuseTrack('exhibit.broken', { line: parser.line }))
  parser.on('doctype', (said) =>
    /^\s*html\b/i.test(said) ? refuseTrack('exhibit.kind', { root: 'html' }) : refuseTrack('exhibit.doctype'),
  )
  const hear = (words: string) => void said.push(words)
  parser.on('text', hear)
  parser.on('cdata', hear)
  parser.on('opentag', ({ name, attributes }) => {
    const local = localOf(name)
    said = []
    if (++depth > MAX_DEPTH) refuseTrack('exhibit.broken', { line: parser.line })
    if (!reading) {
      if (local !== 'gpx' && local !== 'kml') refuseTrack('exhibit.kind', { root: local.slice(0, 40) })
      kind = local as TrackKind
      const begun = local === 'gpx' ? gpxReading(gathered) : kmlReading(gathered)
      reading = begun
      finish.run = begun.finish
    }
    reading.open(local, attributes as Record<string, string>, parser.line)
  })
  parser.on('closetag', ({ name }) => {
    depth--
    reading!.close(localOf(name), said.join('').trim(), parser.line)
    said = []
  })
  for (let at = 0; at < text.length; at += PIECE) {
    parser.write(text.slice(at, at + PIECE))
    await new Promise((resolve) => setImmediate(resolve))
  }
  parser.close()
  if (!kind) refuseTrack('exhibit.kind', { root: '?' })
  finish.run?.()
  return { kind, gathered }
}

const localOf = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Times that cannot be any but one, which are nearly all; the others, such as 30 February, which `Date.parse` takes for 2 March, the law of written times judges. */
const PLAIN = /^(?:19|20|21)\d\d-\d\d-(?:[01]\d|2[0-8])T\d\d:\d\d:\d\d(\.\d+)?Z$/

/** What has no zone is UTC, as GPX says. @throws Refusal */
export function timeOf(written: string, where: number): number {
  const plain = PLAIN.test(written) ? Date.parse(written) : Number.NaN
  if (!Number.isNaN(plain)) return plain
  const time = readWrittenTime(written)
  if (!time?.clock) return refuseTrack('exhibit.time', { where, time: written.slice(0, 40) })
  return instantOf(time, 0)
}

function gpxReading(gathered: Gathered): Reading & { finish(): void } {
  let place: { lon: number; lat: number; timeMs: number } | undefined
  let [waypoints, routePoints, places] = [0, 0, 0]
  return {
    open(name, { lat = '', lon = '' }) {
      if (name === 'trkseg') gathered.begin()
      if (name === 'wpt') waypoints++
      if (name === 'rtept') routePoints++
      if (name === 'trkpt') place = { lon: numberOf(lon), lat: numberOf(lat), timeMs: Number.NaN }
    },
    close(name, text, line) {
      if (!place) return
      if (name === 'time' && text !== '') place.timeMs = timeOf(text, line)
      if (name !== 'trkpt') return
      gathered.add(place.lon, place.lat, place.timeMs, line)
      places++
      place = undefined
    },
    finish() {
      if (places > 0) return
      if (routePoints > 0) refuseTrack('exhibit.route', { n: routePoints })
      if (waypoints > 0) refuseTrack('exhibit.waypoints', { n: waypoints })
    },
  }
}

/** Of tracks with times alone where there are any: the plain lines beside them are the same once more. */
function kmlReading(gathered: Gathered): Reading & { finish(): void } {
  const lines: string[] = []
  let [whens, coords]: [string[], string[]] = [[], []]
  let [tracks, points] = [0, 0]
  let [inTrack, inLine] = [false, false]
  return {
    open(name) {
      if (name === 'Track') {
        inTrack = true
        ;[whens, coords] = [[], []]
      }
      if (name === 'LineString') inLine = true
      if (name === 'Point') points++
    },
    close(name, text, line) {
      if (inTrack && name === 'when') whens.push(text)
      if (inTrack && name === 'coord') coords.push(text)
      if (inLine && name === 'coordinates') lines.push(text)
      if (name === 'LineString') inLine = false
      if (name !== 'Track') return
      inTrack = false
      tracks++
      if (whens.length > 0 && whens.length !== coords.length) refuseTrack('exhibit.broken', { line })
      gathered.begin()
      for (const [n, coord] of coords.entries()) {
        const [lon, lat] = coord.split(/\s+/)
        gathered.add(numberOf(lon), numberOf(lat), whens[n] ? timeOf(whens[n], line) : Number.NaN, line)
      }
    },
    finish() {
      if (tracks > 0) return
      if (lines.length === 0 && points > 0) refuseTrack('exhibit.waypoints', { n: points })
      let n = 0
      for (const text of lines) {
        gathered.begin()
        for (const [each] of text.matchAll(/\S+/g)) {
          const [lon, lat] = each.split(',')
          gathered.add(numberOf(lon), numberOf(lat), Number.NaN, ++n)
        }
      }
    },
  }
}

/** Nothing is no number here. */
const numberOf = (text: string | undefined): number => (text === undefined || text.trim() === '' ? Number.NaN : Number(text))
