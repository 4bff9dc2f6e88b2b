// Old records go, so that a system left alone does not fill its disk. Positions and trips have their own retention (storage policy);
// the audit log has none: nothing deletes from it.
// Each deletion is small: the embedded database does one thing at a time.
import { DAY_MS } from '../domain/days.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import type { IngestConfig } from './config.ts'

const EVERY_MS = 3_600_000
const PHONE_DAYS = 30
/** As long as days are judged again (dispatch/supervision/judgeDue.ts). */
const CARD_DAYS = 60
const ROWS_A_STEP = 5_000

type Rule = { table: string; column: string; days: (config: IngestConfig) => number }
const rules: readonly Rule[] = [
  { table: 'quarantine', column: 'last_at', days: (config) => config['quarantine-days'] },
  { table: 'ingest_tally', column: 'minute', days: (config) => config['tally-days'] },
  { table: 'terminal_tally', column: 'minute', days: (config) => config['tally-days'] },
  // As long as terminals' positions are kept (the storage policy).
  { table: 'phone_positions', column: 'received_at', days: () => PHONE_DAYS },
  { table: 'driver_sign_ons', column: 'received_at', days: () => CARD_DAYS },
  { table: 'terminal_knocks', column: 'last_at', days: (config) => config['quarantine-days'] },
  { table: 'sessions', column: 'expires_at', days: () => 0 },
]

type Deps = { db: Database; clock: Clock; log: Logger; config: IngestConfig }

/** Deletes what is past its age; returns how many rows of each table. */
export async function tidyUp({ db, clock, config }: Omit<Deps, 'log'>): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {}
  for (const { table, column, days } of rules) {
    const before = new Date(clock.nowMs() - days(config) * DAY_MS).toISOString()
    deleted[table] = 0
    for (let rows = ROWS_A_STEP; rows === ROWS_A_STEP; deleted[table] += rows) {
      const old = `SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT ${ROWS_A_STEP}`
      const gone = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(${old}))`
      rows = table === 'quarantine' ? await countOff(db, gone, before) : (await db.query(gone, [before])).rowCount
    }
  }
  return deleted
}

/** What goes from the quarantine by its age is counted off what is in it: anything else that is not there was lost. */
async function countOff(db: Database, gone: string, before: string): Promise<number> {
  const { rows } = await db.query<{ rows: number }>(
    `WITH gone AS (${gone} RETURNING times, earlier_positions + positions AS positions), counted AS (
       INSERT INTO quarantine_tally AS t (worker, messages, positions)
       SELECT '(deleted)', -coalesce(sum(times), 0), -coalesce(sum(positions), 0) FROM gone
       ON CONFLICT (worker) DO UPDATE SET messages = t.messages + excluded.messages, positions = t.positions + excluded.positions)
     SELECT count(*) AS rows FROM gone`,
    [before],
  )
  return rows[0]!.rows
}

/** Tidies up once an hour. */
export function startHousekeeping(deps: Deps): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = tidyUp(deps).then(
      (deleted) => deps.log.info({ deleted }, 'tidied up'),
      (error: Error) => deps.log.warn({ error: error.message }, 'not tidied up; the next hour tries again'),
    )
  }, EVERY_MS).unref()
  return {
    stop() {
      clearInterval(timer)
      return running
    },
  }
}
