// Recorded tracks as CSV: a header with device, time, lon, lat and, where known, speed_kph and heading, in any order.
import { UsageError } from '../usageError.ts'
import type { RawRow } from './recording.ts'

const REQUIRED = ['device', 'time', 'lon', 'lat'] as const
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** Columns that become numbers of the position message; an empty cell is a reading that was not there. */
const NUMBERS = { lon: 'lon', lat: 'lat', speed_kph: 'speedKph', heading: 'headingDeg' } as const

/** @throws UsageError when the header lacks a required column */
export function readCsv(file: string, text: string): RawRow[] {
  const lines = text.split(/\r\n|\n|\r/)
  const header = cells(lines[0] ?? '').map((name) => name.trim().toLowerCase())
  const missing = REQUIRED.filter((name) => !header.includes(name))
  if (missing.length > 0)
    throw new UsageError(`The recording ${file} has no column ${missing.join(', ')}: the header must name device,time,lon,lat.`)
  return lines.flatMap((line, n) => (n === 0 || line.trim() === '' ? [] : [rowOf(header, cells(line), n + 1)]))
}

function rowOf(header: string[], values: string[], line: number): RawRow {
  const cell = (name: string) => (values[header.indexOf(name)] ?? '').trim()
  const row: RawRow = { line, device: cell('device'), fields: { time: cell('time') } }
  if (values.length !== header.length) row.problem = `${values.length} cells where the header has ${header.length}`
  for (const [column, field] of Object.entries(NUMBERS)) {
    const value = header.includes(column) ? cell(column) : ''
    if (value === '') continue
    if (NUMBER.test(value)) row.fields[field] = Number(value)
    else row.problem ??= `${column}: ${JSON.stringify(value)} is not a number`
  }
  return row
}

/** Cells of one line; a quoted cell may hold commas and doubled quotes, but no line break. */
function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const found: string[] = []
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    found.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
  return found
}
