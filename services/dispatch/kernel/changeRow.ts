// The one way a row with a version is changed: what it is set to, and its version moved on.
import type { Queryable, Row } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'

/** Names of the schema, never of a request. */
export type Versioned = { table: string; key: string; id: number | string }

/**
 * Sets columns of the row to values and counts its version up; the caller holds its lock.
 * @returns `returning` of the row, its version where nothing else is asked
 * @throws NotWritten when there is no such row
 */
export async function changeRow<T extends Row = { version: number }>(
  client: Queryable,
  { table, key, id }: Versioned,
  set: Readonly<Record<string, unknown>>,
  returning = 'version',
): Promise<T> {
  const columns = Object.keys(set)
  const result = await client.query<T>(
    `UPDATE ${table} SET ${columns.map((column, n) => `${column} = $${n + 2}, `).join('')}version = version + 1
     WHERE ${key} = $1 RETURNING ${returning}`,
    [id, ...Object.values(set)],
  )
  return wrote(result, 1, `a row of ${table}`).rows[0]!
}
