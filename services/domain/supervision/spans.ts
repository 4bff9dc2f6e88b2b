// Spans of time that rules share: what orders cover, what is left when they are taken out, runs of moments.
import { addDays, dayAt, dayStartMs } from '../days.ts'
import { metresOutside } from '../geofence.ts'
import { weekdayOf } from '../workCalendar.ts'
import type { Facts, FixFact, OrderFact, TripFact } from './facts.ts'

export type Span = { fromMs: number; untilMs: number }
export const MIN_MS = 60_000
export const HOUR_MS = 3_600_000

export const lengthMs = ({ fromMs, untilMs }: Span): number => Math.max(0, untilMs - fromMs)
export const overlapMs = (a: Span, b: Span): number => Math.max(0, Math.min(a.untilMs, b.untilMs) - Math.max(a.fromMs, b.fromMs))
export const overlaps = (a: Span, b: Span): boolean => overlapMs(a, b) > 0

/** When an order lets its vehicle be driven: as planned and as driven, both, and `graceMin` around. Who is not back is still on it. */
export const coverOf = ({ startsMs, endsMs, departedMs, returnedMs }: OrderFact, nowMs: number, graceMin: number): Span => ({
  fromMs: Math.min(startsMs, departedMs ?? startsMs) - graceMin * MIN_MS,
  untilMs: Math.max(endsMs, returnedMs ?? (departedMs === null ? endsMs : nowMs)) + graceMin * MIN_MS,
})
/** Whoever has not handed over for so long is on no shift any more. */
const LONGEST_SHIFT_MS = 72 * HOUR_MS

/** Shifts of law enforcement in the field, which are a reason to drive; of other vehicles orders alone are. */
export const dutiesOf = ({ vehicle, shifts, nowMs }: Pick<Facts, 'vehicle' | 'shifts' | 'nowMs'>): (Span & { driverId: number })[] =>
  vehicle.class !== 'law_enforcement'
    ? []
    : shifts.map(({ fromMs, untilMs, driverId }) => ({ driverId, fromMs, untilMs: Math.min(untilMs ?? nowMs, fromMs + LONGEST_SHIFT_MS) }))

/** As planned alone. */
export const planOf = ({ startsMs, endsMs }: OrderFact, graceMin: number): Span => ({
  fromMs: startsMs - graceMin * MIN_MS,
  untilMs: endsMs + graceMin * MIN_MS,
})

/** What is left of a span without the others, in order. */
export function without(span: Span, others: readonly Span[]): Span[] {
  let left = [span]
  for (const other of others)
    left = left.flatMap((part) => {
      if (!overlaps(part, other)) return [part]
      return [
        { fromMs: part.fromMs, untilMs: Math.min(part.untilMs, other.fromMs) },
        { fromMs: Math.max(part.fromMs, other.untilMs), untilMs: part.untilMs },
      ].filter((each) => each.untilMs > each.fromMs)
    })
  return left
}

/** Metres of a trip within a span, spread evenly over its time. */
export const metresWithin = (trip: TripFact, span: Span): number =>
  trip.untilMs === trip.fromMs ? 0 : Math.round((trip.distanceM * overlapMs(trip, span)) / (trip.untilMs - trip.fromMs))

/** Where a trip began and came to rest, as evidence. */
export const endsOf = (trip: TripFact) => [
  { atMs: trip.fromMs, at: trip.start },
  { atMs: trip.untilMs, at: trip.restAt },
]

/** Moments of the track within a trip or stay; where none are kept, its two ends. */
export const momentsOf = (facts: Facts, trip: TripFact) => {
  const within = facts.fixes.filter(({ atMs }) => atMs >= trip.fromMs && atMs <= trip.untilMs)
  return within.length > 1 ? within : endsOf(trip)
}

/** Orders of which the cover meets the span. */
export const ordersIn = (facts: Facts, span: Span): number[] =>
  facts.orders.filter((order) => overlaps(coverOf(order, facts.nowMs, 0), span)).map(({ orderId }) => orderId)

/** No run goes on over a longer silence: what was between is not known. */
const SILENCE_MS = 10 * MIN_MS

/** Runs of moments in which something holds, by hysteresis: it begins where `enters` and ends where `leaves`; a silence ends it. */
export function runsOf<F extends Pick<FixFact, 'atMs'>>(
  fixes: readonly F[],
  enters: (fix: F) => boolean,
  leaves: (fix: F) => boolean,
): F[][] {
  const runs: F[][] = []
  let run: F[] | null = null
  let lastMs = Number.NEGATIVE_INFINITY
  for (const fix of fixes) {
    if (run && (fix.atMs - lastMs > SILENCE_MS || leaves(fix))) {
      runs.push(run)
      run = null
    }
    if (run) run.push(fix)
    else if (enters(fix)) run = [fix]
    lastMs = fix.atMs
  }
  return run ? [...runs, run] : runs
}

/**
 * The windows of a day's clock that touch a span, by the day on which they begin: one over midnight belongs to the evening it began.
 * Minutes from midnight; an end at or before the beginning is on the next day. Bit 0 of `weekdays` is Monday.
 */
export function windowsIn(
  span: Span,
  { startMinute, endMinute, weekdays }: { startMinute: number; endMinute: number; weekdays: number },
): (Span & { day: string })[] {
  const windows: (Span & { day: string })[] = []
  const lastDay = dayAt(span.untilMs)
  for (let day = addDays(dayAt(span.fromMs), -1); day <= lastDay; day = addDays(day, 1)) {
    if (!(weekdays & (1 << weekdayOf(day)))) continue
    const fromMs = dayStartMs(day) + startMinute * MIN_MS
    const untilMs = dayStartMs(endMinute <= startMinute ? addDays(day, 1) : day) + endMinute * MIN_MS
    if (overlaps({ fromMs, untilMs }, span)) windows.push({ day, fromMs, untilMs })
  }
  return windows
}

/** Reports of the last minutes may still be on their way. */
const SETTLED_MS = 15 * MIN_MS
/**
 * When a night that begins on the day is over, for a vehicle that stands outside its lots and has not left since: no trip will ask for it, and so the rule does.
 * @returns null where it is over, or there is nothing to wait for
 */
export function afterNight(facts: Facts, window: { startMinute: number; endMinute: number }, withinM: number): number | null {
  const night = windowsIn(facts, { ...window, weekdays: 127 }).find(({ day }) => day === facts.day)
  const last = facts.stays.at(-1)
  if (!night || !last || facts.nowMs >= night.untilMs + SETTLED_MS) return null
  if (facts.trips.some(({ fromMs }) => fromMs >= last.untilMs)) return null
  const isHome = facts.places.some(({ kind, shape }) => kind === 'lot' && metresOutside(shape, last.at) <= withinM)
  return isHome ? null : night.untilMs + SETTLED_MS
}
