// Facts of a made-up vehicle on Monday 2026-03-02 (a working day), for rules to judge.
import { addDays, dayStartMs } from '../../services/domain/days.ts'
import { distanceM, type LonLat } from '../../services/domain/geofence.ts'
import type { Facts, FixFact, OrderFact, TripFact } from '../../services/domain/supervision/facts.ts'
import { staysOf } from '../../services/domain/supervision/facts.ts'
import { coverOf } from '../../services/domain/supervision/spans.ts'
import { WorkCalendar } from '../../services/domain/workCalendar.ts'

export const DAY = '2026-03-02'
export const MIN = 60_000
export const HOUR = 3_600_000
/** 10:30 on a day. */
export const at = (clock: string, day = DAY): number => {
  const [hours, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return dayStartMs(day) + hours! * HOUR + minutes * MIN + seconds * 1000
}
export const YARD: LonLat = [111.7, 40.8]
/** So many metres east and north of the yard. */
export const off = (eastM: number, northM = 0): LonLat => [YARD[0] + eastM / 84_300, YARD[1] + northM / 111_050]

export const hours = [{ effectiveFrom: '2000-01-01', startMinute: 510, endMinute: 1_050, depth: 0 }]
export const calendar = new WorkCalendar([2025, 2026], [], hours)

export const trip = (from: number, until: number, more: Partial<TripFact> = {}): TripFact => ({
  ...{ fromMs: from, untilMs: until, start: YARD, restAt: YARD, distanceM: 10_000, trackM: 10_000, odometerM: 10_000, maxSpeedKph: 60 },
  ...more,
})
export const order = (from: number, until: number, more: Partial<OrderFact> = {}): OrderFact => ({
  ...{ orderId: 1, driverId: 7, startsMs: from, endsMs: until, departedMs: from, returnedMs: until },
  ...{ stops: [YARD, off(20_000)], destination: off(20_000), emergency: null },
  ...more,
})
export const fix = (atMs: number, place: LonLat, more: Partial<FixFact> = {}): FixFact => ({
  ...{ atMs, at: place, slowestKph: 40, fastestKph: 40, ignition: true, odometerM: null, fuelPermille: null, alarms: 0 },
  ...more,
})

export function facts(more: Partial<Facts> = {}): Facts {
  const day = more.day ?? DAY
  const trips = more.trips ?? []
  const heardMs = more.heardMs === undefined ? dayStartMs(addDays(day, 2)) : more.heardMs
  return {
    ...{ nowMs: dayStartMs(addDays(day, 2)), day, fromMs: dayStartMs(day), untilMs: dayStartMs(addDays(day, 1)) },
    ...{ knownMs: dayStartMs(addDays(day, 2)), heardMs, fixesKept: true },
    vehicle: {
      ...{
        class: 'official',
        state: 'AVAILABLE',
        tankL: null,
        inServiceMs: 0,
        inspectionUntilMs: null,
        insuranceUntilMs: null,
        upkeepDueMs: null,
      },
      ...{ overQuota: false, overStandard: null },
    },
    ...{
      trips,
      stays: staysOf(trips, heardMs, distanceM),
      fixes: [],
      orders: [],
      covers: (more.orders ?? []).map((each) => coverOf(each, dayStartMs(addDays(day, 2)), 0)),
      meetings: [],
      seals: [],
      shifts: [],
      places: [],
      calendar,
      fills: [],
      driven: [],
      logins: null,
    },
    ...more,
  }
}
