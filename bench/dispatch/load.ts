// Mixed work of many units at a steady rate beside terminals that report: what was answered as done is counted in the database afterwards.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestSchema } from '../../services/contracts/manifest.ts'
import type { LoadReport } from '../ingest/generator.ts'
import { endProcess, messageOf, startProcess } from '../ingest/processes.ts'
import { quantile, summary } from '../live/statistics.ts'
import { type Person, type World, wanted } from './world.ts'

const SECRET = 'a-secret-of-the-benchmark'
const CONNECTIONS = 1_000

export async function measureLoad(world: World, seconds: number, rate: number, positions: number) {
  const { db, pool, enter, dataDir, databaseUrl } = world
  const ingest = startProcess('services/ingest/main.ts', {
    args: ['--mqtt-port', '0'],
    env: { DATABASE_URL: databaseUrl, SERVICE_SECRET: SECRET },
    nodeArgs: ['--max-semi-space-size=128'],
  })
  const { mqttPort: port } = await messageOf<{ type: 'ready'; mqttPort: number }>(ingest, 'ready')
  const { terminals } = manifestSchema.parse(JSON.parse(readFileSync(join(dataDir, 'terminals.json'), 'utf8')))
  const accounts = terminals.slice(0, CONNECTIONS).map(({ terminalId, secret, adcode }) => ({
    username: terminalId,
    password: secret,
    terminals: [{ terminalId, adcode }],
  }))
  const generator = startProcess('bench/ingest/generatorMain.ts')
  generator.send({ type: 'connect', options: { host: '127.0.0.1', port, accounts, rate: positions, window: 16 } })
  await messageOf(generator, 'connected')
  const units = pool.units.slice(0, 12)
  const people = await Promise.all(units.map(async (unit) => ({ unit, manager: await enter('fleet_manager', unit) })))
  generator.send({ type: 'run', seconds, settleMs: 30_000 })
  const reported = messageOf<{ type: 'report'; report: LoadReport }>(generator, 'report')

  const purpose = `示例负载 ${process.pid}`
  const done = { requests: 0, orders: 0 }
  const answers = new Map<number, number>()
  const sample: number[] = []
  const begun = performance.now()
  const under: Promise<void>[] = []
  for (let n = 0; n < seconds * rate; n++) {
    const waitMs = begun + (n * 1000) / rate - performance.now()
    if (waitMs > 0) await new Promise((next) => setTimeout(next, waitMs))
    const { unit, manager } = people[n % people.length]!
    under.push(
      work(manager, unit, n, purpose, done).then(
        ({ status, ms }) => {
          answers.set(status, (answers.get(status) ?? 0) + 1)
          sample.push(ms)
        },
        () => void answers.set(0, (answers.get(0) ?? 0) + 1),
      ),
    )
  }
  await Promise.all(under)
  const tookS = (performance.now() - begun) / 1000
  const { report } = await reported
  await endProcess(generator, 'SIGTERM')
  await endProcess(ingest, 'SIGTERM')
  const { rows } = await db.query<{ requests: number; orders: number }>(
    `SELECT count(*)::int AS requests, count(d.order_id)::int AS orders FROM trip_requests r LEFT JOIN dispatch_orders d USING (request_id) WHERE r.purpose = $1`,
    [purpose],
  )
  return {
    seconds,
    ratePerS: rate,
    reachedPerS: Math.round(sample.length / tookS),
    answers: Object.fromEntries(answers),
    ms: { ...summary(sample), p99: Math.round(quantile(sample, 0.99)) },
    lost: { requests: done.requests - rows[0]!.requests, orders: done.orders - rows[0]!.orders },
    done,
    ingest: {
      positionsPerS: positions,
      sent: report.sent,
      acknowledged: report.acknowledged,
      pubackMs: { p50: report.p50Ms, p99: report.p99Ms },
    },
  }
}

/** Four of ten read lists, two the board of the unit, one ranks, three ask; each tenth of those is given a vehicle. */
async function work(manager: Person, unit: number, n: number, purpose: string, done: { requests: number; orders: number }) {
  const kind = n % 10
  if (kind < 4) return manager.ask('listRequests', { query: { waiting: 'dispatch', limit: 50 } })
  if (kind < 6) {
    const from = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000)
    return manager.ask('getBoard', { query: { from: from.toISOString(), until: new Date(from.getTime() + 86_400_000).toISOString() } })
  }
  const asked = await manager.ask('createRequest', { body: wanted(unit, (n * 37) % 20_000, { purpose }) })
  if (asked.status === 200) done.requests++
  if (kind !== 6 || asked.status !== 200) return asked
  const requestId = asked.body.requestId as number
  const found = await manager.ask('listCandidates', { params: { requestId }, query: { most: 1 } })
  const [pair] = (found.body.pairs ?? []) as { vehicle: { vehicleId: number }; driver: { driverId: number } | null }[]
  if (!pair) return found
  const given = await manager.ask('dispatchRequest', {
    params: { requestId },
    body: { vehicleId: pair.vehicle.vehicleId, driverId: pair.driver?.driverId ?? null, version: asked.body.version },
  })
  if (given.status === 200) done.orders++
  return given
}
