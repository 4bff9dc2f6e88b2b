// Who must agree to a request (审批链): the rules of an organisation, dated rows, and the chain that follows from them for one request. Pure.
import { z } from 'zod'
import { addDays, dayAt, dayStartMs, daysBetween } from './days.ts'
import type { Role } from './permissions.ts'
import type { OrganisationKind } from './vehicle.ts'
import type { Journey } from './whereabouts.ts'
import type { DayKind } from './workCalendar.ts'

/** From below to above. */
export const approvalLevels = ['unit', 'league', 'region'] as const
export type ApprovalLevel = (typeof approvalLevels)[number]
/** Who decides at a level, beside what his role may at all: the approver of the unit or of an organisation above it; the bureau of the league, of the region. */
export const deciders: Readonly<Record<ApprovalLevel, { role: Role; kind: OrganisationKind | null }>> = {
  unit: { role: 'unit_approver', kind: null },
  league: { role: 'bureau_admin', kind: 'league' },
  region: { role: 'bureau_admin', kind: 'region' },
}

/** Why a level is asked. `always`: every request goes to its unit's approver. */
export const approvalGrounds = ['always', 'distance', 'leavesLeague', 'leavesRegion', 'holiday', 'night', 'class', 'budget'] as const
export type ApprovalGround = (typeof approvalGrounds)[number]

/** By seats, the driver's counted (GA 802): small up to 9, medium to 19, large from 20. */
export const sizeClasses = ['small', 'medium', 'large'] as const
export type SizeClass = (typeof sizeClasses)[number]
export const sizeClassOf = (people: number): SizeClass => (people > 19 ? 'large' : people > 9 ? 'medium' : 'small')

const level = z.enum(['league', 'region'])
const minute = z.int().min(0).max(1439)
export const approvalRuleSchema = z.discriminatedUnion('when', [
  /** One way further than so many kilometres. */
  z.object({ when: z.literal('distance'), km: z.int().min(1).max(5_000), level }),
  z.object({ when: z.literal('leavesLeague'), level }),
  z.object({ when: z.literal('leavesRegion'), level }),
  z.object({ when: z.literal('holiday'), level }),
  /** On the road between these minutes of the day; past midnight where the end is earlier. */
  z.object({ when: z.literal('night'), fromMinute: minute, untilMinute: minute, level }),
  z.object({ when: z.literal('class'), least: z.enum(['medium', 'large']), level }),
  z.object({ when: z.literal('budget'), level }),
])
export type ApprovalRule = z.infer<typeof approvalRuleSchema>
const hours = z.int().min(1).max(720)
export const approvalRulesSchema = z
  .object({
    rules: z.array(approvalRuleSchema).max(24),
    /** A step that nobody has decided by then is reminded of; goes up one level; and is the upper level's alone. */
    remindAfterH: hours,
    escalateAfterH: hours,
    bothForH: z.int().min(0).max(720),
  })
  .refine(({ remindAfterH, escalateAfterH }) => remindAfterH < escalateAfterH, {
    path: ['escalateAfterH'],
    message: '升级期限须长于提醒期限 / it goes up later than it is reminded of',
  })
export type ApprovalRules = z.infer<typeof approvalRulesSchema>

/** What is asked for, as far as rules look at it; null = not known, and no rule is met by what is not known. */
export type Asked = Journey & {
  startsAtMs: number
  endsAtMs: number
  /** All who sit in the vehicle. */
  people: number
  /** Some day of it is none that is worked. */
  holiday: boolean | null
  overBudget: boolean | null
}

export type ChainStep = { level: ApprovalLevel; because: ApprovalGround[] }
export type Chain = {
  steps: ChainStep[]
  /** What a rule asks and nobody knows: whoever decides is told. */
  unknown: ApprovalGround[]
}

