// `npm run bench:trips [-- --recordings a.csv,b.csv]`: a fleet-day whose truth is known, trips and stops held against it, and what deriving costs.
// With recordings (device, time, lon, lat) it says how much of the way between their positions lies in trips.
// To compare with another build, `--against COMMIT` (or a working copy of it) has both derive the same positions, one after the other, each
// in a process of its own with a database of its own.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { metresBetween } from '../../services/ingest/trips/plane.ts'
import { type Point, segment, type Trip } from '../../services/ingest/trips/segment.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { DAY } from '../../test/ingest/journeys.ts'
import { checkout, root } from '../checkout.ts'
import type { Costs } from './deriveChild.ts'
import { fleetDay, type VehicleDay } from './fleet.ts'

const VEHICLES = 200
const say = (line: string): boolean => process.stdout.write(`${line}\n`)
const NEAR_S = 90

const {
  against: named,
  recordings,
  costs: withCosts,
} = readConfigOrEnd(
  z.object({
    against: z.string().min(1).optional().describe('A commit, or a working copy, that derives the same positions beside this build'),
    recordings: z
      .string()
      .optional()
      .transform((value) => value?.split(',') ?? [])
      .describe('Recordings (CSV of device, time, lon, lat), separated by commas: how much of their way lies in trips'),
    costs: z.enum(['true', 'false']).default('true').describe('false leaves out what deriving costs, which takes minutes'),
  }),
  {
    command: 'npm run bench:trips --',
    does: 'A fleet-day whose truth is known, trips and stops held against it, and what deriving costs.',
    example: 'npm run bench:trips -- --against HEAD~1',
  },
)
const against = named ? checkout(named) : undefined

const fleet = fleetDay(VEHICLES)
const positions = fleet.reduce((sum, { points }) => sum + points.length, 0)
const truths = fleet.flatMap(({ truth }) => truth)
say(
  `truth: ${VEHICLES} vehicles, ${positions} positions, ${truths.length} trips, ${km(truths.reduce((sum, each) => sum + each.distanceM, 0))}`,
)
const other = against
  ? ((await import(pathToFileURL(`${against.dir}/services/ingest/trips/segment.ts`).href)).segment as typeof segment)
  : undefined
report('this build', segment)
if (other) report('other build', other)
for (const file of recordings) recording(file)
if (withCosts === 'true') await costs()
against?.remove()

/** The whole fleet, and each fault by itself. */
function report(name: string, build: typeof segment): void {
  reportOf(name, build, fleet)
  for (const fault of new Set(fleet.map((each) => each.fault)))
    reportOf(
      `  ${name}, ${fault}`,
      build,
      fleet.filter((each) => each.fault === fault),
    )
}

/** Trips whose both ends are within NEAR_S of the truth, and the error of their distance; stops are what lies between trips. */
function reportOf(name: string, build: typeof segment, fleet: readonly VehicleDay[]): void {
  const truths = fleet.flatMap(({ truth }) => truth)
  let [found, right, stops, rightStops, trueStops] = [0, 0, 0, 0, 0]
  const errors: number[] = []
  for (const { points, truth } of fleet) {
    const trips = build(points, DAY + 30 * 86_400_000)
    found += trips.length
    const matched = truth.map((each) => trips.find((trip) => isNear(trip.start, each.startS) && isNear(trip.end, each.endS)))
    right += matched.filter((trip) => trip).length
    for (const [i, trip] of matched.entries()) if (trip) errors.push(Math.abs(trip.distanceM - truth[i]!.distanceM) / truth[i]!.distanceM)
    stops += Math.max(0, trips.length - 1)
    trueStops += truth.length - 1
    rightStops += truth.slice(1).filter((next, i) => hasStop(trips, truth[i]!.endS, next.startS)).length
  }
  errors.sort((a, b) => a - b)
  const percentile = (part: number): string => `${((errors[Math.floor(errors.length * part)] ?? Number.NaN) * 100).toFixed(2)} %`
  say(
    `${name}: trips ${found}, precision ${ratio(right, found)}, recall ${ratio(right, truths.length)}; stops ${stops}, precision ` +
      `${ratio(rightStops, stops)}, recall ${ratio(rightStops, trueStops)}; distance off p50 ${percentile(0.5)}, p95 ${percentile(0.95)}`,
  )
}

function hasStop(trips: readonly Trip[], fromS: number, toS: number): boolean {
  return trips.slice(1).some((trip, i) => isNear(trips[i]!.end, fromS) && isNear(trip.start, toS))
}

/** CPU of both builds, this one first. */
async function costs(): Promise<void> {
  const said = new Map<string, Costs>()
  for (const [name, dir] of [['this build', root], ...(against ? [['other build', against.dir]] : [])] as [string, string][])
    said.set(name, await childSays(dir))
  say('CPU per 1,000 positions, ms: the law alone; a day at once (deriver + database); as it comes (deriver + database)')
  const sum = ({ deriver, database }: Costs['backlog']): string =>
    `${deriver.toFixed(2)} + ${database.toFixed(2)} = ${(deriver + database).toFixed(2)}`
  for (const [name, { law, backlog, asItComes }] of said) say(`${name}: ${law.toFixed(3)}; ${sum(backlog)}; ${sum(asItComes)}`)
}

function childSays(dir: string): Promise<Costs> {
  const script = fileURLToPath(new URL('./deriveChild.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import=tsx', script], { cwd: dir, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (bytes) => (said += bytes))
  return new Promise((resolve, reject) =>
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`deriving in ${dir} ended with ${code}`)))),
  )
}

function recording(file: string): void {
  const rows = parse(readFileSync(file), { columns: true }) as {
    device: string
    time: string
    lon: string
    lat: string
    speed_kph?: string
  }[]
  const devices = new Map<string, Map<number, Point>>()
  for (const { device, time, lon, lat, speed_kph } of rows) {
    const point: Point = {
      tsMs: Date.parse(time),
      lonE7: Math.round(Number(lon) * 1e7),
      latE7: Math.round(Number(lat) * 1e7),
      speedDkph: speed_kph ? Math.round(Number(speed_kph) * 10) : null,
      odometerM: null,
      ignition: null,
    }
    devices.set(device, (devices.get(device) ?? new Map()).set(point.tsMs, point))
  }
  const tracks = [...devices.values()].map((points) => [...points.values()].sort((a, b) => a.tsMs - b.tsMs))
  const wayM = (points: readonly Point[]): number => points.slice(1).reduce((sum, point, i) => sum + metresBetween(points[i]!, point), 0)
  const recordedM = tracks.reduce((sum, points) => sum + wayM(points), 0)
  for (const [name, build] of [['this build', segment], ...(other ? ([['other build', other]] as const) : [])] as const) {
    const trips = tracks.flatMap((points) => build(points, points.at(-1)!.tsMs + 86_400_000))
    const inTrips = trips.reduce((sum, trip) => sum + trip.distanceM, 0)
    say(
      `${file.split('/').at(-1)}, ${name}: ${trips.length} trips hold ${km(inTrips)} of ${km(recordedM)} between positions (${ratio(inTrips, recordedM)})`,
    )
  }
}

function isNear(point: Point, second: number): boolean {
  return Math.abs((point.tsMs - DAY) / 1000 - second) <= NEAR_S
}
function ratio(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`
}
function km(metres: number): string {
  return `${Math.round(metres / 1000)} km`
}
