// 保险年检: policies and inspections as they were recorded. Each moves the date of the vehicle's file and enters its bill.
import { Link } from '@tanstack/react-router'
import { Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { Renewal } from '../../../services/contracts/api/renewals.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { type RenewalKind, renewalKinds, renewalStates } from '../../../services/domain/renewals.ts'
import { ApiError } from '../../kit/api/client.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { fenOf, formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
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
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { SupplierChoice } from './SupplierChoice.tsx'
import { type Text, useText } from './texts.ts'

const gapText = ({ gapDays }: Renewal, t: Text): string =>
  gapDays === 0 ? '' : gapDays > 0 ? t('renewals.gap', { n: gapDays }) : t('renewals.overlap', { n: -gapDays })

const renewals = declareList({
  endpoint: 'listRenewals',
  key: 'renewals',
  useText,
  texts: {
    title: 'page.upkeep',
    search: 'upkeep.search',
    total: 'renewals.total',
    emptyTitle: 'renewals.emptyTitle',
    emptyText: 'renewals.emptyText',
  },
  columns: [
    { title: 'upkeep.vehicle', opens: true, cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> },
    { title: 'renewals.kind', cell: (row, { t }) => t(`renewalKind.${row.kind}`) },
    { title: 'renewals.from', className: 'figure', cell: (row) => row.fromDay },
    { title: 'renewals.until', className: 'figure', cell: (row) => row.untilDay },
    { title: 'renewals.gapTitle', cell: (row, { t }) => <span className="upkeep-late">{gapText(row, t)}</span> },
    { title: 'work.amount', className: 'figure', cell: (row) => (row.fen === 0 ? MISSING : formatFen(row.fen)) },
    { title: 'renewals.state', yields: true, cell: (row, { t }) => t(`renewalState.${row.state}`) },
    { title: 'renewals.by', className: 'clip', yields: true, cell: (row) => row.by },
    { title: 'upkeep.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.renewalId,
  address: idInAddress,
  filters: {
    kind: choice({ label: 'renewals.kind', values: renewalKinds, word: (kind) => `renewalKind.${kind}` }),
    state: choice({ label: 'renewals.state', values: renewalStates, word: (state) => `renewalState.${state}` }),
    organisationId: unitFilter('upkeep.unit'),
  },
  exported: 'renewals',
})
const changed = () =>
  Promise.all(['renewals', 'bills', 'ledger', 'vehicle-file'].map((each) => queryClient.invalidateQueries({ queryKey: [each] })))

export function RenewalList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(renewals)
  const [recording, setRecording] = useState(false)
  const { opened, open, rows } = list
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="bill.enter" onClick={() => setRecording(true)}>
          {t('renewals.record')}
        </AddButton>
      }
      drawer={
        opened !== null && (
          <RenewalPanel id={opened} renewal={rows?.find(({ renewalId }) => renewalId === opened)} onClose={() => open(null)} />
        )
      }
    >
      {recording && <RecordDialog onClose={() => setRecording(false)} />}
    </List>
  )
}

