// What is asked of statistics, checked: a table that the reader may see, a period that has begun, dimensions that the table has.
import type { z } from 'zod'
import type { Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { daysOfPeriod, type Period, periodBefore, readPeriod, yearBefore } from '../../domain/statistics/period.ts'
import type { Dimension, StatisticsTable, TableCode } from '../../domain/statistics/table.ts'
import { neededFor, statisticsTables } from '../../domain/statistics/tables.ts'
import { type Caller, grantFor, may } from '../kernel/caller.ts'

export type Told = Period & { period: string }
export type Asked = {
  code: TableCode
  table: StatisticsTable
  by: Dimension[]
  now: Told
  before: Told
  yearBefore: Told
  /** It is not over. */
  open: boolean
  today: string
  /** SQL tests over the facts `f`: what the list that they stand in does not tell the reader is in no figure either. */
  tests: readonly string[]
}

const MOST_DIMENSIONS = 3

type Query = Pick<z.output<Api['readStatistics']['query']>, 'period' | 'by'>

/** @throws Refusal FORBIDDEN where the reader may not see the facts; VALIDATION_FAILED for a period that has not begun and a dimension that the table has not */
export function readAsked(caller: Caller, code: TableCode, { period, by }: Query, nowMs: number): Asked {
  if (grantFor(caller, neededFor[code]).reach !== 'scope') throw new Refusal('FORBIDDEN')
  const table = statisticsTables[code]
  const chosen = by === '' ? [] : by.split(',')
  const unfit = chosen.find((name, at) => !(table.by as readonly string[]).includes(name) || chosen.indexOf(name) < at)
  if (unfit !== undefined || chosen.length > MOST_DIMENSIONS)
    throw refusal('VALIDATION_FAILED', 'query.by', 'statistics.by', { most: MOST_DIMENSIONS, known: table.by.join(', ') })
  const today = dayAt(nowMs)
  if (!readPeriod(period)) throw refusal('VALIDATION_FAILED', 'query.period', 'statistics.period')
  const told = (text: string): Told => ({ period: text, ...daysOfPeriod(text)! })
  const whole = told(period)
  if (whole.from > today) throw refusal('VALIDATION_FAILED', 'query.period', 'statistics.future', { today })
  const open = whole.until >= today
  const now = open ? { ...whole, until: today } : whole
  return {
    ...{ code, table, by: chosen as Dimension[], now, open, today },
    // Whoever decides nothing is told of the findings that somebody told him of.
    tests: code === 'T8' && !may(caller, 'finding.decide') ? ['f.known'] : [],
    before: told(periodBefore(period)),
    yearBefore: told(yearBefore(period)),
  }
}
