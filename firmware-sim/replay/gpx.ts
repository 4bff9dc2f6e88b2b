// Recorded tracks as GPX 1.0 and 1.1: a device is a track, by its own name or else the file's; speed is metres per second there, course
// degrees, times without a zone are UTC. What programs put into extensions is found by its name in any namespace.
import { DOMParser, type Element } from '@xmldom/xmldom'
import { UsageError } from '../usageError.ts'
import { readDeviceTime } from './deviceTime.ts'
import type { RawRow, RawTrack } from './rawTrack.ts'
import { type ReadingName, readDegrees, readReading } from './readings.ts'

const MPS_TO_KPH = 3.6
const readings: readonly { field: ReadingName; names: readonly string[]; factor: number }[] = [
  { field: 'speedKph', names: ['speed'], factor: MPS_TO_KPH },
  { field: 'headingDeg', names: ['course', 'bearing', 'heading'], factor: 1 },
  { field: 'altitudeM', names: ['ele'], factor: 1 },
]

/** The tracks in the order of the file; `device` is null where a track has no name of its own. @throws UsageError when the text is not GPX with a track */
export function readGpx(file: string, text: string): RawTrack[] {
  const root = parse(file, text)
  const tracks = [...root.getElementsByTagNameNS('*', 'trk')]
  if (tracks.length === 0) {
    const other = ['rte', 'wpt'].filter((name) => root.getElementsByTagNameNS('*', name).length > 0)
    const has = other.length > 0 ? `only ${other.map((name) => (name === 'rte' ? 'a route' : 'waypoints')).join(' and ')}` : 'nothing'
    throw new UsageError(`The recording ${file} has no track (<trk>), ${has}: there is nothing that was driven.`)
  }
  return tracks.map((track) => ({
    device: ownText(track, 'name') || null,
    rows: [...track.getElementsByTagNameNS('*', 'trkpt')].map(rowOf),
    notes: [],
  }))
}

function parse(file: string, text: string): Element {
  try {
    const root = new DOMParser({ onError: refuse }).parseFromString(text, 'text/xml').documentElement
    if (root?.localName === 'gpx') return root
  } catch (error) {
    throw new UsageError(`The recording ${file} is not well-formed GPX: ${(error as Error).message.split('\n')[0]}.`)
  }
  throw new UsageError(`The recording ${file} is not GPX: its root is not <gpx>.`)
}

function refuse(level: string, message: string): void {
  if (level !== 'warning') throw new Error(message)
}

function rowOf(point: Element): RawRow {
  const fields: Record<string, unknown> = {
    lon: readDegrees(point.getAttribute('lon') ?? ''),
    lat: readDegrees(point.getAttribute('lat') ?? ''),
  }
  const row: RawRow = { line: point.lineNumber ?? 0, device: '', fields, hadZone: true }
  const time = readDeviceTime(ownText(point, 'time') || deepText(point, 'time'), 0)
  if ('problem' in time) row.problem = time.problem
  else fields.time = time.time
  for (const { field, names, factor } of readings) {
    const written = names.map((name) => ownText(point, name) || deepText(point, name)).find((text) => text !== '')
    if (written === undefined) continue
    const value = readReading(field, written, factor, written.includes(','))
    if (typeof value === 'number') fields[field] = value
    else row.unknown = [...(row.unknown ?? []), names[0]!]
  }
  return row
}

/** Text of the element's own child of that name: a track's name is not the name of a point in it. */
function ownText(parent: Element, name: string): string {
  for (let child = parent.firstChild; child; child = child.nextSibling)
    if (child.nodeType === 1 && (child as Element).localName === name) return child.textContent?.trim() ?? ''
  return ''
}

/** Text of the first element of that name at any depth, extensions included; empty when there is none. */
const deepText = (parent: Element, name: string): string => parent.getElementsByTagNameNS('*', name)[0]?.textContent?.trim() ?? ''
