// What a rule measured, as it is said beside its limit; and what stands beside the figure.
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import { lastDayTold } from '../../../services/domain/supervision/expiry.ts'
import { saidOf } from '../../../services/domain/supervision/ruleWords.ts'
import type { Locale } from '../../kit/format/time.ts'

type Measured = Pick<FindingRow, 'rule' | 'from' | 'figure' | 'threshold' | 'unit'>

/** 9 km rather than 9,000 m; what has no limit of its own is said alone, of what ends its day, and where nothing is measured the note says all. */
export function figureOf({ rule, from, figure, threshold, unit }: Measured, locale: Locale): string {
  const lastDay = lastDayTold({ rule, fromMs: Date.parse(from), threshold })
  if (lastDay !== null) return locale === 'en' ? `ends ${lastDay}` : `${lastDay} 到期`
  if (figure === 0 && threshold === 0) return ''
  const inKm = unit === 'm' && Math.max(figure, threshold) >= 1_000
  const say = (value: number) =>
    inKm ? `${(value / 1_000).toFixed(1)} km` : `${value.toLocaleString('en')} ${saidOf('unit', unit, locale)}`
  return threshold === 0 ? say(figure) : `${say(figure)} / ${say(threshold)}`
}

export const noteOf = (note: string | null, locale: Locale): string | null =>
  note === null ? null : (saidOf('note', note, locale) ?? note)
