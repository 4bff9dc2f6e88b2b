// All rules of a day over the facts of one vehicle.

import type { RuleCode } from './codes.ts'
import type { Facts } from './facts.ts'
import type { InForce } from './params.ts'
import type { Judged } from './reconcile.ts'
import { judgeDay } from './rule.ts'
import { rules } from './rules.ts'

export type Asked = InForce & { code: RuleCode }

/** @param now false: a day of the past, on which states are not judged */
export function judgeAll(facts: Facts, asked: readonly Asked[], now: boolean): { judged: Judged[]; againMs: number | null } {
  const judged: Judged[] = []
  const again: number[] = []
  for (const { code, paramsId, params } of asked) {
    const rule = rules[code]
    if (rule.kind === 'state' && !now) continue
    judged.push({ code, kind: rule.kind, paramsId, verdict: judgeDay(rule, facts, params) })
    const atMs = rule.again?.(facts, params) ?? null
    if (atMs !== null) again.push(atMs)
  }
  return { judged, againMs: again.length === 0 ? null : Math.min(...again) }
}
