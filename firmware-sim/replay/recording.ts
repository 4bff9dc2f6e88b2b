// A recording: rows of devices exactly as they stand in the files, repeats and gaps included. Rows that cannot be read are named, not mended.
import { readFileSync } from 'node:fs'
import { type PositionMessage, positionSchema } from '../../services/contracts/position.ts'
import { UsageError } from '../usageError.ts'
import { readCsv } from './csv.ts'
import { readGpx } from './gpx.ts'

/** One row as a reader found it: the fields still to be judged, and where it stands. */
export type RawRow = { line: number; device: string; fields: Record<string, unknown>; problem?: string }
export type InvalidRow = { file: string; line: number; reason: string }
/** Positions per device in the order of the files. */
export type Recording = { devices: Map<string, PositionMessage[]>; rows: number; invalid: InvalidRow[] }

/** @throws UsageError when a file cannot be read at all */
export function readRecording(files: readonly string[]): Recording {
  const recording: Recording = { devices: new Map(), rows: 0, invalid: [] }
  for (const file of files) {
    const text = readText(file)
    const rows = /^\s*</.test(text) ? readGpx(file, text) : readCsv(file, text)
    recording.rows += rows.length
    for (const row of rows) judge(file, row, recording)
  }
  return recording
}

/** Device time in milliseconds. */
export const timeOf = ({ time }: PositionMessage): number => (typeof time === 'number' ? time : Date.parse(time))

function judge(file: string, { line, device, fields, problem }: RawRow, { devices, invalid }: Recording): void {
  const parsed = problem ? undefined : positionSchema.safeParse(fields)
  if (!parsed?.success || device === '') {
    const issue = parsed?.error?.issues[0]
    invalid.push({ file, line, reason: problem ?? (issue ? `${issue.path.join('.')}: ${issue.message}` : 'device: missing') })
    return
  }
  const positions = devices.get(device)
  if (positions) positions.push(parsed.data)
  else devices.set(device, [parsed.data])
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UsageError(`The recording ${file} cannot be read: ${(error as Error).message}.`)
  }
}
