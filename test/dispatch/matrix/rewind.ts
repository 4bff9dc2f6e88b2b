// A database whose changes can be taken back: what a request does is seen, judged and undone, so each request of the matrix meets
// the same region. Transactions of the product become savepoints of one real transaction.
import type { Database, Queryable, Row } from '../../../services/platform/db.ts'

class TakenBack extends Error {}

/** Outside the chain itself everything that a refused request must leave as it was. */
const tablesSql = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND relname NOT IN ('audit_log', 'audit_tail') AND has_table_privilege(oid, 'SELECT') ORDER BY 1`

export class RewindingDatabase implements Database {
  readonly #db: Database
  #client: Queryable | undefined
  #savepoints = 0
  #digestSql: string | undefined
  /** Of the state that every cell begins with. */
  #before: Map<string, string> | undefined

  constructor(db: Database) {
    this.#db = db
  }

  query<R extends Row = Row>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number }> {
    return (this.#client ?? this.#db).query<R>(text, values)
  }

  async transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T> {
    const client = this.#client
    if (!client) return this.#db.transaction(work)
    const name = `matrix_${++this.#savepoints}`
    await client.query(`SAVEPOINT ${name}`)
    try {
      const result = await work(client)
      await client.query(`RELEASE SAVEPOINT ${name}`)
      return result
    } catch (error) {
      await client.query(`ROLLBACK TO SAVEPOINT ${name}`)
      throw error
    }
  }

  close(): Promise<void> {
    return this.#db.close()
  }

  /** Runs `work` against the state as it is, and takes back whatever it changed. */
  async takingBack(work: () => Promise<void>): Promise<void> {
    this.#before ??= await this.#digests()
    try {
      await this.#db.transaction(async (client) => {
        this.#client = client
        await work()
        throw new TakenBack()
      })
    } catch (error) {
      if (!(error instanceof TakenBack)) throw error
    } finally {
      this.#client = undefined
    }
  }

  /** The tables that differ from how the running cell found them. A transaction that was given no number has written nothing. */
  async changedTables(): Promise<string[]> {
    const { rows } = await this.query<{ wrote: boolean }>('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote')
    if (!rows[0]!.wrote) return []
    const now = await this.#digests()
    return [...now].filter(([name, digest]) => digest !== this.#before!.get(name)).map(([name]) => name)
  }

  async #digests(): Promise<Map<string, string>> {
    this.#digestSql ??= (await this.query<{ name: string }>(tablesSql)).rows
      .map(({ name }) => `SELECT '${name}' AS name, coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest FROM ${name} t`)
      .join(' UNION ALL ')
    const { rows } = await this.query<{ name: string; digest: string }>(this.#digestSql)
    return new Map(rows.map(({ name, digest }) => [name, digest]))
  }
}
