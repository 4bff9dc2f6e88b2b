// R15: for long the card of somebody else was in the terminal's reader than of whoever the order, or the book of shifts, names. Who has no card in says nothing: a reader may be broken, or a card forgotten.
import { z } from 'zod'
import type { LoginFact } from '../facts.ts'
import { calm, cannot, defineRule, type Verdict } from '../rule.ts'
import { dutiesOf, HOUR_MS, lengthMs, MIN_MS, overlapMs, overlaps, type Span } from '../spans.ts'

/** A card that nobody took out speaks for whoever put it in for no longer than a day at work. */
const LONGEST_MS = 12 * HOUR_MS

export const driverMismatch = defineRule({
  code: 'R15',
  severity: 'alarm',
  unit: 'min',
  kind: 'event',
  params: z.object({ graceMin: z.number().min(0).max(120).default(15) }),
  judge(facts, { graceMin }): Verdict {
    const orders = facts.orders.flatMap(({ orderId, driverId, departedMs, returnedMs }) =>
      departedMs === null || driverId === null
        ? []
        : [{ driverId, fromMs: departedMs, untilMs: returnedMs ?? facts.nowMs, orderIds: [orderId] }],
    )
    // What an order names stands before the shift.
    const shifts = dutiesOf(facts)
      .filter((shift) => !orders.some((order) => overlaps(order, shift)))
      .map((shift) => ({ ...shift, orderIds: [] as number[] }))
    const driven = [...orders, ...shifts]
    if (driven.length === 0) return calm()
    if (facts.logins === null) return cannot('login', facts)
    const cards = cardsIn(facts.logins)
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    for (const { driverId, orderIds, ...order } of driven) {
      const within = cards.filter((card) => overlaps(card, order))
      if (within.length === 0) verdict.unjudged.push({ why: 'login', ...order })
      const others = within.filter((card) => card.driverId !== driverId && overlapMs(card, order) > graceMin * MIN_MS)
      const [first, last] = [others[0], others.at(-1)]
      if (!first || !last) continue
      const period = { fromMs: Math.max(first.fromMs, order.fromMs), untilMs: Math.min(last.untilMs, order.untilMs) }
      const figure = Math.round(others.reduce((sum, card) => sum + overlapMs(card, order), 0) / MIN_MS)
      const note = others.some((card) => card.driverId === null) ? { note: 'card' } : {}
      verdict.suspicions.push({ ...period, figure, threshold: graceMin, points: [], orderIds, ...note })
    }
    return verdict
  },
})

/** From when to when whose card was in; null: of nobody who is known here. */
function cardsIn(logins: readonly LoginFact[]): (Span & { driverId: number | null })[] {
  return logins
    .flatMap(({ atMs, driverId, on }, n) => {
      const untilMs = Math.min(logins[n + 1]?.atMs ?? Number.POSITIVE_INFINITY, atMs + LONGEST_MS)
      return on ? [{ fromMs: atMs, untilMs, driverId }] : []
    })
    .filter((card) => lengthMs(card) > 0)
}
