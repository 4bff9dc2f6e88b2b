// What a trip that is over is settled by: the lines that follow from prices, what of it is whose to bear, and whether an invoice agrees
// with the track. Pure; whoever calls knows the tariffs that held on the day.

import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import { fenFor, shareFen } from './money.ts'
import type { CostKind } from './orders.ts'
import { daysOf, type Journey, type PricePart, priceOf, type Tariff } from './tariff.ts'

export type Settled = Journey & {
  /** The driver is the fleet's own, not the supplier's. */
  ownDriver: boolean
  /** Who uses the vehicle is not whose it is. */
  foreign: boolean
  /** An invoice is there: it stands for the price. */
  invoiced: boolean
  own: Tariff | undefined
  lease: Tariff | undefined
  allowance: Tariff | undefined
}

/** A line that follows from a price. `part` and `quantity` say of what it is the price. */
export type ProposedLine = { kind: CostKind; part: PricePart | 'day' | 'away'; quantity: number; fen: number; tariffId: number }

export function proposeLines(given: Settled): ProposedLine[] {
  const { own, lease, allowance, foreign, invoiced, ownDriver } = given
  const priced = (kind: CostKind, tariff: Tariff, journey: Journey): ProposedLine[] =>
    priceOf(tariff, journey).map((line) => ({ ...line, kind, tariffId: tariff.tariffId }))
  return [
    ...(lease && !invoiced ? priced('lease', lease, given) : []),
    ...(own && foreign ? priced('mileage', own, { ...given, withDriver: ownDriver }) : []),
    ...(allowance && ownDriver ? allowanceOf(allowance, given) : []),
  ]
}

/** By the day; a trip that is long enough is out of town on each of its days. */
function allowanceOf({ driverFen, awayFen, tariffId }: Tariff, journey: Journey): ProposedLine[] {
  const away = journey.distanceM >= dispatchLawOn(dayAt(journey.fromMs)).awayKm * 1000
  const quantity = daysOf(journey).length
  const fen = (away ? awayFen : driverFen) * quantity
  return fen === 0 ? [] : [{ kind: 'allowance', part: away ? 'away' : 'day', quantity, fen, tariffId }]
}

/** What another person has to decide: an invoice that does not agree, before the order is closed; a correction afterwards, before it counts. */
export const costQuestions = ['dispute', 'correction'] as const
export type CostQuestion = (typeof costQuestions)[number]
/** What of an order's costs waits for somebody who approves costs: all of them, once they were submitted, or a line. */
export const costMatters = ['settlement', ...costQuestions] as const
export type Judged = { question: CostQuestion | null; decision: 'stands' | 'refused' | null }
/** A correction counts when another person has agreed; everything else from its beginning. */
export const counts = ({ question, decision }: Judged): boolean => question !== 'correction' || decision === 'stands'
export const isUndecided = ({ question, decision }: Judged): boolean => question !== null && decision === null

export type Cost = { kind: CostKind; fen: number }
/** What a price by the kilometre pays for already. */
const inMileage: readonly CostKind[] = ['fuel', 'charge']

/** What was spent: a price between units is none of it. */
export const isSpent = ({ kind }: Cost): boolean => kind !== 'mileage'

/** What the one who used the vehicle owes the one whose it is: where a price by the kilometre holds, that, and what it does not pay for; else what was spent. */
export function chargeOf(costs: readonly Cost[]): number {
  const priced = costs.some(({ kind }) => kind === 'mileage')
  return costs.filter(({ kind }) => !priced || !inMileage.includes(kind)).reduce((sum, { fen }) => sum + fen, 0)
}

export type Share = { unitId: number; weight: number }
/** One half of a transfer; the other is its mirror. */
export type Transfer = { unitId: number; fen: number }

/**
 * What moves from the cost centre of `home` to those that bear the charge, as pairs of which each adds up to nothing. `booked`: what moved
 * already; a second call with what the first moved moves nothing.
 */
export function transfersOf(
  home: number,
  charge: number,
  shares: readonly Share[],
  booked: readonly Transfer[] = [],
): [Transfer, Transfer][] {
  const fens = shareFen(
    charge,
    shares.map(({ weight }) => weight),
  )
  const due = new Map<number, number>()
  for (const { unitId, fen } of booked) if (unitId !== home) due.set(unitId, (due.get(unitId) ?? 0) - fen)
  shares.forEach(({ unitId }, n) => {
    if (unitId !== home) due.set(unitId, (due.get(unitId) ?? 0) + fens[n]!)
  })
  return [...due]
    .filter(([, fen]) => fen !== 0)
    .map(([unitId, fen]) => [
      { unitId: home, fen: -fen },
      { unitId, fen },
    ])
}

/** What a supplier claims, and what there is to hold it against; null = not known. */
export type Claim = { claimedM: number; claimedFen: number; trackM: number | null; priceFen: number | null }
export const disputeReasons = ['km', 'price'] as const
export type DisputeReason = (typeof disputeReasons)[number]

/** Why an invoice is disputed: more kilometres than the track has and the law allows, or more than the price of what it claims. */
export function findDispute({ claimedM, claimedFen, trackM, priceFen }: Claim, day: string): DisputeReason | null {
  const { leaseOverTrackPct } = dispatchLawOn(day)
  if (trackM !== null && claimedM * 100 > trackM * (100 + leaseOverTrackPct)) return 'km'
  return priceFen !== null && claimedFen > priceFen ? 'price' : null
}

/** What is paid of a disputed invoice that does not stand: the price of what it claims, or of what the track has; without a price the invoice in proportion. */
export function fenWhenRefused(
  dispute: DisputeReason,
  { claimedM, claimedFen, trackM, priceFen }: Claim,
  priceByTrackFen: number | null,
): number {
  if (dispute === 'price' || trackM === null) return Math.min(claimedFen, priceFen ?? claimedFen)
  return Math.min(claimedFen, priceByTrackFen ?? fenFor(claimedFen, trackM, claimedM))
}
