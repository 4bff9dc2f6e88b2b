// The fleet in simulated time: hands out the reports of all vehicles in the order of their instants.
import type { ManifestTerminal } from '../../services/contracts/manifest.ts'
import type { KeptVehicle } from '../memory.ts'
import { chanceOf } from '../random.ts'
import { advance } from './advance.ts'
import { beginVehicle, resumeVehicle } from './beginning.ts'
import { EventHeap } from './eventHeap.ts'
import { type Report, reportOf, type Vehicle, type World } from './vehicle.ts'

/** The first reports are spread over this long, so that a start is not a burst. */
const FIRST_REPORTS_MS = 20_000

export class Fleet {
  private readonly terminals: readonly ManifestTerminal[]
  private readonly world: World
  private readonly vehicles: (Vehicle | undefined)[]
  private readonly due: EventHeap
  private readonly kept: Readonly<Record<string, KeptVehicle>>

  /** `kept`: how vehicles were left by an earlier run, by terminal number. */
  constructor(terminals: readonly ManifestTerminal[], world: World, startMs: number, kept: Readonly<Record<string, KeptVehicle>> = {}) {
    this.terminals = terminals
    this.world = world
    this.kept = kept
    this.vehicles = new Array(terminals.length)
    this.due = new EventHeap(terminals.length + 1)
    const spreadMs = world.alwaysEveryMs ?? FIRST_REPORTS_MS
    terminals.forEach((_, n) => {
      this.due.push(n, startMs + spreadMs * chanceOf(world.seed, n, 51))
    })
  }

  /** The instant of the next report. */
  get nextMs(): number {
    return this.due.nextMs
  }

  /** How the vehicle of a terminal stands now; undefined when it has never been heard of. */
  keep(index: number): KeptVehicle | undefined {
    const vehicle = this.vehicles[index]
    if (!vehicle) return this.kept[(this.terminals[index] as ManifestTerminal).terminalId]
    const { lon, lat, odometerM, energy, motion } = vehicle
    return { lon, lat, odometerM, fuelPct: energy.fuelPct, socPct: energy.socPct, driving: motion !== undefined }
  }

  private begin(index: number, atMs: number): Vehicle {
    const terminal = this.terminals[index] as ManifestTerminal
    const kept = this.kept[terminal.terminalId]
    return kept ? resumeVehicle(terminal, this.world, atMs, kept) : beginVehicle(terminal, this.world, atMs)
  }

  /** Gives every report that is due by `nowMs` to `take`, at most `most` of them. */
  runUntil(nowMs: number, most: number, take: (terminal: number, report: Report) => void): void {
    for (let n = 0; n < most && this.due.nextMs <= nowMs; n++) {
      const atMs = this.due.nextMs
      const index = this.due.pop()
      // A vehicle comes into being with its first report: its route costs time only then.
      const vehicle = this.vehicles[index] ?? this.begin(index, atMs)
      this.vehicles[index] = vehicle
      const report = reportOf(vehicle, this.world)
      if (report) take(index, report)
      advance(vehicle, this.world)
      this.due.push(index, vehicle.atMs)
    }
  }
}
