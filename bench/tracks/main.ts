// What a slice of a long track costs, beside the same statement with its time answered under the column's own name, which makes ORDER BY
// mean the answer's expression: npm run bench:tracks [-- --rows 200000]
// On the embedded database, or on the server of TEST_DATABASE_URL.
import { loadavg } from 'node:os'
import { z } from 'zod'
import { readTrack } from '../../services/dispatch/tracks/track.ts'
import { readTrackBytes } from '../../services/dispatch/tracks/trackBytes.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { seedRegion } from '../../test/dispatch/region.ts'
import { startTestDatabase } from '../../test/harness/database.ts'
import { summary } from '../live/statistics.ts'

const { rows: ROWS } = readConfigOrEnd(
  z.object({ rows: z.coerce.number().int().positive().default(200_000).describe('Positions of the track that is read') }),
  {
    command: 'npm run bench:tracks --',
    does: 'What a slice of a long track costs, on the embedded database or on the server of TEST_DATABASE_URL.',
    example: 'npm run bench:tracks -- --rows 400000',
  },
)
const ROUNDS = 10
const EVERY_S = 10
const VEHICLE = 202
const FROM = Date.UTC(2026, 9, 1)
const to = new Date(FROM + ROWS * EVERY_S * 1000)

const endings: (() => unknown)[] = []
const database = await startTestDatabase({ teardown: (work) => void endings.unshift(work) })
const db = openDatabase({ url: database.url, applicationName: 'bench', maxConnections: 2 })
await seedRegion(db)
for (let row = 0; row < ROWS; row += 50_000)
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
     SELECT ${VEHICLE}, to_timestamp($1::float8 / 1000) + make_interval(secs => n * $4::int), now(), 1110000000 + n, 408000000, 100, 1, 0
     FROM generate_series($2::int, $3::int) n`,
    [FROM, row, Math.min(row + 50_000, ROWS) - 1, EVERY_S],
  )
await db.query('ANALYZE positions')

const slice = (name: string) => (): Promise<unknown> =>
  db.query(
    `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ${name}, lon_e7, lat_e7, speed_dkph, heading_deg FROM positions
     WHERE vehicle_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts LIMIT $4`,
    [VEHICLE, new Date(FROM), to, 5_000],
  )
const caller = { accountId: null, username: 'bench', role: 'bureau_admin' } as never
const read = {
  caller,
  reach: { lft: 0, rgt: 2 ** 30, cleared: [], unmasked: [], vehicleId: null },
  vehicleId: VEHICLE,
  from: new Date(FROM),
  to,
  purpose: undefined,
  caseId: undefined,
  atMs: FROM,
}
const page = () => readTrack(db, read)
const asBytes = (rows: number) => async () => {
  for await (const _piece of await readTrackBytes(db, read, { budget: rows }));
}

const works = {
  'slice of 5,000': slice('ms'),
  'slice of 5,000, sorted': slice('ts'),
  'answer of 20,000': page,
  'answer of 20,000 as bytes, every column': asBytes(20_000),
  'SELECT 1': () => db.query('SELECT 1'),
}
const samples = Object.fromEntries(Object.keys(works).map((name) => [name, [] as number[]]))
for (let round = -1; round < ROUNDS; round++)
  for (const [name, work] of Object.entries(works)) {
    const begun = performance.now()
    await work()
    if (round >= 0) samples[name]!.push(performance.now() - begun)
  }
process.stdout.write(`${database.kind}, ${ROWS} positions of one vehicle, load ${loadavg()[0]!.toFixed(1)}\n`)
for (const [name, sample] of Object.entries(samples)) process.stdout.write(`${name.padEnd(24)} ${JSON.stringify(summary(sample))}\n`)
await db.close()
for (const end of endings) await end()
