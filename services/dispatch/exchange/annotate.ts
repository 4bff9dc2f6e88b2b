// The uploaded rows again with what is wrong beside each and the wrong cells marked: to be put right and uploaded once more.
import type { ExchangeLocale } from '../../contracts/exchange.ts'
import { writeCsv } from '../../tables/write/csv.ts'
import { writeXlsx } from '../../tables/write/xlsx.ts'
import { inLocale, mediaTypes, sheetColumns } from './format.ts'
import { type CellComplaint, REMARKS, type TypedBatch } from './read/rowTyper.ts'
import type { Sheet } from './sheet.ts'

/** Rows between two breaths of the event loop; marked cells cost twice as much as plain ones. */
const SLICE = 100
const MAX_REMARK = 2_000

export function annotate(
  sheet: Sheet,
  texts: TypedBatch['texts'],
  complaints: readonly CellComplaint[],
  { format, locale, fileName }: { format: 'xlsx' | 'csv'; locale: ExchangeLocale; fileName: string },
) {
  const byRow = new Map<number, CellComplaint[]>()
  for (const complaint of complaints) {
    const list = byRow.get(complaint.row)
    if (list) list.push(complaint)
    else byRow.set(complaint.row, [complaint])
  }
  const remark = (row: number): string =>
    (byRow.get(row) ?? [])
      .map(({ column, message }) => {
        const heading = sheet.columns.find(({ key }) => key === column)?.heading
        return `${heading ? `${inLocale(heading, locale)}：` : ''}${inLocale(message, locale)}`
      })
      .join('；')
      .slice(0, MAX_REMARK)
  const columns = [
    ...sheetColumns(sheet, locale).map((column) => ({ ...column, asText: true })),
    { heading: inLocale(REMARKS, locale), width: 60, asText: true },
  ]
  function* slices(): Generator<string[][]> {
    for (let from = 0; from < texts.length; from += SLICE)
      yield texts.slice(from, from + SLICE).map(({ row, cells }) => [...cells, remark(row)])
  }
  const places = new Map(sheet.columns.map(({ key }, k) => [key, k + 1]))
  const marks = (line: number): number[] => {
    const row = texts[line - 2]?.row
    return row === undefined ? [] : (byRow.get(row) ?? []).flatMap(({ column }) => (column ? (places.get(column) ?? []) : []))
  }
  return {
    fileName: `${fileName.replace(/\.[^.]*$/, '')}${locale === 'en' ? ' (remarks)' : '（错误说明）'}.${format}`,
    mediaType: mediaTypes[format],
    content:
      format === 'csv'
        ? writeCsv(
            columns.map(({ heading }) => heading),
            slices(),
          )
        : writeXlsx(inLocale(sheet.name, locale), columns, slices(), marks),
  }
}
