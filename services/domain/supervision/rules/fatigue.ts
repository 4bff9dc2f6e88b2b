// R08: driven on without the rest that the law asks for. A hole in the coverage is no rest and no driving: it ends what can be counted.
import { z } from 'zod'
import type { TripFact } from '../facts.ts'
import { defineRule, suspect } from '../rule.ts'
import { endsOf, MIN_MS, ordersIn } from '../spans.ts'

export const fatigue = defineRule({
  code: 'R08',
  severity: 'alarm',
  unit: 'min',
  kind: 'event',
  params: z.object({
    mostMin: z.number().min(30).max(1_440).default(240),
    restMin: z.number().min(1).max(720).default(20),
  }),
  judge(facts, { mostMin, restMin }) {
    // Whoever takes over rests the other: each order's driver is counted by himself.
    const driverOf = (trip: TripFact): number | null =>
      facts.orders.find(
        ({ departedMs, returnedMs }) => departedMs !== null && departedMs < trip.untilMs && (returnedMs ?? facts.nowMs) > trip.fromMs,
      )?.driverId ?? null
    const chains: TripFact[][] = []
    for (const trip of facts.trips) {
      const chain = chains.at(-1)
      const last = chain?.at(-1)
      const goesOn = last && trip.fromMs - last.untilMs < restMin * MIN_MS && driverOf(last) === driverOf(trip)
      if (goesOn) chain!.push(trip)
      else chains.push([trip])
    }
    return suspect(
      chains.flatMap((chain) => {
        const drivenMin = Math.round((chain.at(-1)!.untilMs - chain[0]!.fromMs) / MIN_MS)
        if (drivenMin <= mostMin) return []
        const period = { fromMs: chain[0]!.fromMs, untilMs: chain.at(-1)!.untilMs }
        return [{ ...period, figure: drivenMin, threshold: mostMin, points: chain.flatMap(endsOf), orderIds: ordersIn(facts, period) }]
      }),
    )
  },
})
