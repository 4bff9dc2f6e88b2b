// What a terminal would have reported of a vehicle of a synthetic month: drives with a receiver that scatters, holes in the coverage, an odometer that is a little off and now and then
// a wild speed; from it the facts that rules judge. What really happened is known beside it.
import { addDays, DAY_MS, dayStartMs } from '../../services/domain/days.ts'
import { distanceM, type LonLat } from '../../services/domain/geofence.ts'
import {
  type Facts,
  type FillFact,
  type FixFact,
  type OrderFact,
  type PlaceFact,
  staysOf,
  type TripFact,
} from '../../services/domain/supervision/facts.ts'
import { coverOf } from '../../services/domain/supervision/spans.ts'
import type { WorkCalendar } from '../../services/domain/workCalendar.ts'
import type { Random } from '../../services/embedded/demo/random.ts'

export const MIN = 60_000
export const YARD: LonLat = [111.7, 40.8]
/** So many metres east and north of the yard. */
export const off = (eastM: number, northM: number): LonLat => [YARD[0] + eastM / 84_300, YARD[1] + northM / 111_050]

const EVERY_MS = 30_000
const REST_MS = 5 * MIN
export type Drive = {
  fromMs: number
  /** Straight from each place to the next. */
  way: readonly LonLat[]
  kph: number
  /** Roads are longer than lines by so much to the side, metres. */
  aside?: number
  /** The odometer runs so much faster than the wheels. */
  odometer?: number
  power?: { fromMin: number; forMin: number }
  fast?: { fromMin: number; forS: number; kph: number }
}

export class ObservedVehicle {
  readonly trips: TripFact[] = []
  readonly fixes: FixFact[] = []
  readonly orders: OrderFact[] = []
  readonly fills: FillFact[] = []
  readonly seals: { fromMs: number; untilMs: number }[] = []
  readonly #factor: number
  constructor(private readonly random: Random) {
    this.#factor = 0.94 + random.next() * 0.12
  }

