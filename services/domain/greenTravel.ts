// 绿色出行: a short way needs no vehicle. What is offered first, and what it saves against one; dated, pure and about.
import { dayAt } from './days.ts'

export const greenWays = ['walk', 'bus'] as const
export type GreenWay = (typeof greenWays)[number]
export type GreenOffer = {
  way: GreenWay
  /** Not driven, there and back. */
  savedKm: number
  /** What the vehicle costs, less the fares. */
  savedFen: number
}

type GreenLaw = {
  /** The day, in the region, from which it holds. */
  from: string
  /** One way at most so far. */
  walkKm: number
  busKm: number
  /** A ride of one person. */
  fareFen: number
  /** A vehicle and its driver in town. */
  kmFen: number
}
const rows: readonly GreenLaw[] = [{ from: '2000-01-01', walkKm: 1.5, busKm: 3, fareFen: 200, kmFen: 250 }]
/** What so many kilometres that are not driven save. */
export const fenOfKm = (km: number, atMs: number): number => Math.round(km * greenLawOn(dayAt(atMs)).kmFen)
const greenLawOn = (day: string): GreenLaw => rows.findLast((row) => row.from <= day) ?? rows[0]!

/** What a short trip of so many people is offered; nothing for one that is further, or of which nobody knows how far it is. */
export function greenOffers({ km, people, atMs }: { km: number | null; people: number; atMs: number }): GreenOffer[] {
  const { walkKm, busKm, fareFen } = greenLawOn(dayAt(atMs))
  if (km === null) return []
  const savedKm = Math.round(km * 20) / 10
  const costFen = fenOfKm(savedKm, atMs)
  const offers: GreenOffer[] = []
  if (km <= walkKm) offers.push({ way: 'walk', savedKm, savedFen: costFen })
  // A bus that costs more than the vehicle saves a way and no money: that is no saving.
  const byBusFen = costFen - 2 * people * fareFen
  if (km <= busKm && byBusFen > 0) offers.push({ way: 'bus', savedKm, savedFen: byBusFen })
  return offers
}
