// What rules judge by: the facts of one vehicle around one service day, read once and shared by all rules. Instants are ms since 1970, device time
// where a terminal said it; places are WGS-84 degrees.
import type { LonLat, Shape } from '../geofence.ts'
import type { VehicleState } from '../lifecycle.ts'
import type { SensitiveKind } from '../places.ts'
import type { VehicleClass } from '../vehicle.ts'
import type { WorkCalendar } from '../workCalendar.ts'

/** From (included) until (excluded); null: it goes on. */
export type Period = { fromMs: number; untilMs: number | null }

/** A trip as docs/trips.md derives it, of which no more is expected. `restAt`: where it came to rest. */
export type TripFact = {
  fromMs: number
  untilMs: number
  start: LonLat
  restAt: LonLat
  distanceM: number
  trackM: number | null
  odometerM: number | null
  maxSpeedKph: number | null
}

/** A moment of the track: what was reported within some seconds, put together. Readings that were not sent are null. */
export type FixFact = {
  atMs: number
  at: LonLat
  slowestKph: number | null
  fastestKph: number | null
  ignition: boolean | null
  odometerM: number | null
  fuelPermille: number | null
  /** Alarm bits of JT/T 808 table 24. */
  alarms: number
}

export type OrderFact = {
  orderId: number
  driverId: number | null
  /** As planned. */
  startsMs: number
  endsMs: number
  /** As driven: null = not yet, or never. */
  departedMs: number | null
  returnedMs: number | null
  /** Where it leads, in the order of travel, as far as that is known. */
  stops: readonly LonLat[]
  destination: LonLat | null
  /** Dispatched first and approved afterwards. */
  emergency: { ratifyByMs: number; ratifiedMs: number | null } | null
}

export type ShiftFact = Period & { driverId: number }

export type PlaceFact = { kind: 'lot' | 'sensitive' | 'border'; sensitiveKind: SensitiveKind | null; name: string; shape: Shape }

/**
 * A time in which it and another vehicle, of another unit, rested near each other, both outside their lots and on no order; until the first of them left.
 * `at`, `otherAt`: where each stood.
 */
export type MeetingFact = { fromMs: number; untilMs: number; otherId: number; at: LonLat; otherAt: LonLat }

/** A fill that somebody paid for. `at`: where the station is, if anybody knows. */
export type FillFact = { atMs: number; litres: number | null; at: LonLat | null; orderId: number | null }

export type VehicleFact = {
  class: VehicleClass
  state: VehicleState
  tankL: number | null
  inServiceMs: number
  inspectionUntilMs: number | null
  insuranceUntilMs: number | null
  /** When the first item of its plans of maintenance is due, by time or by the kilometres of its trips; null: no plan, or on no record when it was last done. */
  upkeepDueMs: number | null
  /** Subject to a quota and without a seat in it. */
  overQuota: boolean
  /** By how much its price or displacement is beyond its standard, as a share; null: it is not. */
  overStandard: number | null
}

/** A card that was put into the terminal's reader, or (`on` false) taken out. `driverId` null: of nobody who is known here. */
export type LoginFact = { atMs: number; driverId: number | null; on: boolean }

export type Facts = {
  nowMs: number
  /** The service day, YYYY-MM-DD in Asia/Shanghai, and its bounds. Facts reach a day beyond it on both sides, `stays` further back. */
  day: string
  fromMs: number
  untilMs: number
  /** Trips are derived for good up to here: nothing is said of what comes after. */
  knownMs: number
  /** The last that was heard of the terminal; null: never. */
  heardMs: number | null
  vehicle: VehicleFact
  trips: readonly TripFact[]
  /** Where it rested between trips in the 30 days before. */
  stays: readonly StayFact[]
  /** Of the day and some hours around; read where it drove. */
  fixes: readonly FixFact[]
  /** false: of this day moments are not kept any more. */
  fixesKept: boolean
  orders: readonly OrderFact[]
  /** When orders had it away, as planned and as driven, in the 30 days before and the day after. */
  covers: readonly { fromMs: number; untilMs: number }[]
  /** Those that ended in the 30 days until the end of the day. */
  meetings: readonly MeetingFact[]
  seals: readonly Period[]
  /** Who had the vehicle by the book of shifts, and from when until when. */
  shifts: readonly ShiftFact[]
  places: readonly PlaceFact[]
  calendar: WorkCalendar
  /** Of the day, and of the 30 days before. */
  fills: readonly FillFact[]
  /** How far it drove in those days: of each trip its end and its metres, in the order of time. */
  driven: readonly { untilMs: number; distanceM: number }[]
  /** In the order of time; null: the terminal of this vehicle does not say who drives. */
  logins: readonly LoginFact[] | null
}

/** A rest between two trips. `sure` false: it was found elsewhere than it was left, so nobody knows how long it stayed. */
export type StayFact = { fromMs: number; untilMs: number; at: LonLat; sure: boolean }

/** The rests between trips in the order of time, and the last one as far as something was heard. */
export function staysOf(trips: readonly TripFact[], heardMs: number | null, apartM: (a: LonLat, b: LonLat) => number): StayFact[] {
  return trips.flatMap(({ untilMs, restAt }, n): StayFact[] => {
    const next = trips[n + 1]
    if (!next) return heardMs !== null && heardMs > untilMs ? [{ fromMs: untilMs, untilMs: heardMs, at: restAt, sure: true }] : []
    return [{ fromMs: untilMs, untilMs: next.fromMs, at: restAt, sure: apartM(restAt, next.start) <= MOVED_M }]
  })
}
/** Farther than this from where it was left, it was moved unseen. */
const MOVED_M = 1_000
