// What deriving costs as a whole in the build that is the working directory: reading positions, the law, writing; its own CPU, and beside
// it the database's. Everything but this file and the fleet is that build's own, database and migrations included.
//   backlog   the whole day is there, and derived at once
//   as it comes   reports arrive one by one, and each three minutes what is due is derived
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Message, Reading } from '../../services/ingest/message.ts'
import type { deriveDue } from '../../services/ingest/trips/deriver.ts'
import type { Point, segment } from '../../services/ingest/trips/segment.ts'
import type { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import type { openDatabase } from '../../services/platform/db.ts'
import type { startTestDatabase } from '../../test/harness/database.ts'
import type { seedFleet } from '../../test/ingest/world.ts'
import { fleetDay } from './fleet.ts'

type Build = {
  startTestDatabase: typeof startTestDatabase
  openDatabase: typeof openDatabase
  settleVehicle: typeof settleVehicle
  deriveDue: typeof deriveDue
  segment: typeof segment
  seedFleet: typeof seedFleet
}
/** ms of CPU per 1,000 positions. */
export type Costs = { law: number; backlog: Cost; asItComes: Cost }
type Cost = { deriver: number; database: number; positions: number }

const BACKLOG = 200
const LIVE = 12
/** What arrives together: no two reports of one vehicle. */
const STEP_MS = 5_000
const ROUND_MS = 180_000
const LONG_AFTER_MS = 30 * 86_400_000
const TICK_MS = 10

const files: [keyof Build, string][] = [
  ['startTestDatabase', 'test/harness/database.ts'],
  ['openDatabase', 'services/platform/db.ts'],
  ['settleVehicle', 'services/ingest/trips/settleVehicle.ts'],
  ['deriveDue', 'services/ingest/trips/deriver.ts'],
  ['segment', 'services/ingest/trips/segment.ts'],
  ['seedFleet', 'test/ingest/world.ts'],
]
const build = Object.fromEntries(
  await Promise.all(files.map(async ([name, file]) => [name, (await import(pathToFileURL(`${process.cwd()}/${file}`).href))[name]])),
) as Build

const teardowns: (() => unknown)[] = []
const database = await build.startTestDatabase({ teardown: (work) => void teardowns.unshift(work) })
const db = build.openDatabase({ url: database.url, applicationName: 'bench', maxConnections: 1 })
await build.seedFleet(db, BACKLOG + LIVE)
const store = await openStore()
const absent = { headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0 }
const fleet = fleetDay(BACKLOG)
const costs: Costs = { law: await law(), backlog: await backlog(), asItComes: await asItComes() }
process.stdout.write(`${JSON.stringify(costs)}\n`)
await db.close()
for (const teardown of teardowns) await teardown()

async function law(): Promise<number> {
  const nowMs = newest(fleet.map(({ points }) => points)) + LONG_AFTER_MS
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage()
    for (const { points } of fleet) build.segment(points, nowMs)
    best = Math.min(best, ownMs(before) / (count(fleet.map(({ points }) => points)) / 1000))
  }
  return best
}

async function backlog(): Promise<Cost> {
  const tracks = fleet.map(({ points }) => points)
  const nowMs = newest(tracks) + LONG_AFTER_MS
  for (const [i, points] of tracks.entries())
    for (let first = 0; first < points.length; first += 5_000) await storePoints(i + 1, points.slice(first, first + 5_000), nowMs)
  return measured(count(tracks), async () => {
    for (const i of tracks.keys()) await build.settleVehicle(db, i + 1, nowMs)
  })
}

async function asItComes(): Promise<Cost> {
  const tracks = fleet.slice(0, LIVE).map(({ points }) => points)
  const recently = new Map<number, number>()
  // What a build remembers between two rounds, if it does.
  const followed = await import(pathToFileURL(`${process.cwd()}/services/ingest/trips/followed.ts`).href).then(
    ({ Followed }) => new Followed(),
    () => undefined,
  )
  const at = tracks.map(() => 0)
  const total: Cost = { deriver: 0, database: 0, positions: count(tracks) }
  const [first, last] = [Math.min(...tracks.map((points) => points[0]!.tsMs)), newest(tracks)]
  for (let nowMs = first; nowMs <= last + 3 * 3_600_000; nowMs += STEP_MS) {
    const arrived: Reading[] = []
    for (const [i, points] of tracks.entries())
      while (at[i]! < points.length && points[at[i]!]!.tsMs <= nowMs) arrived.push(readingOf(BACKLOG + i + 1, points[at[i]!++]!, nowMs))
    if (arrived.length > 0) await store(arrived, nowMs)
    if ((nowMs - first) % ROUND_MS !== 0) continue
    const deps = { db, clock: { nowMs: () => nowMs } } as Parameters<typeof deriveDue>[0]
    const cost = await measured(total.positions, () => build.deriveDue(deps, recently, () => false, followed))
    total.deriver += cost.deriver
    total.database += cost.database
  }
  return total
}

async function measured(positions: number, work: () => Promise<unknown>): Promise<Cost> {
  const [own, databaseMs] = [process.cpuUsage(), processMs(database.pid)]
  await work()
  return { deriver: ownMs(own) / (positions / 1000), database: (processMs(database.pid) - databaseMs) / (positions / 1000), positions }
}

function storePoints(vehicleId: number, points: readonly Point[], nowMs: number): Promise<unknown> {
  const readings = points.map((point) => readingOf(vehicleId, point, nowMs))
  return store(readings, nowMs)
}

/** Stores positions as this build does: by their kind, or, of before there were kinds, with what there was. */
async function openStore(): Promise<(readings: Reading[], nowMs: number) => Promise<unknown>> {
  const fileOf = (file: string) => import(pathToFileURL(`${process.cwd()}/services/ingest/${file}`).href)
  const { commit } = await fileOf('commit.ts')
  const kinds = await fileOf('kinds.ts').catch(() => undefined) // an older commit has none
  if (!kinds) {
    const encode = await (await fileOf('positionRows.ts')).createRowEncoder(db)
    return (readings, nowMs) => commit(db, encode, 'bench', { readings, faults: [], received: readings.length }, nowMs)
  }
  const { partOf } = await fileOf('work.ts')
  const location = (await kinds.openKinds(db)).get('location')
  return (readings, nowMs) => commit(db, 'bench', { parts: [partOf(location, readings, [])] }, nowMs)
}

function readingOf(vehicleId: number, point: Point, receivedMs: number): Reading {
  const message: Message = { topic: '', payload: new Uint8Array(), receivedMs, ack: () => undefined }
  const value = { ...point, ...absent }
  // `position` is what `value` was called before there were kinds.
  return { vehicleId, terminalId: 'T', message, value, position: value } as Reading
}

function ownMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** CPU that a process has used, ms; to a hundredth of a second. NaN where there is no /proc. */
function processMs(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13)
    return (Number(user) + Number(system)) * TICK_MS
  } catch {
    return Number.NaN // not Linux, or the process has ended
  }
}

function newest(tracks: readonly (readonly Point[])[]): number {
  return Math.max(...tracks.map((points) => points.at(-1)!.tsMs))
}
function count(tracks: readonly (readonly Point[])[]): number {
  return tracks.reduce((sum, { length }) => sum + length, 0)
}
