// npm run bench:dispatch — ranking a pool, a booking on its way to the queue, the board in Chromium, mixed work beside the fleet's reports, and a race for one vehicle, on
// the embedded database. The last line of its output is one line of JSON.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { buildWeb } from '../../services/embedded/webBuild.ts'
import { readConfig, runMain } from '../../services/platform/config.ts'
import { checkout, root } from '../checkout.ts'
import { measureBoard } from './board.ts'
import { measureLoad } from './load.ts'
import { measurePhone } from './phone.ts'
import { measureQueue } from './queue.ts'
import { race } from './race.ts'
import { measureRanking } from './ranking.ts'
import { openWorld } from './world.ts'

const count = z.coerce.number().int().positive()
const parts = ['phone', 'ranking', 'queue', 'board', 'mixed', 'race'] as const
const configSchema = z.object({
  only: z
    .string()
    .default(parts.join())
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(parts)))
    .describe(`What is measured, separated by commas: ${parts.join(', ')}`),
  times: count.default(60).describe('How often the pool is ranked, and how many bookings are followed to the queue'),
  seconds: count.default(60).describe('How long the mixed work lasts'),
  rate: count.default(100).describe('Requests a second of mixed work'),
  positions: count.default(1_000).describe('Positions a second that terminals report meanwhile'),
  rounds: count.default(1_000).describe('Rounds of the race'),
  against: z.string().min(1).optional().describe('A commit, or a working copy, that is measured beside this build, one after the other'),
  'race-seconds': count.default(2_400).describe('The race ends after so long in any case, and says how many rounds there were'),
  kills: count.default(5).describe('How often the database is killed in the second half of the race, at a random moment of a round'),
  parallel: count.default(200).describe('How many want the same vehicle, driver and hour in each round'),
})

runMain(async () => {
  const {
    against,
    only,
    times,
    seconds,
    rate,
    positions,
    rounds,
    'race-seconds': raceSeconds,
    parallel,
    kills,
  } = readConfig(
    configSchema,
    process.argv.slice(2),
    {},
    {
      command: 'npm run bench:dispatch --',
      does: 'How fast a pool of some 2,000 vehicles is ranked, a booking is in the queue, mixed work is done beside the fleet’s reports, and whether one vehicle is ever given twice. Ends with one line of JSON.',
      example: 'npm run bench:dispatch -- --only ranking,race --rounds 20',
    },
  )
  if (against !== undefined) return measureBoth(against, process.argv.slice(2))
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const load = () => loadavg().map((each) => Math.round(each * 10) / 10)
  const figures: Record<string, unknown> = { node: process.versions.node, load: load() }
  if (only.includes('board') || only.includes('phone')) await buildWeb(root)
  // What a phone loads is files alone.
  if (only.includes('phone')) figures.phone = await measurePhone(root)
  if (only.join() === 'phone') return void process.stdout.write(`${JSON.stringify(figures)}\n`)
  const world = await openWorld()
  const measures = {
    ranking: () => measureRanking(world, times),
    queue: () => measureQueue(world, times),
    board: () => measureBoard(world),
    mixed: () => measureLoad(world, seconds, rate, positions),
    race: () => race(world, rounds, parallel, raceSeconds, kills),
  }
  try {
    for (const part of parts) {
      if (part === 'phone' || !only.includes(part)) continue
      say(part)
      figures[part] = { ...(await measures[part]()), loadAtEnd: load() }
    }
  } finally {
    await world.close()
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
})

/** The other build, then this one, each in a process of its own with a database of its own, measured by this benchmark: a line of JSON each. */
function measureBoth(named: string, args: readonly string[]): void {
  const other = checkout(named)
  const rest = args.filter((arg, n) => !arg.startsWith('--against') && args[n - 1] !== '--against')
  try {
    // A working copy of somebody's keeps its own.
    if (!existsSync(named)) cpSync(join(root, 'bench'), join(other.dir, 'bench'), { recursive: true })
    for (const [name, dir] of [
      [named, other.dir],
      ['this build', root],
    ] as const) {
      process.stderr.write(`${name}\n`)
      spawnSync(process.execPath, ['--import=tsx', 'bench/dispatch/main.ts', ...rest], { cwd: dir, stdio: 'inherit' })
    }
  } finally {
    other.remove()
  }
}
