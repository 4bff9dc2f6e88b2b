// `npm run bench:storage`: what a position takes on the disk, fresh and compressed and column by column; how long compressing a chunk stops the embedded
// database; and what the questions of every day cost over 1, 10 and 50 days of history, which they should not be dearer for. Ends with one line of JSON.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createRowEncoder, positionColumns } from '../../services/ingest/positions/rows.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { root } from '../checkout.ts'
import { seedLoadFleet } from '../ingest/fleet.ts'
import { type Figures, turnAbout } from '../turns.ts'
import { halfHour } from './positions.ts'

const count = z.coerce.number().int().positive()
const config = readConfigOrEnd(
  z.object({
    vehicles: count.default(23_188).describe('Vehicles of the half hour that is compressed'),
    'history-vehicles': count.default(20).describe('Vehicles of the history that is asked'),
    days: z
      .string()
      .regex(/^\d+(,\d+)*$/, 'whole numbers of days, separated by commas')
      .default('1,10,50')
      .transform((text) => text.split(',').map(Number))
      .describe('Days of history, growing: after each the questions are asked'),
    rounds: count.default(15).describe('How often each question is asked'),
    against: z
      .string()
      .min(1)
      .optional()
      .describe('A commit, or a working copy, whose database and schema are measured turn about with these'),
    turns: count.default(1).describe('How often each of the two is measured'),
  }),
  {
    command: 'npm run bench:storage --',
    does: 'Bytes of a position by column, how long compressing stops the embedded database, and what questions cost as history grows. Ends with one line of JSON.',
    example: 'npm run bench:storage -- --vehicles 2000 --days 1,5',
  },
)

const HALF_HOUR_MS = 1_800_000
const DAY_MS = 86_400_000
const ROWS_A_STATEMENT = 5_000

async function measure(dir: string): Promise<Figures> {
  const data = mkdtempSync(join(tmpdir(), 'morin-bench-storage-'))
  const run = (module: string, args: string[], env: Record<string, string> = {}) =>
    spawn(process.execPath, ['--import=tsx', join(dir, module), ...args], {
      cwd: dir,
      env: { ...process.env, LOG_LEVEL: 'error', ...env },
      stdio: ['ignore', 2, 2, 'ipc'],
    })
  const database = run('services/embedded/database/main.ts', ['--data', data, '--database-policy-ms', '1000000000'])
  try {
    const url = await new Promise<string>((resolve, reject) => {
      database.once('message', (message: { url: string }) => resolve(message.url))
      database.once('exit', (code) => reject(new Error(`the database of ${dir} ended with ${code}`)))
    })
    const migrated = run('services/platform/migrateMain.ts', ['--chunk-minutes', '30'], { DATABASE_URL: url })
    const code = await new Promise<number | null>((resolve) => migrated.once('exit', resolve))
    if (code !== 0) throw new Error(`the schema of ${dir} was not made (${code})`)
    const db = openDatabase({ url, applicationName: 'bench', maxConnections: 2 })
    await seedLoadFleet(db, Math.max(config.vehicles, config['history-vehicles']), 1)
    const chunk = await measureChunk(db)
    const history = await measureHistory(db)
    await db.close()
    return { vehicles: config.vehicles, ...chunk, history }
  } finally {
    database.removeAllListeners('exit')
    database.kill('SIGTERM')
    await new Promise((resolve) => database.once('exit', resolve))
    rmSync(data, { recursive: true, force: true })
  }
}

/** A half hour of the fleet as one chunk: its bytes, fresh and compressed, and how long others wait while it is compressed. */
async function measureChunk(db: Database): Promise<Figures> {
  // Years before the history, so that no chunk holds both.
  const fromMs = Date.UTC(2020, 5, 1)
  const rows = await insert(db, config.vehicles, fromMs)
  const chunk = await chunkOf(db, fromMs)
  const sizes = await db.query<{ bytes: number }>('SELECT pg_total_relation_size($1::regclass) AS bytes', [chunk])
  // Whoever asks something meanwhile waits for so long.
  const begun = performance.now()
  let longestMs = 0
  const compressing = db.query('SELECT compress_chunk($1::regclass)', [chunk]).then(() => true)
  for (let done = false; !done; ) {
    const asked = performance.now()
    done = await Promise.race([compressing, db.query('SELECT 1').then(() => false)])
    longestMs = Math.max(longestMs, performance.now() - asked)
  }
  const compressMs = performance.now() - begun
  const compressed = await compressedOf(db, chunk)
  const total = await db.query<{ bytes: number }>('SELECT pg_total_relation_size($1::regclass) AS bytes', [compressed])
  const columns = await db.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [compressed],
  )
  const byColumn: Figures = {}
  for (const { name } of columns.rows) {
    const { rows: said } = await db.query<{ bytes: number }>(
      `SELECT coalesce(sum(pg_column_size("${name}")), 0)::float8 AS bytes FROM ${compressed}`,
    )
    byColumn[name] = round(said[0]!.bytes / rows)
  }
  return {
    rows,
    freshBytes: round(sizes.rows[0]!.bytes / rows),
    compressedBytes: round(total.rows[0]!.bytes / rows),
    byColumn,
    compressMs: Math.round(compressMs),
    longestWaitMs: Math.round(longestMs),
  }
}

