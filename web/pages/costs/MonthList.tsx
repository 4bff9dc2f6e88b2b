// 月度结账: months of units, and whether their book is closed. Finance closes them.
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CostMonth } from '../../../services/contracts/api/costBook.ts'
import { lastDayOf } from '../../../services/domain/costBook.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { type Text, useText } from './texts.ts'

const isOver = ({ month }: CostMonth): boolean => lastDayOf(month) < dayAt(Date.now())

function stateOf(row: CostMonth, t: Text): string {
  if (row.closed) return t('months.closed', { at: minuteOf(row.closed.at), by: row.closed.by })
  if (!isOver(row)) return t('months.running')
  return row.first ? t('months.first', { month: row.first.month }) : t('months.only.open')
}

const months = declareList({
  endpoint: 'listCostMonths',
  key: 'months',
  useText,
  texts: { title: 'page.costs', total: 'months.total', emptyTitle: 'months.emptyTitle', emptyText: 'months.emptyText' },
  columns: [
    { title: 'months.month', className: 'figure', cell: (row) => row.month },
    { title: 'costs.unit', className: 'clip', cell: (row) => row.unit.name },
    { title: 'months.entries', className: 'figure', cell: (row) => formatCount(row.entries) },
    { title: 'costs.sum', className: 'figure', cell: (row) => formatFen(row.fen) },
    { title: 'months.waiting', className: 'figure', cell: (row) => (row.waiting === 0 ? MISSING : formatCount(row.waiting)) },
    { title: 'months.state', cell: (row, { t }) => stateOf(row, t) },
    { title: 'months.hash', className: 'figure', yields: true, cell: (row) => row.closed?.sha256.slice(0, 12) ?? MISSING },
  ],
  idOf: (row) => `${row.unit.organisationId}.${row.month}`,
  filters: {
    only: choice({ label: 'months.only', values: ['open', 'closed'], word: (only) => `months.only.${only}` }),
    organisationId: unitFilter('costs.filterUnit'),
  },
  exported: 'costMonths',
})

export function MonthList({ switcher }: { switcher: React.ReactNode }) {
  const closes = may(useAccount(), 'cost.approve')
  const list = useList(months)
  const [closing, setClosing] = useState<CostMonth | null>(null)
  const open = (row: CostMonth) => {
    if (row.closed === null && isOver(row)) setClosing(row)
  }
  return (
    <List of={list} above={switcher} {...(closes ? { onOpen: open } : {})}>
      {closing && <ClosingDialog month={closing} onClose={() => setClosing(null)} />}
    </List>
  )
}

/** The month that was chosen, or the one that comes before it: closing goes in order. */
function ClosingDialog({ month: chosen, onClose }: { month: CostMonth; onClose: () => void }) {
  const { t } = useText()
  const { unit, first } = chosen
  const { month, entries, fen, waiting } = first ?? chosen
  return (
    <ReasonDialog
      title={t('months.closeOf', { month })}
      submitText={t('months.closeOf', { month })}
      text={t('months.closing', { unit: unit.name, month, n: entries, sum: formatFen(fen) })}
      ready={waiting === 0}
      onSubmit={async (reason) => {
        await call('closeCostMonth', { body: { organisationId: unit.organisationId, month, entries, fen, reason } })
        await queryClient.invalidateQueries({ queryKey: ['months'] })
      }}
      onClose={onClose}
    >
      {first && <p className="warn-box form-whole">{t('months.firstText', { unit: unit.name, first: month, month: chosen.month })}</p>}
      {waiting > 0 && (
        <p className="warn-box form-whole">
          {t('months.waits', { month, n: waiting })}{' '}
          <Link to="/costs" search={{ list: 'bills', organisationId: String(unit.organisationId) }}>
            {t('months.toBills')}
          </Link>
        </p>
      )}
    </ReasonDialog>
  )
}
