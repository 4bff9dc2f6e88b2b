// The chain of approvals of one request: the rules in force for its unit, what it asks for, and what follows (domain/approvals.ts).
import { type ApprovalRules, approvalChain, type Chain, type ChainPlace, nextPlace, touchesHoliday } from '../../domain/approvals.ts'
import { dayAt } from '../../domain/days.ts'
import { journeyOf, type NamedPoint } from '../../domain/whereabouts.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { budgetLeft, yearOf } from '../kernel/budget.ts'
import { nearestAbove } from '../kernel/dated.ts'

/** The rule that a chain follows from: whose it was, from which day, and how often that row had been changed. null: the whole region's. */
export type RuleVersion = { organisationId: number | null; from: string; version: number }
/** As it is kept with the request. */
export type AppliedChain = Chain &
  Pick<ApprovalRules, 'remindAfterH' | 'escalateAfterH' | 'bothForH'> & {
    hasLeague: boolean
    /** One way; null = not known. */
    km: number | null
    rule: RuleVersion | null
  }

type Trip = {
  from: NamedPoint
  to: NamedPoint
  via: readonly NamedPoint[]
  startsAt: string
  endsAt: string
  passengers: number
  withDriver: boolean
}

/** The chain that applies to what a unit asks for today. */
export async function chainFor(db: Queryable, unitId: number, trip: Trip, nowMs: number): Promise<AppliedChain> {
  const { rows: units } = await db.query<{ lft: number; league: string | null }>(
    `SELECT u.lft, (SELECT l.adcode FROM organisations l WHERE l.kind = 'league' AND u.lft BETWEEN l.lft AND l.rgt) AS league
     FROM organisations u WHERE u.organisation_id = $1`,
    [unitId],
  )
  const { lft, league } = units[0]!
  const { rows } = await db.query<RuleVersion & { rules: ApprovalRules }>(
    nearestAbove(
      'approval_rules',
      'p.organisation_id AS "organisationId", p.effective_from::text AS "from", p.version, p.rules',
      '$1',
      '$2',
    ),
    [lft, dayAt(nowMs)],
  )
  const { rules, ...rule } = rows[0]!
  const [startsAtMs, endsAtMs] = [Date.parse(trip.startsAt), Date.parse(trip.endsAt)]
  const calendar = (await readCalendarBook(db, dayAt(startsAtMs), dayAt(endsAtMs))).of(lft)
  const journey = journeyOf([trip.from, ...trip.via, trip.to], league, startsAtMs)
  const { leftFen } = await budgetLeft(db, unitId, yearOf(trip))
  const asked = {
    ...journey,
    startsAtMs,
    endsAtMs,
    people: trip.passengers + (trip.withDriver ? 1 : 0),
    holiday: touchesHoliday({ startsAtMs, endsAtMs }, (day) => calendar.dayKind(day)),
    // Where nothing is left every trip goes beyond it; where none was set nobody knows.
    overBudget: leftFen === null ? null : leftFen <= 0,
  }
  const { rules: list, ...limits } = rules
  return { ...approvalChain(asked, list, league !== null), ...limits, hasLeague: league !== null, km: journey.km, rule }
}

const HOUR_MS = 3_600_000

/** The columns of a request whose chain stands at a place since `nowMs`. `lower`: the level that it went up from. */
export function placeColumns(
  chain: Pick<AppliedChain, 'remindAfterH' | 'escalateAfterH' | 'bothForH'>,
  { at, level }: ChainPlace,
  nowMs: number,
  lower: string | null = null,
): Record<string, unknown> {
  const after = (hours: number) => new Date(nowMs + hours * HOUR_MS)
  return {
    chain_at: at,
    level,
    waits_since: new Date(nowMs),
    remind_at: after(chain.remindAfterH),
    escalate_at: level === 'region' ? null : after(chain.escalateAfterH),
    lower_level: lower,
    lower_until: lower === null ? null : after(chain.bothForH),
  }
}

/** The columns of a request whose chain begins. */
export const beginColumns = (chain: AppliedChain, nowMs: number): Record<string, unknown> => ({
  chain: JSON.stringify(chain),
  ...placeColumns(chain, { at: 0, level: chain.steps[0]!.level }, nowMs),
})

/** Is the step that waits the last? */
export const isLast = (chain: AppliedChain, place: ChainPlace): boolean => nextPlace(chain, place) === null
