// What the audit desk costs over a history: npm run bench:desk [-- --only instant,here --vehicles 23188 --days 1,10 --hours 2]
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
import { serve } from '../service.ts'
import { measureDay } from './day.ts'
import type { Desk } from './desk.ts'
import { measureEvidence } from './evidence.ts'
import { measureHere } from './here.ts'
import { buildHistory, type History } from './history.ts'
import { measureInstant } from './instant.ts'
import { measureMonth } from './month.ts'
import { measurePuback } from './puback.ts'
import { measureReplay } from './replay.ts'
import { measureTrack } from './track.ts'

const measures: Record<string, (desk: Desk) => Promise<object>> = {
  instant: measureInstant,
  here: measureHere,
  track: measureTrack,
  day: measureDay,
  replay: measureReplay,
  month: measureMonth,
  puback: measurePuback,
  evidence: ({ db, history }) => measureEvidence(db, history.lastMs + 86_400_000, 30),
}
/** Those that take a quick answer of the database alone, and are measured at each length of the history. */
const grows = ['instant', 'here', 'track']
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
    days: z
      .string()
      .regex(/^[1-9]\d*(,[1-9]\d*)*$/, 'numbers of days, separated by commas, each more than the one before')
      .default('1')
      .transform((text) => text.split(',').map(Number))
      .describe(
        'Days of the history, which grows from each to the next; the last day of each is asked about. What needs a browser or a terminal is measured at the last',
      ),
    hours: count(1, 2).describe('Hours of each day in which vehicles report'),
    every: count(1, 10).describe('Seconds between two reports of a vehicle on the road (15 of 100; the others report every 300 s)'),
    rounds: count(1, 20).describe('How often each is asked'),
    judging: z
      .enum(['none', 'all'])
      .default('none')
      .describe('Whom the service has to judge meanwhile: nobody, or all of the fleet, as on the first day of an installation'),
  }),
  {
    command: 'npm run bench:desk --',
    does: 'What the audit desk costs over a history: questions, replay in Chromium beside a peer, evidence, and what terminals wait meanwhile.',
    example: 'npm run bench:desk -- --vehicles 2000 --days 1,10,50 --hours 2 --only instant,here,track',
  },
)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

/** How many times longer the last history took than the first, by figure: it must follow the answer's size, which is the same, and not the history's. */
function growthOf(before: object, after: object): Record<string, number> {
  const [was, is] = [medians(before), medians(after)]
  return Object.fromEntries(Object.keys(is).flatMap((name) => (was[name] ? [[name, Math.round((100 * is[name]!) / was[name]) / 100]] : [])))
}
/** Every `p50` of an answer, by where it stands. */
const medians = (told: object, under = ''): Record<string, number> =>
  Object.fromEntries(
    Object.entries(told).flatMap(([name, value]): [string, number][] => {
      if (typeof value === 'object' && value !== null) return Object.entries(medians(value as object, under ? `${under}.${name}` : name))
      return name === 'p50' && typeof value === 'number' ? [[under || 'p50', value]] : []
    }),
  )

const given = process.env.TEST_DATABASE_URL
const dataDir = mkdtempSync(join(tmpdir(), 'morin-desk-'))
const embedded = given ? undefined : await startEmbedded(dataDir)
const url = given ?? embedded!.url
await migrate(url)
const db = openDatabase({ url, applicationName: 'bench' })
await seedRegion(db, { dataDir, seed: 1 })
if (config.judging === 'none') {
  await db.query(
    `INSERT INTO supervision_days (day, vehicle_id) SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date, max(vehicle_id) FROM vehicles
     ON CONFLICT (day) DO UPDATE SET vehicle_id = excluded.vehicle_id`,
  )
  await db.query('DELETE FROM supervision_due')
}
let service: Awaited<ReturnType<typeof serve>> | undefined
const origin = async (): Promise<string> => {
  service ??= await serve(db, given ? 'server' : 'embedded')
  return service.origin
}
let history: History | undefined
const first = new Map<string, object>()
for (const [n, days] of config.days.entries()) {
  history = await buildHistory(db, { ...config, days }, history)
  say({ database: given ? 'server' : 'embedded', judging: config.judging, history, load: Math.round(loadavg()[0]! * 10) / 10 })
  const isLast = n === config.days.length - 1
  for (const name of config.only.split(',').filter((each) => isLast || grows.includes(each))) {
    const told = await measures[name]!({ db, history, rounds: config.rounds, dataDir, url, origin })
    say({ measure: name, days, ...told })
    const before = first.get(name)
    if (!before) first.set(name, told)
    else if (isLast) say({ growth: name, historyTimes: days / config.days[0]!, timeTimes: growthOf(before, told) })
  }
}
await service?.close()
await db.close()
await embedded?.stop()
rmSync(dataDir, { recursive: true, force: true })
