// What the audit desk's questions cost over a history: npm run bench:desk [-- --only instant,here --vehicles 23188 --days 10 --hours 2]
// On the embedded database, or on the server of TEST_DATABASE_URL (an empty database). One line of JSON a measure, each a file of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import type { Desk } from './desk.ts'
import { measureHere } from './here.ts'
import { buildHistory } from './history.ts'
import { measureInstant } from './instant.ts'

const measures: Record<string, (desk: Desk) => Promise<object>> = { instant: measureInstant, here: measureHere }
const names = Object.keys(measures)
const count = (least: number, given: number) => z.coerce.number().int().min(least).default(given)

const config = readConfigOrEnd(
  z.object({
    only: z
      .string()
      .default(names.join(','))
      .refine((text) => text.split(',').every((name) => names.includes(name)), `of ${names.join(', ')}`)
      .describe(`Which measures, of ${names.join(',')}`),
    vehicles: count(100, 23_188).describe('How much of the fleet'),
    days: count(1, 1).describe('Days of the history; the last is asked about'),
    hours: count(1, 2).describe('Hours of each day in which vehicles report'),
    every: count(1, 10).describe('Seconds between two reports of a vehicle on the road (15 of 100; the others report every 300 s)'),
    rounds: count(1, 20).describe('How often each is asked'),
  }),
  {
    command: 'npm run bench:desk --',
    does: 'How long the time machine and who was here take over a history, on the embedded database or on the server of TEST_DATABASE_URL.',
    example: 'npm run bench:desk -- --vehicles 2000 --days 10 --hours 24',
  },
)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const given = process.env.TEST_DATABASE_URL
const dataDir = mkdtempSync(join(tmpdir(), 'morin-desk-'))
const embedded = given ? undefined : await startEmbedded(dataDir)
const url = given ?? embedded!.url
await migrate(url)
const db = openDatabase({ url, applicationName: 'bench' })
await seedRegion(db, { dataDir, seed: 1 })
const history = await buildHistory(db, config.vehicles, config.days, config.hours, config.every)
say({ database: given ? 'server' : 'embedded', history, load: Math.round(loadavg()[0]! * 10) / 10 })
for (const name of config.only.split(',')) say({ measure: name, ...(await measures[name]!({ db, history, rounds: config.rounds })) })
await db.close()
await embedded?.stop()
rmSync(dataDir, { recursive: true, force: true })
