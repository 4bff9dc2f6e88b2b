// Which vehicle and driver fit a request best, and why; and for each that does not, why not. Pure: everything it judges by is an argument.

import { type Booking, judgeVehicle } from './availability.ts'
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import type { FitnessReason } from './driverFitness.ts'
import { type Equipment, missingOf } from './equipment.ts'
import type { VehicleState } from './lifecycle.ts'
import { findLentAway, isCovered, type Lending } from './loans.ts'
import { heldFor } from './requests.ts'
import type { Leg } from './roads.ts'

/** Whose it is: of the unit that asks, of its motor pool, lent to it, of a pool that is kept above it, or of another unit. */
export const tiers = ['own', 'pool', 'loan', 'upper', 'other'] as const
export type Tier = (typeof tiers)[number]

export type Wanted = {
  startsAtMs: number
  endsAtMs: number
  passengers: number
  withDriver: boolean
  distanceKm: number | null
  urgent: boolean
  /** What the vehicle must have aboard. */
  equipment: readonly Equipment[]
}
export type PickUp = Leg & { by: 'router' | 'estimate' }
export type VehicleOffer = {
  vehicleId: number
  /** Vehicles of one kind take the same drivers. */
  kind: string
  state: VehicleState
  /** The driver's among them. */
  seats: number
  tier: Tier
  /** What was lent of it, to whom. */
  lending: Lending
  equipment: readonly Equipment[]
  electric: boolean
  socPct: number | null
  inspectionUntil: string | null
  insuranceUntil: string | null
  /** The way to where the trip begins; null = not known. */
  pickUp: PickUp | null
  /** The roads do not lead there. */
  cutOff: boolean
  /** Orders of the week before and after. */
  ordersNear: number
  /** What it is booked for already, as far as it touches the time that the trip holds it. */
  bookings: readonly Booking[]
}
export type DriverOffer = {
  driverId: number
  tier: Tier
  /** Vehicles that the driver usually drives. */
  usual: number | null
  ordersNear: number
  /** Minutes that his orders take of the day already. */
  dayMin: number
  /** Why not, whatever he would drive; none = he is there. BUSY says with what: `holder`. */
  reasons: readonly FitnessReason[]
  /** Whether he is on duty hangs on the calendar of this year, which nobody has announced. */
  unknownYear: string | null
  /** Off duty, and on call for an emergency. */
  onCall: boolean
  /** Why not, of vehicles of a kind: what his licence says; none = fit. */
  judge: (kind: string) => readonly FitnessReason[]
}

export const exclusionCodes = [
  'STATE',
  'EQUIPMENT',
  'SEATS',
  'BUSY',
  'EXPIRES',
  'CHARGE',
  'NO_ROUTE',
  'LENT',
  'NO_LOAN',
  'NO_DRIVER',
] as const
export type Exclusion = { code: (typeof exclusionCodes)[number]; detail: Record<string, string | number> }
export const rankingCodes = ['TIER', 'PICK_UP', 'EQUIPMENT', 'SEATS', 'USUAL_DRIVER', 'USE', 'HOURS', 'CALENDAR', 'ON_CALL'] as const
/** A reason for a place in the ranking: points, and what they are for. */
export type Reason = { code: (typeof rankingCodes)[number]; points: number; detail: Record<string, string | number> }

/** `why` adds up to the points. */
export type Pair = { vehicleId: number; driverId: number | null; points: number; readonly why: Reason[] }
export type Excluded = { vehicleId: number; reasons: Exclusion[] }
export type Ranking = { pairs: Pair[]; excluded: Excluded[] }

/** Who is at work is there sooner than who is called from home. */
const ON_CALL_POINTS = -20
const USUAL_POINTS = 10
const TIER_POINTS: Record<Tier, number> = { own: 40, pool: 25, loan: 10, upper: 5, other: 0 }

