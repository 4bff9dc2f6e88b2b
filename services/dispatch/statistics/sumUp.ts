// Facts added up for one period: by unit and the dimensions asked for in the database, by the tree of places here, where each unit stands as it did then.
import { addDays, dayStartMs } from '../../domain/days.ts'
import {
  addSums,
  type Dimension,
  isPlace,
  leafSums,
  type StatisticsTable,
  type Sums,
  type TableCode,
} from '../../domain/statistics/table.ts'
import { partsOf } from '../../domain/statistics/tables.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { unitTestsOf } from '../kernel/within.ts'
import type { Told } from './asked.ts'
import { factsOf } from './facts.ts'
import { type TreeOf, treeAt } from './organisationTree.ts'

export type Group = { keys: (string | null)[]; sums: Sums }

/** Columns of the facts that sums are made of: those of plain measures, and those that the others are computed from. */
export const columnsOf = (code: TableCode, table: StatisticsTable): string[] => [
  ...table.measures.filter(({ of }) => !of).map(({ key }) => key),
  ...(partsOf[code] ?? []).map(({ key }) => key),
]

export type Of = { code: TableCode; table: StatisticsTable; by: readonly Dimension[]; tests: readonly string[] }
type Within = { scope: Scope; organisationId?: number | undefined }

/** @returns groups by their keys as one text, and the tree that places were told by */
export async function sumUp(
  db: Queryable,
  { code, table, by, tests }: Of,
  { scope, organisationId }: Within,
  period: Told,
): Promise<{ groups: Map<string, Group>; tree: TreeOf }> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const columns = columnsOf(code, table)
  const chosen = by.filter((dimension) => !isPlace(dimension))
  const dimensions = [...new Set([...chosen, ...(table.leaf ?? [])])]
  const named = dimensions.map((dimension) => `, f."${dimension}"`).join('')
  const facts = factsOf(code, $, period)
  const within = `f.unit_id IN (SELECT organisation_id FROM organisations WHERE ${unitTestsOf($, scope, organisationId).join(' AND ')})`
  const { rows } = await db.query(
    `SELECT f.unit_id${named}, ${columns.map((column) => `sum(f."${column}")::float8 AS "${column}"`).join(', ')}
     FROM ${facts} f WHERE ${[within, ...tests].join(' AND ')}
     GROUP BY f.unit_id${named}`,
    values,
  )
  const tree = await treeAt(db, new Date(dayStartMs(addDays(period.until, 1)) - 1))
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const places = tree(row.unit_id as number)
    const keys = by.map((dimension) => (isPlace(dimension) ? keyOfPlace(places[dimension]) : (row[dimension] as string | null)))
    const sums = leafSums(table, sumsOf(row, columns))
    const name = JSON.stringify(keys)
    const group = groups.get(name)
    groups.set(name, { keys, sums: group ? addSums(group.sums, sums) : sums })
  }
  return { groups, tree }
}

const keyOfPlace = (place: { organisationId: number } | null): string | null => (place ? String(place.organisationId) : null)
const sumsOf = (row: Row, columns: readonly string[]): Sums =>
  Object.fromEntries(columns.map((column) => [column, row[column] as number | null]))
