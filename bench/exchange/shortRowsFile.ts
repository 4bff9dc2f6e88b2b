// A workbook of a few kilobytes in which every row lacks every required cell but the first.
import { bareWorkbook, VEHICLE_HEADINGS, zip } from '../../test/exchange/files.ts'

export const SHORT_ROWS = 59_000

export function shortRowsFile(): Buffer {
  const row = (cells: string[]) => `<row>${cells.map((text) => `<c t="str"><v>${text}</v></c>`).join('')}</row>`
  const rows = Array.from({ length: SHORT_ROWS }, (_, k) => row([((k * 2_654_435_761) % 65_536).toString(16)]))
  return zip(bareWorkbook(`<worksheet><sheetData>${row(VEHICLE_HEADINGS)}${rows.join('')}</sheetData></worksheet>`))
}