/** What is another's is as good as lent where a loan covers the whole trip, or an agreement stands. */
export const tierWith = (tier: Tier, { loans, agreed }: Lending, trip: Pick<Wanted, 'startsAtMs' | 'endsAtMs'>): Tier =>
  tier !== 'own' && tier !== 'pool' && (agreed || isCovered(loans, trip)) ? 'loan' : tier

/** All reasons why a vehicle cannot take the trip; none = it can, if there is a driver. */
export function judgeOffer(vehicle: VehicleOffer, wanted: Wanted, held = heldFor(wanted)): Exclusion[] {
  const { state, inspectionUntil, insuranceUntil } = vehicle
  const reasons: Exclusion[] = judgeVehicle({ state, inspectionUntil, insuranceUntil }, vehicle.bookings, held).map((why): Exclusion => {
    if (why.code === 'STATE') return { code: 'STATE', detail: { state: why.state } }
    if (why.code === 'EXPIRES') return { code: 'EXPIRES', detail: { field: why.field, day: why.day } }
    const { fromMs, untilMs, reason } = why.booking
    return {
      code: 'BUSY',
      detail: { from: new Date(fromMs).toISOString(), until: untilMs === null ? '' : new Date(untilMs).toISOString(), held: reason },
    }
  })
  const away = findLentAway(vehicle.lending.loans, held)
  if (away) reasons.push({ code: 'LENT', detail: { to: away.borrower, until: new Date(away.untilMs).toISOString() } })
  // In an emergency nobody is asked first; what is owed for it is settled all the same.
  else if (vehicle.tier === 'other' && !wanted.urgent) reasons.push({ code: 'NO_LOAN', detail: {} })
  if (vehicle.cutOff) reasons.push({ code: 'NO_ROUTE', detail: {} })
  const missing = wanted.equipment.length === 0 ? [] : missingOf(wanted.equipment, vehicle.equipment)
  if (missing.length > 0) reasons.push({ code: 'EQUIPMENT', detail: { missing: missing.join(' ') } })
  const places = vehicle.seats - (wanted.withDriver ? 1 : 0)
  if (places < wanted.passengers) reasons.push({ code: 'SEATS', detail: { places, passengers: wanted.passengers } })
  if (vehicle.electric && vehicle.socPct !== null && wanted.distanceKm !== null) {
    const { leastChargePct, fullChargeKm } = dispatchLawOn(dayAt(wanted.startsAtMs))
    const needed = Math.ceil(leastChargePct + ((wanted.distanceKm * 2 + (vehicle.pickUp?.km ?? 0)) / fullChargeKm) * 100)
    if (vehicle.socPct < needed) reasons.push({ code: 'CHARGE', detail: { has: Math.round(vehicle.socPct), needed } })
  }
  return reasons
}

/** The best pair of each vehicle that can take the trip, the best first; and the others with their reasons. Equal ones by their numbers. */
export function rankPairs(wanted: Wanted, vehicles: readonly VehicleOffer[], drivers: readonly DriverOffer[]): Ranking {
  const fitFor = fitDrivers(drivers)
  const whyNobody = onceAKind((kind) => countReasons(drivers, kind))
  const pairs: Pair[] = []
  const excluded: Excluded[] = []
  const held = heldFor(wanted)
  for (const vehicle of vehicles) {
    const reasons = judgeOffer(vehicle, wanted, held)
    const driver = reasons.length > 0 || !wanted.withDriver ? null : bestDriver(vehicle, fitFor(vehicle.kind))
    if (wanted.withDriver && reasons.length === 0 && driver === null) reasons.push({ code: 'NO_DRIVER', detail: whyNobody(vehicle.kind) })
    if (reasons.length > 0) excluded.push({ vehicleId: vehicle.vehicleId, reasons })
    else pairs.push(new Explained(vehicle, driver, wanted))
  }
  pairs.sort((a, b) => b.points - a.points || a.vehicleId - b.vehicleId)
  return { pairs, excluded }
}

