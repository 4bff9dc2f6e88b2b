// Bulk insert: one array a column and a few thousand rows a statement, which is what an embedded database takes fastest.
import type { Queryable } from '../../platform/db.ts'

const ROWS_PER_STATEMENT = 5000

export type Columns<T> = Record<string, [type: string, value: (row: T) => unknown]>

export async function insert<T>(client: Queryable, table: string, rows: readonly T[], columns: Columns<T>, onConflict = ''): Promise<void> {
  const entries = Object.entries(columns)
  const names = entries.map(([name]) => name).join(', ')
  const arrays = entries.map(([, [type]], i) => `$${i + 1}::${type}[]`).join(', ')
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const slice = rows.slice(from, from + ROWS_PER_STATEMENT)
    await client.query(
      `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays}) ${onConflict}`,
      entries.map(([, [, value]]) => slice.map(value)),
    )
  }
}
