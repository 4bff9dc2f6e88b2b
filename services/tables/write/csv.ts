// CSV as Excel and WPS open it: UTF-8 with its mark, CRLF, and no cell that a spreadsheet would take for a formula.
import { guardFormula } from '../formulaGuard.ts'

const BOM = '\ufeff'

/** A figure stays a figure; text that begins like a formula gets an apostrophe, which our own reader takes off again. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const guarded = guardFormula(value)
  return /[",\r\n]/.test(guarded) || guarded !== guarded.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

const csvLine = (cells: readonly (string | number)[]): string => `${cells.map(csvCell).join(',')}\r\n`

/** Lines in pieces of one slice each. */
export async function* writeCsv(
  headings: readonly string[],
  slices: AsyncIterable<(string | number)[][]> | Iterable<(string | number)[][]>,
): AsyncGenerator<string> {
  yield BOM + csvLine(headings)
  for await (const rows of slices) yield rows.map(csvLine).join('')
}
