// How figures of statistics are read.
import type { MeasureKind } from '../../../services/domain/statistics/table.ts'
import { formatFen } from './money.ts'
import { formatCount, MISSING } from './number.ts'

const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

export function formatFigure(kind: MeasureKind, value: number | null | undefined): string {
  if (value === null || value === undefined) return MISSING
  if (kind === 'fen') return formatFen(Math.round(value))
  if (kind === 'percent') return `${tenth.format(value)} %`
  return kind === 'count' || Number.isInteger(value) ? formatCount(value) : tenth.format(value)
}
