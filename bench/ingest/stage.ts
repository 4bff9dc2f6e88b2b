// What the benchmarks of ingest play on: an embedded database with a fleet of its own, and ingest with its broker, each in a process.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Queryable } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { seedLoadFleet, terminalIdOf } from './fleet.ts'
import { endProcess, messageOf, startProcess } from './processes.ts'

const SECRET = 'a-secret-of-the-benchmark'

/** `ingestArgs` are passed on to ingest, the others to Node. */
type StageOptions = {
  vehicles: number
  connections: number
  databaseNodeArgs?: string[]
  ingestArgs?: string[]
  ingestNodeArgs?: string[]
}

export const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Starts all of it; `end` stops the database and takes its files away, when ingest has ended. */
export async function startStage({ vehicles, connections, databaseNodeArgs = [], ingestArgs = [], ingestNodeArgs = [] }: StageOptions) {
  const directory = mkdtempSync(join(tmpdir(), 'morin-bench-'))
  const database = startProcess('services/embedded/database/main.ts', { args: ['--data', directory], nodeArgs: databaseNodeArgs })
  const { url } = await messageOf<{ type: 'ready'; url: string }>(database, 'ready')
  await migrate(url)
  const db = openDatabase({ url, applicationName: 'bench', maxConnections: 1 })
  const accounts = await seedLoadFleet(db, vehicles, connections)
  say(`seeded ${vehicles} vehicles`)
  const ingest = startProcess('services/ingest/main.ts', {
    args: ['--mqtt-port', '0', '--database-kind', 'embedded', ...ingestArgs],
    env: { DATABASE_URL: url, SERVICE_SECRET: SECRET },
    nodeArgs: ['--max-semi-space-size=128', ...ingestNodeArgs],
  })
  const { mqttPort: port } = await messageOf<{ type: 'ready'; mqttPort: number }>(ingest, 'ready')
  const end = async () => {
    await db.close()
    await endProcess(database, 'SIGTERM')
    rmSync(directory, { recursive: true, force: true })
  }
  return { accounts, db, database, ingest, port, end }
}

/** Missing: acknowledged positions that are not in the table, terminal by terminal. Duplicates: rows beyond the distinct (vehicle, time) pairs. */
export async function countStored(db: Queryable, acknowledged: Record<string, number>) {
  const { rows } = await db.query<{ vehicleId: number; rows: number; keys: number }>(
    `SELECT vehicle_id AS "vehicleId", count(*) AS rows, count(DISTINCT ts) AS keys FROM positions GROUP BY vehicle_id`,
  )
  const perVehicle = new Map(rows.map((row) => [terminalIdOf(row.vehicleId), row]))
  const tally = await db.query<Record<string, number>>(
    `SELECT sum(received)::bigint AS received, sum(duplicate)::bigint AS duplicate, sum(quarantined)::bigint AS quarantined FROM ingest_tally`,
  )
  let missing = 0
  for (const [terminalId, count] of Object.entries(acknowledged)) missing += Math.max(0, count - (perVehicle.get(terminalId)?.rows ?? 0))
  const stored = rows.reduce((sum, row) => sum + row.rows, 0)
  return { stored, missing, duplicates: stored - rows.reduce((sum, row) => sum + row.keys, 0), tally: tally.rows[0]! }
}
