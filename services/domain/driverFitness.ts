// Is this driver free and allowed to drive this vehicle at this time, and if not why not? Pure: everything it judges by is an argument.
// All reasons are given, not the first one: a dispatcher must see what would have to change.
import { addDays, dayAt, dayStartMs, daysBetween } from './days.ts'
import { type DriverState, type Duty, isOnDuty, type LeaveKind, planDay } from './duty.ts'
import { classesFor, type LicenceClass, qualifies, type VehicleSize } from './licence.ts'
import { type WorkCalendar, weekdayOf } from './workCalendar.ts'

export const fitnessCodes = [
  'SUSPENDED',
  'RETIRED',
  'LICENCE_MISSING',
  'LICENCE_EXPIRED',
  'LICENCE_CLASS',
  'GEARBOX_UNKNOWN',
  'ON_LEAVE',
  'OFF_DUTY',
  'DUTY_UNKNOWN',
  'BUSY',
  'LENT_AWAY',
  'DAY_HOURS',
  'WEEK_HOURS',
  'CONTINUOUS_HOURS',
] as const
export type FitnessCode = (typeof fitnessCodes)[number]
/** `detail` fills the sentence: classes, days, minutes. */
export type FitnessReason = { code: FitnessCode; detail: Record<string, string | number> }

export type Span = { fromMs: number; untilMs: number }
/** `weekMin` null: the week is not limited. */
export type DrivingLimits = { dayMin: number; continuousMin: number; restMin: number; weekMin: number | null }
export type Loan = { organisationId: number; fromDay: string; untilDay: string | null }

export type FitnessCase = {
  driver: {
    state: DriverState
    licenceClasses: readonly LicenceClass[] | null
    licenceExpiresOn: string | null
    duty: Duty
    loans: readonly Loan[]
  }
  vehicle: { size: VehicleSize; automatic: boolean | null }
  window: Span
  /** Orders already given to this driver. */
  busy: readonly Span[]
  /** What his orders take of his time near the window, of the whole week, done or planned, in any order; the window itself is not among it. */
  driving: readonly Span[]
  /**
   * Minutes at the wheel that the window asks for. null = not estimated: all of it counts beside other orders, and alone it is not refused for its length,
   * because nobody knows how long it stands.
   */
  drivingMin: number | null
  limits: DrivingLimits
  calendar: WorkCalendar
  /** Organisations the driver may be asked by while lent to one of them; null = not judged. */
  askedBy: ReadonlySet<number> | null
}

const MINUTE_MS = 60_000
const overlaps = (a: Span, b: Span) => a.fromMs < b.untilMs && b.fromMs < a.untilMs

export function decideDriverFitness(given: FitnessCase): { fit: boolean; reasons: FitnessReason[] } {
  const reasons = [...judgeStanding(given), ...judgeLicence(given), ...judgeDuty(given), ...judgeHours(given)]
  return { fit: reasons.length === 0, reasons }
}

/** What of it hangs on the driver alone, whatever he would drive: for who asks of many drivers and many vehicles. `duty`: what `judgeDutyOf` says. */
export const judgeAlone = (given: Omit<FitnessCase, 'vehicle'>, duty: readonly FitnessReason[] = judgeDutyOf(given)): FitnessReason[] => [
  ...judgeStanding(given),
  ...duty,
  ...judgeHours(given),
]

/** What of it his licence says. */
export const judgeLicenceFor = (given: Pick<FitnessCase, 'driver' | 'vehicle' | 'window'>): FitnessReason[] => [...judgeLicence(given)]

function* judgeStanding({ driver, busy, window, askedBy }: Omit<FitnessCase, 'vehicle'>): Generator<FitnessReason> {
  if (driver.state === 'suspended') yield { code: 'SUSPENDED', detail: {} }
  if (driver.state === 'retired') yield { code: 'RETIRED', detail: {} }
  const day = dayAt(window.fromMs)
  const last = dayAt(window.untilMs - 1)
  const loan = driver.loans.find((row) => row.fromDay <= last && (row.untilDay === null || row.untilDay >= day))
  if (loan && askedBy && !askedBy.has(loan.organisationId))
    yield { code: 'LENT_AWAY', detail: { organisationId: loan.organisationId, until: loan.untilDay ?? '' } }
  const order = busy.find((span) => overlaps(span, window))
  if (order) yield { code: 'BUSY', detail: { from: new Date(order.fromMs).toISOString(), until: new Date(order.untilMs).toISOString() } }
}

function* judgeLicence({ driver, vehicle, window }: Pick<FitnessCase, 'driver' | 'vehicle' | 'window'>): Generator<FitnessReason> {
  if (!driver.licenceClasses || !driver.licenceExpiresOn) {
    yield { code: 'LICENCE_MISSING', detail: {} }
    return
  }
  // Valid through its last day.
  if (driver.licenceExpiresOn < dayAt(window.untilMs - 1)) yield { code: 'LICENCE_EXPIRED', detail: { day: driver.licenceExpiresOn } }
  const qualification = qualifies(driver.licenceClasses, vehicle.size, vehicle.automatic)
  if (qualification === 'wrong_class')
    yield { code: 'LICENCE_CLASS', detail: { held: driver.licenceClasses.join(''), needed: classesFor(vehicle.size).join(' / ') } }
  if (qualification === 'gearbox_unknown') yield { code: 'GEARBOX_UNKNOWN', detail: { held: driver.licenceClasses.join('') } }
}

/**
 * May who is off duty be called for an emergency? So long he has had rest since his last trip, and has before the next; who is out already
 * has none.
 */