/** Is the instant of the day inside the window, for some day that the trip touches? */
function touchesNight({ startsAtMs, endsAtMs }: Pick<Asked, 'startsAtMs' | 'endsAtMs'>, fromMinute: number, untilMinute: number): boolean {
  const lengthMin = (untilMinute - fromMinute + 1440) % 1440 || 1440
  // The night that began on the day before may still be going on.
  return daysBetween(addDays(dayAt(startsAtMs), -1), dayAt(endsAtMs)).some((day) => {
    const fromMs = dayStartMs(day) + fromMinute * 60_000
    return fromMs < endsAtMs && startsAtMs < fromMs + lengthMin * 60_000
  })
}

/** Does some day of the trip rest? null: of none is it known that it does, and of one it is not known. */
export function touchesHoliday(
  { startsAtMs, endsAtMs }: Pick<Asked, 'startsAtMs' | 'endsAtMs'>,
  kindOf: (day: string) => DayKind,
): boolean | null {
  const kinds = daysBetween(dayAt(startsAtMs), dayAt(endsAtMs - 1)).map(kindOf)
  return kinds.includes('holiday') ? true : kinds.includes('unknown') ? null : false
}

function meets(rule: ApprovalRule, asked: Asked): boolean | null {
  switch (rule.when) {
    case 'distance':
      return asked.km === null ? null : asked.km > rule.km
    case 'leavesLeague':
      return asked.leavesLeague
    case 'leavesRegion':
      return asked.leavesRegion
    case 'holiday':
      return asked.holiday
    case 'night':
      return touchesNight(asked, rule.fromMinute, rule.untilMinute)
    case 'class':
      return sizeClasses.indexOf(sizeClassOf(asked.people)) >= sizeClasses.indexOf(rule.least)
    case 'budget':
      return asked.overBudget
  }
}

/** Without a league above it, what is the league's is the region's. */
const levelOf = (level: ApprovalLevel, hasLeague: boolean): ApprovalLevel => (level === 'league' && !hasLeague ? 'region' : level)

/**
 * Who must agree, one after the other: the unit's approver, and each level that a rule asks, from below to above, with all its grounds.
 * @param hasLeague does the unit stand below a league?
 */
export function approvalChain(asked: Asked, rules: readonly ApprovalRule[], hasLeague: boolean): Chain {
  const grounds = new Map<ApprovalLevel, Set<ApprovalGround>>([['unit', new Set(['always'])]])
  const unknown = new Set<ApprovalGround>()
  for (const rule of rules) {
    const met = meets(rule, asked)
    if (met === null) unknown.add(rule.when)
    if (!met) continue
    const at = levelOf(rule.level, hasLeague)
    grounds.set(at, (grounds.get(at) ?? new Set()).add(rule.when))
  }
  return {
    steps: approvalLevels.flatMap((each) => {
      const because = grounds.get(each)
      return because ? [{ level: each, because: approvalGrounds.filter((ground) => because.has(ground)) }] : []
    }),
    unknown: approvalGrounds.filter((ground) => unknown.has(ground)),
  }
}

/** Where a chain stands: which step waits, and whose it is, which is another level's once it went up. */
export type ChainPlace = { at: number; level: ApprovalLevel }

/** The place after the step that waits is agreed to; null: it was the last. */
export function nextPlace({ steps }: Chain, { at, level }: ChainPlace): ChainPlace | null {
  // A level that has decided for the one below it has decided its own step as well.
  const next = steps.findIndex((step, n) => n > at && approvalLevels.indexOf(step.level) > approvalLevels.indexOf(level))
  return next < 0 ? null : { at: next, level: steps[next]!.level }
}

/** The place after nobody decided in time: the same step one level up; null: there is nobody above. */
export function placeAbove({ at, level }: ChainPlace, hasLeague: boolean): ChainPlace | null {
  const above = approvalLevels[approvalLevels.indexOf(level) + 1]
  return above ? { at, level: levelOf(above, hasLeague) } : null
}
