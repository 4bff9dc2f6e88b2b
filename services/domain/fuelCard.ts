// The law of fuel cards, 一车一卡: what a card may be and become, whoever says it, its page or a file.
import type { FuelCardState } from './places.ts'

/** What a card may become from what it is. A cancelled card is over. */
export const fuelCardMoves: Record<FuelCardState, readonly FuelCardState[]> = {
  active: ['frozen', 'lost', 'cancelled'],
  frozen: ['active', 'lost', 'cancelled'],
  lost: ['active', 'cancelled'],
  cancelled: [],
}

/** The number that is printed on it. */
export const FUEL_CARD_NO = /^\d{12,19}$/

type Card = { state: FuelCardState; vehicleId: number | null; dayLimitFen: number | null; monthLimitFen: number | null }
type Problem = {
  at: 'state' | 'vehicleId' | 'dayLimitFen'
  reason: 'card.limits' | 'card.state' | 'card.cancelledVehicle' | 'card.elsewhere'
}

/** Why a card cannot be this, or become it from what it was. A card goes to another vehicle in two steps, so that none moves unseen. */
export function findCardProblem(card: Card, before?: Card): Problem | undefined {
  if (card.dayLimitFen !== null && card.monthLimitFen !== null && card.dayLimitFen > card.monthLimitFen)
    return { at: 'dayLimitFen', reason: 'card.limits' }
  if (before && (before.state === 'cancelled' || (card.state !== before.state && !fuelCardMoves[before.state].includes(card.state))))
    return { at: 'state', reason: 'card.state' }
  if (card.state === 'cancelled' && card.vehicleId !== null) return { at: 'vehicleId', reason: 'card.cancelledVehicle' }
  const moves = before && before.vehicleId !== null && card.vehicleId !== null && card.vehicleId !== before.vehicleId
  return moves ? { at: 'vehicleId', reason: 'card.elsewhere' } : undefined
}
