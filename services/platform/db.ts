// The one door to the database: a pg pool with number parsers set once, queries and transactions.
// Law (docs: ARCHITECTURE, embedded database): inside a transaction use only its own client and wait for nothing but the database.
import pg from 'pg'

// int8 and numeric arrive as strings by default; ours stay below 2^53 (counters, ids), so they are numbers.
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
types.setTypeParser(pg.types.builtins.NUMERIC, Number)

export type Row = Record<string, unknown>
/** Anything that can run one statement: the pool, or a transaction's own client. */
export type Queryable = {
  query<R extends Row = Row>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number }>
}
export type Database = Queryable & {
  /** Runs `work` in one transaction: commits when it resolves, rolls back and rethrows when it rejects. */
  transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type DatabaseOptions = {
  url: string
  /** Shows in pg_stat_activity and in the embedded server's log of waits. */
  applicationName: string
  maxConnections?: number
  /** Called with errors of idle connections (the server went away); the pool itself heals. */
  onIdleError?: (error: Error) => void
}

/** Opens a pool. Connections are made on first use: an absent server shows as a rejected query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.maxConnections ?? 5,
    connectionTimeoutMillis: 15_000,
    types,
  })
  pool.on('error', (error) => options.onIdleError?.(error))
  const through = (client: pg.Pool | pg.PoolClient): Queryable => ({
    async query<R extends Row>(text: string, values?: unknown[]) {
      const result = await client.query<R>(text, values)
      return { rows: result.rows, rowCount: result.rowCount ?? 0 }
    },
  })
  return {
    ...through(pool),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      // A connection that breaks between two statements says so by this event; unheard, it would end the process.
      const onLost = (error: Error): void => {
        broken = error
      }
      client.on('error', onLost)
      try {
        await client.query('BEGIN')
        const result = await work(through(client))
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK').catch((rollbackError: Error) => {
          broken = rollbackError
        })
        throw error
      } finally {
        client.off('error', onLost)
        // A connection that could not even roll back is thrown away instead of returned.
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}
