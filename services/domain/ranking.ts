// Which vehicle and driver fit a request best, and why; and for each that does not, why not. Pure: everything it judges by is an argument.

import { type Booking, judgeVehicle } from './availability.ts'
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import type { FitnessReason } from './driverFitness.ts'
import type { VehicleState } from './lifecycle.ts'
import { heldFor } from './requests.ts'

/** Whose it is: of the unit that asks, of its motor pool, or of another unit. */
export const tiers = ['own', 'pool', 'other'] as const
export type Tier = (typeof tiers)[number]

export type Wanted = { startsAtMs: number; endsAtMs: number; passengers: number; withDriver: boolean; distanceKm: number | null }
export type VehicleOffer = {
  vehicleId: number
  /** Vehicles of one kind take the same drivers. */
  kind: string
  state: VehicleState
  /** The driver's among them. */
  seats: number
  tier: Tier
  electric: boolean
  socPct: number | null
  inspectionUntil: string | null
  insuranceUntil: string | null
  /** To where the trip begins, by road; null = not known. */
  pickUpKm: number | null
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
  /** Why not, of vehicles of a kind; none = fit. */
  judge: (kind: string) => FitnessReason[]
}

export const exclusionCodes = ['STATE', 'SEATS', 'BUSY', 'EXPIRES', 'CHARGE', 'NO_DRIVER'] as const
export type Exclusion = { code: (typeof exclusionCodes)[number]; detail: Record<string, string | number> }
export const rankingCodes = ['TIER', 'PICK_UP', 'SEATS', 'USUAL_DRIVER', 'USE'] as const
/** A reason for a place in the ranking: points, and what they are for. */
export type Reason = { code: (typeof rankingCodes)[number]; points: number; detail: Record<string, string | number> }

export type Pair = { vehicleId: number; driverId: number | null; points: number; why: Reason[] }
export type Ranking = { pairs: Pair[]; excluded: { vehicleId: number; reasons: Exclusion[] }[] }

const TIER_POINTS: Record<Tier, number> = { own: 40, pool: 25, other: 0 }

/** All reasons why a vehicle cannot take the trip; none = it can, if there is a driver. */
export function judgeOffer(vehicle: VehicleOffer, wanted: Wanted): Exclusion[] {
  const { state, inspectionUntil, insuranceUntil } = vehicle
  const reasons: Exclusion[] = judgeVehicle({ state, inspectionUntil, insuranceUntil }, vehicle.bookings, heldFor(wanted)).map(
    (why): Exclusion => {
      if (why.code === 'STATE') return { code: 'STATE', detail: { state: why.state } }
      if (why.code === 'EXPIRES') return { code: 'EXPIRES', detail: { field: why.field, day: why.day } }
      const { fromMs, untilMs, reason } = why.booking
      return {
        code: 'BUSY',
        detail: { from: new Date(fromMs).toISOString(), until: untilMs === null ? '' : new Date(untilMs).toISOString(), held: reason },
      }
    },
  )
  const { leastChargePct, fullChargeKm } = dispatchLawOn(dayAt(wanted.startsAtMs))
  const places = vehicle.seats - (wanted.withDriver ? 1 : 0)
  if (places < wanted.passengers) reasons.push({ code: 'SEATS', detail: { places, passengers: wanted.passengers } })
  if (vehicle.electric && vehicle.socPct !== null && wanted.distanceKm !== null) {
    const needed = Math.ceil(leastChargePct + ((wanted.distanceKm * 2 + (vehicle.pickUpKm ?? 0)) / fullChargeKm) * 100)
    if (vehicle.socPct < needed) reasons.push({ code: 'CHARGE', detail: { has: Math.round(vehicle.socPct), needed } })
  }
  return reasons
}

/** The best pair of each vehicle that can take the trip, the best first; and the others with their reasons. Equal ones by their numbers. */
export function rankPairs(wanted: Wanted, vehicles: readonly VehicleOffer[], drivers: readonly DriverOffer[]): Ranking {
  const fitFor = fitDrivers(drivers)
  const pairs: Pair[] = []
  const excluded: Ranking['excluded'] = []
  for (const vehicle of vehicles) {
    const reasons = judgeOffer(vehicle, wanted)
    const driver = reasons.length > 0 || !wanted.withDriver ? null : bestDriver(vehicle, fitFor(vehicle.kind))
    if (wanted.withDriver && reasons.length === 0 && driver === null) reasons.push({ code: 'NO_DRIVER', detail: {} })
    if (reasons.length > 0) excluded.push({ vehicleId: vehicle.vehicleId, reasons })
    else pairs.push(pairOf(vehicle, driver, wanted))
  }
  pairs.sort((a, b) => b.points - a.points || a.vehicleId - b.vehicleId)
  return { pairs, excluded }
}

/** Who is fit for a kind of vehicle, those with the least to do first; judged once a kind. */
function fitDrivers(drivers: readonly DriverOffer[]): (kind: string) => readonly DriverOffer[] {
  const known = new Map<string, readonly DriverOffer[]>()
  const load = ({ ordersNear, usual }: DriverOffer) => ordersNear + (usual === null ? 0 : 1)
  const sorted = drivers.toSorted((a, b) => load(a) - load(b) || a.driverId - b.driverId)
  return (kind) => {
    const fit = known.get(kind) ?? sorted.filter((driver) => driver.judge(kind).length === 0)
    known.set(kind, fit)
    return fit
  }
}

/** The vehicle's usual driver if he is among them; else the first of those who are as near by unit, or the first of all. */
const bestDriver = ({ vehicleId, tier }: VehicleOffer, fit: readonly DriverOffer[]): DriverOffer | null =>
  fit.find(({ usual }) => usual === vehicleId) ?? fit.find((driver) => driver.tier === tier) ?? fit[0] ?? null

function pairOf(vehicle: VehicleOffer, driver: DriverOffer | null, wanted: Wanted): Pair {
  const spare = vehicle.seats - (wanted.withDriver ? 1 : 0) - wanted.passengers
  const why: Reason[] = [
    { code: 'TIER', points: TIER_POINTS[vehicle.tier], detail: { tier: vehicle.tier } },
    ...(vehicle.pickUpKm === null
      ? []
      : [
          {
            code: 'PICK_UP' as const,
            points: Math.max(-60, Math.round(30 - vehicle.pickUpKm * 2)),
            detail: { km: Math.round(vehicle.pickUpKm * 10) / 10 },
          },
        ]),
    { code: 'SEATS', points: -2 * Math.min(spare, 10), detail: { spare } },
    { code: 'USE', points: -2 * Math.min(vehicle.ordersNear + (driver?.ordersNear ?? 0), 10), detail: { orders: vehicle.ordersNear } },
    ...(driver?.usual === vehicle.vehicleId ? [{ code: 'USUAL_DRIVER' as const, points: 10, detail: {} }] : []),
  ]
  return { vehicleId: vehicle.vehicleId, driverId: driver?.driverId ?? null, points: why.reduce((sum, { points }) => sum + points, 0), why }
}

/** From when there is room for a trip of that length, after what is booked; `bookings` in order. null: not before further notice. */
export function nextFree(wanted: { startsAtMs: number; endsAtMs: number }, bookings: readonly Booking[]): number | null {
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