function RenewalPanel({ id, renewal, onClose }: { id: number; renewal: Renewal | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState(false)
  return (
    <Panel
      id={id}
      title={renewal && t(`renewalKind.${renewal.kind}`)}
      kind={renewal && t(`renewalState.${renewal.state}`)}
      actions={renewal?.mayWithdraw && <Button onClick={() => setAsked(true)}>{t('renewalAction.withdraw')}</Button>}
      loading={!renewal}
      onClose={onClose}
    >
      {renewal && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('upkeep.vehicle')}>
              <Plate plate={renewal.vehicle.plate} colour={renewal.vehicle.plateColour} />
            </Fact>
            <Fact name={t('upkeep.unit')}>{renewal.unit.name}</Fact>
            <Fact name={t('renewals.span')}>
              <span className="figure">
                {renewal.fromDay} – {renewal.untilDay}
              </span>
            </Fact>
            <Fact name={t('renewals.before')}>
              <span className="figure">{renewal.beforeDay ?? MISSING}</span> {gapText(renewal, t)}
            </Fact>
            <Fact name={t('renewals.by')}>{renewal.by}</Fact>
            <Fact name={t('renewals.documentNo')}>{renewal.documentNo}</Fact>
            <Fact name={t('work.amount')}>
              <span className="figure">{renewal.fen === 0 ? t('renewals.free') : formatFen(renewal.fen)}</span>
            </Fact>
            <Fact name={t('renewals.recordedBy')}>
              {renewal.recordedBy} <span className="quiet figure">{minuteOf(renewal.recordedAt)}</span>
            </Fact>
            {renewal.note && <Fact name={t('trip.note')}>{renewal.note}</Fact>}
            {renewal.reason && <Fact name={t('renewals.why')}>{renewal.reason}</Fact>}
          </Facts>
          {renewal.billId !== null && (
            <Link to="/costs" search={{ list: 'bills', id: String(renewal.billId) } as never}>
              {t('work.bill', { n: renewal.billId })}
            </Link>
          )}
        </section>
      )}
      {renewal && asked && (
        <ReasonDialog
          title={t('renewalAction.withdraw')}
          text={t('renewals.withdrawText')}
          danger
          onSubmit={async (reason) => {
            const { renewalId, version } = renewal
            await call('withdrawRenewal', { params: { renewalId }, body: { version, reason } })
            await changed()
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </Panel>
  )
}

function RecordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const [key] = useState(() => crypto.randomUUID())
  const today = dayAt(Date.now())
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(null)
  const [kind, setKind] = useState<RenewalKind>('insurance')
  const [fromDay, setFromDay] = useState(today)
  const [untilDay, setUntilDay] = useState(addDays(today, 364))
  const [supplierId, setSupplierId] = useState<number>()
  const [station, setStation] = useState('')
  const [documentNo, setDocumentNo] = useState('')
  const [yuan, setYuan] = useState<number | null>(null)
  const [paidDay, setPaidDay] = useState(today)
  const [note, setNote] = useState('')
  const [told, setTold] = useState(false)
  const [sure, setSure] = useState(false)
  const insurance = kind === 'insurance'
  const known = insurance ? supplierId !== undefined : station.trim() !== ''
  return (
    <FormDialog
      title={t('renewals.record')}
      width={640}
      ready={
        vehicle !== null && known && documentNo.trim() !== '' && yuan !== null && fromDay !== '' && untilDay > fromDay && paidDay !== ''
      }
      onSubmit={async () => {
        const by = insurance ? { supplierId: supplierId! } : { station: station.trim() }
        try {
          await call('recordRenewal', {
            body: {
              ...{ key, kind, fromDay, untilDay, documentNo, paidDay, note: note || null, sure, ...by },
              ...{ vehicleId: vehicle!.vehicleId, fen: fenOf(yuan!) },
            },
          })
        } catch (error) {
          if (error instanceof ApiError && error.issues.some(({ reason }) => /^renewal\.(gap|overlap|late)$/.test(reason ?? '')))
            setTold(true)
          throw error
        }
        await changed()
      }}
      onClose={onClose}
    >
      <Field name="vehicleId" label={t('upkeep.vehicle')} required>
        <VehicleChoice label={t('upkeep.vehicle')} value={vehicle} onChange={setVehicle} />
      </Field>
      <Field name="kind" label={t('renewals.kind')} required>
        <Select
          aria-label={t('renewals.kind')}
          value={kind}
          options={renewalKinds.map((value) => ({ value, label: t(`renewalKind.${value}`) }))}
          onChange={setKind}
        />
      </Field>
      <Field name="fromDay" label={t(insurance ? 'renewals.from' : 'renewals.inspectedOn')} required>
        <Input type="date" value={fromDay} onChange={({ target }) => setFromDay(target.value)} />
      </Field>
      <Field name="untilDay" label={t('renewals.until')} required>
        <Input type="date" min={fromDay} value={untilDay} onChange={({ target }) => setUntilDay(target.value)} />
      </Field>
      {insurance ? (
        <Field name="supplierId" label={t('renewals.insurer')} required>
          <SupplierChoice kind="insurance" label={t('renewals.insurer')} value={supplierId} onChange={setSupplierId} />
        </Field>
      ) : (
        <Field name="station" label={t('renewals.station')} required>
          <Input maxLength={60} value={station} onChange={({ target }) => setStation(target.value)} />
        </Field>
      )}
      <Field name="documentNo" label={t(insurance ? 'renewals.policyNo' : 'renewals.documentNo')} required>
        <Input maxLength={60} value={documentNo} onChange={({ target }) => setDocumentNo(target.value)} />
      </Field>
      <Field name="fen" label={t('work.yuan')} required>
        <InputNumber precision={2} min={0} max={1_000_000_000} controls={false} value={yuan} onChange={setYuan} />
      </Field>
      <Field name="paidDay" label={t('renewals.paidDay')} required>
        <Input type="date" max={today} value={paidDay} onChange={({ target }) => setPaidDay(target.value)} />
      </Field>
      <Field name="note" label={t('trip.note')} whole>
        <Input maxLength={200} value={note} onChange={({ target }) => setNote(target.value)} />
      </Field>
      {told && (
        <Checkbox className="form-whole" checked={sure} onChange={({ target }) => setSure(target.checked)}>
          {t('renewals.sure')}
        </Checkbox>
      )}
    </FormDialog>
  )
}
