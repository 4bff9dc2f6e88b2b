// Agreements between units: while one stands, a loan needs no consent of its own.
import { Input } from 'antd'
import { useState } from 'react'
import { dayAt } from '../../../services/domain/days.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList } from '../../kit/list/declareList.ts'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { useText } from './texts.ts'

const agreements = declareList({
  endpoint: 'listLoanAgreements',
  key: 'agreements',
  useText,
  texts: { title: 'page.loans', total: 'agreements.total', emptyTitle: 'agreements.emptyTitle', emptyText: 'agreements.emptyText' },
  columns: [
    { title: 'loans.lender', className: 'clip', cell: (row) => row.lender.name },
    { title: 'loans.borrower', className: 'clip', cell: (row) => row.borrower.name },
    {
      title: 'agreements.days',
      className: 'figure',
      cell: (row, { t }) => `${row.fromDay} – ${row.untilDay}${row.inForce ? ` ${t('agreements.inForce')}` : ''}`,
    },
    { title: 'trip.note', className: 'clip', cell: (row) => row.note },
  ],
  idOf: (row) => row.agreementId,
})

export function AgreementList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(agreements)
  const [adding, setAdding] = useState(false)
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="ledger.approve" onClick={() => setAdding(true)}>
          {t('agreements.add')}
        </AddButton>
      }
    >
      {adding && <AgreementDialog onClose={() => setAdding(false)} />}
    </List>
  )
}

function AgreementDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const [lenderId, setLenderId] = useState<number>()
  const [borrowerId, setBorrowerId] = useState<number>()
  const [fromDay, setFromDay] = useState(dayAt(Date.now()))
  const [untilDay, setUntilDay] = useState('')
  return (
    <ReasonDialog
      title={t('agreements.add')}
      ready={lenderId !== undefined && borrowerId !== undefined && fromDay !== '' && untilDay !== ''}
      onSubmit={async (reason) => {
        await call('addLoanAgreement', { body: { lenderId: lenderId!, borrowerId: borrowerId!, fromDay, untilDay, reason } })
        await queryClient.invalidateQueries({ queryKey: ['agreements'] })
      }}
      onClose={onClose}
    >
      <Field name="lenderId" label={t('loans.lender')}>
        <UnitChoice label={t('loans.lender')} value={lenderId} onChange={setLenderId} required />
      </Field>
      <Field name="borrowerId" label={t('loans.borrower')}>
        <UnitChoice label={t('loans.borrower')} value={borrowerId} onChange={setBorrowerId} required />
      </Field>
      <Field name="fromDay" label={t('loans.from')}>
        <Input type="date" value={fromDay} onChange={({ target }) => setFromDay(target.value)} />
      </Field>
      <Field name="untilDay" label={t('loans.until')}>
        <Input type="date" value={untilDay} onChange={({ target }) => setUntilDay(target.value)} />
      </Field>
    </ReasonDialog>
  )
}