/** The questions of every day, over more and more days that are all compressed but the last. */
async function measureHistory(db: Database): Promise<Figures> {
  const vehicles = config['history-vehicles']
  const untilMs = Math.floor(Date.now() / HALF_HOUR_MS) * HALF_HOUR_MS
  const figures: Figures = {}
  let kept = 0
  for (const days of config.days) {
    for (let half = kept * 48; half < days * 48; half++) {
      const fromMs = untilMs - (half + 1) * HALF_HOUR_MS
      await insert(db, vehicles, fromMs)
      if (half >= 4) await db.query('SELECT compress_chunk($1::regclass)', [await chunkOf(db, fromMs)])
    }
    await db.query(
      `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions)
       SELECT v, at, at + interval '20 min', true, 0, 0, 0, 0, 9000, 700, 120 FROM generate_series(1, $1::int) v,
              generate_series(to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000) - interval '1 s', interval '4 h') at`,
      [vehicles, untilMs - days * DAY_MS, untilMs - kept * DAY_MS],
    )
    await db.query('ANALYZE trips')
    kept = days
    figures[`${days}`] = await askAll(db, untilMs)
  }
  return figures
}

async function askAll(db: Database, untilMs: number): Promise<Figures> {
  const track = `SELECT ts, lon_e7, lat_e7, speed_dkph, heading_deg FROM positions WHERE vehicle_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts`
  const trips = 'SELECT * FROM trips WHERE vehicle_id = $1 AND started_at >= $2 AND started_at < $3 ORDER BY started_at'
  const span = (ms: number): unknown[] => [7, new Date(untilMs - ms).toISOString(), new Date(untilMs).toISOString()]
  return {
    lastStateOfAllMs: await p50(() => db.query('SELECT * FROM last_states')),
    vehicleDayMs: await p50(() => db.query(track, span(DAY_MS))),
    vehicleMonthOfTripsMs: await p50(() => db.query(trips, span(30 * DAY_MS))),
  }
}

async function p50(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < config.rounds; i++) {
    const begun = performance.now()
    await ask()
    times.push(performance.now() - begun)
  }
  return round(times.sort((a, b) => a - b)[times.length >> 1]!)
}

/** Stores a half hour and moves the last states with it, as far as these questions are concerned. @returns how many positions */
async function insert(db: Database, vehicles: number, fromMs: number): Promise<number> {
  const columns = positionColumns.join(', ')
  const encode = await createRowEncoder(db)
  const readings = halfHour(vehicles, fromMs)
  for (let at = 0; at < readings.length; at += ROWS_A_STATEMENT) {
    const rows = encode(readings.slice(at, at + ROWS_A_STATEMENT))
    await db.query(`INSERT INTO positions (${columns}) SELECT ${columns} FROM unnest($1::positions[])`, [rows])
    await db.query(
      `INSERT INTO last_states (${columns}) SELECT DISTINCT ON (vehicle_id) ${columns} FROM unnest($1::positions[]) ORDER BY vehicle_id, ts DESC
       ON CONFLICT DO NOTHING`,
      [rows],
    )
  }
  return readings.length
}

async function chunkOf(db: Database, fromMs: number): Promise<string> {
  const { rows } = await db.query<{ chunk: string }>(
    `SELECT format('%I.%I', chunk_schema, chunk_name) AS chunk FROM timescaledb_information.chunks
      WHERE hypertable_name = 'positions' AND range_start <= to_timestamp($1::float8 / 1000) AND range_end > to_timestamp($1::float8 / 1000)`,
    [fromMs],
  )
  return rows[0]!.chunk
}

async function compressedOf(db: Database, chunk: string): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT format('%I.%I', c.schema_name, c.table_name) AS name FROM _timescaledb_catalog.chunk u JOIN _timescaledb_catalog.chunk c
         ON c.id = u.compressed_chunk_id WHERE format('%I.%I', u.schema_name, u.table_name)::regclass = $1::regclass`,
    [chunk],
  )
  return rows[0]!.name
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const figures = config.against ? await turnAbout(config.against, config.turns, measure) : await measure(root)
process.stdout.write(`${JSON.stringify(figures)}\n`)
