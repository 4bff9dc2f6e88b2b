// A list as seen, with its filter, as a file. The rows' numbers are fixed first and the act is recorded with their count; then the
// rows leave slice by slice, so that neither the database nor this process ever holds them all.
import type { ExchangeLocale } from '../../contracts/exchange.ts'
import { grantOf } from '../../contracts/permissions.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Caller, type Scope } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { cellOf, inLocale, mediaTypes, sheetColumns } from './format.ts'
import { type ListFilter, listIds } from './list.ts'
import { loadReferences } from './references.ts'
import type { LedgerRules, ReferenceKind, Sheet } from './sheet.ts'
import { readRows } from './stored.ts'
import { writeCsv } from './write/csv.ts'
import { writeXlsx } from './write/xlsx.ts'

/** Rows between two breaths of the event loop: a slice of a workbook is some fifty milliseconds of work. */
const SLICE = 250

export type ExportRequest = {
  caller: Caller
  scope: Scope
  filter: ListFilter
  format: 'xlsx' | 'csv'
  locale: ExchangeLocale
  nowMs: number
  statusSql: LedgerRules['statusSql']
}

export async function exportList(db: Database, sheet: Sheet, { caller, scope, filter, format, locale, nowMs, statusSql }: ExportRequest) {
  // Files leave the house: secret vehicles are in those of who keeps the whole ledger, and in nobody else's.
  const secret = grantOf(caller.role, 'ledger.import').reach !== 'none'
  const ids = await listIds(db, sheet, scope, filter, { nowMs, statusSql, secret })
  const references = await loadReferences(
    db,
    scope,
    new Set(sheet.columns.flatMap(({ refers }) => refers ?? []) as ReferenceKind[]),
    secret,
  )
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''))
  await recordAudit(db, {
    atMs: nowMs,
    actor: actorOf(caller),
    action: 'ledger.export',
    subject: { type: 'export', id: sheet.subject },
    detail: { filter: given, rows: ids.length, format },
  })
  async function* slices(): AsyncGenerator<(string | number)[][]> {
    for (let from = 0; from < ids.length; from += SLICE) {
      const rows = await readRows(db, sheet, ids.slice(from, from + SLICE))
      yield rows.map((values) => sheet.columns.map((column) => cellOf(column, references, values[column.key], locale, caller.role)))
    }
  }
  const columns = sheetColumns(sheet, locale)
  const name = inLocale(sheet.name, locale)
  return {
    fileName: `${name} ${new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10)}.${format}`,
    mediaType: mediaTypes[format],
    content:
      format === 'csv'
        ? writeCsv(
            columns.map(({ heading }) => heading),
            slices(),
          )
        : writeXlsx(name, columns, slices()),
  }
}
