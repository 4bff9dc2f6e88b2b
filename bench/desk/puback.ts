// What terminals wait for their PUBACK at a steady rate, alone and while long reads run without a pause: vehicle-months as bytes, whole-fleet instants, who was here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestSchema } from '../../services/contracts/manifest.ts'
import { trackPieces } from '../../services/dispatch/tracks/trackBytes.ts'
import { Sieve } from '../../services/dispatch/whereabouts/ask.ts'
import { findWhoWasHere } from '../../services/dispatch/whereabouts/here.ts'
import { readInstant } from '../../services/dispatch/whereabouts/instant.ts'
import type { LoadReport } from '../ingest/generator.ts'
import { endProcess, messageOf, startProcess } from '../ingest/processes.ts'
import { askOf, type Desk } from './desk.ts'
import { layTrack } from './tracks.ts'

const SECRET = 'a-secret-of-the-benchmark'
const CONNECTIONS = 500
/** The whole fleet at its normal rate. */
const RATE = 320
const SECONDS = 15
const VEHICLE = 5_000
const DAY_MS = 86_400_000

export async function measurePuback(desk: Desk): Promise<object> {
  const { db, history, dataDir, url } = desk
  const untilMs = history.lastMs + DAY_MS
  await layTrack(db, VEHICLE, untilMs - 30 * DAY_MS, untilMs, 10)
  const terminals = await openTerminals(dataDir, url)
  try {
    const alone = await terminals.load(async () => 0)
    const besideReads = await terminals.load((isOver) => readOn(desk, untilMs, isOver))
    return { rate: RATE, alone, besideReads }
  } finally {
    await terminals.close()
  }
}

/**
 * Some terminals of a region that was seeded into `dataDir`, and who listens to them. `load` has them report for a while, and says what they waited for; `meanwhile` is what is done beside
 * until `isOver`, and answers how often.
 */
export async function openTerminals(dataDir: string, url: string) {
  const ingest = startProcess('services/ingest/main.ts', {
    args: ['--mqtt-port', '0'],
    env: { DATABASE_URL: url, SERVICE_SECRET: SECRET },
    nodeArgs: ['--max-semi-space-size=128'],
  })
  const { mqttPort: port } = await messageOf<{ type: 'ready'; mqttPort: number }>(ingest, 'ready')
  const { terminals } = manifestSchema.parse(JSON.parse(readFileSync(join(dataDir, 'terminals.json'), 'utf8')))
  const accounts = terminals.slice(-CONNECTIONS).map(({ terminalId, secret, adcode }) => ({
    username: terminalId,
    password: secret,
    terminals: [{ terminalId, adcode }],
  }))
  const load = async (meanwhile: (isOver: () => boolean) => Promise<number>, seconds = SECONDS) => {
    const generator = startProcess('bench/ingest/generatorMain.ts')
    generator.send({ type: 'connect', options: { host: '127.0.0.1', port, accounts, rate: RATE, window: 16 } })
    await messageOf(generator, 'connected')
    generator.send({ type: 'run', seconds, settleMs: 30_000 })
    let over = false
    const reported = messageOf<{ type: 'report'; report: LoadReport }>(generator, 'report').finally(() => {
      over = true
    })
    const reads = await meanwhile(() => over)
    const { report } = await reported
    await endProcess(generator, 'SIGTERM')
    const { acknowledged, p50Ms, p99Ms, maxMs } = report
    return { acknowledged, p50Ms, p99Ms, maxMs, reads }
  }
  return { load, close: () => endProcess(ingest, 'SIGTERM') }
}

/** Three readers, each begins anew when it is done. */
async function readOn({ db, history }: Desk, untilMs: number, isOver: () => boolean): Promise<number> {
  const at = { fromMs: history.lastMs + 1_800_000, untilMs: history.lastMs + 1_800_000 }
  const day = { fromMs: history.lastMs, untilMs }
  const works: (() => Promise<unknown>)[] = [
    async () => {
      for await (const _ of trackPieces(
        db,
        { vehicleId: VEHICLE, from: new Date(untilMs - 30 * DAY_MS), to: new Date(untilMs) },
        1_500_000,
      ));
    },
    () => readInstant(db, askOf('instant', at)),
    () => {
      const sieve = new Sieve(db, askOf('here', day))
      return findWhoWasHere(db, { shape: { type: 'circle', centre: [109.05, 40.23], radiusM: 3_000 }, ...day }, (ids) => sieve.sift(ids))
    },
  ]
  const counts = await Promise.all(
    works.map(async (work) => {
      let done = 0
      while (!isOver()) {
        await work()
        done++
      }
      return done
    }),
  )
  return counts.reduce((a, b) => a + b, 0)
}
