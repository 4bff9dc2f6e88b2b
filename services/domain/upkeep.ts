// What of a plan of maintenance (保养计划) is due, and when: by months since it was last done, by kilometres since, whichever comes first. Pure.
import { addDays, DAY_MS } from './days.ts'

/** What a plan asks for; null: not by that. */
export type PlanTerm = { everyKm: number | null; everyMonths: number | null }
/** When it was last done. `kmSince`: driven since, null where nobody knows. */
export type LastDone = { day: string; kmSince: number | null }

/** unknown: it is on no record when it was last done. unread: it is due by distance alone, and nothing says how far it was driven. */
export const dueStates = ['overdue', 'soon', 'unknown', 'unread', 'fine'] as const
export type DueState = (typeof dueStates)[number]
export type Due = {
  state: DueState
  /** By time; null: not by time. */
  dueDay: string | null
  /** Left by distance, negative beyond; null: not by distance, or not known. */
  kmLeft: number | null
  /** The day on which the first of both comes, by distance as it was driven since; null: not known. */
  expectedDay: string | null
}

/** It is announced so long before. */
const SOON_DAYS = 30
const SOON_KM = 1_000

export function judgeDue({ everyKm, everyMonths }: PlanTerm, last: LastDone | null, today: string): Due {
  if (!last) return { state: 'unknown', dueDay: null, kmLeft: null, expectedDay: null }
  const dueDay = everyMonths === null ? null : addMonths(last.day, everyMonths)
  const kmLeft = everyKm === null || last.kmSince === null ? null : everyKm - last.kmSince
  if (dueDay === null && kmLeft === null) return { state: 'unread', dueDay, kmLeft, expectedDay: null }
  const byKm = kmLeft === null ? null : dayByKm(last, kmLeft, today)
  const expectedDay = [dueDay, byKm].reduce((first, day) => (first !== null && (day === null || first <= day) ? first : day), null)
  const over = (dueDay !== null && dueDay < today) || (kmLeft !== null && kmLeft <= 0)
  const soon = (dueDay !== null && dueDay <= addDays(today, SOON_DAYS)) || (kmLeft !== null && kmLeft <= SOON_KM)
  return { state: over ? 'overdue' : soon ? 'soon' : 'fine', dueDay, kmLeft, expectedDay }
}

/** At the pace since it was last done; null where that is no pace. */
function dayByKm({ day, kmSince }: LastDone, kmLeft: number, today: string): string | null {
  if (kmLeft <= 0) return today
  const days = (Date.parse(today) - Date.parse(day)) / DAY_MS
  if (days <= 0 || !kmSince) return null
  const ahead = Math.ceil((kmLeft * days) / kmSince)
  return ahead > MOST_DAYS ? null : addDays(today, ahead)
}
/** Farther ahead no pace says anything. */
const MOST_DAYS = 3_650

/** The same day of a later month, or its last. */
export function addMonths(day: string, months: number): string {
  const [year, month, of] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(of, last))).toISOString().slice(0, 10)
}
