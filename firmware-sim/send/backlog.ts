// The memory of all terminals: positions that no broker has taken yet, oldest first per terminal. One set of typed columns and a free
// list serve the whole fleet, so that a long outage costs 50 bytes a position. When a terminal's share is full, its oldest is lost and counted.
import type { PositionMessage } from '../../services/contracts/position.ts'

const NONE = -1

export type BacklogLimits = { perTerminal: number; total: number }

export class Backlog {
  /** Positions held now, and positions lost because memory was full. */
  held = 0
  dropped = 0
  private readonly first: Int32Array
  private readonly last: Int32Array
  private readonly counts: Int32Array
  private readonly limits: BacklogLimits
  private free = NONE
  private columns = emptyColumns(0)

  constructor(terminals: number, limits: BacklogLimits) {
    this.first = new Int32Array(terminals).fill(NONE)
    this.last = new Int32Array(terminals).fill(NONE)
    this.counts = new Int32Array(terminals)
    this.limits = limits
  }

  countOf(terminal: number): number {
    return this.counts[terminal] as number
  }

  push(terminal: number, position: PositionMessage): void {
    const full = this.countOf(terminal) >= this.limits.perTerminal || this.held >= this.limits.total
    if (full) {
      this.dropped++
      if (this.countOf(terminal) === 0) return
      this.release(terminal)
    }
    const slot = this.takeSlot()
    write(this.columns, slot, position)
    this.columns.next[slot] = NONE
    if (this.first[terminal] === NONE) this.first[terminal] = slot
    else this.columns.next[this.last[terminal] as number] = slot
    this.last[terminal] = slot
    this.counts[terminal] = this.countOf(terminal) + 1
    this.held++
  }

  /** Takes out up to `most` positions, oldest first. */
  take(terminal: number, most: number): PositionMessage[] {
    const taken: PositionMessage[] = []
    while (taken.length < most && this.first[terminal] !== NONE) {
      taken.push(read(this.columns, this.first[terminal] as number))
      this.release(terminal)
    }
    return taken
  }

  /** What a terminal holds, oldest first, left where it is. */
  list(terminal: number): PositionMessage[] {
    const held: PositionMessage[] = []
    for (let slot = this.first[terminal] as number; slot !== NONE; slot = this.columns.next[slot] as number)
      held.push(read(this.columns, slot))
    return held
  }

  private release(terminal: number): void {
    const slot = this.first[terminal] as number
    this.first[terminal] = this.columns.next[slot] as number
    this.columns.next[slot] = this.free
    this.free = slot
    this.counts[terminal] = this.countOf(terminal) - 1
    this.held--
  }

  private takeSlot(): number {
    if (this.free === NONE) this.grow()
    const slot = this.free
    this.free = this.columns.next[slot] as number
    return slot
  }

  private grow(): void {
    const old = this.columns
    const size = old.next.length
    this.columns = emptyColumns(Math.max(4096, size * 2))
    for (const name of Object.keys(old) as (keyof Columns)[]) this.columns[name].set(old[name])
    for (let slot = this.columns.next.length - 1; slot >= size; slot--) {
      this.columns.next[slot] = this.free
      this.free = slot
    }
  }
}

type Columns = ReturnType<typeof emptyColumns>

const emptyColumns = (size: number) => ({
  next: new Int32Array(size),
  time: new Float64Array(size),
  lon: new Float64Array(size),
  lat: new Float64Array(size),
  speedKph: new Float64Array(size),
  headingDeg: new Int16Array(size),
  altitudeM: new Int16Array(size),
  odometerM: new Float64Array(size),
  fuelPct: new Float64Array(size),
  socPct: new Float64Array(size),
  ignition: new Uint8Array(size),
  satellites: new Uint8Array(size),
})

/** Terminals of this simulator measure everything but, by kind of vehicle, fuel or charge; NaN stands for those. */
function write(columns: Columns, slot: number, position: PositionMessage): void {
  columns.time[slot] = position.time as number
  columns.lon[slot] = position.lon
  columns.lat[slot] = position.lat
  columns.speedKph[slot] = position.speedKph ?? 0
  columns.headingDeg[slot] = position.headingDeg ?? 0
  columns.altitudeM[slot] = position.altitudeM ?? 0
  columns.odometerM[slot] = position.odometerM ?? 0
  columns.fuelPct[slot] = position.fuelPct ?? Number.NaN
  columns.socPct[slot] = position.socPct ?? Number.NaN
  columns.ignition[slot] = position.ignition ? 1 : 0
  columns.satellites[slot] = position.satellites ?? 0
}

function read(columns: Columns, slot: number): PositionMessage {
  const fuelPct = columns.fuelPct[slot] as number
  const socPct = columns.socPct[slot] as number
  return {
    time: columns.time[slot] as number,
    lon: columns.lon[slot] as number,
    lat: columns.lat[slot] as number,
    speedKph: columns.speedKph[slot] as number,
    headingDeg: columns.headingDeg[slot] as number,
    altitudeM: columns.altitudeM[slot] as number,
    odometerM: columns.odometerM[slot] as number,
    ...(Number.isNaN(fuelPct) ? {} : { fuelPct }),
    ...(Number.isNaN(socPct) ? {} : { socPct }),
    ignition: columns.ignition[slot] === 1,
    satellites: columns.satellites[slot] as number,
  }
}
