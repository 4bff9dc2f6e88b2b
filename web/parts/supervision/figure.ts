// What a rule measured, as it is said beside its limit; and what stands beside the figure.
import type { FindingRow } from '../../../services/contracts/api/supervision.ts'
import { saidOf } from '../../../services/domain/supervision/ruleWords.ts'
import type { Locale } from '../../kit/format/time.ts'

/** 9 km rather than 9,000 m; what has no limit of its own is said alone. */
export function figureOf({ figure, threshold, unit }: Pick<FindingRow, 'figure' | 'threshold' | 'unit'>, locale: Locale): string {
  const inKm = unit === 'm' && Math.max(figure, threshold) >= 1_000
  const say = (value: number) =>
    inKm ? `${(value / 1_000).toFixed(1)} km` : `${value.toLocaleString('en')} ${saidOf('unit', unit, locale)}`
  return threshold === 0 ? say(figure) : `${say(figure)} / ${say(threshold)}`
}

export const noteOf = (note: string | null, locale: Locale): string | null =>
  note === null ? null : (saidOf('note', note, locale) ?? note)
