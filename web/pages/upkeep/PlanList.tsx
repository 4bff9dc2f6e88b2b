// 保养计划: what vehicles need and how often, by class of an organisation or for one vehicle.
import { Button, Input, InputNumber, Segmented, Select } from 'antd'
import { useState } from 'react'
import type { MaintenancePlan } from '../../../services/contracts/api/upkeep.ts'
import { type VehicleClass, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { call, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field, FormDialog } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { type Text, useText } from './texts.ts'

const forWhom = ({ vehicle, class: of }: MaintenancePlan, t: Text) =>
  vehicle ? <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> : of && t(`class.${of}`)
const figure = (n: number | null) => (n === null ? MISSING : formatCount(n))

const plans = declareList({
  endpoint: 'listMaintenancePlans',
  key: 'maintenance-plans',
  useText,
  texts: { title: 'page.upkeep', total: 'plans.total', emptyTitle: 'plans.emptyTitle', emptyText: 'plans.emptyText' },
  columns: [
    { title: 'upkeep.item', opens: true, cell: (row) => row.item },
    { title: 'plans.for', cell: (row, { t }) => forWhom(row, t) },
    { title: 'plans.km', className: 'figure', cell: (row) => figure(row.everyKm) },
    { title: 'plans.months', className: 'figure', cell: (row) => figure(row.everyMonths) },
    { title: 'plans.organisation', className: 'clip', cell: (row) => row.organisation.name },
    { title: 'plans.ended', className: 'figure', yields: true, cell: (row) => (row.endedAt ? minuteOf(row.endedAt).slice(0, 10) : '') },
  ],
  idOf: (row) => row.planId,
  address: idInAddress,
  filters: {
    only: choice({ label: 'plans.only', values: ['running', 'ended'], word: (only) => `plans.only.${only}` }),
    organisationId: unitFilter('upkeep.unit'),
  },
})
const changed = () =>
  Promise.all(['maintenance-plans', 'maintenance-due'].map((each) => queryClient.invalidateQueries({ queryKey: [each] })))

export function PlanList({ switcher }: { switcher: React.ReactNode }) {
  const { t } = useText()
  const list = useList(plans)
  const [adding, setAdding] = useState(false)
  const { opened, open, rows } = list
  return (
    <List
      of={list}
      above={switcher}
      actions={
        <AddButton needs="ledger.draft" onClick={() => setAdding(true)}>
          {t('plans.add')}
        </AddButton>
      }
      drawer={opened !== null && <PlanPanel id={opened} plan={rows?.find(({ planId }) => planId === opened)} onClose={() => open(null)} />}
    >
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </List>
  )
}

function PlanPanel({ id, plan, onClose }: { id: number; plan: MaintenancePlan | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<'change' | 'end' | null>(null)
  return (
    <Panel
      id={id}
      title={plan?.item}
      kind={plan && t(plan.endedAt ? 'plans.only.ended' : 'plans.only.running')}
      actions={
        plan?.mayChange && (
          <>
            <Button type="primary" onClick={() => setAsked('change')}>
              {t('plans.change')}
            </Button>
            <Button onClick={() => setAsked('end')}>{t('plans.end')}</Button>
          </>
        )
      }
      loading={!plan}
      onClose={onClose}
    >
      {plan && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('plans.for')}>{forWhom(plan, t)}</Fact>
            <Fact name={t('plans.organisation')}>{plan.organisation.name}</Fact>
            <Fact name={t('plans.km')}>{figure(plan.everyKm)}</Fact>
            <Fact name={t('plans.months')}>{figure(plan.everyMonths)}</Fact>
            {plan.note && <Fact name={t('trip.note')}>{plan.note}</Fact>}
          </Facts>
        </section>
      )}
      {plan && asked && <ChangeDialog plan={plan} ended={asked === 'end'} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

type Term = { everyKm: number | null; everyMonths: number | null }
function TermFields({ term, onChange }: { term: Term; onChange: (term: Term) => void }) {
  const { t } = useText()
  return (
    <>
      <Field name="everyKm" label={t('plans.km')}>
        <InputNumber
          precision={0}
          min={100}
          max={500_000}
          step={500}
          value={term.everyKm}
          onChange={(everyKm) => onChange({ ...term, everyKm })}
        />
      </Field>
      <Field name="everyMonths" label={t('plans.months')}>
        <InputNumber
          precision={0}
          min={1}
          max={240}
          value={term.everyMonths}
          onChange={(everyMonths) => onChange({ ...term, everyMonths })}
        />
      </Field>
    </>
  )
}
const isTerm = ({ everyKm, everyMonths }: Term): boolean => everyKm !== null || everyMonths !== null

function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [by, setBy] = useState<'class' | 'vehicle'>('class')
  const [unitId, setUnitId] = useState<number | undefined>(account.organisation.organisationId)
  const [of, setOf] = useState<VehicleClass>('official')
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(null)
  const [item, setItem] = useState('')
  const [term, setTerm] = useState<Term>({ everyKm: null, everyMonths: null })
  const [note, setNote] = useState('')
  return (
    <FormDialog
      title={t('plans.add')}
      ready={unitId !== undefined && item.trim().length > 1 && isTerm(term) && (by === 'class' || vehicle !== null)}
      onSubmit={async () => {
        await call('addMaintenancePlan', {
          body: {
            ...{ ...term, item: item.trim(), note: note || null, organisationId: unitId! },
            ...(by === 'class' ? { class: of } : { vehicleId: vehicle!.vehicleId }),
          },
        })
        await changed()
      }}
      onClose={onClose}
    >
      <Field label={t('plans.for')} whole>
        <Segmented
          value={by}
          onChange={setBy}
          options={(['class', 'vehicle'] as const).map((value) => ({ value, label: t(`plans.by.${value}`) }))}
        />
      </Field>
      {by === 'class' ? (
        <>
          <Field name="organisationId" label={t('plans.organisation')} required>
            <UnitChoice label={t('plans.organisation')} value={unitId} onChange={setUnitId} required />
          </Field>
          <Field name="class" label={t('filter.class')} required>
            <Select
              aria-label={t('filter.class')}
              value={of}
              options={vehicleClasses.map((value) => ({ value, label: t(`class.${value}`) }))}
              onChange={setOf}
            />
          </Field>
        </>
      ) : (
        <Field name="vehicleId" label={t('upkeep.vehicle')} whole required>
          <VehicleChoice label={t('upkeep.vehicle')} value={vehicle} onChange={setVehicle} />
        </Field>
      )}
      <Field name="item" label={t('upkeep.item')} whole required>
        <Input maxLength={30} value={item} placeholder={t('plans.itemHint')} onChange={({ target }) => setItem(target.value)} />
      </Field>
      <TermFields term={term} onChange={setTerm} />
      <Field name="note" label={t('trip.note')} whole>
        <Input maxLength={200} value={note} onChange={({ target }) => setNote(target.value)} />
      </Field>
    </FormDialog>
  )
}

function ChangeDialog({ plan, ended, onClose }: { plan: MaintenancePlan; ended: boolean; onClose: () => void }) {
  const { t } = useText()
  const { planId, version, everyKm, everyMonths, note } = plan
  const [term, setTerm] = useState<Term>({ everyKm, everyMonths })
  return (
    <ReasonDialog
      title={t(ended ? 'plans.end' : 'plans.change')}
      danger={ended}
      ready={isTerm(term)}
      onSubmit={async (reason) => {
        await call('changeMaintenancePlan', { params: { planId }, body: { version, ...term, note, ended, reason } })
        await changed()
      }}
      onClose={onClose}
    >
      {!ended && <TermFields term={term} onChange={setTerm} />}
    </ReasonDialog>
  )
}