  /** @returns when it arrives */
  drive({ fromMs, way, kph, aside = 0, odometer = 1, power, fast }: Drive): number {
    const { random } = this
    const legs = way.slice(1).map((to, n) => ({ from: way[n]!, to, metres: distanceM(way[n]!, to) }))
    const metres = legs.reduce((sum, leg) => sum + leg.metres, 0) * 1.12
    const untilMs = fromMs + Math.ceil((metres / (kph / 3.6)) * 1000)
    const hole = random.next() < 0.15 ? { atMs: fromMs + random.next() * (untilMs - fromMs), forMs: random.int(2, 40) * MIN } : null
    let fastestKph = 0
    for (let atMs = fromMs; atMs < untilMs; atMs += EVERY_MS) {
      if (hole && atMs >= hole.atMs && atMs < hole.atMs + hole.forMs) continue
      const sinceMin = (atMs - fromMs) / MIN
      const isFast = fast && sinceMin >= fast.fromMin && sinceMin * 60 < fast.fromMin * 60 + fast.forS
      const speed = isFast ? fast.kph : Math.max(5, kph + (random.next() - 0.5) * 16)
      // One wild value of a receiver beside others of the same half minute.
      const wild = random.next() < 0.002 ? 190 : 0
      fastestKph = Math.max(fastestKph, speed, wild)
      const cut = power && sinceMin >= power.fromMin && sinceMin < power.fromMin + power.forMin
      this.#fix(atMs, placeAt(legs, (atMs - fromMs) / (untilMs - fromMs), aside), {
        ...{ slowestKph: speed, fastestKph: Math.max(speed, wild), ignition: true },
        alarms: cut || random.next() < 0.001 ? 1 << 8 : 0,
      })
    }
    const trackM = Math.round(metres * (0.99 + random.next() * 0.02))
    const odometerM = Math.round(metres * this.#factor * odometer)
    const scattered = (at: LonLat): LonLat => this.#scatter(at)
    this.trips.push({
      ...{ fromMs, untilMs, start: scattered(way[0]!), restAt: scattered(way.at(-1)!) },
      ...{ distanceM: odometerM, trackM, odometerM, maxSpeedKph: fastestKph },
    })
    return untilMs
  }

  /** It stands with its engine on. */
  idle(fromMs: number, at: LonLat, forMin: number): void {
    for (let n = 0; n <= forMin * 2; n++)
      this.#fix(fromMs + n * EVERY_MS, at, { slowestKph: 0, fastestKph: this.random.next() * 2, ignition: true, alarms: 0 })
  }

  #scatter([lon, lat]: LonLat): LonLat {
    const by = () => (this.random.next() + this.random.next() - 1) * 20
    return [lon + by() / 84_300, lat + by() / 111_050]
  }

  #fix(atMs: number, at: LonLat, more: Pick<FixFact, 'slowestKph' | 'fastestKph' | 'ignition' | 'alarms'>): void {
    this.fixes.push({ atMs, at: this.#scatter(at), odometerM: null, fuelPermille: null, ...more })
  }

  /** As they are read for a day (services/dispatch/supervision/readFacts.ts). */
  factsOf(day: string, places: readonly PlaceFact[], calendar: WorkCalendar, endMs: number): Facts {
    const [fromMs, untilMs] = [dayStartMs(day), dayStartMs(addDays(day, 1))]
    const nowMs = Math.min(untilMs + DAY_MS, endMs)
    const trips = this.trips.filter((trip) => trip.untilMs < nowMs && trip.untilMs > fromMs - 30 * DAY_MS)
    const within = (ms: number) => ms >= fromMs - 3 * 60 * MIN && ms < untilMs + 12 * 60 * MIN
    return {
      ...{ nowMs, day, fromMs, untilMs, knownMs: nowMs, heardMs: nowMs, fixesKept: true },
      vehicle: {
        ...{ class: 'official', state: 'AVAILABLE', tankL: null, inServiceMs: 0, inspectionUntilMs: null, insuranceUntilMs: null },
        ...{ upkeepDueMs: null, overQuota: false, overStandard: null },
      },
      trips: trips.filter((trip) => trip.untilMs > fromMs - DAY_MS),
      stays: staysOf(trips, nowMs, distanceM),
      fixes: this.fixes.filter(({ atMs }) => within(atMs)),
      orders: this.orders.filter(
        (order) =>
          Math.min(order.startsMs, order.departedMs ?? order.startsMs) < untilMs + DAY_MS &&
          Math.max(order.endsMs, order.returnedMs ?? 0, order.emergency?.ratifyByMs ?? 0) > fromMs - DAY_MS,
      ),
      covers: this.orders.map((order) => coverOf(order, nowMs, 0)),
      meetings: [],
      seals: this.seals,
      shifts: [],
      places: [...places],
      calendar,
      fills: this.fills.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs),
      driven: [],
      logins: null,
    }
  }

  /** At rest a terminal reports every five minutes; when all drives are made. */
  finish(): void {
    this.trips.sort((a, b) => a.fromMs - b.fromMs)
    const moving = new Set(this.fixes.map(({ atMs }) => Math.floor(atMs / REST_MS)))
    for (const [n, { untilMs, restAt }] of this.trips.entries())
      for (let atMs = untilMs + REST_MS; atMs < (this.trips[n + 1]?.fromMs ?? untilMs + DAY_MS); atMs += REST_MS)
        if (!moving.has(Math.floor(atMs / REST_MS))) this.#fix(atMs, restAt, { slowestKph: 0, fastestKph: 0, ignition: false, alarms: 0 })
    this.fixes.sort((a, b) => a.atMs - b.atMs)
    this.orders.sort((a, b) => a.startsMs - b.startsMs)
  }
}

function placeAt(legs: readonly { from: LonLat; to: LonLat; metres: number }[], share: number, aside: number): LonLat {
  let left = share * legs.reduce((sum, { metres }) => sum + metres, 0)
  for (const { from, to, metres } of legs) {
    if (left > metres) {
      left -= metres
      continue
    }
    const part = metres === 0 ? 0 : left / metres
    // A bow beside the line, farthest in its middle.
    const bow = Math.sin(part * Math.PI) * aside
    return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part + bow / 111_050]
  }
  return legs.at(-1)!.to
}
