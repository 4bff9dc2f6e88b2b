// R01: it drove, and no order covers that; of law enforcement, no shift either.
import { z } from 'zod'
import { defineRule, pointsOf, suspect } from '../rule.ts'
import { coverOf, dutiesOf, lengthMs, MIN_MS, metresWithin, momentsOf, overlaps, without } from '../spans.ts'

export const tripWithoutOrder = defineRule({
  code: 'R01',
  severity: 'alarm',
  unit: 'm',
  kind: 'event',
  params: z.object({
    moreThanM: z.number().min(100).max(100_000).default(500),
    moreThanMin: z.number().min(1).max(240).default(3),
    graceMin: z.number().min(0).max(240).default(15),
  }),
  judge(facts, { moreThanM, moreThanMin, graceMin }) {
    const covers = [...facts.orders.map((order) => coverOf(order, facts.nowMs, graceMin)), ...dutiesOf(facts)]
    return suspect(
      facts.trips.flatMap((trip) =>
        without(trip, covers).flatMap((part) => {
          const metres = metresWithin(trip, part)
          if (metres <= moreThanM && !(lengthMs(part) > moreThanMin * MIN_MS && metres > 0)) return []
          const points = momentsOf(facts, trip).filter(({ atMs }) => overlaps({ fromMs: atMs, untilMs: atMs + 1 }, part))
          return [{ ...part, figure: metres, threshold: moreThanM, points: pointsOf(points), orderIds: [] }]
        }),
      ),
    )
  },
})
