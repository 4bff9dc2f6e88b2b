// npm run bench:ingest — embedded database, ingest with its broker and the load generator, each in a process of its own, on this machine.
// The last line of its output is one line of JSON. What is stored is counted in the database, and compared terminal by terminal.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { readConfig, runMain } from '../../services/platform/config.ts'
import { openDatabase, type Queryable } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { flagsBut, lastLine, turnAbout } from '../turns.ts'
import { seedLoadFleet, terminalIdOf } from './fleet.ts'
import type { LoadReport } from './generator.ts'
import { endProcess, messageOf, startProcess, usageOf } from './processes.ts'
import { rawInsertRates } from './rawInsert.ts'

const count = z.coerce.number().int().positive()
const configSchema = z.object({
  connections: count.default(10_000).describe('Connections of the load generator'),
  rate: count.default(23_188).describe('Messages a second. The whole fleet once a second is 23,188.'),
  seconds: count.default(60).describe('How long it sends'),
  vehicles: count.optional().describe('More vehicles than connections = gateways that carry them. Default: one vehicle a connection.'),
  window: count.default(16).describe('Unacked messages a connection may have.'),
  'batch-size': count.default(5000).describe('Passed on to ingest.'),
  'batch-age-ms': count.default(50).describe('Passed on to ingest: the longest that a message waits for others'),
  'database-node-args': z.string().default('').describe('The same for the process of the database.'),
  against: z.string().min(1).optional().describe('A commit, or a working copy, whose own bench:ingest is run turn about with this one'),
  turns: count.default(1).describe('How often each of the two is run'),
  'ingest-node-args': z.string().default('').describe('Node flags for the ingest process, such as --cpu-prof.'),
})

const SECRET = 'a-secret-of-the-benchmark'

runMain(async () => {
  const config = readConfig(
    configSchema,
    process.argv.slice(2),
    {},
    {
      command: 'npm run bench:ingest --',
      does: 'Embedded database, ingest and a load generator on this machine: how many positions a second are stored, and how long a PUBACK takes. Ends with one line of JSON.',
      example: 'npm run bench:ingest -- --rate 14000 --seconds 60',
    },
  )
  if (config.against) {
    const flags = flagsBut(process.argv.slice(2), 'against', 'turns')
    const both = await turnAbout(config.against, config.turns, (dir) => lastLine(dir, 'bench/ingest/main.ts', flags))
    return void process.stdout.write(`${JSON.stringify(both)}\n`)
  }
  const vehicles = config.vehicles ?? config.connections
  const directory = mkdtempSync(join(tmpdir(), 'morin-bench-'))
  const say = (line: string): void => void process.stderr.write(`${line}\n`)

  const database = startProcess('services/embedded/database/main.ts', {
    args: ['--data', directory],
    nodeArgs: config['database-node-args'].split(' ').filter(Boolean),
  })
  const { url } = await messageOf<{ type: 'ready'; url: string }>(database, 'ready')
  await migrate(url)
  const db = openDatabase({ url, applicationName: 'bench', maxConnections: 1 })
  const accounts = await seedLoadFleet(db, vehicles, config.connections)
  say(`seeded ${vehicles} vehicles`)

  const ingest = startProcess('services/ingest/main.ts', {
    args: [
      ...['--mqtt-port', '0', '--database-kind', 'embedded'],
      ...['--batch-size', String(config['batch-size']), '--batch-age-ms', String(config['batch-age-ms'])],
    ],
    env: { DATABASE_URL: url, SERVICE_SECRET: SECRET },
    nodeArgs: ['--max-semi-space-size=128', ...config['ingest-node-args'].split(' ').filter(Boolean)],
  })
  const { mqttPort: port } = await messageOf<{ type: 'ready'; mqttPort: number }>(ingest, 'ready')
  const generator = startProcess('bench/ingest/generatorMain.ts')
  const options = { host: '127.0.0.1', port, accounts, rate: config.rate, window: config.window }
  generator.send({ type: 'connect', options })
  await messageOf(generator, 'connected')
  say(`${accounts.length} connections; ${config.rate} messages/s for ${config.seconds} s`)

  const children = { database, ingest, generator }
  const before = usageOfAll(children)
  generator.send({ type: 'run', seconds: config.seconds, settleMs: 30_000 })
  const { report } = await messageOf<{ type: 'report'; report: LoadReport }>(generator, 'report')
  const after = usageOfAll(children)
  const stored = await countStored(db, report)
  await endProcess(generator, 'SIGTERM')
  await endProcess(ingest, 'SIGTERM')
  say('load done; measuring the plain insert')
  const raw = await rawInsertRates(db, vehicles)
  await db.close()
  await endProcess(database, 'SIGTERM')
  rmSync(directory, { recursive: true, force: true })

  const rate = Math.round(report.acknowledged / config.seconds)
  process.stdout.write(
    `${JSON.stringify({
      connections: accounts.length,
      vehicles,
      seconds: config.seconds,
      rateOffered: config.rate,
      rateAcknowledged: rate,
      sent: report.sent,
      ...stored.tally,
      acknowledged: report.acknowledged,
      stored: stored.stored,
      missing: stored.missing,
      duplicates: stored.duplicates,
      reconnects: report.reconnects,
      publishToPubackMs: { p50: report.p50Ms, p99: report.p99Ms, max: report.maxMs },
      rssMb: mapValues(after, ({ rssMb }) => rssMb),
      cpuSeconds: mapValues(after, ({ cpuSeconds }, name) => round(cpuSeconds - before[name]!.cpuSeconds)),
      rawInsertRowsPerSecond: raw.text,
      rawInsertBinaryRowsPerSecond: raw.binary,
      ratioToRawInsert: round(rate / raw.text),
    })}\n`,
  )
})

type Usages = Record<string, { cpuSeconds: number; rssMb: number }>
const usageOfAll = (children: Record<string, { pid?: number }>): Usages => mapValues(children, ({ pid }) => usageOf(pid!))

function mapValues<V, R>(record: Record<string, V>, of: (value: V, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value, name)]))
}
const round = (value: number): number => Math.round(value * 100) / 100

/** Missing: acknowledged and not in the table, terminal by terminal. Duplicates: rows beyond the distinct (vehicle, time) pairs. */
async function countStored(db: Queryable, report: LoadReport) {
  const { rows } = await db.query<{ vehicleId: number; rows: number; keys: number }>(
    `SELECT vehicle_id AS "vehicleId", count(*) AS rows, count(DISTINCT ts) AS keys FROM positions GROUP BY vehicle_id`,
  )
  const perVehicle = new Map(rows.map((row) => [terminalIdOf(row.vehicleId), row]))
  const tally = await db.query<Record<string, number>>(
    `SELECT sum(received)::bigint AS received, sum(duplicate)::bigint AS duplicate, sum(quarantined)::bigint AS quarantined FROM ingest_tally`,
  )
  let missing = 0
  for (const [terminalId, acknowledged] of Object.entries(report.perTerminal)) {
    missing += Math.max(0, acknowledged - (perVehicle.get(terminalId)?.rows ?? 0))
  }
  const stored = rows.reduce((sum, row) => sum + row.rows, 0)
  return { stored, missing, duplicates: stored - rows.reduce((sum, row) => sum + row.keys, 0), tally: tally.rows[0]! }
}
