// A list as seen, with its filter, as a file. The rows' numbers are fixed first and the act is recorded with their count; then the
// rows leave slice by slice, so that neither the database nor this process ever holds them all.

import { invalidInput, Refusal } from '../../contracts/errors.ts'
import { type ExchangeLocale, type ExportListName, exportLists, type ReportSubject } from '../../contracts/exchange.ts'
import { dayAt } from '../../domain/days.ts'
import type { Database } from '../../platform/db.ts'
import { writeCsv } from '../../tables/write/csv.ts'
import { type SheetColumn, writeXlsx } from '../../tables/write/xlsx.ts'
import { actorOf, may, type Who } from '../kernel/caller.ts'
import { type AuditEntry, recordAudit, recordAuditMany } from '../kernel/record.ts'
import { usesOf } from '../kernel/use.ts'
import { cellOf, inLocale, mediaTypes, sheetColumns } from './format.ts'
import { type Ids, listIds, listNamed, type SeenLists } from './list.ts'
import { loadReferences, type ReferenceKind } from './references.ts'
import type { ReportRow } from './reportKinds.ts'
import { columnsOf, reports } from './reports.ts'
import type { Sheet } from './sheet.ts'
import { readRows } from './stored.ts'

/** Rows between two breaths of the event loop: a slice of a workbook is some fifty milliseconds of work. */
const SLICE = 250

/** The lists that are reports. */
type ReportList = { [L in ExportListName]: (typeof exportLists)[L] extends ReportSubject ? L : never }[ExportListName]

export type ExportRequest = Who & {
  list: ExportListName
  filter: Record<string, string>
  format: 'xlsx' | 'csv'
  locale: ExchangeLocale
  nowMs: number
  lists: SeenLists
  /** Stands in the last line, so that a file that is found somewhere is traced back. */
  mark?: string | undefined
}

/** @throws Refusal FORBIDDEN to those who may not see the list; VALIDATION_FAILED for a filter that is not the list's */
export async function exportList(
  db: Database,
  sheet: Sheet,
  { caller, reach, list, filter, format, locale, nowMs, lists, mark }: ExportRequest,
) {
  if (!may(caller, sheet.view)) throw new Refusal('FORBIDDEN')
  const ids = await idsOf()
  const looked = await listNamed(
    db,
    sheet,
    ids,
    reach.unmasked.map(({ vehicleId }) => vehicleId),
  )
  const own: AuditEntry = {
    atMs: nowMs,
    actor: actorOf(caller),
    action: 'ledger.export',
    subject: { type: 'export', id: sheet.subject },
    detail: { list, filter, rows: ids.length, format },
  }
  await recordAuditMany(db, [own, ...usesOf({ caller, reach }, looked, 'export', nowMs)])
  const references = await loadReferences(db, reach, new Set(sheet.columns.flatMap(({ refers }) => refers ?? []) as ReferenceKind[]))
  async function idsOf(): Promise<Ids> {
    if (list !== 'all') {
      if (exportLists[list] !== sheet.subject) throw invalidInput('query.list', 'is a list of another subject')
      return (await lists[list](db, { caller, reach }, filter, nowMs)) as number[]
    }
    const [unknown] = Object.keys(filter)
    if (unknown !== undefined) throw invalidInput(`query.${unknown}`, 'is no filter of this list')
    return listIds(db, sheet, reach)
  }
  async function* slices(): AsyncGenerator<(string | number)[][]> {
    for (let from = 0; from < ids.length; from += SLICE) {
      const rows = await readRows(db, sheet, ids.slice(from, from + SLICE))
      yield rows.map((values) => sheet.columns.map((column) => cellOf(column, references, values[column.key], locale, caller.role)))
    }
  }
  const rows = ids.length
  return fileOf({ name: inLocale(sheet.name, locale), columns: sheetColumns(sheet, locale), slices: slices(), rows, format, nowMs, mark })
}

/** A list that is computed, with the filter of its page. @throws Refusal as `exportList` */
export async function exportReport(
  db: Database,
  subject: ReportSubject,
  { caller, reach, list, filter, format, locale, nowMs, lists, mark }: ExportRequest,
) {
  const { name, view } = reports[subject]
  const columns = columnsOf(reports[subject], filter)
  if (!may(caller, view)) throw new Refusal('FORBIDDEN')
  const own = (Object.keys(exportLists) as ExportListName[]).find((each) => exportLists[each] === subject) as ReportList
  if (list !== 'all' && list !== own) throw invalidInput('query.list', 'is a list of another subject')
  const rows = await lists[own](db, { caller, reach }, filter, nowMs)
  await recordAudit(db, {
    atMs: nowMs,
    actor: actorOf(caller),
    action: 'ledger.export',
    subject: { type: 'export', id: subject },
    detail: { list, filter, rows: rows.length, format },
  })
  const cell = (row: ReportRow, { key, kind }: (typeof columns)[number]) => {
    const value = row[key]
    return value === null || value === undefined ? '' : kind.write(value, locale)
  }
  function* slices(): Generator<(string | number)[][]> {
    for (let from = 0; from < rows.length; from += SLICE)
      yield rows.slice(from, from + SLICE).map((row) => columns.map((column) => cell(row, column)))
  }
  const shown = columns.map(({ heading, kind }) => ({
    heading: inLocale(heading, locale),
    width: 20,
    asText: kind.sql !== 'int' && kind.sql !== 'bigint',
    asDate: kind.sql === 'date',
  }))
  return fileOf({ name: inLocale(name, locale), columns: shown, slices: slices(), rows: rows.length, format, nowMs, mark })
}

type Slices = AsyncIterable<(string | number)[][]> | Iterable<(string | number)[][]>
type FileParts = {
  name: string
  columns: SheetColumn[]
  slices: Slices
  rows: number
  format: 'xlsx' | 'csv'
  nowMs: number
  mark: string | undefined
}

function fileOf({ name, columns, slices, rows, format, nowMs, mark }: FileParts) {
  const headings = columns.map(({ heading }) => heading)
  const marked = mark === undefined ? slices : markedWith(slices, mark)
  return {
    fileName: `${name} ${dayAt(nowMs)}.${format}`,
    mediaType: mediaTypes[format],
    rows,
    content: format === 'csv' ? writeCsv(headings, marked) : writeXlsx(name, columns, marked),
  }
}

async function* markedWith(slices: Slices, mark: string): AsyncGenerator<(string | number)[][]> {
  yield* slices
  yield [[mark]]
}
