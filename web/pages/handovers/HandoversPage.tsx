// 交接班: the book of shifts, one entry with how the vehicle was, and handing one over for the unit.
import { Button } from 'antd'
import { useState } from 'react'
import type { Handover } from '../../../services/contracts/api/handovers.ts'
import { handoverStates } from '../../../services/domain/handover.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { wordOf } from '../../../services/domain/words.ts'
import { call, queryClient } from '../../kit/api/session.ts'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
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
import { OfferDialog } from './OfferDialog.tsx'
import { useText } from './texts.ts'

type Say = ReturnType<typeof useText>['t']
const nameOf = (who: Handover['from'], t: Say): string => who?.name ?? t('handover.unitItself')

const handovers = declareList({
  endpoint: 'listHandovers',
  key: 'handovers',
  useText,
  texts: {
    title: 'page.handovers',
    search: 'handover.search',
    total: 'handover.total',
    emptyTitle: 'handover.emptyTitle',
    emptyText: 'handover.emptyText',
  },
  columns: [
    {
      title: 'handover.vehicle',
      opens: true,
      cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} />,
    },
    { title: 'handover.between', cell: ({ from, to }, { t }) => `${nameOf(from, t)} → ${nameOf(to, t)}` },
    {
      title: 'handover.state',
      cell: (row, { t }) => (
        <>
          {t(`handoverState.${row.state}`)}
          {row.stands && <span className="quiet"> {t('handover.stands')}</span>}
        </>
      ),
    },
    { title: 'handover.offeredAt', className: 'figure', cell: ({ offeredAt }) => minuteOf(offeredAt) },
    { title: 'handover.odometer', className: 'figure', cell: ({ odometerKm }) => odometerKm.toLocaleString('en'), yields: true },
    { title: 'handover.unit', className: 'clip', cell: ({ organisation }) => organisation.name, yields: true },
  ],
  idOf: (row) => row.handoverId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'handover.state', values: handoverStates, word: (state) => `handoverState.${state}` }),
    organisationId: unitFilter('handover.unit'),
  },
  everyMs: 30_000,
  exported: 'handovers',
})

export function HandoversPage() {
  const { t } = useText()
  const list = useList(handovers)
  const { opened, open, rows } = list
  const [offering, setOffering] = useState(false)
  return (
    <List
      of={list}
      actions={
        <AddButton needs="order.drive" onClick={() => setOffering(true)}>
          {t('handover.new')}
        </AddButton>
      }
      drawer={
        opened !== null && (
          <HandoverPanel id={opened} row={rows?.find(({ handoverId }) => handoverId === opened)} onClose={() => open(null)} />
        )
      }
    >
      {offering && <OfferDialog onClose={() => setOffering(false)} />}
    </List>
  )
}

function HandoverPanel({ id, row, onClose }: { id: number; row: Handover | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<Handover['mayAct'][number] | null>(null)
  return (
    <Panel
      id={id}
      title={row && plateAsPrinted(row.vehicle.plate)}
      kind={row && `${t(`handoverState.${row.state}`)} · ${minuteOf(row.offeredAt)}`}
      actions={row?.mayAct.map((action, n) => (
        <Button key={action} type={n === 0 ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`handoverAction.${action}`)}
        </Button>
      ))}
      loading={!row}
      onClose={onClose}
    >
      {row && <HandoverBody row={row} />}
      {row && asked && (
        <ReasonDialog
          title={t(`handoverAction.${asked}`)}
          onSubmit={async (reason) => {
            const body = { action: asked, version: row.version, reason }
            await call('actOnHandover', { params: { handoverId: row.handoverId }, body })
            await queryClient.invalidateQueries({ queryKey: ['handovers'] })
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </Panel>
  )
}

function HandoverBody({ row }: { row: Handover }) {
  const { t, locale } = useText()
  const faults = row.inspection.filter(({ ok }) => !ok)
  return (
    <>
      <section className="panel-part">
        <Facts>
          <Fact name={t('handover.from')}>{nameOf(row.from, t)}</Fact>
          <Fact name={t('handover.to')}>
            {nameOf(row.to, t)} {row.stands && <span className="quiet">{t('handover.stands')}</span>}
          </Fact>
          <Fact name={t('handover.unit')}>{row.organisation.name}</Fact>
          <Fact name={t('handover.odometer')}>
            <span className="figure">{row.odometerKm.toLocaleString('en')}</span>
          </Fact>
          <Fact name={t('handover.fuel')}>
            <span className="figure">{row.fuelPct}</span>
          </Fact>
          <Fact name={t('handover.equipment')}>{row.equipment.map((one) => t(`equipment.${one}`)).join(t('search.comma')) || '–'}</Fact>
          <Fact name={t('handover.condition')}>
            {faults.length === 0
              ? t('handover.sound')
              : faults.map(({ item, remark }) => (
                  <span key={item} className="warn-text">
                    {t('handover.fault', { item: t(`inspectionItem.${item}`), remark })}{' '}
                  </span>
                ))}
          </Fact>
          {row.remarks && <Fact name={t('handover.remarks')}>{row.remarks}</Fact>}
          {row.takenAt && (
            <Fact name={t('handover.takenAt')}>
              <span className="figure">{minuteOf(row.takenAt)}</span>
            </Fact>
          )}
        </Facts>
      </section>
      <section className="panel-part">
        <h3>{t('handover.steps')}</h3>
        <ul className="rows">
          {row.steps.map((step) => (
            <li key={`${step.at} ${step.action}`}>
              <span>
                {wordOf('handoverAction', step.action, locale) ?? step.action} <span className="quiet">{step.by}</span>
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
      </section>
    </>
  )
}
