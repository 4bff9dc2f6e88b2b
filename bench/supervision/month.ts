// A labelled month: April 2026 with 清明节, ordinary days of vehicles with what is ordinary about them (late starts, long roads, duty on weekends, nights away), and planted misuse of
// which it is known what it was and when.
import { addDays, dayStartMs, daysBetween } from '../../services/domain/days.ts'
import { distanceM, type LonLat } from '../../services/domain/geofence.ts'
import type { RuleCode } from '../../services/domain/supervision/codes.ts'
import type { OrderFact, PlaceFact } from '../../services/domain/supervision/facts.ts'
import { WorkCalendar } from '../../services/domain/workCalendar.ts'
import { createRandom, type Random } from '../../services/embedded/demo/random.ts'
import { MIN, ObservedVehicle, off, YARD } from './observed.ts'

export const DAYS = daysBetween('2026-04-01', '2026-04-30')
export const calendar = new WorkCalendar(
  [2026],
  [{ day: '2026-04-06', kind: 'holiday', name: '清明节', depth: 0 }],
  [{ effectiveFrom: '2000-01-01', startMinute: 510, endMinute: 1_050, depth: 0 }],
)
const HOTEL = off(9_000, 4_000)
export const places: PlaceFact[] = [
  { kind: 'lot', sensitiveKind: null, name: '车场', shape: { type: 'circle', centre: YARD, radiusM: 100 } },
  { kind: 'border', sensitiveKind: null, name: '旗界', shape: { type: 'circle', centre: YARD, radiusM: 50_000 } },
  { kind: 'sensitive', sensitiveKind: 'hotel', name: '示例宾馆', shape: { type: 'circle', centre: HOTEL, radiusM: 60 } },
]

/** What really happened; each code is right to be raised then. */
export type Label = { codes: readonly RuleCode[]; fromMs: number; untilMs: number }
export type Month = { vehicle: ObservedVehicle; labels: Label[] }

const clock = (day: string, hour: number): number => dayStartMs(day) + Math.round(hour * 60) * MIN
const away = (random: Random, leastKm: number, mostKm: number): LonLat => {
  const [angle, metres] = [random.next() * 2 * Math.PI, random.int(leastKm, mostKm) * 1000]
  return off(Math.cos(angle) * metres, Math.sin(angle) * metres)
}

const shifted = (random: Random, [lon, lat]: LonLat, mostM: number): LonLat => {
  const by = () => (random.next() * 2 - 1) * mostM
  return [lon + by() / 84_300, lat + by() / 111_050]
}

