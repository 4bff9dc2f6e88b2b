// 车辆借用: vehicles lent from one unit to another, and the agreements under which that needs no consent of its own. The two share an address.
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select, Tabs } from 'antd'
import { useState } from 'react'
import type { VehicleLoan } from '../../../services/contracts/api/loans.ts'
import { type loanActions, loanStates, tripsWhenEnded } from '../../../services/domain/loans.ts'
import { plateAsPrinted, type VehicleClass, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { useSettled } from '../../kit/useSettled.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { AgreementList } from './AgreementList.tsx'
import { useText } from './texts.ts'
import './loans.css'

const spanOf = ({ from, until }: VehicleLoan): string => `${minuteOf(from)} – ${minuteOf(until)}`
const changed = async () => {
  await Promise.all([queryClient.invalidateQueries({ queryKey: ['loans'] }), tripsChanged()])
}

const loans = declareList({
  endpoint: 'listVehicleLoans',
  key: 'loans',
  useText,
  texts: { title: 'page.loans', total: 'loans.total', emptyTitle: 'loans.emptyTitle', emptyText: 'loans.emptyText' },
  columns: [
    {
      title: 'trip.vehicle',
      cell: (row) => <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} />,
    },
    { title: 'loans.state', cell: (row, { t }) => t(`loanState.${row.state}`) },
    { title: 'loans.lender', className: 'clip', cell: (row) => row.lender.name },
    { title: 'loans.borrower', className: 'clip', cell: (row) => row.borrower.name },
    { title: 'loans.span', className: 'figure', cell: spanOf },
  ],
  idOf: (row) => row.loanId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'loans.state', values: loanStates, word: (state) => `loanState.${state}` }),
    organisationId: unitFilter('loans.filterUnit'),
  },
  exported: 'loans',
  everyMs: 15_000,
})

export function LoansPage() {
  const { url } = useUrl()
  return url.list === 'agreements' ? <AgreementList key="agreements" switcher={<LoanTabs />} /> : <LoanList key="loans" />
}

function LoanTabs() {
  const { t } = useText()
  const { url, change } = useUrl()
  return (
    <Tabs
      className="loans-tabs"
      activeKey={url.list === 'agreements' ? 'agreements' : 'loans'}
      onChange={(key) => change(() => withEntries({}, { list: key === 'loans' ? undefined : key }))}
      items={(['loans', 'agreements'] as const).map((key) => ({ key, label: t(`loans.tab.${key}`) }))}
    />
  )
}

function LoanList() {
  const { t } = useText()
  const list = useList(loans)
  const { opened, open, rows } = list
  const [asking, setAsking] = useState(false)
  const loan = rows?.find(({ loanId }) => loanId === opened)
  return (
    <List
      of={list}
      above={<LoanTabs />}
      actions={
        <AddButton needs="order.dispatch" onClick={() => setAsking(true)}>
          {t('loans.ask')}
        </AddButton>
      }
      drawer={opened !== null && <LoanPanel loanId={opened} loan={loan} onClose={() => open(null)} />}
    >
      {asking && <AskDialog onClose={() => setAsking(false)} />}
    </List>
  )
}

type Action = (typeof loanActions)[number]

function LoanPanel({ loanId, loan, onClose }: { loanId: number; loan: VehicleLoan | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<Action | null>(null)
  return (
    <Panel
      id={loanId}
      title={loan && plateAsPrinted(loan.vehicle.plate)}
      kind={loan && `${t(`loanState.${loan.state}`)}${loan.byAgreement ? ` ${t('loans.byAgreement')}` : ''}`}
      actions={loan?.mayAct.map((action) => (
        <Button
          key={action}
          type={action === 'consent' ? 'primary' : 'default'}
          danger={action === 'refuse'}
          onClick={() => setAsked(action)}
        >
          {t(`loanAction.${action}`)}
        </Button>
      ))}
      loading={!loan}
      onClose={onClose}
    >
      {loan && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('loans.lender')}>{loan.lender.name}</Fact>
            <Fact name={t('loans.borrower')}>{loan.borrower.name}</Fact>
            <Fact name={t('loans.span')}>
              <span className="figure">{spanOf(loan)}</span>
            </Fact>
          </Facts>
          <h3>{t('loans.steps')}</h3>
          <ul className="rows">
            {loan.steps.map((step) => (
              <li key={`${step.at} ${step.action}`}>
                <span>
                  {t(`loanAction.${step.action as 'ask'}`)} <span className="quiet">{step.by}</span>
                  {step.reason && <br />}
                  {step.reason}
                </span>
                <span className="quiet figure">{minuteOf(step.at)}</span>
              </li>
            ))}
          </ul>
          {asked && <StepDialog loan={loan} action={asked} onClose={() => setAsked(null)} />}
        </section>
      )}
    </Panel>
  )
}

