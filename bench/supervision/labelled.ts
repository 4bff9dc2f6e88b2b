// How right rules are: a month of vehicles is judged, and what was found is held against what was planted. A finding that meets a label of its rule is right, any other of its rule
// wrong; a label that no finding meets was missed. States (R11, R18, R20, R22) and what these vehicles do not have (R15, R19, R25) are left out.
import { DAY_MS, dayStartMs } from '../../services/domain/days.ts'
import type { RuleCode } from '../../services/domain/supervision/codes.ts'
import { rulesFor } from '../../services/domain/supervision/params.ts'
import { judgeDay } from '../../services/domain/supervision/rule.ts'
import { rules } from '../../services/domain/supervision/rules.ts'
import { buildMonth, calendar, DAYS, type Label, places } from './month.ts'

/** What began or ended so near counts as met. */
const NEAR_MS = 20 * 60_000
const judged: readonly RuleCode[] = [
  'R01',
  'R02',
  'R03',
  'R04',
  'R05',
  'R06',
  'R07',
  'R08',
  'R09',
  'R10',
  'R12',
  'R13',
  'R14',
  'R16',
  'R17',
  'R21',
  'R23',
  'R24',
]

export type Score = { planted: number; met: number; found: number; right: number; precision: number | null; recall: number | null }
export type Wrong = { seed: number; code: RuleCode; from: string; figure: number }
export type Labelled = {
  vehicles: number
  vehicleDays: number
  rules: Partial<Record<RuleCode, Score>>
  unjudged: Record<string, number>
  wrong: Wrong[]
  missed: Wrong[]
}

export function measureLabelled(vehicles: number, seed: number): Labelled {
  const asked = rulesFor([], { unitLft: 1, class: 'official' }, '2026-04-01').filter(({ code }) => judged.includes(code))
  const scores = new Map(judged.map((code) => [code, { planted: 0, met: 0, found: 0, right: 0 }]))
  const answer: Labelled = { vehicles, vehicleDays: vehicles * DAYS.length, rules: {}, unjudged: {}, wrong: [], missed: [] }
  const endMs = dayStartMs(DAYS.at(-1)!) + 2 * DAY_MS
  for (let n = 0; n < vehicles; n++) {
    const { vehicle, labels } = buildMonth(seed * 10_000 + n)
    const met = new Set<string>()
    for (const day of DAYS) {
      const facts = vehicle.factsOf(day, places, calendar, endMs)
      for (const { code, params } of asked) {
        const { suspicions, unjudged } = judgeDay(rules[code], facts, params)
        for (const { why } of unjudged) answer.unjudged[`${code} ${why}`] = (answer.unjudged[`${code} ${why}`] ?? 0) + 1
        for (const { fromMs, untilMs, figure } of suspicions) {
          const score = scores.get(code)!
          score.found++
          const hits = labels.flatMap((label, at) => (label.codes.includes(code) && meets(label, fromMs, untilMs ?? fromMs) ? [at] : []))
          if (hits.length > 0) score.right++
          else answer.wrong.push({ seed: seed * 10_000 + n, code, from: new Date(fromMs).toISOString(), figure })
          for (const at of hits) met.add(`${code} ${at}`)
        }
      }
    }
    for (const [at, { codes, fromMs }] of labels.entries())
      for (const code of new Set(codes)) {
        const score = scores.get(code)!
        score.planted++
        if (met.has(`${code} ${at}`)) score.met++
        else answer.missed.push({ seed: seed * 10_000 + n, code, from: new Date(fromMs).toISOString(), figure: 0 })
      }
  }
  const share = (part: number, whole: number) => (whole === 0 ? null : Math.round((part / whole) * 1000) / 1000)
  for (const [code, score] of scores)
    answer.rules[code] = { ...score, precision: share(score.right, score.found), recall: share(score.met, score.planted) }
  return answer
}

const meets = ({ fromMs, untilMs }: Label, from: number, until: number): boolean => from <= untilMs + NEAR_MS && until >= fromMs - NEAR_MS
