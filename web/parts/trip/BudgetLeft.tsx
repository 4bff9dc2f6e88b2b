// What is left of a unit's budget, for whoever approves. Beyond it is said, not hidden.
import type { Budget } from '../../../services/contracts/api/costs.ts'
import { formatFen } from '../../kit/format/money.ts'
import { useText } from './texts.ts'

export function BudgetLeft({ budget: { fen, usedFen, committedFen, leftFen } }: { budget: Budget }) {
  const { t } = useText()
  const sums = { used: formatFen(usedFen), committed: formatFen(committedFen) }
  if (fen === null || leftFen === null) return <span className="quiet">{t('trip.budgetNone', sums)}</span>
  const known = { ...sums, fen: formatFen(fen) }
  return leftFen < 0 ? (
    <strong className="bad-text">{t('trip.budgetOver', { ...known, over: formatFen(-leftFen) })}</strong>
  ) : (
    <span>{t('trip.budgetLeft', { ...known, left: formatFen(leftFen) })}</span>
  )
}
