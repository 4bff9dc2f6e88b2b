// 费用单: what is spent outside trips. Fleet managers enter, finance approves; what was booked is taken back by another entry.
import { Button } from 'antd'
import { useState } from 'react'
import type { CostBill } from '../../../services/contracts/api/costBook.ts'
import { type BillAction, billKinds, billStates, isEarned } from '../../../services/domain/costBook.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { formatCount } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { BillDialog } from './BillDialog.tsx'
import { useText } from './texts.ts'

const bills = declareList({
  endpoint: 'listCostBills',
  key: 'bills',
  useText,
  texts: { title: 'page.costs', total: 'bills.total', emptyTitle: 'bills.emptyTitle', emptyText: 'bills.emptyText' },
  columns: [
    { title: 'bills.day', className: 'figure', cell: (row) => row.day },
    { title: 'bills.kind', cell: (row, { t }) => t(`costKind.${row.kind}`) },
    {
      title: 'costs.what',
      cell: (row, { t }) => (row.vehicle ? <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} /> : t('bills.ofUnit')),
    },
    { title: 'bills.amount', className: 'figure', cell: (row) => <strong>{formatFen(row.fen)}</strong> },
    { title: 'bills.state', cell: (row, { t }) => t(`billState.${row.state}`) },
    { title: 'costs.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
    { title: 'bills.by', className: 'clip', yields: true, cell: (row) => row.by },
  ],
  idOf: (row) => row.billId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'bills.state', values: billStates, word: (state) => `billState.${state}` }),
    kind: choice({ label: 'bills.kind', values: billKinds, word: (kind) => `costKind.${kind}` }),
    organisationId: unitFilter('costs.filterUnit'),
  },
  exported: 'costBills',
})

export function BillList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(bills)
  const [entering, setEntering] = useState(false)
  const { opened, open, rows } = list
  const bill = rows?.find(({ billId }) => billId === opened)
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="bill.enter" onClick={() => setEntering(true)}>
          {t('bills.enter')}
        </AddButton>
      }
      drawer={opened !== null && <BillPanel id={opened} bill={bill} onClose={() => open(null)} />}
    >
      {entering && <BillDialog onClose={() => setEntering(false)} />}
    </List>
  )
}

const agrees: readonly BillAction[] = ['approve', 'reverse']

function BillPanel({ id, bill, onClose }: { id: number; bill: CostBill | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<BillAction | null>(null)
  const measured = bill?.kind === 'charge' ? 'bills.kwh' : 'bills.litres'
  return (
    <Panel
      id={id}
      title={t('bills.title', { n: id })}
      kind={bill && t(`billState.${bill.state}`)}
      actions={bill?.mayAct.map((action) => (
        <Button key={action} type={agrees.includes(action) ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`billAction.${action}`)}
        </Button>
      ))}
      loading={!bill}
      onClose={onClose}
    >
      {bill && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('costs.unit')}>{bill.unit.name}</Fact>
            <Fact name={t('costs.what')}>
              {bill.vehicle ? <Plate plate={bill.vehicle.plate} colour={bill.vehicle.plateColour} /> : t('bills.ofUnit')}
            </Fact>
            <Fact name={t('bills.kind')}>{t(`costKind.${bill.kind}`)}</Fact>
            <Fact name={t('bills.amount')}>
              <strong className="figure">{formatFen(bill.fen)}</strong>
            </Fact>
            <Fact name={t('bills.day')}>
              <span className="figure">{bill.day}</span>
            </Fact>
            {bill.quantity !== null && (
              <Fact name={t(measured)}>
                <span className="figure">{formatCount(bill.quantity / 1000)}</span>
              </Fact>
            )}
            {bill.supplier && <Fact name={t('bills.supplier')}>{bill.supplier.name}</Fact>}
            {bill.documentNo && <Fact name={t('bills.documentNo')}>{bill.documentNo}</Fact>}
            {bill.note && <Fact name={t('trip.note')}>{bill.note}</Fact>}
          </Facts>
          {isEarned(bill.kind) && <p className="quiet">{t('bills.income')}</p>}
          <h3>{t('bills.steps')}</h3>
          <ul className="rows">
            {bill.steps.map((step) => (
              <li key={`${step.at} ${step.action}`}>
                <span>
                  {t(`billAction.${step.action as 'enter'}`)} <span className="quiet">{step.by}</span>
                  {step.reason && (
                    <>
                      <br />
                      {step.reason}
                    </>
                  )}
                </span>
                <span className="quiet figure">{minuteOf(step.at)}</span>
              </li>
            ))}
          </ul>
          {asked && <StepDialog bill={bill} action={asked} onClose={() => setAsked(null)} />}
        </section>
      )}
    </Panel>
  )
}

function StepDialog({ bill: { billId, version }, action, onClose }: { bill: CostBill; action: BillAction; onClose: () => void }) {
  const { t } = useText()
  return (
    <ReasonDialog
      title={t(`billAction.${action}`)}
      {...(action === 'askReversal' || action === 'reverse' ? { text: t('bills.reversed') } : {})}
      danger={action === 'refuse'}
      onSubmit={async (reason) => {
        await call('actOnCostBill', { params: { billId }, body: { action, version, reason } })
        await Promise.all(['bills', 'costs', 'months', 'budgets'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
      }}
      onClose={onClose}
    />
  )
}
