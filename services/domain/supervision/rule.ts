// What a rule of supervision (监督规则) is: parameters with their defaults, and one pure judgement of a vehicle's facts. Nobody is guilty by it:
// it says what is suspected (疑似), by which figure, and apart from that what it could not judge, and why.
import type { z } from 'zod'
import type { LonLat } from '../geofence.ts'
import type { RuleCode } from './codes.ts'
import type { Facts, Period } from './facts.ts'

export const severities = ['remind', 'alarm'] as const
export type Severity = (typeof severities)[number]
export const figureUnits = ['m', 'min', 'h', 'day', 'night', 'kph', 'percent', 'litre', 'per100', 'count'] as const
export type FigureUnit = (typeof figureUnits)[number]

/** Why something could not be judged. None of it speaks against anybody. */
export const unjudgedReasons = ['calendar', 'track', 'border', 'lots', 'destination', 'odometer', 'login', 'fuel', 'moved'] as const
export type UnjudgedReason = (typeof unjudgedReasons)[number]

/** What a suspicion rests on: moments of the track, and orders. */
export type EvidencePoint = { atMs: number; at: LonLat }
export type Suspicion = Period & {
  figure: number
  threshold: number
  points: readonly EvidencePoint[]
  orderIds: readonly number[]
  /** What is beside it, such as the name of the place. */
  note?: string
}
export type Unjudged = { why: UnjudgedReason; fromMs: number; untilMs: number }
export type Verdict = { suspicions: Suspicion[]; unjudged: Unjudged[] }

export type Rule<P = unknown> = {
  /** Its name and what it says stand in words.ts (`rule`, `ruleSays`); a page puts 疑似 before the name. */
  code: RuleCode
  severity: Severity
  unit: FigureUnit
  /** event: it belongs to the service day on which it began. state: it holds or not, and is judged as of now. */
  kind: 'event' | 'state'
  /** Needs moments of the track beside trips. */
  fixes?: true
  /** Needs where it met others. */
  meetings?: true
  params: z.ZodType<P>
  judge(facts: Facts, params: P): Verdict
  /** When it wants to be asked again though nothing changes; null: never. */
  again?(facts: Facts, params: P): number | null
}

/** A rule as the list holds it: what it is asked with is checked first. */
export const defineRule = <P>(rule: Rule<P>): Rule =>
  ({
    ...rule,
    judge: (facts: Facts, params: unknown) => rule.judge(facts, params as P),
    ...(rule.again ? { again: (facts: Facts, params: unknown) => rule.again!(facts, params as P) } : {}),
  }) as Rule

export const calm = (): Verdict => ({ suspicions: [], unjudged: [] })
export const suspect = (suspicions: Suspicion[]): Verdict => ({ suspicions, unjudged: [] })
export const cannot = (why: UnjudgedReason, { fromMs, untilMs }: { fromMs: number; untilMs: number }): Verdict => ({
  suspicions: [],
  unjudged: [{ why, fromMs, untilMs }],
})

/** So many moments show where and when; more are in the track. */
const MOST_POINTS = 100
export const pointsOf = (points: readonly EvidencePoint[]): EvidencePoint[] => {
  const every = Math.max(1, Math.ceil(points.length / MOST_POINTS))
  return points.filter((_, n) => n % every === 0 || n === points.length - 1).map(({ atMs, at }) => ({ atMs, at }))
}

/**
 * What a rule says of the service day: events that began in it, and states as they are. What is not known for good yet is left out.
 */
export function judgeDay(rule: Rule, facts: Facts, params: unknown): Verdict {
  if (rule.fixes && !facts.fixesKept) return cannot('track', facts)
  const { suspicions, unjudged } = rule.judge(facts, params)
  if (rule.kind === 'state') return { suspicions, unjudged }
  const isOfDay = ({ fromMs }: { fromMs: number }) => fromMs >= facts.fromMs && fromMs < facts.untilMs
  return {
    suspicions: suspicions.filter(isOfDay).sort((a, b) => a.fromMs - b.fromMs),
    unjudged: unjudged.filter(({ fromMs, untilMs }) => fromMs < facts.untilMs && untilMs > facts.fromMs),
  }
}