export function buildMonth(seed: number): Month {
  const random = createRandom(seed)
  const vehicle = new ObservedVehicle(random)
  const labels: Label[] = []
  const home = away(random, 6, 15)
  const usual = Array.from({ length: 4 }, () => away(random, 5, 40))
  const is = (share: number) => random.next() < share
  const label = (codes: readonly RuleCode[], fromMs: number, untilMs: number) => void labels.push({ codes, fromMs, untilMs })
  let orderId = seed * 1_000
  // Some have a habit: now and then it is driven home, or children to school. Drawn apart, so that the rest of a month is what it was.
  const own = createRandom(seed + 500_000)
  const habit = own.next() < 0.3 ? own.pick(['home', 'school'] as const) : null
  const school = off(3_000 + own.next() * 2_000, -2_500)
  const days: Record<'home' | 'school', string[]> = { home: [], school: [] }
  /** Whether with this day it is the third of a fortnight, or more. */
  const isHabit = (what: 'home' | 'school', day: string): boolean => {
    days[what].push(day)
    return days[what].filter((each) => each > addDays(day, -14)).length >= 3
  }

  /** Out on an order and back. @returns when it is back */
  function work(day: string, hour: number, kind: string): number {
    const startsMs = clock(day, hour)
    const destination =
      kind === 'fatigue' ? away(random, 190, 230) : kind === 'detour' || kind === 'short' ? away(random, 30, 45) : random.pick(usual)
    // Some leave long before the time that they asked for.
    const departedMs = startsMs + (is(0.03) ? -random.int(16, 30) : random.int(-12, 12)) * MIN
    const metres = distanceM(YARD, destination)
    // An address is not always where its coordinate is.
    const meant = is(0.05) ? shifted(random, destination, 3_000) : shifted(random, destination, 300)
    const end: LonLat = kind === 'short' ? [YARD[0] + (destination[0] - YARD[0]) * 0.5, YARD[1] + (destination[1] - YARD[1]) * 0.5] : meant
    const way =
      kind === 'detour'
        ? [YARD, off(-20_000 * Math.sign(destination[0] - YARD[0]), 25_000 * -Math.sign(destination[1] - YARD[1] || 1)), end]
        : [YARD, end]
    const kph = kind === 'fatigue' ? 40 : is(0.1) ? random.int(95, 116) : random.int(45, 80)
    // Roads bend; some go a long way round a lake or a hill.
    const aside = metres * (is(0.06) ? 0.2 + random.next() * 0.2 : random.next() * 0.12)
    const there = vehicle.drive({
      ...{ fromMs: departedMs, way, kph, aside },
      ...(kind === 'odometer' ? { odometer: 1.35 } : {}),
      ...(kind === 'power' ? { power: { fromMin: 2, forMin: 12 } } : {}),
      ...(kind === 'fast' ? { fast: { fromMin: 3, forS: random.int(90, 300), kph: random.int(132, 150) } } : {}),
    })
    if (kind === 'detour') label(['R05'], departedMs, there)
    // On a way shorter than the threshold nothing was planted.
    if (kind === 'power' && there > departedMs + 7 * MIN) label(['R12'], departedMs + 2 * MIN, departedMs + 14 * MIN)
    if (kind === 'fast') label(['R07'], departedMs, there)
    if (kind === 'idle') {
      vehicle.idle(there + MIN, end, random.int(25, 60))
      label(['R21'], there, there + 60 * MIN)
    } else if (is(0.3)) vehicle.idle(there + MIN, end, random.int(1, 12))
    let backFromMs = there + (kind === 'fatigue' ? 25 : kind === 'idle' ? 70 : random.int(20, 80)) * MIN
    let from = end
    if (kind === 'hotel') {
      const at = vehicle.drive({ fromMs: backFromMs, way: [end, HOTEL], kph: 50 })
      backFromMs = at + random.int(25, 90) * MIN
      label(['R09'], at, backFromMs)
      from = HOTEL
    }
    const returnedMs = vehicle.drive({
      ...{ fromMs: backFromMs, way: [from, YARD], kph, aside },
      ...(kind === 'odometer' ? { odometer: 1.35 } : {}),
    })
    const lateMin = kind === 'late' ? random.int(45, 180) : is(0.05) ? random.int(1, 25) : -random.int(5, 60)
    const endsMs = returnedMs - lateMin * MIN
    if (kind === 'odometer' && metres * 2.24 > 20_000) label(['R13'], departedMs, returnedMs)
    if (kind === 'short') label(['R16'], departedMs, returnedMs)
    if (kind === 'fatigue') label(['R08'], departedMs, returnedMs)
    const emergency: OrderFact['emergency'] =
      kind === 'unratified'
        ? { ratifyByMs: startsMs + 6 * 60 * MIN, ratifiedMs: null }
        : is(0.04)
          ? { ratifyByMs: startsMs + 24 * 60 * MIN, ratifiedMs: startsMs + random.int(1, 20) * 60 * MIN }
          : null
    if (kind === 'unratified') label(['R23'], startsMs + 6 * 60 * MIN, startsMs + 30 * 60 * MIN)
    const plannedMs = Math.max(endsMs, startsMs + 30 * MIN)
    if (kind === 'late' && returnedMs - plannedMs > 30 * MIN) label(['R06'], plannedMs, returnedMs)
    vehicle.orders.push({
      ...{ orderId: ++orderId, driverId: seed, startsMs, endsMs: plannedMs, departedMs, returnedMs },
      ...{ stops: [YARD, destination], destination, emergency },
    })
    if (kind === 'fills')
      for (const n of [0, 1]) {
        vehicle.fills.push({ atMs: there + n * 15 * MIN, litres: null, at: null, orderId })
        if (n === 1) label(['R14'], there + 14 * MIN, there + 17 * MIN)
      }
    return returnedMs
  }

  /** Out without an order, and back. */
  function privately(day: string, hour: number, codes: readonly RuleCode[], to: LonLat, kph = 55): void {
    const fromMs = clock(day, hour)
    const there = vehicle.drive({ fromMs, way: [YARD, to], kph })
    const back = vehicle.drive({ fromMs: there + random.int(25, 50) * MIN, way: [to, YARD], kph })
    label(codes, fromMs, back)
  }

  /** Home after work and back in the morning, without an order; the night is not spent in the lot. */
  function overnight(day: string, untilMs: number): void {
    const fromMs = Math.max(clock(day, 18.6), untilMs + 30 * MIN)
    const there = vehicle.drive({ fromMs, way: [YARD, home], kph: 40 })
    label(['R01', 'R02'], fromMs, there)
    const next = addDays(day, 1)
    label(['R10'], Math.max(there, clock(day, 20)), clock(next, 6))
    const often = isHabit('home', day)
    if (often) label(['R24'], Math.max(there, clock(day, 22)), clock(next, 6))
    // Whoever is there before seven is driven home from work.
    if (often && there < clock(day, 19)) label(['R17'], there, clock(next, 7.2))
    const backMs = clock(next, 7.2)
    label(['R01', 'R02'], backMs, vehicle.drive({ fromMs: backMs, way: [home, YARD], kph: 40 }))
  }

  /** Before the office opens, without an order. */
  function toSchool(day: string): void {
    const fromMs = clock(day, 7.3)
    const there = vehicle.drive({ fromMs, way: [YARD, school], kph: 40 })
    const leaves = there + 8 * MIN
    label(['R01', 'R02'], fromMs, vehicle.drive({ fromMs: leaves, way: [school, YARD], kph: 40 }))
    if (isHabit('school', day)) label(['R17'], there, leaves)
  }

  const sealed = is(0.5)
  if (sealed) vehicle.seals.push({ fromMs: clock('2026-04-04', 0), untilMs: clock('2026-04-07', 0) })
  let taken = ''
  for (const day of DAYS.slice(0, -1)) {
    if (day === taken) continue
    if (calendar.dayKind(day) === 'holiday') {
      const isSealed = sealed && day >= '2026-04-04' && day <= '2026-04-06'
      if (is(0.06)) privately(day, random.int(9, 15), ['R01', 'R03'], away(random, 5, 30))
      else if (!isSealed && is(0.08)) work(day, random.int(9, 12), '')
      continue
    }
    if (habit === 'school' && calendar.dayKind(day) === 'workday' && own.next() < 0.6) toSchool(day)
    if (is(0.1)) continue
    const kind = is(0.25)
      ? random.pick(['late', 'fast', 'hotel', 'detour', 'short', 'odometer', 'power', 'idle', 'unratified', 'fills', 'fatigue'])
      : ''
    const back = work(day, kind === 'fatigue' ? 8.7 : 8.75 + random.next(), kind)
    if (kind === 'fatigue') continue
    const second = is(0.4) && back < clock(day, 13.5) ? work(day, 14, '') : back
    const misuse = is(0.12) ? random.pick(['day', 'evening', 'border', 'home']) : ''
    if (misuse === 'day' && second < clock(day, 14.5)) privately(day, 15, ['R01'], away(random, 3, 12))
    if (misuse === 'evening') privately(day, 20.5, ['R01', 'R02'], away(random, 5, 20))
    if (misuse === 'border' && second < clock(day, 14)) privately(day, 14.6, ['R01', 'R04'], away(random, 58, 64), 80)
    if ((misuse === 'home' || (misuse === '' && habit === 'home' && own.next() < 0.5)) && calendar.dayKind(addDays(day, 1)) === 'workday') {
      overnight(day, second)
      taken = addDays(day, 1)
    }
  }
  vehicle.finish()
  return { vehicle, labels }
}