export const isRested = ({ fromMs, untilMs }: Span, driving: readonly Span[], restH: number): boolean =>
  driving.every((span) => span.untilMs + restH * 60 * MINUTE_MS <= fromMs || span.fromMs >= untilMs + restH * 60 * MINUTE_MS)

type DutyCase = { driver: { duty: Duty }; window: Span; calendar: WorkCalendar }
/** What of it his shifts, his leave and the calendar say. */
export const judgeDutyOf = (given: DutyCase): FitnessReason[] => [...judgeDuty(given)]

function* judgeDuty({ driver, window, calendar }: DutyCase): Generator<FitnessReason> {
  const last = dayAt(window.untilMs - 1)
  for (let day = dayAt(window.fromMs); day <= last; day = addDays(day, 1)) {
    const { leave } = planDay(day, driver.duty, calendar)
    if (leave) {
      yield { code: 'ON_LEAVE', detail: { day, kind: leave satisfies LeaveKind } }
      return
    }
  }
  const on = isOnDuty(window.fromMs, window.untilMs, driver.duty, calendar)
  if (on === false) yield { code: 'OFF_DUTY', detail: {} }
  if (on === 'unknown') yield { code: 'DUTY_UNKNOWN', detail: { year: last.slice(0, 4) } }
}

function* judgeHours({ window, driving, drivingMin, limits }: Omit<FitnessCase, 'vehicle'>): Generator<FitnessReason> {
  // More than all of it together falls on no day and in no week: of most drivers nothing needs to be laid out day by day.
  const most = driving.reduce((sum, span) => sum + minutesOf(span), Math.max(minutesOf(window), drivingMin ?? 0))
  for (let day = dayAt(window.fromMs); most > limits.dayMin && day <= dayAt(window.untilMs - 1); day = addDays(day, 1)) {
    const given = minutesOn(day, driving)
    const minutes = given + minutesAskedOn(day, window, drivingMin)
    if ((drivingMin !== null || given > 0) && minutes > limits.dayMin) {
      yield { code: 'DAY_HOURS', detail: { day, given: Math.round(given), minutes: Math.round(minutes), limit: limits.dayMin } }
      break
    }
  }
  if (most > (limits.weekMin ?? Infinity)) yield* judgeWeeks(window, driving, drivingMin, limits)
  const before = stretchBeforeMin(merge(driving), limits.restMin, window.fromMs)
  // Rests that the law asks for on the way, and whether the window leaves room for them.
  const rests = drivingMin === null ? 0 : Math.max(0, Math.ceil((before + drivingMin) / limits.continuousMin) - 1)
  const tired = drivingMin === null ? before >= limits.continuousMin : rests * limits.restMin > minutesOf(window) - drivingMin
  if (tired)
    yield {
      code: 'CONTINUOUS_HOURS',
      detail: { minutes: Math.round(before + (drivingMin ?? 0)), limit: limits.continuousMin, rest: limits.restMin },
    }
}

/** Weeks begin on Monday. A day counts no more than may be driven on it: a trip of several days is not driven through. */
function* judgeWeeks(
  window: Span,
  driving: readonly Span[],
  drivingMin: number | null,
  { dayMin, weekMin }: DrivingLimits,
): Generator<FitnessReason> {
  if (weekMin === null) return
  const last = dayAt(window.untilMs - 1)
  for (let monday = mondayOf(dayAt(window.fromMs)); monday <= last; monday = addDays(monday, 7)) {
    let [given, minutes] = [0, 0]
    for (const day of daysBetween(monday, addDays(monday, 6))) {
      const before = minutesOn(day, driving)
      given += Math.min(dayMin, before)
      minutes += Math.min(dayMin, before + minutesAskedOn(day, window, drivingMin))
    }
    if (given > 0 && minutes > weekMin) {
      yield { code: 'WEEK_HOURS', detail: { day: monday, given: Math.round(given), minutes: Math.round(minutes), limit: weekMin } }
      return
    }
  }
}

export const mondayOf = (day: string): string => addDays(day, -weekdayOf(day))

/** What the window takes of a day: its part of what is estimated, or all of its time. */
function minutesAskedOn(day: string, window: Span, drivingMin: number | null): number {
  const own = minutesOn(day, [window])
  return drivingMin === null ? own : (drivingMin * own) / minutesOf(window)
}

const minutesOf = (span: Span) => (span.untilMs - span.fromMs) / MINUTE_MS

/** What spans take of a day, counted once where they overlap. */
export function minutesOn(day: string, spans: readonly Span[]): number {
  if (spans.length === 0) return 0
  const from = dayStartMs(day)
  const until = dayStartMs(addDays(day, 1))
  return merge(spans).reduce((sum, span) => sum + Math.max(0, Math.min(span.untilMs, until) - Math.max(span.fromMs, from)) / MINUTE_MS, 0)
}

/** Overlapping spans as one, in order. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1)
    if (last && span.fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, span.untilMs)
    else merged.push({ ...span })
  }
  return merged
}

/** Minutes driven before `atMs` since the last rest; a pause shorter than `restMin` is none. */
function stretchBeforeMin(spans: readonly Span[], restMin: number, atMs: number): number {
  let minutes = 0
  let next = atMs
  for (const span of spans.toReversed()) {
    if (span.fromMs >= atMs) continue
    if (next - span.untilMs >= restMin * MINUTE_MS) break
    minutes += minutesOf({ fromMs: span.fromMs, untilMs: Math.min(span.untilMs, atMs) })
    next = span.fromMs
  }
  return minutes
}