/** Why a driver does not drive a vehicle of this kind: what is true of any vehicle first. */
export const judgeDriverOffer = (driver: DriverOffer, kind: string): FitnessReason[] => [...driver.reasons, ...driver.judge(kind)]

/** How many drivers each reason keeps from vehicles of a kind. */
function countReasons(drivers: readonly DriverOffer[], kind: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const driver of drivers) for (const { code } of judgeDriverOffer(driver, kind)) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

/** Who is fit for a kind of vehicle, as they are looked for. */
type Fit = { usual: ReadonlyMap<number, DriverOffer>; ofTier: Partial<Record<Tier, DriverOffer>>; first: DriverOffer | null }

/** Who is fit for a kind of vehicle, those with the least to do first. */
function fitDrivers(drivers: readonly DriverOffer[]): (kind: string) => Fit {
  const doubt = ({ unknownYear, onCall }: DriverOffer) => (onCall ? 2 : unknownYear === null ? 0 : 1)
  const load = ({ ordersNear, usual }: DriverOffer) => ordersNear + (usual === null ? 0 : 1)
  const sorted = drivers
    .filter(({ reasons }) => reasons.length === 0)
    .sort((a, b) => doubt(a) - doubt(b) || load(a) - load(b) || a.dayMin - b.dayMin || a.driverId - b.driverId)
  return onceAKind((kind) => {
    const usual = new Map<number, DriverOffer>()
    const ofTier: Fit['ofTier'] = {}
    let first: DriverOffer | null = null
    for (const driver of sorted) {
      if (driver.judge(kind).length > 0) continue
      first ??= driver
      ofTier[driver.tier] ??= driver
      if (driver.usual !== null && !usual.has(driver.usual)) usual.set(driver.usual, driver)
    }
    return { usual, ofTier, first }
  })
}

/** There are few kinds among many vehicles. */
function onceAKind<T extends object>(judge: (kind: string) => T): (kind: string) => T {
  const known = new Map<string, T>()
  return (kind) => {
    const found = known.get(kind) ?? judge(kind)
    known.set(kind, found)
    return found
  }
}

/** The vehicle's usual driver if he is among them; else the first of those who are as near by unit, or the first of all. Nobody is called whose work another does who is there. */
const bestDriver = ({ vehicleId, tier }: VehicleOffer, { usual, ofTier, first }: Fit): DriverOffer | null =>
  [usual.get(vehicleId), ofTier[tier]].find((driver) => driver?.onCall === false) ?? usual.get(vehicleId) ?? ofTier[tier] ?? first

/** How many of what was left out each reason keeps out; one with two reasons is counted under both. */
export function countByReason(all: readonly { reasons: readonly { code: string }[] }[]): { code: string; n: number }[] {
  const counts = new Map<string, number>()
  for (const { reasons } of all)
    for (const code of new Set(reasons.map((reason) => reason.code))) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, n]) => ({ code, n })).sort((a, b) => b.n - a.n || (a.code < b.code ? -1 : 1))
}

/** A pair with its points; of thousands few are asked why. */
class Explained implements Pair {
  readonly vehicleId: number
  readonly driverId: number | null
  readonly points: number
  constructor(
    private readonly vehicle: VehicleOffer,
    private readonly driver: DriverOffer | null,
    private readonly wanted: Wanted,
  ) {
    this.vehicleId = vehicle.vehicleId
    this.driverId = driver?.driverId ?? null
    this.points =
      TIER_POINTS[vehicle.tier] +
      (vehicle.pickUp === null ? 0 : pickUpPoints(vehicle.pickUp)) +
      seatPoints(spareOf(vehicle, wanted)) +
      pointsOfUse(vehicle, driver) +
      (driver === null
        ? 0
        : hourPoints(driver) + (driver.onCall ? ON_CALL_POINTS : 0) + (driver.usual === vehicle.vehicleId ? USUAL_POINTS : 0))
  }
  get why(): Reason[] {
    return whyOf(this.vehicle, this.driver, this.wanted)
  }
}

