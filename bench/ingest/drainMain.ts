// npm run bench:drain — terminals that were out of reach come back at once, each with what it has kept, while others go on as always: how many
// positions a second are stored, and how long the others wait for a PUBACK. The last line of its output is one line of JSON.
import { z } from 'zod'
import { readConfig, runMain } from '../../services/platform/config.ts'
import { flagsBut, lastLine, turnAbout } from '../turns.ts'
import type { LoadOptions, LoadReport } from './generator.ts'
import { endProcess, messageOf, startProcess } from './processes.ts'
import { countStored, say, startStage } from './stage.ts'

const count = z.coerce.number().int().positive()
const configSchema = z.object({
  terminals: count.default(10_000).describe('Terminals that come back'),
  positions: count.default(360).describe('Positions that each of them has kept, ten seconds apart'),
  'per-message': count.default(120).describe('Of these in one message; without a rest'),
  live: count.default(2_000).describe('Terminals beside them that were never away'),
  'live-rate': count.default(1_000).describe('Messages a second of those'),
  against: z.string().min(1).optional().describe('A commit, or a working copy, whose own bench:drain is run turn about with this one'),
  turns: count.default(1).describe('How often each of the two is run'),
})

/** What a terminal sends before it has an answer. */
const WINDOW = { backlog: 2, live: 16 }
const LONGEST_S = 3_600

runMain(async () => {
  const config = readConfig(
    configSchema,
    process.argv.slice(2),
    {},
    {
      command: 'npm run bench:drain --',
      does: 'Terminals that come back with what they have kept, beside others that go on: positions a second, and the wait of the others. Ends with one line of JSON.',
      example: 'npm run bench:drain -- --terminals 2000 --live 500 --live-rate 500',
    },
  )
  if (config.against) {
    const flags = flagsBut(process.argv.slice(2), 'against', 'turns')
    const both = await turnAbout(config.against, config.turns, (dir) => lastLine(dir, 'bench/ingest/drainMain.ts', flags))
    return void process.stdout.write(`${JSON.stringify(both)}\n`)
  }
  const { terminals, live, positions, 'per-message': perMessage } = config
  if (positions % perMessage !== 0) throw new Error(`${positions} positions are not messages of ${perMessage}`)
  const stage = await startStage({ vehicles: terminals + live, connections: terminals + live })
  const shared = { host: '127.0.0.1', port: stage.port }
  const backlog = { positions, perMessage }
  const away = await connected({ ...shared, accounts: stage.accounts.slice(0, terminals), rate: 1, window: WINDOW.backlog, backlog })
  const here = await connected({ ...shared, accounts: stage.accounts.slice(terminals), rate: config['live-rate'], window: WINDOW.live })
  say(`${terminals} terminals with ${positions} positions each, beside ${config['live-rate']} messages/s of ${live}`)

  const [drained, lived] = [messageOf<Drained>(away, 'report'), messageOf<Reported>(here, 'report')]
  here.send({ type: 'run', seconds: LONGEST_S, settleMs: 30_000 })
  away.send({ type: 'drain' })
  const { report, seconds } = await drained
  here.send({ type: 'stop' })
  const { report: others } = await lived
  const acknowledged = Object.entries(report.perTerminal).map(([terminalId, messages]) => [terminalId, messages * perMessage] as const)
  const { stored, missing, duplicates, tally } = await countStored(stage.db, { ...Object.fromEntries(acknowledged), ...others.perTerminal })
  for (const child of [away, here, stage.ingest]) await endProcess(child, 'SIGTERM')
  await stage.end()

  const told = terminals * positions
  process.stdout.write(
    `${JSON.stringify({
      terminals,
      positions: told,
      seconds: Math.round(seconds * 10) / 10,
      positionsPerSecond: Math.round(told / seconds),
      live: {
        acknowledgedPerSecond: Math.round(others.acknowledged / seconds),
        p50Ms: others.p50Ms,
        p99Ms: others.p99Ms,
        maxMs: others.maxMs,
      },
      stored,
      missing,
      duplicates,
      quarantined: tally.quarantined ?? 0,
    })}\n`,
  )
})

type Reported = { type: 'report'; report: LoadReport }
type Drained = Reported & { seconds: number }

async function connected(options: LoadOptions) {
  const generator = startProcess('bench/ingest/generatorMain.ts')
  generator.send({ type: 'connect', options })
  await messageOf(generator, 'connected')
  return generator
}
