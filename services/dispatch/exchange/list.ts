// Which rows an export holds: everything of the scope, or the rows of a list that a page shows. Numbers only; the rows follow in slices.
import type { ExportListName, exportLists, ReportSubject } from '../../contracts/exchange.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import type { ReportRow } from './reportKinds.ts'
import type { Sheet } from './sheet.ts'
import { inScope, isRowOpen, ownerJoin } from './stored.ts'

/**
 * The lists of other slices, each asked through its own function and judged by its own filter: what is exported is what the page shows.
 * Handed in where the slices are put together. Answers the numbers of all rows, in the list's order.
 * @throws Refusal FORBIDDEN, PURPOSE_REQUIRED, VALIDATION_FAILED for a filter the list does not know
 */
export type SeenLists = {
  [L in Exclude<ExportListName, 'all'>]: (
    db: Database,
    who: Who,
    filter: Record<string, string>,
    nowMs: number,
  ) => Promise<(typeof exportLists)[L] extends ReportSubject ? ReportRow[] : (number | string)[]>
}

export type Ids = readonly (number | string)[]

/** Everything of the scope that is open to the reader, in the sheet's own order. */
export async function listIds(db: Queryable, sheet: Sheet, sight: Sight): Promise<Ids> {
  const tests = [inScope('$1', '$2'), isRowOpen(sheet, '$3'), ...(sheet.where ? [sheet.where] : [])]
  const { rows } = await db.query<{ id: number | string }>(
    `SELECT t.${sheet.id} AS id FROM ${sheet.table} t ${ownerJoin(sheet)}
     WHERE ${tests.join(' AND ')} ORDER BY ${sheet.order}`,
    [sight.lft, sight.rgt, sight.cleared],
  )
  return rows.map(({ id }) => id)
}

/** Which of `vehicleIds` the rows are of, or name. */
export async function listNamed(db: Queryable, sheet: Sheet, ids: Ids, vehicleIds: readonly number[]): Promise<number[]> {
  const column = sheet.vehicle ?? sheet.columns.filter(({ refers }) => refers === 'vehicle').map(({ sql }) => `t.${sql}`)[0]
  if (!column || vehicleIds.length === 0) return []
  const { rows } = await db.query<{ id: number }>(
    `SELECT DISTINCT ${column} AS id FROM ${sheet.table} t WHERE t.${sheet.id} = ANY($1) AND ${column} = ANY($2::int[])`,
    [ids, vehicleIds],
  )
  return rows.map(({ id }) => id)
}