const spareOf = ({ seats }: VehicleOffer, { withDriver, passengers }: Wanted): number => seats - (withDriver ? 1 : 0) - passengers
const seatPoints = (spare: number): number => -2 * Math.min(spare, 10)
const pointsOfUse = (vehicle: VehicleOffer, driver: DriverOffer | null): number =>
  -2 * Math.min(vehicle.ordersNear + (driver?.ordersNear ?? 0), 10)
const hourPoints = ({ dayMin }: DriverOffer): number => (dayMin > 0 ? -Math.min(Math.round(dayMin / 60), 10) : 0)
const pickUpPoints = ({ minutes }: PickUp): number => Math.max(-60, 30 - Math.round(minutes))

/** All that a pair has points for, and what is to be known of it. */
function whyOf(vehicle: VehicleOffer, driver: DriverOffer | null, wanted: Wanted): Reason[] {
  const { tier, pickUp, ordersNear: orders } = vehicle
  const spare = spareOf(vehicle, wanted)
  const why: Reason[] = [{ code: 'TIER', points: TIER_POINTS[tier], detail: { tier } }]
  if (pickUp !== null) {
    const { km, minutes, by } = pickUp
    why.push({ code: 'PICK_UP', points: pickUpPoints(pickUp), detail: { km: Math.round(km * 10) / 10, minutes: Math.ceil(minutes), by } })
  }
  if (wanted.equipment.length > 0) why.push({ code: 'EQUIPMENT', points: 0, detail: { has: wanted.equipment.join(' ') } })
  why.push(
    { code: 'SEATS', points: seatPoints(spare), detail: { spare } },
    { code: 'USE', points: pointsOfUse(vehicle, driver), detail: { orders } },
  )
  if (driver === null) return why
  if (driver.dayMin > 0) why.push({ code: 'HOURS', points: hourPoints(driver), detail: { hours: Math.round(driver.dayMin / 6) / 10 } })
  if (driver.unknownYear) why.push({ code: 'CALENDAR', points: 0, detail: { year: driver.unknownYear } })
  if (driver.onCall) why.push({ code: 'ON_CALL', points: ON_CALL_POINTS, detail: {} })
  if (driver.usual === vehicle.vehicleId) why.push({ code: 'USUAL_DRIVER', points: USUAL_POINTS, detail: {} })
  return why
}

/** From when there is room for a trip of that length, after what is booked; `bookings` in order. null: not before further notice. */
export function nextFree(
  wanted: { startsAtMs: number; endsAtMs: number },
  bookings: readonly Pick<Booking, 'fromMs' | 'untilMs'>[],
): number | null {
  const held = heldFor(wanted)
  let fromMs = held.fromMs
  for (const booking of bookings) {
    if (booking.untilMs !== null && booking.untilMs <= fromMs) continue
    if (booking.fromMs >= fromMs + (held.untilMs - held.fromMs)) break
    if (booking.untilMs === null) return null
    fromMs = booking.untilMs
  }
  return fromMs + (wanted.startsAtMs - held.fromMs)
}

type Times = { startsAtMs: number; endsAtMs: number }
/** The stretches of a window in which a trip can lie, with room for preparation and cleaning between what is booked; `bookings` in order. */
export function freeTimes(window: Times, bookings: readonly Pick<Booking, 'fromMs' | 'untilMs'>[]): Times[] {
  const held = heldFor(window)
  const [before, after] = [window.startsAtMs - held.fromMs, held.untilMs - window.endsAtMs]
  const free: Times[] = []
  let startsAtMs = window.startsAtMs
  for (const { fromMs, untilMs } of bookings) {
    const endsAtMs = Math.min(window.endsAtMs, fromMs - after)
    if (endsAtMs > startsAtMs) free.push({ startsAtMs, endsAtMs })
    if (untilMs === null) return free
    startsAtMs = Math.max(startsAtMs, untilMs + before)
  }
  if (window.endsAtMs > startsAtMs) free.push({ startsAtMs, endsAtMs: window.endsAtMs })
  return free
}
