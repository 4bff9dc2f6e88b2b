// Recorded tracks as text tables: a row of headings that names device, time, longitude and latitude, in any order and by any of their usual
// names (columns.ts), and where known speed, heading, altitude and odometer. Rows are read as the ledger's imports are.
import { type BrokenLine, readTextLines, type TextRow } from '../../services/tables/textTable.ts'
import { UsageError } from '../usageError.ts'
import { type ColumnName, type Columns, findColumns } from './columns.ts'
import { readDeviceTime } from './deviceTime.ts'
import type { RawRow, RawTrack } from './rawTrack.ts'
import { type ReadingName, readDegrees, readReading } from './readings.ts'

const REQUIRED = ['device', 'time', 'lon', 'lat'] as const
const MAX_ROWS_BEFORE_HEADINGS = 20
const readings = { speed: 'speedKph', heading: 'headingDeg', altitude: 'altitudeM', odometer: 'odometerM' } as const satisfies Partial<
  Record<ColumnName, ReadingName>
>

/**
 * One track: a device is what its column says.
 * @param offsetMin minutes east of UTC of times that say no zone
 * @throws UsageError when no row of headings names what is required
 */
export function readCsv(file: string, text: string, offsetMin: number): RawTrack {
  const lines = readTextLines(text)
  const { columns, at, width } = headingsOf(file, lines)
  const rows = lines.slice(at + 1).filter((line) => 'broken' in line || line.cells.some((cell) => cell.trim() !== ''))
  const cellOf = ({ cells }: TextRow, name: ColumnName) => (columns[name] ? (cells[columns[name].at] ?? '').trim() : '')
  const commaIsPoint = rows.some((row) => !('broken' in row) && (cellOf(row, 'lon').includes(',') || cellOf(row, 'lat').includes(',')))
  const lastIsCut = !/[\r\n]$/.test(text)
  const track: RawTrack = { device: null, rows: [], notes: [] }
  if (columns.speed?.factor === 1 && /^(speed|velocity|速度|车速)$/i.test(columns.speed.heading))
    track.notes.push(`${columns.speed.heading} says no unit and is read as km/h`)
  for (const [k, row] of rows.entries()) {
    if ('broken' in row) track.rows.push({ line: row.line, device: '', fields: {}, problem: 'its quotes do not come in pairs' })
    else track.rows.push(rowOf(row, { width, isCut: lastIsCut && k === rows.length - 1 }))
  }
  return track

  function rowOf(row: TextRow, { width, isCut }: { width: number; isCut: boolean }): RawRow {
    const { line, cells } = row
    const time = timeOf(row)
    const raw: RawRow = {
      line,
      device: cellOf(row, 'device'),
      fields: { lon: readDegrees(cellOf(row, 'lon')), lat: readDegrees(cellOf(row, 'lat')) },
    }
    // Cells that a program left out at the end are empty; a line that breaks off may have lost digits of its last one.
    if (cells.slice(width).some((cell) => cell.trim() !== '') || (isCut && cells.length < width))
      raw.problem = `${cells.length} cells where the header has ${width}`
    else if (/^\d\.\d+e\+\d+$/i.test(raw.device)) raw.problem = `device: ${raw.device} was shortened by a spreadsheet`
    if ('problem' in time) raw.problem ??= time.problem
    else {
      raw.fields.time = time.time
      raw.hadZone = time.hadZone || columns.time!.offsetMin !== undefined
    }
    for (const [name, field] of Object.entries(readings) as [keyof typeof readings, ReadingName][]) {
      const value = readReading(field, cellOf(row, name), columns[name]?.factor ?? 1, commaIsPoint)
      if (value === undefined) raw.problem ??= `${columns[name]!.heading}: ${JSON.stringify(cellOf(row, name))} is not a number`
      else if (value !== 'unknown') raw.fields[field] = value
      else if (cellOf(row, name) !== '') raw.unknown = [...(raw.unknown ?? []), columns[name]!.heading]
    }
    return raw
  }

  function timeOf(row: TextRow) {
    const clock = cellOf(row, 'time')
    // A day in a column of its own goes before a time of day.
    const written = columns.date && /^\d{1,2}:\d/.test(clock) ? `${cellOf(row, 'date')} ${clock}` : clock
    return readDeviceTime(written, columns.time!.offsetMin ?? offsetMin)
  }
}

function headingsOf(file: string, lines: readonly (TextRow | BrokenLine)[]): { columns: Columns; at: number; width: number } {
  let nearest: { columns: Columns; missing: readonly string[]; headings: readonly string[] } | undefined
  for (const [at, line] of lines.slice(0, MAX_ROWS_BEFORE_HEADINGS).entries()) {
    if ('broken' in line) continue
    const columns = findColumns(line.cells)
    // A day alone is taken for the time; that it says no time of day, each row says.
    columns.time ??= columns.date
    const missing = REQUIRED.filter((name) => !columns[name])
    // A heading without a name at the end is a mark too many, and no column.
    if (missing.length === 0) return { columns, at, width: line.cells.findLastIndex((cell) => cell.trim() !== '') + 1 }
    if (!nearest || missing.length < nearest.missing.length) nearest = { columns, missing, headings: line.cells }
  }
  const { missing = REQUIRED, headings = [] } = nearest ?? {}
  throw new UsageError(
    `The recording ${file} has no column ${missing.join(', ')}: the header must name device,time,lon,lat, or as they are otherwise called (device_id, imei, 车牌; gps_time, timestamp, 时间; longitude, lng, 经度; latitude, 纬度). It reads ${JSON.stringify(headings.slice(0, 12).join(' | ').slice(0, 200))}.`,
  )
}
