// What a trip costs by a tariff: a price from a day on, with what it includes. Pure: metres and minutes in, whole fen out.

import { addDays, dayAt, dayStartMs, daysBetween } from './days.ts'
import { fenFor } from './money.ts'
import type { BodyType } from './vehicle.ts'

/** own: what a unit pays the one whose vehicle it uses. lease: a supplier's. allowance: a driver's, for a day in town and one out of it. */
export const tariffKinds = ['own', 'lease', 'allowance'] as const
export type TariffKind = (typeof tariffKinds)[number]

/** Prices in fen. `baseFen` holds for the trip with the metres and minutes that it includes; what is over costs by the kilometre and by the begun hour. */
export type Prices = {
  baseFen: number
  includedM: number
  includedMin: number
  kmFen: number
  hourFen: number
  /** For each day, begun or whole, with the supplier's driver; of an allowance the day in town. */
  driverFen: number
  /** For each night that it touches. */
  nightFen: number
  /** Of an allowance: the day out of town. */
  awayFen: number
}

export type Tariff = Prices & {
  tariffId: number
  kind: TariffKind
  /** Where it holds: the interval of its organisation's subtree. A narrower one is nearer. */
  lft: number
  rgt: number
  supplierId: number | null
  /** null = any. */
  bodyType: BodyType | null
  effectiveFrom: string
}

/** How far and how long: metres, and from when until when. */
export type Journey = { distanceM: number; fromMs: number; untilMs: number; withDriver: boolean }

export const priceParts = ['base', 'km', 'overtime', 'driver', 'night'] as const
export type PricePart = (typeof priceParts)[number]
/** A part of a price: so many kilometres, begun hours, days or nights, and what they cost. */
export type PriceLine = { part: PricePart; quantity: number; fen: number }

/** How many a leased vehicle takes beside its driver, by its body. */
export const leasedSeats: Record<BodyType, number> = {
  sedan: 4,
  off_road: 4,
  small_bus: 8,
  medium_bus: 18,
  large_bus: 44,
  truck: 1,
  special: 1,
}

/** A night of the region lasts from ten in the evening until six. */
const NIGHT = { fromH: 22, untilH: 6 }

/** The days of the region that the journey touches. */
export const daysOf = ({ fromMs, untilMs }: Pick<Journey, 'fromMs' | 'untilMs'>): string[] =>
  daysBetween(dayAt(fromMs), dayAt(Math.max(fromMs, untilMs - 1)))

function countNights({ fromMs, untilMs }: Journey): number {
  const evenings = daysBetween(addDays(dayAt(fromMs), -1), dayAt(Math.max(fromMs, untilMs - 1)))
  return evenings.filter((day) => {
    const begin = dayStartMs(day) + NIGHT.fromH * 3_600_000
    return fromMs < begin + (24 - NIGHT.fromH + NIGHT.untilH) * 3_600_000 && untilMs > begin
  }).length
}

/** What the journey costs by the tariff, part by part; parts that cost nothing are left out. */
export function priceOf(prices: Prices, journey: Journey): PriceLine[] {
  const { distanceM, fromMs, untilMs, withDriver } = journey
  const overM = Math.max(0, distanceM - prices.includedM)
  const overH = Math.ceil(Math.max(0, (untilMs - fromMs) / 60_000 - prices.includedMin) / 60)
  const [days, nights] = [withDriver ? daysOf(journey).length : 0, countNights(journey)]
  const lines: PriceLine[] = [
    { part: 'base', quantity: 1, fen: prices.baseFen },
    { part: 'km', quantity: overM / 1000, fen: fenFor(prices.kmFen, overM, 1000) },
    { part: 'overtime', quantity: overH, fen: prices.hourFen * overH },
    { part: 'driver', quantity: days, fen: prices.driverFen * days },
    { part: 'night', quantity: nights, fen: prices.nightFen * nights },
  ]
  return lines.filter(({ fen }) => fen !== 0)
}

/** The one tariff that holds for a vehicle of a unit on a day: the nearest organisation's, of the exact body before any, the latest. */
export const findTariff = (
  tariffs: readonly Tariff[],
  kind: TariffKind,
  { lft, day, bodyType, supplierId = null }: { lft: number; day: string; bodyType: BodyType | null; supplierId?: number | null },
): Tariff | undefined =>
  tariffs
    .filter(
      (row) =>
        row.kind === kind &&
        row.supplierId === supplierId &&
        row.lft <= lft &&
        lft <= row.rgt &&
        row.effectiveFrom <= day &&
        (row.bodyType === null || row.bodyType === bodyType),
    )
    .sort(
      (a, b) =>
        a.rgt - a.lft - (b.rgt - b.lft) ||
        Number(b.bodyType !== null) - Number(a.bodyType !== null) ||
        (a.effectiveFrom < b.effectiveFrom ? 1 : a.effectiveFrom > b.effectiveFrom ? -1 : a.tariffId - b.tariffId),
    )[0]
