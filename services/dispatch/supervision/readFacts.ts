// The facts of vehicles around service days, as rules judge them. One statement a table for all vehicles and all days: whoever judges a region asks for fifty
// vehicles of a day at a time, whoever tries a rule for a month of some.
import { addDays, DAY_MS, dayAt, dayStartMs } from '../../domain/days.ts'
import { distanceM } from '../../domain/geofence.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import { judgeStandard, type Measured } from '../../domain/standards.ts'
import { type Facts, type FixFact, type OrderFact, staysOf, type TripFact } from '../../domain/supervision/facts.ts'
import { isSubjectToQuota, type VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Book } from './book.ts'
import {
  ms,
  readCovers,
  readFills,
  readFixes,
  readLogins,
  readOrders,
  readSeals,
  readShifts,
  readTrips,
  readUpkeepDue,
} from './factRows.ts'

/** Rests of so many days before are known to rules that ask for habits. */
const HABIT_DAYS = 30
/** A shift is a reason to drive for three days (spans.ts). */
const SHIFT_DAYS = 4
/** Moments are read from some hours before the day until some after it, one for each half minute. */
const BEFORE_MS = 3 * 3_600_000
const AFTER_MS = 12 * 3_600_000
/** Positions are kept for 30 days, and those of the oldest may be going. */
const KEPT_DAYS = 28

export type VehicleFacts = { vehicleId: number; unitId: number; unitLft: number; facts: Facts }

type VehicleRow = Measured & {
  vehicleId: number
  unitId: number
  class: VehicleClass
  state: VehicleState
  quotaSeat: number | null
  tankL: number | null
  parkingPlaceId: number | null
  inServiceMs: number
  inspectionUntil: string | null
  insuranceUntil: string | null
  heardMs: number | null
  deriveMs: number | null
}

/** `withFixes` false: nobody will ask for moments of the track. @returns the vehicles that there are, in no order */
export async function readFacts(
  db: Queryable,
  book: Book,
  day: string,
  vehicleIds: readonly number[],
  nowMs: number,
  withFixes = true,
): Promise<VehicleFacts[]> {
  return (await readFactsOfDays(db, book, [day], vehicleIds, nowMs, withFixes))[0]!
}

/** @param days in their order, one after the other. @returns for each of them what `readFacts` says of it */
export async function readFactsOfDays(
  db: Queryable,
  book: Book,
  days: readonly string[],
  vehicleIds: readonly number[],
  nowMs: number,
  withFixes: boolean,
): Promise<VehicleFacts[][]> {
  const spans = days.map((day) => ({ day, fromMs: dayStartMs(day), untilMs: dayStartMs(addDays(day, 1)) }))
  const [fromMs, untilMs] = [spans[0]!.fromMs, spans.at(-1)!.untilMs]
  const { rows: vehicles } = await db.query<VehicleRow>(
    `SELECT v.vehicle_id AS "vehicleId", v.user_unit_id AS "unitId", o.lft AS "unitLft", v.class, v.state, v.category, v.body_type AS "bodyType", v.energy,
       v.price_fen AS "priceFen", v.displacement_ml AS "displacementMl", v.registered_on::text AS "registeredOn", v.quota_seat AS "quotaSeat", v.tank_l AS "tankL",
       v.parking_place_id AS "parkingPlaceId", ${ms("(coalesce(v.in_service_on, v.registered_on)::timestamp AT TIME ZONE 'Asia/Shanghai')")} AS "inServiceMs",
       v.inspection_until::text AS "inspectionUntil", v.insurance_until::text AS "insuranceUntil", ${ms('l.ts')} AS "heardMs",
       CASE WHEN l.derive_from IS NOT NULL THEN ${ms('greatest(l.derive_from, to_timestamp(0))')} END AS "deriveMs"
     FROM every_vehicle v JOIN organisations o ON o.organisation_id = v.user_unit_id LEFT JOIN last_states l ON l.vehicle_id = v.vehicle_id
     WHERE v.vehicle_id = ANY($1::int[])`,
    [vehicleIds],
  )
  const ids = vehicles.map(({ vehicleId }) => vehicleId)
  const read = {
    trips: await readTrips(db, ids, fromMs - HABIT_DAYS * DAY_MS, untilMs + DAY_MS),
    orders: await readOrders(db, ids, fromMs - DAY_MS, untilMs + DAY_MS),
    covers: await readCovers(db, ids, fromMs - HABIT_DAYS * DAY_MS, untilMs + DAY_MS, nowMs),
    seals: await readSeals(db, ids, fromMs - DAY_MS, untilMs + DAY_MS),
    fills: await readFills(db, ids, fromMs - HABIT_DAYS * DAY_MS, untilMs),
    logins: await readLogins(db, ids, fromMs - DAY_MS, untilMs + DAY_MS),
    shifts: await readShifts(db, ids, fromMs - (HABIT_DAYS + SHIFT_DAYS) * DAY_MS, untilMs + DAY_MS),
    upkeep: await readUpkeepDue(db, ids),
  }
  const found: VehicleFacts[][] = []
  for (const span of spans) {
    const trips = new Map(ids.map((id) => [id, tripsOf(read.trips.get(id) ?? [], span)]))
    const fixesKept = dayAt(nowMs - KEPT_DAYS * DAY_MS) <= span.day
    const window = { fromMs: span.fromMs - BEFORE_MS, untilMs: span.untilMs + AFTER_MS }
    const drove = ids.filter((id) => trips.get(id)!.some((trip) => trip.untilMs > window.fromMs && trip.fromMs < window.untilMs))
    const fixes = fixesKept && withFixes ? await readFixes(db, drove, window) : new Map<number, FixFact[]>()
    found.push(
      vehicles.map((row) => ({
        ...{ vehicleId: row.vehicleId, unitId: row.unitId, unitLft: row.unitLft },
        facts: factsOf(book, read, row, { ...span, nowMs, fixesKept }, trips.get(row.vehicleId)!, fixes.get(row.vehicleId) ?? []),
      })),
    )
  }
  return found
}

