// What ends on a day (R20) is raised some days before it: that day follows from both, and is what people go by.
import { DAY_MS, dayAt } from '../days.ts'
import type { RuleCode } from './codes.ts'

/** The last day of what the finding tells of; null for other rules. */
export const lastDayTold = ({ rule, fromMs, threshold }: { rule: RuleCode; fromMs: number; threshold: number }): string | null =>
  rule === 'R20' ? dayAt(fromMs + threshold * DAY_MS - 1) : null
