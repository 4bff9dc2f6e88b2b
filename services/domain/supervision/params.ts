// Which parameters hold for a unit on a day: dated rows with a scope, the nearest organisation above wins, of its rows the latest that has begun.
import { type RuleCode, ruleCodes } from './codes.ts'
import { defaultParams, rules } from './rules.ts'

export type ParamsRow = {
  paramsId: number
  code: RuleCode
  /** The interval of its organisation's subtree. */
  lft: number
  rgt: number
  effectiveFrom: string
  /** false: the rule is off there. */
  enabled: boolean
  params: unknown
}
export type InForce = { paramsId: number | null; enabled: boolean; params: unknown }

/** @param unitLft the lft of the vehicle's unit; @param day the service day that is judged */
export function paramsFor(rows: readonly ParamsRow[], code: RuleCode, unitLft: number, day: string): InForce {
  let found: ParamsRow | undefined
  for (const row of rows) {
    if (row.code !== code || row.effectiveFrom > day || unitLft < row.lft || unitLft > row.rgt) continue
    if (!found || row.lft > found.lft || (row.lft === found.lft && row.effectiveFrom > found.effectiveFrom)) found = row
  }
  return found
    ? { paramsId: found.paramsId, enabled: found.enabled, params: rules[code].params.parse(found.params) }
    : { paramsId: null, enabled: true, params: defaultParams(code) }
}

/** All rules of a day, as they hold for the unit; those that are off are not there. */
export const rulesFor = (rows: readonly ParamsRow[], unitLft: number, day: string): (InForce & { code: RuleCode })[] =>
  ruleCodes.map((code) => ({ code, ...paramsFor(rows, code, unitLft, day) })).filter(({ enabled }) => enabled)
