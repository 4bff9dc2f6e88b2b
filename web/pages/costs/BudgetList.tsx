// Budgets of a year: what was set, what is booked, committed, and left. Finance sets them.
import { InputNumber } from 'antd'
import { useState } from 'react'
import type { BudgetRow } from '../../../services/contracts/api/costs.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, type Filter } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { useText } from './texts.ts'

const thisYear = () => Number(dayAt(Date.now()).slice(0, 4))
const readYear = (text: string | undefined): number => (/^2[01]\d\d$/.test(text ?? '') ? Number(text) : thisYear())
const year: Filter<number, 'budgets.year'> = {
  read: readYear,
  show: ({ t, text, set }) => (
    <InputNumber
      aria-label={t('budgets.year')}
      min={2000}
      max={2199}
      precision={0}
      value={readYear(text)}
      onChange={(value) => set(value === null ? undefined : String(value))}
    />
  ),
}

const budgets = declareList({
  endpoint: 'listBudgets',
  key: 'budgets',
  useText,
  texts: { title: 'page.costs', total: 'budgets.total', emptyTitle: 'budgets.emptyTitle', emptyText: 'budgets.emptyText' },
  columns: [
    { title: 'costs.unit', className: 'clip', cell: (row) => row.unit.name },
    { title: 'budgets.fen', className: 'figure', cell: (row, { t }) => (row.fen === null ? t('budgets.none') : formatFen(row.fen)) },
    { title: 'budgets.used', className: 'figure', cell: (row) => formatFen(row.usedFen) },
    { title: 'budgets.committed', className: 'figure', cell: (row) => formatFen(row.committedFen) },
    {
      title: 'budgets.left',
      className: 'figure',
      cell: (row) =>
        row.leftFen === null ? MISSING : <strong className={row.leftFen < 0 ? 'bad-text' : undefined}>{formatFen(row.leftFen)}</strong>,
    },
    {
      title: 'trip.note',
      className: 'clip',
      cell: (row, { t }) =>
        row.revision === 0 ? MISSING : [t('budgets.revised', { n: row.revision }), row.by, row.reason].filter(Boolean).join(' '),
    },
  ],
  idOf: (row) => row.unit.organisationId,
  filters: { year, organisationId: unitFilter('costs.filterUnit') },
  exported: 'budgets',
})

export function BudgetList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const sets = may(useAccount(), 'cost.approve')
  const list = useList(budgets)
  const [dialog, setDialog] = useState<BudgetRow | 'new' | null>(null)
  return (
    <List
      of={list}
      above={switcher}
      {...(sets ? { onOpen: setDialog } : {})}
      actions={
        <AddButton needs="cost.approve" onClick={() => setDialog('new')}>
          {t('budgets.set')}
        </AddButton>
      }
    >
      {dialog !== null && (
        <BudgetDialog
          of={dialog === 'new' ? undefined : dialog}
          known={list.rows ?? []}
          year={readYear(list.url.year)}
          onClose={() => setDialog(null)}
        />
      )}
    </List>
  )
}

type DialogProps = { of: BudgetRow | undefined; known: readonly BudgetRow[]; year: number; onClose: () => void }
function BudgetDialog({ of, known, year, onClose }: DialogProps) {
  const { t } = useText()
  const [unitId, setUnitId] = useState(of?.unit.organisationId)
  const [yuan, setYuan] = useState<number | null>(of?.fen == null ? null : of.fen / 100)
  const revision = (of ?? known.find(({ unit }) => unit.organisationId === unitId))?.revision ?? 0
  return (
    <ReasonDialog
      title={t('budgets.set')}
      ready={unitId !== undefined && yuan !== null}
      onSubmit={async (reason) => {
        await call('setBudget', { body: { organisationId: unitId!, year, fen: fenOf(yuan!), revision, reason } })
        await queryClient.invalidateQueries({ queryKey: ['budgets'] })
      }}
      onClose={onClose}
    >
      <Field name="organisationId" label={t('costs.unit')} whole>
        {of ? <span>{of.unit.name}</span> : <UnitChoice label={t('costs.unit')} value={unitId} onChange={setUnitId} required />}
      </Field>
      <Field name="year" label={t('budgets.year')}>
        <span className="figure">{year}</span>
      </Field>
      <Field name="fen" label={t('budgets.yuan')} required>
        <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
    </ReasonDialog>
  )
}
