// A recording: rows of devices exactly as they stand in the files, repeats and gaps included. Rows that cannot be read are named, not mended.
import { readFileSync } from 'node:fs'
import { EARLIEST_TIME_MS, MAX_FUTURE_MS, type PositionMessage, positionSchema } from '../../services/contracts/position.ts'
import { ZONE_OFFSET_MS } from '../../services/domain/days.ts'
import { decodeText, decodeXml } from '../../services/tables/encoding.ts'
import { Unreadable } from '../../services/tables/unreadable.ts'
import { UsageError } from '../usageError.ts'
import { readCsv } from './csv.ts'
import { nameDevices } from './deviceNames.ts'
import { timeOf } from './deviceTime.ts'
import { readGpx } from './gpx.ts'
import type { RawRow } from './rawTrack.ts'

export type InvalidRow = { file: string; line: number; reason: string }
/** Positions per device in the order of the files, and what else is to be said about the files. */
export type Recording = { devices: Map<string, PositionMessage[]>; rows: number; invalid: InvalidRow[]; notes: string[] }
type Track = { file: string; device: string | null; positions: { device: string; position: PositionMessage }[]; isGpx: boolean }

/** Times that say no zone are the region's, unless it is said otherwise. */
const REGION_OFFSET_MIN = ZONE_OFFSET_MS / 60_000

/**
 * @param offsetMin minutes east of UTC of CSV times that say no zone; GPX times without one are UTC
 * @throws UsageError when a file cannot be read at all
 */
export function readRecording(files: readonly string[], offsetMin = REGION_OFFSET_MIN, nowMs = Date.now()): Recording {
  const recording: Recording = { devices: new Map(), rows: 0, invalid: [], notes: [] }
  const tracks: Track[] = []
  for (const file of files) {
    const bytes = readBytes(file)
    const text = textOf(file, bytes)
    const isGpx = /^\s*</.test(text)
    const read = isGpx ? readGpx(file, text) : [readCsv(file, text, offsetMin)]
    for (const { device, rows, notes } of read) {
      const sound = rows.flatMap((row) => judge(file, row, isGpx, nowMs, recording.invalid))
      tracks.push({ file, device, isGpx, positions: sound })
      recording.rows += rows.length
      recording.notes.push(...notes.map((note) => `${file}: ${note}`))
    }
    recording.notes.push(
      ...notesOf(
        file,
        read.flatMap(({ rows }) => rows),
        offsetMin,
      ),
    )
  }
  const named = nameDevices(tracks.filter(({ isGpx }) => isGpx))
  for (const track of tracks)
    for (const { device, position } of track.positions) {
      const name = named.get(track) ?? device
      const positions = recording.devices.get(name)
      if (positions) positions.push(position)
      else recording.devices.set(name, [position])
    }
  return recording
}

/** The position of a row, or nothing and a line among the invalid ones. */
function judge(file: string, { line, device, fields, problem }: RawRow, isGpx: boolean, nowMs: number, invalid: InvalidRow[]) {
  const refuse = (reason: string) => {
    invalid.push({ file, line, reason })
    return []
  }
  if (problem !== undefined) return refuse(problem)
  const parsed = positionSchema.safeParse(fields)
  if (!parsed.success) return refuse(parsed.error.issues[0]!.path.join('.') + reasonOf(parsed.error.issues[0]!.message))
  if (device === '' && !isGpx) return refuse('device: missing')
  const atMs = timeOf(parsed.data)
  if (atMs < EARLIEST_TIME_MS) return refuse(`time: ${parsed.data.time} is before 2010, of a clock that was never set`)
  if (atMs > nowMs + MAX_FUTURE_MS) return refuse(`time: ${parsed.data.time} lies in the future`)
  if (Math.abs(parsed.data.lon) < 5e-8 && Math.abs(parsed.data.lat) < 5e-8) return refuse('lon and lat are both 0: the receiver had no fix')
  return [{ device, position: parsed.data }]
}

const reasonOf = (message: string): string => `: ${/received (undefined|NaN)/.test(message) ? 'is missing or not a number' : message}`

/** What was taken for granted in a file, and what it says that it does not know. */
function notesOf(file: string, rows: readonly RawRow[], offsetMin: number): string[] {
  const naive = rows.filter(({ hadZone }) => hadZone === false).length
  const unknown = new Map<string, number>()
  for (const name of rows.flatMap(({ unknown: names = [] }) => names)) unknown.set(name, (unknown.get(name) ?? 0) + 1)
  const hours = `${offsetMin < 0 ? '-' : '+'}${new Date(Math.abs(offsetMin) * 60_000).toISOString().slice(11, 16)}`
  return [
    ...(naive > 0 ? [`${file}: ${naive} times say no zone and are read as UTC${hours} (--utc-offset changes it)`] : []),
    ...[...unknown].map(([name, count]) => `${file}: ${name} is unknown or impossible in ${count} rows; their places are kept`),
  ]
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`The recording ${file} cannot be read: ${(error as Error).message}.`)
  }
}

function textOf(file: string, bytes: Buffer): string {
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1')))
    throw new UsageError(`The recording ${file} is a workbook or an archive; save the sheet as CSV, or unpack the track.`)
  try {
    return /^\s*</.test(
      bytes
        .subarray(0, 200)
        .toString('latin1')
        .replace(/^\u00ef\u00bb\u00bf/, ''),
    )
      ? decodeXml(bytes)
      : decodeText(bytes)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new UsageError(`The recording ${file} cannot be read: ${error.words.en}.`)
  }
}
