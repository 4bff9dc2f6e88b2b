// Which parameters hold for a vehicle on a day: dated rows with a scope, those for its class before those for all; of them the nearest organisation above wins, and of
// its rows the latest that has begun.
import type { VehicleClass } from '../vehicle.ts'
import { type RuleCode, ruleCodes } from './codes.ts'
import { defaultParams, rules } from './rules.ts'

export type ParamsRow = {
  paramsId: number
  code: RuleCode
  /** The interval of its organisation's subtree. */
  lft: number
  rgt: number
  /** null: for every vehicle. */
  class: VehicleClass | null
  effectiveFrom: string
  /** false: the rule is off there. */
  enabled: boolean
  params: unknown
}
export type InForce = { paramsId: number | null; enabled: boolean; params: unknown }

/** Whose vehicle it is (the lft of its unit), and of which class. */
export type Judgeable = { unitLft: number; class: VehicleClass }

/** @param day the service day that is judged */
export function paramsFor(rows: readonly ParamsRow[], code: RuleCode, of: Judgeable, day: string): InForce {
  let found: ParamsRow | undefined
  for (const row of rows) {
    if (row.code !== code || row.effectiveFrom > day || of.unitLft < row.lft || of.unitLft > row.rgt) continue
    if (row.class !== null && row.class !== of.class) continue
    if (!found || isNearer(row, found)) found = row
  }
  return found
    ? { paramsId: found.paramsId, enabled: found.enabled, params: rules[code].params.parse(found.params) }
    : { paramsId: null, enabled: true, params: defaultParams(code, of.class) }
}

function isNearer(row: ParamsRow, than: ParamsRow): boolean {
  if ((row.class === null) !== (than.class === null)) return row.class !== null
  return row.lft > than.lft || (row.lft === than.lft && row.effectiveFrom > than.effectiveFrom)
}

/** All rules of a day, as they hold for the vehicle; those that are off are not there. */
export const rulesFor = (rows: readonly ParamsRow[], of: Judgeable, day: string): (InForce & { code: RuleCode })[] =>
  ruleCodes.map((code) => ({ code, ...paramsFor(rows, code, of, day) })).filter(({ enabled }) => enabled)
