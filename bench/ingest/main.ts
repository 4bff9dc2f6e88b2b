// npm run bench:ingest — embedded database, ingest with its broker and the load generator, each in a process of its own, on this machine.
// The last line of its output is one line of JSON. What is stored is counted in the database, and compared terminal by terminal.
import { z } from 'zod'
import { readConfig, runMain } from '../../services/platform/config.ts'
import { flagsBut, lastLine, turnAbout } from '../turns.ts'
import type { LoadReport } from './generator.ts'
import { endProcess, messageOf, startProcess, usageOf } from './processes.ts'
import { rawInsertRates } from './rawInsert.ts'
import { countStored, say, startStage } from './stage.ts'

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
  const stage = await startStage({
    vehicles,
    connections: config.connections,
    databaseNodeArgs: config['database-node-args'].split(' ').filter(Boolean),
    ingestArgs: ['--batch-size', String(config['batch-size']), '--batch-age-ms', String(config['batch-age-ms'])],
    ingestNodeArgs: config['ingest-node-args'].split(' ').filter(Boolean),
  })
  const { accounts, db, database, ingest, port } = stage
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
  const stored = await countStored(db, report.perTerminal)
  await endProcess(generator, 'SIGTERM')
  await endProcess(ingest, 'SIGTERM')
  say('load done; measuring the plain insert')
  const raw = await rawInsertRates(db, vehicles)
  await stage.end()

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
