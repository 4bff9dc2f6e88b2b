// R24: night after night it stood at one place that is none of its lots, and no order had it away. One night is R10's matter; here the place is.
import { z } from 'zod'
import { addDays, DAY_MS } from '../../days.ts'
import { distanceM, metresOutside } from '../../geofence.ts'
import type { StayFact } from '../facts.ts'
import { calm, cannot, defineRule, type Verdict } from '../rule.ts'
import { afterNight, dutiesOf, lengthMs, MIN_MS, ordersIn, overlaps, type Span, windowsIn } from '../spans.ts'

type Night = Span & Pick<StayFact, 'at' | 'sure'> & { evening: string }

export const nightsAway = defineRule({
  code: 'R24',
  severity: 'remind',
  unit: 'night',
  kind: 'event',
  params: z.object({
    startMinute: z.int().min(0).max(1439).default(1_320),
    endMinute: z.int().min(0).max(1439).default(360),
    withinM: z.number().min(50).max(2_000).default(200),
    forMin: z.number().min(30).max(720).default(120),
    nights: z.int().min(2).max(14).default(3),
    ofNights: z.int().min(2).max(30).default(14),
  }),
  judge(facts, { startMinute, endMinute, withinM, forMin, nights, ofNights }): Verdict {
    const lots = facts.places.filter(({ kind }) => kind === 'lot')
    const covers = [...facts.covers, ...dutiesOf(facts)]
    const asked = { fromMs: facts.fromMs - ofNights * DAY_MS, untilMs: facts.untilMs }
    const away = windowsIn(asked, { startMinute, endMinute, weekdays: 127 }).flatMap((window): Night[] =>
      facts.stays.flatMap(({ at, sure, ...stay }): Night[] => {
        const span = { fromMs: Math.max(stay.fromMs, window.fromMs), untilMs: Math.min(stay.untilMs, window.untilMs) }
        if (lengthMs(span) < forMin * MIN_MS || covers.some((cover) => overlaps(cover, span))) return []
        if (lots.some(({ shape }) => metresOutside(shape, at) <= withinM)) return []
        return [{ ...span, at, sure, evening: window.day }]
      }),
    )
    const ofDay = away.filter(({ fromMs }) => fromMs >= facts.fromMs && fromMs < facts.untilMs)
    if (ofDay.length === 0) return calm()
    if (lots.length === 0) return cannot('lots', facts)
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    for (const night of ofDay) {
      if (!night.sure) {
        verdict.unjudged.push({ why: 'moved', fromMs: night.fromMs, untilMs: night.untilMs })
        continue
      }
      const first = addDays(night.evening, 1 - ofNights)
      const same = away.filter(
        ({ at, sure, evening, fromMs }) => sure && evening >= first && fromMs <= night.fromMs && distanceM(at, night.at) <= withinM,
      )
      const evenings = new Set(same.map(({ evening }) => evening))
      if (evenings.size < nights) continue
      const points = same.map(({ fromMs, at }) => ({ atMs: fromMs, at })).slice(-100)
      const span = { fromMs: night.fromMs, untilMs: night.untilMs }
      verdict.suspicions.push({ ...span, figure: evenings.size, threshold: nights, points, orderIds: ordersIn(facts, span) })
    }
    return verdict
  },
  again: (facts, { startMinute, endMinute, withinM }) => afterNight(facts, { startMinute, endMinute }, withinM),
})
