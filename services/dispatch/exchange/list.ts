// Which rows a list shows: the scope, and the filter that the page has in its address. Numbers only; the rows follow in slices.
import type { z } from 'zod'
import type { exchangeApi } from '../../contracts/api/exchange.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../audit/caller.ts'
import type { LedgerRules, Sheet } from './sheet.ts'
import { inScope, ownerJoin } from './stored.ts'

export type ListFilter = Omit<z.output<typeof exchangeApi.exportList.query>, 'format' | 'locale'>

/** What a sheet's own filters are made of. `$` takes a value and gives its placeholder. */
export type ListQuestion = {
  filter: ListFilter
  $: (value: unknown) => string
  nowMs: number
  contains(text: string): string
  /** Whether vehicles that are registered apart (涉密) are listed. */
  secret: boolean
  statusSql: LedgerRules['statusSql']
}

/** Numbers of the rows in the order of the list. `nowMs` decides who is offline. */
export async function listIds(
  db: Queryable,
  sheet: Sheet,
  scope: Scope,
  filter: ListFilter,
  { nowMs, statusSql, secret }: Pick<ListQuestion, 'nowMs' | 'statusSql' | 'secret'>,
): Promise<(number | string)[]> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const contains = (text: string) => $(`%${text.replace(/[\\%_]/g, '\\$&')}%`)
  const tests = [inScope($(scope.lft), $(scope.rgt)), ...(sheet.where ? [sheet.where] : [])]
  if (filter.league) tests.push(`left(own.adcode, 4) || '00' = ${$(filter.league)}`)
  if (filter.organisationId)
    tests.push(
      `EXISTS (SELECT FROM organisations c WHERE c.organisation_id = ${$(filter.organisationId)}::bigint AND own.lft BETWEEN c.lft AND c.rgt)`,
    )
  tests.push(...(sheet.listTests?.({ filter, $, nowMs, contains, secret, statusSql }) ?? []))
  const { rows } = await db.query<{ id: number | string }>(
    `SELECT t.${sheet.id} AS id FROM ${sheet.table} t ${ownerJoin(sheet)} ${sheet.listJoins ?? ''}
     WHERE ${tests.join(' AND ')} ORDER BY ${sheet.order}`,
    values,
  )
  return rows.map(({ id }) => id)
}
