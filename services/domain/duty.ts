// When a driver is on duty: the week's shifts, single days that differ, leave. Without shifts a driver works the office hours of the unit.
// A day that hangs on a calendar year nobody knows is `unknown`, never a guess.
import { addDays, dayAt, dayStartMs } from './days.ts'
import type { WorkCalendar } from './workCalendar.ts'
import { weekdayOf } from './workCalendar.ts'

export const driverStates = ['active', 'suspended', 'retired'] as const
export type DriverState = (typeof driverStates)[number]
/** What a driver may become from what he is. Who has left comes back as a change of state, too: the file is the same. */
export const driverMoves: Record<DriverState, readonly DriverState[]> = {
  active: ['suspended', 'retired'],
  suspended: ['active', 'retired'],
  retired: ['active'],
}
export const leaveKinds = ['annual', 'sick', 'personal', 'training', 'other'] as const
export type LeaveKind = (typeof leaveKinds)[number]

/** How long one leave lasts at most, its first and last day counted. */
export const MAX_LEAVE_DAYS = 366
export const isLeaveTooLong = ({ fromDay, untilDay }: { fromDay: string; untilDay: string }): boolean =>
  untilDay > addDays(fromDay, MAX_LEAVE_DAYS - 1)
/** What a driver is doing at an instant, as far as the ledger knows. */
export const dutyStatuses = ['on_duty', 'off_duty', 'leave', 'suspended', 'retired', 'unknown'] as const
export type DutyStatus = (typeof dutyStatuses)[number]

export type Shift = {
  /** Bit 0 is Monday. */
  weekdays: number
  startMinute: number
  /** Beyond 1440 = on the next day. */
  endMinute: number
  followsCalendar: boolean
  fromDay: string
  untilDay: string | null
}
/** One day with other hours; both null = off. */
export type DutyDay = { day: string; startMinute: number | null; endMinute: number | null }
export type Leave = { kind: LeaveKind; fromDay: string; untilDay: string }
export type Duty = { shifts: readonly Shift[]; dutyDays: readonly DutyDay[]; leaves: readonly Leave[] }

type DutySpan = { startMinute: number; endMinute: number }
/** How one day goes: the spans of duty that begin on it. */
export type DayPlan = {
  day: string
  status: 'duty' | 'off' | 'leave' | 'unknown'
  spans: DutySpan[]
  leave: LeaveKind | null
  single: boolean
}

const covers = (row: { fromDay: string; untilDay: string | null }, day: string) =>
  row.fromDay <= day && (row.untilDay === null || day <= row.untilDay)

export function planDay(day: string, duty: Duty, calendar: WorkCalendar): DayPlan {
  const plain = { day, spans: [], leave: null, single: false }
  const leave = duty.leaves.find((row) => covers(row, day))
  if (leave) return { ...plain, status: 'leave', leave: leave.kind }
  const single = duty.dutyDays.find((row) => row.day === day)
  if (single) {
    const spans = single.startMinute === null ? [] : [{ startMinute: single.startMinute, endMinute: single.endMinute! }]
    return { ...plain, status: spans.length > 0 ? 'duty' : 'off', spans, single: true }
  }
  const kind = calendar.dayKind(day)
  const shifts = duty.shifts.filter((shift) => covers(shift, day))
  if (shifts.length === 0) {
    const hours = calendar.hoursOn(day)
    if (kind === 'unknown') return { ...plain, status: 'unknown' }
    return kind === 'workday' && hours ? { ...plain, status: 'duty', spans: [hours] } : { ...plain, status: 'off' }
  }
  const spans: DutySpan[] = []
  for (const shift of shifts) {
    const byWeek = (shift.weekdays & (1 << weekdayOf(day))) !== 0
    if (shift.followsCalendar && kind === 'unknown') return { ...plain, status: 'unknown' }
    // A weekend that is worked in exchange is worked by whoever follows the calendar and works on weekdays at all.
    const madeUp = kind === 'workday' && weekdayOf(day) >= 5 && (shift.weekdays & 0b11111) !== 0
    const works = shift.followsCalendar ? kind === 'workday' && (byWeek || madeUp) : byWeek
    if (works) spans.push({ startMinute: shift.startMinute, endMinute: shift.endMinute })
  }
  spans.sort((a, b) => a.startMinute - b.startMinute)
  return { ...plain, status: spans.length > 0 ? 'duty' : 'off', spans }
}

type Piece = { fromMs: number; untilMs: number }
const MINUTE_MS = 60_000

/** Is the driver on duty for the whole of [fromMs, untilMs)? `unknown` when that hangs on a day nobody knows. */
export function isOnDuty(fromMs: number, untilMs: number, duty: Duty, calendar: WorkCalendar): boolean | 'unknown' {
  const pieces: Piece[] = []
  let unknown = false
  // A night shift of the day before may reach into the first day.
  for (let day = addDays(dayAt(fromMs), -1); day <= dayAt(untilMs - 1); day = addDays(day, 1)) {
    const plan = planDay(day, duty, calendar)
    if (plan.status === 'unknown') unknown = true
    for (const span of plan.spans)
      pieces.push({ fromMs: dayStartMs(day) + span.startMinute * MINUTE_MS, untilMs: dayStartMs(day) + span.endMinute * MINUTE_MS })
  }
  let covered = fromMs
  for (const piece of pieces.sort((a, b) => a.fromMs - b.fromMs)) if (piece.fromMs <= covered) covered = Math.max(covered, piece.untilMs)
  if (covered >= untilMs) return true
  return unknown ? 'unknown' : false
}

export function dutyStatusAt(atMs: number, state: DriverState, duty: Duty, calendar: WorkCalendar): DutyStatus {
  if (state !== 'active') return state
  if (planDay(dayAt(atMs), duty, calendar).status === 'leave') return 'leave'
  const on = isOnDuty(atMs, atMs + 1, duty, calendar)
  return on === 'unknown' ? 'unknown' : on ? 'on_duty' : 'off_duty'
}
