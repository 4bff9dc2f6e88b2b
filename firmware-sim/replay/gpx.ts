// Recorded tracks as GPX: a device is a track, by its name or else the file's; speed is meters per second there, course degrees.
import { basename } from 'node:path'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { UsageError } from '../usageError.ts'
import type { RawRow } from './recording.ts'

/** @throws UsageError when the text is not well-formed GPX */
export function readGpx(file: string, text: string): RawRow[] {
  const tracks = [...parse(file, text).getElementsByTagNameNS('*', 'trk')]
  return tracks.flatMap((track) => {
    const device = childText(track, 'name') || basename(file).replace(/\.gpx$/i, '')
    return [...track.getElementsByTagNameNS('*', 'trkpt')].map((point) => rowOf(device, point))
  })
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

function rowOf(device: string, point: Element): RawRow {
  const fields: Record<string, unknown> = {
    time: childText(point, 'time'),
    lon: numberOf(point.getAttribute('lon')),
    lat: numberOf(point.getAttribute('lat')),
  }
  const [speedMps, course, altitude] = ['speed', 'course', 'ele'].map((name) => childText(point, name))
  if (speedMps) fields.speedKph = Math.round(Number(speedMps) * 3600) / 1000
  if (course) fields.headingDeg = Number(course)
  if (altitude) fields.altitudeM = Number(altitude)
  return { line: point.lineNumber ?? 0, device, fields }
}

/** An attribute that is not there is no number, whereas Number('') would be 0. */
const numberOf = (value: string | null): number => (value ? Number(value) : Number.NaN)

/** Text of the first element of that name below `parent`, extensions included; empty when there is none. */
const childText = (parent: Element, name: string): string => parent.getElementsByTagNameNS('*', name)[0]?.textContent?.trim() ?? ''
