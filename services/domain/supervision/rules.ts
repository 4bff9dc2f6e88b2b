// All rules of supervision, one line each. docs/supervision.md has the same table; a test holds the two together.

import type { VehicleClass } from '../vehicle.ts'
import { type RuleCode, ruleCodes } from './codes.ts'
import type { FigureUnit, Rule } from './rule.ts'
import { beyondLimits } from './rules/beyondLimits.ts'
import { certificateExpiry } from './rules/certificateExpiry.ts'
import { commutePattern } from './rules/commutePattern.ts'
import { destinationMismatch } from './rules/destinationMismatch.ts'
import { driverMismatch } from './rules/driverMismatch.ts'
import { emergencyNotRatified } from './rules/emergencyNotRatified.ts'
import { engineIdling } from './rules/engineIdling.ts'
import { fatigue } from './rules/fatigue.ts'
import { fuelAnomaly } from './rules/fuelAnomaly.ts'
import { holidayUse } from './rules/holidayUse.ts'
import { idleVehicle } from './rules/idleVehicle.ts'
import { meetingsAgain } from './rules/meetingsAgain.ts'
import { mileageAnomaly } from './rules/mileageAnomaly.ts'
import { nightsAway } from './rules/nightsAway.ts'
import { notParkedHome } from './rules/notParkedHome.ts'
import { offHoursUse } from './rules/offHoursUse.ts'
import { offline } from './rules/offline.ts'
import { outOfRegion } from './rules/outOfRegion.ts'
import { overspeed } from './rules/overspeed.ts'
import { overtimeReturn } from './rules/overtimeReturn.ts'
import { powerCut } from './rules/powerCut.ts'
import { routeDeviation } from './rules/routeDeviation.ts'
import { sensitiveStop } from './rules/sensitiveStop.ts'
import { trackOutlier } from './rules/trackOutlier.ts'
import { tripWithoutOrder } from './rules/tripWithoutOrder.ts'

export const rules: Record<RuleCode, Rule> = {
  R01: tripWithoutOrder,
  R02: offHoursUse,
  R03: holidayUse,
  R04: outOfRegion,
  R05: routeDeviation,
  R06: overtimeReturn,
  R07: overspeed,
  R08: fatigue,
  R09: sensitiveStop,
  R10: notParkedHome,
  R11: offline,
  R12: powerCut,
  R13: mileageAnomaly,
  R14: fuelAnomaly,
  R15: driverMismatch,
  R16: destinationMismatch,
  R17: commutePattern,
  R18: idleVehicle,
  R19: trackOutlier,
  R20: certificateExpiry,
  R21: engineIdling,
  R22: beyondLimits,
  R23: emergencyNotRatified,
  R24: nightsAway,
  R25: meetingsAgain,
}
/** Ways of a rule that are measured in something else than the rule is. */
const unitOfNote: Readonly<Record<string, FigureUnit>> = { twice: 'count', per100: 'per100' }
export const unitOf = (code: RuleCode, note: string | undefined): FigureUnit =>
  note !== undefined && Object.hasOwn(unitOfNote, note) ? unitOfNote[note]! : rules[code].unit

export const ruleList = ruleCodes.map((code) => rules[code])

/**
 * What holds for law enforcement in the field (基层综合执法) where nobody has set anything else: townships are a hundred kilometres across, roads are tracks, out there is
 * no coverage, engines run through the winter, and duty has no office hours. Whoever drives is said by orders and by the book of shifts.
 */
const lawEnforcement: Partial<Record<RuleCode, Record<string, unknown>>> = {
  R01: { moreThanM: 2_000, moreThanMin: 10, graceMin: 60 },
  R04: { bufferM: 5_000, reports: 6 },
  R05: { corridorM: 30_000, sharePercent: 50, forMin: 30 },
  R06: { graceMin: 120 },
  R10: { withinM: 2_000, forMin: 240 },
  R11: { moreThanH: 72 },
  R12: { forMin: 30 },
  R13: { moreThanPercent: 15, leastM: 100_000, mostDayM: 1_500_000 },
  R14: { farM: 3_000, aroundMin: 30, mostPer100Km: 45 },
  R16: { withinM: 10_000 },
  R21: { forMin: 60 },
  R24: { withinM: 2_000, forMin: 240, nights: 5 },
}

/** A rule's parameters where nobody has set any. */
export const defaultParams = (code: RuleCode, of: VehicleClass = 'official'): unknown =>
  rules[code].params.parse(of === 'law_enforcement' ? (lawEnforcement[code] ?? {}) : {})
