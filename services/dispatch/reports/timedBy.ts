// Lists that are told the time they are of, and how.
import type { ReportListName } from '../../contracts/exchange.ts'
import type { TimedBy } from '../../domain/reports.ts'

export const timedBy: Partial<Record<ReportListName, TimedBy>> = {
  statistics: 'period',
  costs: 'days',
  costEntries: 'days',
  findings: 'days',
  boards: 'year',
  letters: 'month',
}
