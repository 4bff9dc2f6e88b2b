// 封存停驶: the vehicles of a plan, what stands still and where, who has the keys, and afterwards what positions prove. Plans are chosen above the list.
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import type { Seal, SealPlan } from '../../../services/contracts/api/sealing.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { sealActions, sealProofs, sealStates } from '../../../services/domain/sealing.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { AddButton } from '../../kit/list/AddButton.tsx'
import { declareList, idInAddress, readNumber } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { useTicks } from '../../kit/list/useTicks.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { PlanDialog } from './PlanDialog.tsx'
import { SealPanel } from './SealPanel.tsx'
import { SealStep } from './SealStep.tsx'
import { useText } from './texts.ts'
import './sealing.css'

const seals = declareList({
  endpoint: 'listSeals',
  key: 'sealing',
  useText,
  texts: {
    title: 'page.sealing',
    search: 'sealing.search',
    total: 'sealing.total',
    emptyTitle: 'sealing.emptyTitle',
    emptyText: 'sealing.emptyText',
  },
  columns: [
    {
      title: 'sealing.vehicle',
      opens: true,
      cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} />,
    },
    {
      title: 'sealing.state',
      cell: (row, { t }) => (
        <>
          {t(`sealState.${row.state}`)}
          {row.exempt && <span className="quiet"> {t(`sealExempt.${row.exempt}`)}</span>}
        </>
      ),
    },
    { title: 'sealing.place', className: 'clip', cell: (row) => row.place ?? '' },
    { title: 'sealing.keyKeeper', cell: (row) => row.keyKeeper ?? '', yields: true },
    { title: 'sealing.proof', cell: (row, { t }) => row.proof && t(`sealProof.${row.proof.kind}`) },
    { title: 'sealing.unit', className: 'clip', cell: (row) => row.organisation.name, yields: true },
    // Many a plan is a weekend: it is known by its first day.
    { title: 'sealing.plan', cell: (row) => `${dayAt(Date.parse(row.from))} ${row.name}`, yields: true },
  ],
  idOf: (row) => row.sealId,
  address: idInAddress,
  filters: {
    planId: { url: 'plan', read: readNumber },
    state: choice({ label: 'sealing.state', values: sealStates, word: (state) => `sealState.${state}` }),
    proof: choice({ label: 'sealing.proof', values: sealProofs, word: (proof) => `sealProof.${proof}` }),
    organisationId: unitFilter('sealing.unit'),
  },
  everyMs: 30_000,
  exported: 'seals',
})

export function SealingPage() {
  const { t } = useText()
  const list = useList(seals)
  const { opened, open } = list
  const [planning, setPlanning] = useState(false)
  const [asked, setAsked] = useState<Seal['mayAct'][number] | null>(null)
  const { chosen, unchoose, ticks } = useTicks({
    page: list.rows,
    idOf: seals.idOf,
    wholePage: t('sealing.selectPage'),
    one: (row) => t('sealing.select', { plate: plateAsPrinted(row.vehicle.plate) }),
  })
  const rows = [...chosen.values()]
  // Each is sealed by itself, where it stands.
  const shared = sealActions.filter((action) => action !== 'seal' && rows.length > 0 && rows.every(({ mayAct }) => mayAct.includes(action)))
  return (
    <List
      of={list}
      above={
        <Plans chosen={readNumber(list.url.plan)} onChoose={(plan) => list.set({ plan: plan === undefined ? undefined : String(plan) })} />
      }
      ticks={list.rows?.some(({ mayAct }) => mayAct.length > 0) ? ticks : undefined}
      actions={
        <>
          {shared.map((action) => (
            <Button key={action} disabled={rows.length > 100} onClick={() => setAsked(action)}>
              {t('sealing.chosen', { action: t(`sealAction.${action}`), n: rows.length })}
            </Button>
          ))}
          <AddButton needs="ledger.draft" onClick={() => setPlanning(true)}>
            {t('sealing.new')}
          </AddButton>
        </>
      }
      drawer={
        opened !== null && <SealPanel id={opened} seal={list.rows?.find(({ sealId }) => sealId === opened)} onClose={() => open(null)} />
      }
    >
      {planning && <PlanDialog onMade={(planId) => list.set({ plan: String(planId) })} onClose={() => setPlanning(false)} />}
      {asked && <SealStep rows={rows} action={asked} onDone={unchoose} onClose={() => setAsked(null)} />}
    </List>
  )
}

function Plans({ chosen, onChoose }: { chosen: number | undefined; onChoose: (planId: number | undefined) => void }) {
  const { t } = useText()
  const { data } = useQuery({
    queryKey: ['sealing', 'plans'],
    queryFn: ({ signal }) => call('listSealPlans', { query: { limit: 200 }, signal }),
  })
  if (!data || data.total === 0) return null
  const nameOf = ({ name, fromDay, untilDay, organisation }: SealPlan) =>
    `${t('sealing.planDays', { name, from: fromDay, until: untilDay })} · ${organisation.name}`
  return (
    <div className="seal-plans">
      <Select
        allowClear
        aria-label={t('sealing.plan')}
        placeholder={t('sealing.plan')}
        value={chosen}
        options={data.rows.map((plan) => ({ value: plan.planId, label: nameOf(plan) }))}
        onChange={onChoose}
        popupMatchSelectWidth={false}
      />
      {chosen !== undefined && <Counts planId={chosen} />}
    </div>
  )
}

/** How a plan stands: its states, what was proved, and each unit. */
function Counts({ planId }: { planId: number }) {
  const { t } = useText()
  const { data } = useQuery({
    queryKey: ['sealing', 'plan', planId],
    queryFn: ({ signal }) => call('getSealPlan', { params: { planId }, signal }),
  })
  if (!data) return null
  const said = [
    ...sealStates.map((state) => ({ what: t(`sealState.${state}`), n: data.states[state] })),
    ...sealProofs.map((proof) => ({ what: t(`sealProof.${proof}`), n: data.proofs[proof] })),
  ].filter(({ n }) => n > 0)
  return (
    <>
      <p>{said.map(({ what, n }) => t('sealing.count', { what, n })).join(t('search.comma'))}</p>
      {data.units.length > 1 && (
        <details>
          <summary>{t('sealing.units')}</summary>
          <ul className="rows">
            {data.units.map(({ organisation, states }) => (
              <li key={organisation.organisationId}>
                <span>{organisation.name}</span>
                <span className="quiet figure">
                  {t('sealing.unitSealed', {
                    n: sealStates.reduce((sum, state) => sum + states[state], 0) - states.EXEMPT,
                    sealed: states.SEALED + states.UNSEAL_ASKED + states.OVER + states.UNSEALED,
                  })}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
