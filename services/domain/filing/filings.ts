// Filings of statistics (填报): of each organisation and period one, which is filled, reviewed by another person, handed up, and added up there, from the units
// to the region. What was filed is locked; whoever must correct it is given it back.
import { addDays, dayStartMs } from '../days.ts'
import type { Lifecycle } from '../lifecycle.ts'
import { daysOfPeriod, type Period, readPeriod } from '../statistics/period.ts'
import type { OrganisationKind } from '../vehicle.ts'

export const filingStates = ['OPEN', 'FILLED', 'REVIEWED', 'SUBMITTED', 'AGGREGATED', 'RETURNED'] as const
export type FilingState = (typeof filingStates)[number]

export const filingLifecycle = {
  fill: { from: ['OPEN', 'RETURNED'], to: 'FILLED', by: 'filing.fill' },
  review: { from: ['FILLED'], to: 'REVIEWED', by: 'filing.review', notBy: ['fill'] },
  // In the house, before it is handed up.
  giveBack: { from: ['FILLED', 'REVIEWED'], to: 'RETURNED', by: 'filing.review' },
  submit: { from: ['REVIEWED'], to: 'SUBMITTED', by: 'filing.review', notBy: ['fill'] },
  // By whoever it was handed up to, while it stands in none of his own.
  sendBack: { from: ['SUBMITTED'], to: 'RETURNED', by: 'filing.review', side: 'receiver' },
  // Added up in the filing of the organisation above; let go when that one is given back.
  aggregate: { from: ['SUBMITTED'], to: 'AGGREGATED', by: 'system' },
  release: { from: ['AGGREGATED'], to: 'SUBMITTED', by: 'system' },
} as const satisfies Lifecycle<FilingState>
export type FilingAction = keyof typeof filingLifecycle
/** Those that people take. */
export const filingActions = ['fill', 'review', 'giveBack', 'submit', 'sendBack'] as const satisfies FilingAction[]

/** Handed up: what stands in it is added up above. */
export const handedUp: readonly FilingState[] = ['SUBMITTED', 'AGGREGATED']
/** With what it was filled with. */
export const isFilled = (state: FilingState): boolean => state !== 'OPEN' && state !== 'RETURNED'

/** A year or a month; null for anything else. */
export const readFilingPeriod = (text: string): Period | null => (text.length <= 7 ? readPeriod(text) : null)

/** The last period of the same kind that is over. */
export function lastOver(period: string, today: string): string {
  const before = addDays(`${today.slice(0, period.length)}-01-01`.slice(0, 10), -1)
  return before.slice(0, period.length)
}

/** Days after the period until an organisation of the kind hands it up: each has what those below it have handed up. */
const daysAfter: Record<OrganisationKind, readonly [month: number, year: number]> = {
  unit: [10, 15],
  banner: [15, 25],
  league: [20, 40],
  region: [25, 60],
}
export const dueOn = (period: string, kind: OrganisationKind): string =>
  addDays(daysOfPeriod(period)!.until, daysAfter[kind][period.length === 4 ? 1 : 0])

const REMIND_DAYS = 3
/** How often whoever is to fill it should have been reminded by that day: when it began, some days before it is due, and when it is overdue. */
export const remindersBy = (due: string, today: string): number => (today > due ? 3 : today >= addDays(due, -REMIND_DAYS) ? 2 : 1)

/** The instant by which places and people of a period are told: its last. */
export const lastInstant = (until: string): Date => new Date(dayStartMs(addDays(until, 1)) - 1)
