// Which rows an export holds: everything of the scope, or the rows of a list that a page shows. Numbers only; the rows follow in slices.
import type { ExportListName, exportLists, ReportSubject } from '../../contracts/exchange.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Caller, Scope } from '../audit/caller.ts'
import type { ReportRow } from './reports.ts'
import type { Sheet } from './sheet.ts'
import { inScope, ownerJoin } from './stored.ts'

/**
 * The lists of other slices, each asked through its own function and judged by its own filter: what is exported is what the page shows.
 * Handed in where the slices are put together. Answers the numbers of all rows, in the list's order.
 * @throws Refusal FORBIDDEN, PURPOSE_REQUIRED, VALIDATION_FAILED for a filter the list does not know
 */
export type SeenLists = {
  [L in Exclude<ExportListName, 'all'>]: (
    db: Database,
    caller: Caller,
    filter: Record<string, string>,
    nowMs: number,
  ) => Promise<(typeof exportLists)[L] extends ReportSubject ? ReportRow[] : number[]>
}

export type Ids = readonly (number | string)[]

/** Everything of the scope, in the sheet's own order. `secret`: vehicles that are registered apart (涉密) too. */
export async function listIds(db: Queryable, sheet: Sheet, scope: Scope, secret: boolean): Promise<Ids> {
  const tests = [inScope('$1', '$2'), ...(sheet.where ? [sheet.where] : []), ...(sheet.secret && !secret ? [`NOT ${sheet.secret}`] : [])]
  const { rows } = await db.query<{ id: number | string }>(
    `SELECT t.${sheet.id} AS id FROM ${sheet.table} t ${ownerJoin(sheet)} WHERE ${tests.join(' AND ')} ORDER BY ${sheet.order}`,
    [scope.lft, scope.rgt],
  )
  return rows.map(({ id }) => id)
}

/** Those of `ids` that are not secret, in their order. */
export async function withoutSecret(db: Queryable, sheet: Sheet, ids: Ids): Promise<Ids> {
  if (!sheet.secret) return ids
  const { rows } = await db.query<{ id: number | string }>(
    `SELECT t.${sheet.id} AS id FROM ${sheet.table} t WHERE t.${sheet.id} = ANY($1) AND ${sheet.secret}`,
    [ids],
  )
  const hidden = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => !hidden.has(id))
}
