// 统计填报: filings of the scope, what waits for the reader first; one of them opens whole.
import { Button, Checkbox, Input, message } from 'antd'
import { useState } from 'react'
import { filingStates } from '../../../services/domain/filing/filings.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { FilingView } from './FilingView.tsx'
import { useText } from './texts.ts'

const filings = declareList({
  endpoint: 'listFilings',
  key: 'filings',
  useText,
  texts: {
    ...{ title: 'page.filings', total: 'filings.total', emptyTitle: 'filings.emptyTitle', emptyText: 'filings.emptyText' },
    ...{ noMatchTitle: 'filings.noMatchTitle', noMatchText: 'filings.noMatchText' },
  },
  columns: [
    { title: 'filings.organisation', className: 'clip', cell: (row) => row.organisation.name },
    { title: 'filings.period', className: 'figure', cell: (row) => row.period },
    { title: 'filings.state', cell: (row, { t }) => t(`filingState.${row.state}`) },
    {
      title: 'filings.due',
      className: 'figure',
      cell: (row, { t }) => (row.overdue ? <span className="stale">{`${row.dueOn} ${t('filings.overdue')}`}</span> : row.dueOn),
    },
    { title: 'filings.next', cell: (row, { t }) => row.mayAct.map((action) => t(`filingAction.${action}`)).join(t('search.comma')) },
    { title: 'filings.level', cell: (row, { t }) => t(`organisationKind.${row.organisation.kind}`) },
  ],
  idOf: (row) => row.filingId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'filings.state', values: filingStates, word: (state) => `filingState.${state}` }),
    organisationId: unitFilter('filings.unit'),
  },
})

export function FilingsPage() {
  const { t } = useText()
  const account = useAccount()
  const list = useList(filings)
  const [begins, setBegins] = useState(false)
  if (list.opened !== null) return <FilingView id={list.opened} onOpen={list.open} onClose={() => list.open(null)} />
  return (
    <List
      of={list}
      actions={may(account, 'filing.fill') && <Button onClick={() => setBegins(true)}>{t('filings.begin')}</Button>}
      onOpen={({ filingId }) => list.open(filingId)}
    >
      {begins && <BeginDialog onClose={() => setBegins(false)} />}
    </List>
  )
}

function BeginDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [organisationId, setOrganisation] = useState<number | undefined>(account?.organisation.organisationId)
  const [period, setPeriod] = useState('')
  const [below, setBelow] = useState(true)
  return (
    <FormDialog
      title={t('filings.begin')}
      submitText={t('filings.begin')}
      ready={/^\d{4}(-\d{2})?$/.test(period) && organisationId !== undefined}
      onSubmit={async () => {
        const { begun } = await call('beginFilings', { body: { organisationId: organisationId!, period, below } })
        void message.success(t('filings.begun', { n: begun }))
        await queryClient.invalidateQueries({ queryKey: ['filings'] })
      }}
      onClose={onClose}
    >
      <Field label={t('filings.organisation')} whole>
        <UnitChoice required label={t('filings.organisation')} value={organisationId} onChange={setOrganisation} />
      </Field>
      <Field label={t('filings.period')} whole>
        <Input
          value={period}
          maxLength={7}
          placeholder={t('filings.beginHint')}
          onChange={(event) => setPeriod(event.target.value.trim())}
        />
      </Field>
      <Checkbox checked={below} onChange={(event) => setBelow(event.target.checked)}>
        {t('filings.below')}
      </Checkbox>
    </FormDialog>
  )
}