function StepDialog({ loan: { loanId, version, vehicle }, action, onClose }: { loan: VehicleLoan; action: Action; onClose: () => void }) {
  const { t } = useText()
  const [trips, setTrips] = useState<(typeof tripsWhenEnded)[number]>()
  return (
    <ReasonDialog
      title={`${t(`loanAction.${action}`)}${t('kit.colon')}${plateAsPrinted(vehicle.plate)}`}
      submitText={t(`loanAction.${action}`)}
      danger={action === 'refuse'}
      onSubmit={async (reason) => {
        await call('actOnVehicleLoan', { params: { loanId }, body: { action, version, reason, data: trips ? { trips } : {} } })
        await changed()
      }}
      onClose={onClose}
    >
      {action === 'end' && (
        <Field name="data.trips" label={t('loans.trips')} whole>
          <Select
            allowClear
            aria-label={t('loans.trips')}
            value={trips}
            options={tripsWhenEnded.map((value) => ({ value, label: t(`loanTrips.${value}`) }))}
            onChange={setTrips}
          />
        </Field>
      )}
    </ReasonDialog>
  )
}

function AskDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState<VehicleClass>()
  const [vehicleId, setVehicleId] = useState<number>()
  const { role, organisation } = useAccount()
  // Whoever looks after one unit borrows for that.
  const [borrowerId, setBorrowerId] = useState(role === 'fleet_manager' ? organisation.organisationId : undefined)
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const q = useSettled(typed.trim(), 200)
  const [fromMs, untilMs] = [fromWallClock(from), fromWallClock(until)]
  const known = borrowerId !== undefined && fromMs !== undefined && untilMs !== undefined && fromMs < untilMs
  const found = useQuery({
    queryKey: ['loans', 'lendable', borrowerId, fromMs, untilMs, kind, q],
    enabled: known,
    queryFn: ({ signal }) => {
      const span = { from: new Date(fromMs!).toISOString(), until: new Date(untilMs!).toISOString() }
      const narrowed = { ...(q ? { q } : {}), ...(kind ? { class: kind } : {}) }
      return call('listLendable', { query: { borrowerId: borrowerId!, ...span, ...narrowed, limit: 50 }, signal })
    },
  })
  return (
    <ReasonDialog
      title={t('loans.ask')}
      ready={vehicleId !== undefined && borrowerId !== undefined && fromMs !== undefined && untilMs !== undefined}
      onSubmit={async (reason) => {
        const span = { from: new Date(fromMs!).toISOString(), until: new Date(untilMs!).toISOString() }
        await call('askVehicleLoan', { body: { vehicleId: vehicleId!, borrowerId: borrowerId!, ...span, reason } })
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="borrowerId" label={t('loans.borrower')}>
        <UnitChoice label={t('loans.borrower')} value={borrowerId} onChange={setBorrowerId} required />
      </Field>
      <Field name="from" label={t('loans.from')}>
        <Input
          type="datetime-local"
          min={toWallClock(Date.now()).slice(0, 16)}
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
      </Field>
      <Field name="until" label={t('loans.until')}>
        <Input type="datetime-local" value={until} onChange={({ target }) => setUntil(target.value)} />
      </Field>
      <Field name="class" label={t('filter.class')}>
        <Select
          allowClear
          aria-label={t('filter.class')}
          value={kind}
          options={vehicleClasses.map((value) => ({ value, label: t(`class.${value}`) }))}
          onChange={(value: VehicleClass | undefined) => {
            setKind(value)
            setVehicleId(undefined)
          }}
        />
      </Field>
      <Field name="vehicleId" label={t('loans.plate')} whole>
        <Select
          showSearch={{ filterOption: false, onSearch: setTyped }}
          disabled={!known}
          aria-label={t('loans.plate')}
          placeholder={t(known ? 'loans.plateHint' : 'loans.plateFirst')}
          value={vehicleId}
          options={(found.data?.rows ?? []).map((row) => ({
            value: row.vehicleId,
            disabled: !row.free,
            label: t(row.free ? 'loans.offered' : 'loans.taken', {
              plate: plateAsPrinted(row.plate),
              class: t(`class.${row.class}`),
              n: row.seats,
              unit: row.unit.name,
            }),
          }))}
          onChange={setVehicleId}
        />
      </Field>
    </ReasonDialog>
  )
}
