// The one door to the database: a pg pool with number parsers set once, queries and transactions.
// Law (docs: ARCHITECTURE, embedded database): inside a transaction use only its own client and wait for nothing but the database.
import pg from 'pg'
import { DatabaseSilent, type Patience, withinPatience } from './deadline.ts'

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
  /** How long an answer is waited for; without it for as long as it takes. Then DatabaseSilent is thrown and the connection is given up. */
  patience?: Patience
}

/**
 * Is it these values that the database will not have, now and for ever, rather than the database that is not well? 22 data exception,
 * 23 integrity constraint, 54 too long or too deep for it; or the driver could not even write them.
 */
export function isRefusedData(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true
  const sqlState = (error as { code?: unknown }).code
  return typeof sqlState === 'string' && /^(22|23|54)[0-9A-Z]{3}$/.test(sqlState)
}

/** Texts of `prepared`, each with the name that it has on every connection. */
const preparedNames = new Map<string, string>()

/** A statement that each connection plans once, from its first time on. Only for look-ups by key, for which one plan is the best whatever the values are. */
export function prepared(text: string): string {
  if (!preparedNames.has(text)) preparedNames.set(text, `morin_${preparedNames.size}`)
  return text
}

/** So often a statement is asked before each connection keeps its plan, and so many are kept: of some the text is never the same twice. */
const [KEPT_FROM, MOST_KEPT] = [5, 600]
/**
 * No plan is the best for all values: of positions it would go through every chunk there is, of a typed piece of text it does not know whether an index
 * finds it, and of a list of numbers whether it holds one or two thousand.
 */
const PLANNED_EACH_TIME = /\bpositions\b|LIKE (lower\()?\$\d|ANY ?\(\$\d/

type NameOf = (text: string, values: unknown[] | undefined) => string | undefined

/**
 * For one pool: the name of a statement that comes again and again, because to plan it costs several times what it does. Whether one plan is good for all
 * values is judged by PostgreSQL, which compares what both cost (plan_cache_mode).
 */
function keptPlans(): NameOf {
  const kept = new Map<string, string>()
  /** How often a text was asked that is not kept. */
  const asked = new Map<string, number>()
  return (text, values) => {
    const name = preparedNames.get(text) ?? kept.get(text)
    if (name !== undefined || !values?.length || kept.size >= MOST_KEPT) return name
    const times = (asked.get(text) ?? 0) + 1
    if (times === KEPT_FROM && !PLANNED_EACH_TIME.test(text)) {
      asked.delete(text)
      kept.set(text, `morin_kept_${kept.size}`)
      return kept.get(text)
    }
    if (asked.size > MOST_KEPT) asked.clear()
    asked.set(text, times)
    return undefined
  }
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
  const { answerMs, inTransactionMs } = options.patience ?? {}
  const nameOf = keptPlans()
  return {
    async query<R extends Row>(text: string, values?: unknown[]) {
      const before = answerMs === undefined ? undefined : performance.now() + answerMs
      const client = await connect(pool, answerMs)
      const lost = watch(client)
      try {
        return await ask<R>(client, nameOf, text, values, before && before - performance.now(), !/^\s*SELECT\b/i.test(text))
      } catch (error) {
        if (error instanceof DatabaseSilent) lost.error ??= error
        throw error
      } finally {
        lost.unwatch()
        // A connection whose answer is still owed, or that broke, is destroyed instead of returned: nobody may hear that answer as their own.
        client.release(lost.error)
      }
    },
    async transaction(work) {
      const before = answerMs === undefined ? undefined : performance.now() + answerMs
      const client = await connect(pool, answerMs)
      const lost = watch(client)
      const within = async <R extends Row>(text: string, values: unknown[] | undefined, ms: number | undefined, commits: boolean) => {
        // Of a connection that was given up nothing more is asked, whoever caught the error.
        if (lost.error instanceof DatabaseSilent) throw lost.error
        return ask<R>(client, nameOf, text, values, ms, commits).catch((error: Error) => {
          if (error instanceof DatabaseSilent) lost.error ??= error
          throw error
        })
      }
      try {
        await within('BEGIN', undefined, before && before - performance.now(), false)
        const result = await work({
          query: <R extends Row>(text: string, values?: unknown[]) => within<R>(text, values, inTransactionMs, false),
        })
        // Of a transaction that had failed, COMMIT says ROLLBACK and that is no error to it.
        const { command } = await within('COMMIT', undefined, inTransactionMs, true)
        if (command !== 'COMMIT') throw new Unanswered(`the database answered ${command} to COMMIT`)
        return result
      } catch (error) {
        if (!lost.error)
          await within('ROLLBACK', undefined, inTransactionMs, false).catch((rollbackError: Error) => {
            lost.error ??= rollbackError
          })
        throw error
      } finally {
        lost.unwatch()
        client.release(lost.error)
      }
    },
    close: () => pool.end(),
  }
}

/** A connection of the pool; one that comes too late goes back to it. */
async function connect(pool: pg.Pool, ms: number | undefined): Promise<pg.PoolClient> {
  const coming = pool.connect()
  if (ms === undefined) return coming
  try {
    return await withinPatience(ms, coming, () => new DatabaseSilent(ms, false))
  } catch (error) {
    if (error instanceof DatabaseSilent)
      coming.then(
        (client) => client.release(),
        () => undefined, // it was told already that there is none
      )
    throw error
  }
}

/** A connection that breaks between two statements says so by an event; unheard, it would end the process. */
function watch(client: pg.PoolClient): { error: Error | undefined; unwatch(): void } {
  const onLost = (error: Error): void => {
    lost.error ??= error
  }
  const lost: { error: Error | undefined; unwatch(): void } = { error: undefined, unwatch: () => client.off('error', onLost) }
  client.on('error', onLost)
  return lost
}

/** One statement; `commits` says whether its work stays when nobody hears of it. */
async function ask<R extends Row>(
  client: pg.PoolClient,
  nameOf: NameOf,
  text: string,
  values: unknown[] | undefined,
  ms: number | undefined,
  commits: boolean,
): Promise<{ rows: R[]; rowCount: number; command: string }> {
  if (ms !== undefined && ms <= 0) throw new DatabaseSilent(ms, false)
  const answered = client.query<R>({ name: nameOf(text, values), text, values })
  const { rows, rowCount, command } = done(
    ms === undefined ? await answered : await withinPatience(ms, answered, () => new DatabaseSilent(ms, commits)),
  )
  return { rows, rowCount: rowCount ?? 0, command }
}

/** The database came to the end of a statement without saying what it did. Whether it did anything is not known. */
export class Unanswered extends Error {}

/** Every statement that was executed ends with the name of what was done; one without it is a failure that nobody has noticed yet. */
function done<R extends pg.QueryResult>(result: R): R {
  // Several statements in one text have a result each.
  for (const { command } of [result].flat() as pg.QueryResult[])
    if (!command) throw new Unanswered('the database ended a statement without saying what it did')
  return result
}

/** The server is gone, starting or full: ours to wait for, not a defect of the statement. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseSilent) return true
  const { code, message } = error as { code?: string; message?: string }
  if (code !== undefined) return /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_AGAIN|57P0|08|53)/.test(code)
  return message !== undefined && /timeout exceeded when trying to connect|Connection terminated/.test(message)
}

const RETRY_MS = 1_000

/**
 * Does `work`, which begins with the database, again each second for as long as the database is away (absent, starting, recovering, full):
 * services and database start in any order. Any other error is thrown.
 */
export async function onceDatabaseAnswers<T>(work: () => Promise<T>, onWaiting: (error: Error) => void): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      onWaiting(error as Error)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
