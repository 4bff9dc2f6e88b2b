// Is a vehicle or a driver free for a time, and if not why not? By its file, by what it is booked for, and by whether it is fit until the end.
// Pure. All reasons are given: a dispatcher must see what would have to change. Which driver fits which vehicle is driverFitness.ts.
import { dayAt } from './days.ts'
import type { Span } from './driverFitness.ts'
import type { DriverState } from './duty.ts'
import type { VehicleState } from './lifecycle.ts'

/** A time for which it is promised or held. `untilMs` null: until further notice. `holder`: whose trip it is, such as order:12. */
export type Booking = { fromMs: number; untilMs: number | null; reason: 'trip' | 'maintenance' | 'seal' | 'leave'; holder: string | null }

export type Unavailable =
  | { code: 'STATE'; state: VehicleState | DriverState }
  | { code: 'BOOKED'; booking: Booking }
  /** Valid through this day, which is before the end. */
  | { code: 'EXPIRES'; field: 'insuranceUntil' | 'inspectionUntil' | 'licenceExpiresOn'; day: string }

export type VehicleCase = { state: VehicleState; insuranceUntil: string | null; inspectionUntil: string | null }
export type DriverCase = { state: DriverState; licenceExpiresOn: string | null }

const overlaps = (a: Booking, b: Span) => a.fromMs < b.untilMs && (a.untilMs === null || b.fromMs < a.untilMs)

/** `state` is the file's: what is promised is no state of it. A date that the file does not have is no reason. */
export function judgeVehicle(
  { state, insuranceUntil, inspectionUntil }: VehicleCase,
  bookings: readonly Booking[],
  span: Span,
): Unavailable[] {
  return judge(state === 'AVAILABLE' ? [] : [{ code: 'STATE', state }], { inspectionUntil, insuranceUntil }, bookings, span)
}

export function judgeDriver({ state, ...dates }: DriverCase, bookings: readonly Booking[], span: Span): Unavailable[] {
  return judge(state === 'active' ? [] : [{ code: 'STATE', state }], dates, bookings, span)
}

type Dates = Partial<Record<Extract<Unavailable, { code: 'EXPIRES' }>['field'], string | null>>

function judge(standing: Unavailable[], dates: Dates, bookings: readonly Booking[], span: Span): Unavailable[] {
  const last = dayAt(span.untilMs - 1)
  const all = standing
  for (const field in dates) {
    const day = dates[field as keyof Dates]
    if (day != null && day < last) all.push({ code: 'EXPIRES', field: field as keyof Dates, day })
  }
  for (const booking of bookings) if (overlaps(booking, span)) all.push({ code: 'BOOKED', booking })
  return all
}