type Span = { day: string; fromMs: number; untilMs: number }

/** Those of the weeks around the day, and the last before. */
function tripsOf(all: readonly TripFact[], { fromMs, untilMs }: Span): TripFact[] {
  const before = all.findLastIndex((trip) => trip.fromMs < fromMs - HABIT_DAYS * DAY_MS)
  return all.slice(Math.max(0, before)).filter((trip) => trip.fromMs < untilMs + DAY_MS)
}

type Read = {
  orders: Map<number, OrderFact[]>
  covers: Awaited<ReturnType<typeof readCovers>>
  seals: Awaited<ReturnType<typeof readSeals>>
  fills: Awaited<ReturnType<typeof readFills>>
  logins: Awaited<ReturnType<typeof readLogins>>
  shifts: Awaited<ReturnType<typeof readShifts>>
  upkeep: Map<number, number>
}
type Known = Span & Pick<Facts, 'nowMs' | 'fixesKept'>

/** Of what was read of the vehicle, what is of the day and around it. */
function factsOf(book: Book, read: Read, row: VehicleRow, known: Known, all: readonly TripFact[], fixes: readonly FixFact[]): Facts {
  const { vehicleId, unitLft, heardMs, deriveMs } = row
  const { day, fromMs, untilMs, nowMs } = known
  const [habitMs, beganMs, endedMs] = [fromMs - HABIT_DAYS * DAY_MS, fromMs - DAY_MS, untilMs + DAY_MS]
  const excess = judgeStandard(book.limits, row)
  return {
    ...known,
    heardMs,
    knownMs: Math.min(nowMs, deriveMs ?? nowMs),
    vehicle: {
      class: row.class,
      state: row.state,
      tankL: row.tankL,
      inServiceMs: row.inServiceMs,
      inspectionUntilMs: row.inspectionUntil === null ? null : dayStartMs(addDays(row.inspectionUntil, 1)),
      insuranceUntilMs: row.insuranceUntil === null ? null : dayStartMs(addDays(row.insuranceUntil, 1)),
      upkeepDueMs: read.upkeep.get(vehicleId) ?? null,
      overQuota: isSubjectToQuota(row.category) && row.quotaSeat === null && row.state !== 'DISPOSED',
      overStandard: excess.length === 0 ? null : Math.max(...excess.map(({ value, limit }) => value / limit - 1)),
    },
    // Those further back are only asked for where it rested; the last of them says how long it has not been driven.
    trips: all.filter((trip, n) => trip.untilMs > beganMs || n === all.length - 1),
    // Later trips than those of the day after were not read.
    stays: staysOf(all, heardMs === null ? null : Math.min(heardMs, endedMs), distanceM),
    fixes,
    orders: (read.orders.get(vehicleId) ?? []).filter((order) => isOf(order, beganMs, endedMs)),
    covers: (read.covers.get(vehicleId) ?? []).filter((cover) => cover.fromMs < endedMs && cover.untilMs > habitMs),
    // Whoever judges reads them when the rests of all are kept (rests.ts).
    meetings: [],
    seals: (read.seals.get(vehicleId) ?? []).filter((seal) => seal.fromMs < endedMs && (seal.untilMs === null || seal.untilMs > beganMs)),
    shifts: (read.shifts.get(vehicleId) ?? []).filter((shift) => shift.fromMs >= habitMs - SHIFT_DAYS * DAY_MS && shift.fromMs < endedMs),
    places: book.placesOf(unitLft, day, row.parkingPlaceId),
    calendar: book.calendar.of(unitLft),
    fills: (read.fills.get(vehicleId) ?? []).filter(({ atMs }) => atMs >= habitMs && atMs < untilMs),
    driven: all.map((trip) => ({ untilMs: trip.untilMs, distanceM: trip.distanceM })),
    logins: read.logins.get(vehicleId)?.filter(({ atMs }) => atMs >= beganMs && atMs < endedMs) ?? null,
  }
}

/** Planned, driven, or to be ratified in the span; one that is out and has not returned goes on. */
function isOf({ startsMs, endsMs, departedMs, returnedMs, emergency }: OrderFact, fromMs: number, untilMs: number): boolean {
  const lastMs =
    departedMs !== null && returnedMs === null ? Number.POSITIVE_INFINITY : Math.max(endsMs, returnedMs ?? 0, emergency?.ratifyByMs ?? 0)
  return Math.min(startsMs, departedMs ?? startsMs) < untilMs && lastMs > fromMs
}
