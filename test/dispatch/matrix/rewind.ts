// A database whose changes can be taken back: what a request does is seen, judged and undone, so each request of the matrix meets
// the same region. Transactions of the product become savepoints of one real transaction.
import { type Database, prepared, type Queryable, type Row } from '../../../services/platform/db.ts'

class TakenBack extends Error {}

/** Outside the chain itself, and the list of questions that goes with it, everything that a refused request must leave as it was. The table of vehicles is shut, and read by its view. */
const tablesSql = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'audit_chain_lock'
  AND relname NOT IN ('audit_log', 'audit_tail', 'whereabouts_asks') AND has_any_column_privilege(oid, 'SELECT') ORDER BY 1`

// Asked of every cell: planned once.
const wroteSql = prepared('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote')
const touchedSql =
  prepared(`SELECT relnamespace::regnamespace::text AS schema, relname AS name FROM pg_locks JOIN pg_class ON oid = relation AND relkind = 'r'
  WHERE pid IS NOT DISTINCT FROM nullif(pg_backend_pid(), 0) AND locktype = 'relation' AND mode NOT IN ('AccessShareLock', 'RowShareLock')
    AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)`)

export class RewindingDatabase implements Database {
  readonly #db: Database
  /** Of the open transaction, and how it is ended. */
  #open: { client: Queryable; takeBack(): Promise<void> } | undefined
  #inCell = false
  /** Nothing was written in the open transaction, and nothing asked since that was found out. */
  #clean = false
  #savepoints = 0
  #tables: string[] | undefined
  /** Of the state that every cell begins with. */
  #before: Map<string, string> | undefined

  constructor(db: Database) {
    this.#db = db
  }

  async query<R extends Row = Row>(text: string, values?: unknown[]): Promise<{ rows: R[]; rowCount: number }> {
    this.#clean = false
    return ((await this.#client()) ?? this.#db).query<R>(text, values)
  }

  async transaction<T>(work: (client: Queryable) => Promise<T>): Promise<T> {
    this.#clean = false
    const client = await this.#client()
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

  /** What is done between the cells is to stay. */
  async #client(): Promise<Queryable | undefined> {
    if (!this.#inCell) await this.letGo()
    return this.#open?.client
  }

  close(): Promise<void> {
    return this.#db.close()
  }

  /**
   * Runs `work` against the state as it is, and takes back whatever it changed. The transaction of a work that wrote nothing serves the
   * next one too: most requests of the matrix only ask.
   */
  async takingBack(work: () => Promise<void>): Promise<void> {
    this.#before ??= await this.#digests()
    this.#open ??= await this.#begin()
    this.#inCell = true
    try {
      await work()
    } finally {
      this.#clean ||= !(await this.#wrote())
      this.#inCell = false
      if (!this.#clean) await this.letGo()
    }
  }

  /** Ends the open transaction: until then nobody else comes to an embedded database. */
  async letGo(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.takeBack()
  }

  #begin(): Promise<{ client: Queryable; takeBack(): Promise<void> }> {
    return new Promise((begun, failed) => {
      const ended = this.#db
        .transaction(async (client) => {
          await new Promise<void>((end) => {
            begun({
              client: oneAtATime(client),
              takeBack() {
                end()
                return ended
              },
            })
          })
          throw new TakenBack()
        })
        .catch((error) => {
          if (!(error instanceof TakenBack)) failed(error)
        })
    })
  }

  /** A transaction that was given no number has written nothing; of one that has failed nothing can be asked. */
  #wrote(): Promise<boolean> {
    return this.#open!.client.query<{ wrote: boolean }>(wroteSql).then(
      ({ rows }) => rows[0]!.wrote,
      () => true,
    )
  }

  /** Has nothing been written since the open transaction began? Of many cells in one `takingBack` too: its number, once given, stays. */
  async leftNothing(): Promise<boolean> {
    this.#clean = !(await this.#wrote())
    return this.#clean
  }

  /**
   * The tables that differ from how the running cell found them. Whoever writes into a table keeps its lock to the end of the transaction,
   * unless it was taken back: only these are compared. (The one backend of the embedded database has no number, and its locks name none.)
   */
  async changedTables(): Promise<string[]> {
    if (await this.leftNothing()) return []
    const { rows: touched } = await this.query<{ schema: string; name: string }>(touchedSql)
    // A chunk's rows are a hypertable's.
    const inChunks = touched.some(({ schema }) => schema !== 'public')
    const now = await this.#digests(inChunks ? undefined : new Set(touched.map(({ name }) => name)))
    return [...now].filter(([name, digest]) => digest !== this.#before!.get(name)).map(([name]) => name)
  }

  /** Of the tables of `only`, or of all. */
  async #digests(only?: ReadonlySet<string>): Promise<Map<string, string>> {
    this.#tables ??= (await this.query<{ name: string }>(tablesSql)).rows.map(({ name }) => name)
    const asked = this.#tables.filter((name) => only === undefined || only.has(name))
    if (asked.length === 0) return new Map()
    const { rows } = await this.query<{ name: string; digest: string }>(
      asked
        .map(
          (name) =>
            `SELECT '${name}' AS name, coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest FROM ${name === 'vehicles' ? 'every_vehicle' : name} t`,
        )
        .join(' UNION ALL '),
    )
    return new Map(rows.map(({ name, digest }) => [name, digest]))
  }
}

/** What a service asks at once comes from several connections; here it has one, which takes a question after the other. */
function oneAtATime(client: Queryable): Queryable {
  let last: Promise<unknown> = Promise.resolve()
  return {
    query<R extends Row>(text: string, values?: unknown[]) {
      const answer = last.then(() => client.query<R>(text, values))
      last = answer.catch(() => undefined) // whoever asked hears of it
      return answer
    },
  }
}
