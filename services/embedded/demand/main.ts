// The demo region's demand: people of the demo who ask for vehicles, approve, dispatch, drive and pay, through the API that everybody uses.
// From a seed. Some send things back, change their minds or never answer, so that there is an order in every state.
import { randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Errand } from '../../contracts/errands.ts'
import { readConfig, runMain } from '../../platform/config.ts'
import { createLogger } from '../../platform/log.ts'
import { createRandom } from '../demo/random.ts'
import { habitOf } from './habits.ts'
import { afterFailure, signIn } from './person.ts'
import { askForVehicle, goOn, type People, type Ways } from './play.ts'
import { drawsOf } from './wants.ts'
import { listDriverIds, welcome } from './welcome.ts'

const configSchema = z.object({
  url: z.url().describe('Where the product serves'),
  'per-minute': z.coerce.number().min(0.1).max(600).default(4).describe('Requests a minute'),
  errands: z.string().min(1).optional().describe('File in which the simulator is told what is driven'),
  seed: z.coerce.number().int().default(1).describe('What is asked for, and who does what, follows from this number'),
})
/** Asked for at once where nobody has asked for anything yet. */
const AT_FIRST = 24
const usernames: Record<keyof People, string> = {
  applicant: 'applicant',
  approver: 'approver',
  fleet: 'fleet',
  dispatcher: 'dispatcher.hohhot',
  league: 'bureau.hohhot',
  region: 'bureau',
  finance: 'finance',
}

await runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'node --import=tsx services/embedded/demand/main.ts',
    does: 'Plays the demo region’s demand for vehicles through the API; npm start runs it.',
    example: 'DEMO_PASSWORD=… node --import=tsx services/embedded/demand/main.ts --url http://127.0.0.1:8080',
  })
  const log = createLogger('demand')
  const random = createRandom(config.seed)
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
  process.on('message', (message) => {
    if ((message as { type?: string }).type === 'stop') stop.abort()
  })
  process.send?.({ type: 'ready' })

  const early = new Set<number>()
  const ways: Ways = {
    seed: config.seed,
    habitOf: (orderId) => habitOf(config.seed, orderId, early.has(orderId)),
    driverId: undefined,
    tell: (errands) => config.errands && writeErrands(config.errands, errands),
  }
  let people: People | undefined
  let first = true
  let refusals = 0
  let asked = 0
  const ask = (by: People, isSoon?: boolean) => {
    const draws = drawsOf(config.seed, asked++)
    const soon = isSoon ?? draws.next() < 0.25
    return askForVehicle(by, draws, Date.now(), randomUUID(), soon)
  }
  while (!stop.signal.aborted) {
    try {
      people ??= await come(config.url)
      refusals = 0
      ways.driverId ??= await findDemoDriver(people)
      if (first && (await people.dispatcher.ask('listOrders', { query: { limit: 1 } })).total === 0) {
        await welcome(people, ways.driverId, Date.now())
        // Of the first every second one is to begin at once, and some are over in no time: so there is soon an order in every state.
        for (let n = 0; n < AT_FIRST && !stop.signal.aborted; n++) await ask(people, n % 2 === 0)
        for (let n = 1; n <= AT_FIRST; n++) early.add(n)
      } else await ask(people)
      await goOn(people, random, first ? 8 : 1, ways, stop.signal)
      first = false
    } catch (error) {
      // A restart, a session that is over: they come again.
      people = undefined
      const after = afterFailure(refusals, error)
      refusals = after.refusals
      const { waitsMs } = after
      log[refusals === 1 ? 'warn' : 'debug']({ error: (error as Error).message, waitsMs }, 'the demand waits')
      // An end that is asked for ends a pause, and the loop sees it.
      await sleep(waitsMs, undefined, { signal: stop.signal }).catch(() => undefined)
      continue
    }
    await sleep(60_000 / config['per-minute'], undefined, { signal: stop.signal }).catch(() => undefined)
  }
  process.disconnect?.()
})

/** The first of the unit's drivers has an account (demo/people.ts). Nobody signs in for him: the notice that drivers are shown is for whoever does. */
async function findDemoDriver({ fleet }: People): Promise<number | undefined> {
  return (await listDriverIds(fleet))[0]
}

/** Replaced whole: the simulator sees what was or what is. */
function writeErrands(path: string, errands: readonly Errand[]): void {
  writeFileSync(`${path}.new`, JSON.stringify(errands), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

async function come(url: string): Promise<People> {
  const password = process.env.DEMO_PASSWORD ?? ''
  const each = Object.entries(usernames).map(async ([who, username]) => [who, await signIn(url, username, password)] as const)
  return Object.fromEntries(await Promise.all(each)) as People
}
