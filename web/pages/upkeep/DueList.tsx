// 保养到期: what each vehicle needs by its plans. What is due is asked for as a work order from here, or said to have been done.
import { Link } from '@tanstack/react-router'
import { Button, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type { MaintenanceDue } from '../../../services/contracts/api/upkeep.ts'
import { dayAt } from '../../../services/domain/days.ts'
import { dueStates } from '../../../services/domain/upkeep.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { declareList } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { AskWorkDialog } from './AskWorkDialog.tsx'
import { type Text, useText } from './texts.ts'

function termOf({ everyKm, everyMonths }: Pick<MaintenanceDue, 'everyKm' | 'everyMonths'>, t: Text): string {
  const said = [
    everyKm === null ? null : t('plans.everyKm', { n: formatCount(everyKm) }),
    everyMonths === null ? null : t('plans.everyMonths', { n: everyMonths }),
  ]
  return said.filter((part) => part !== null).join(t('plans.or'))
}

const due = declareList({
  endpoint: 'listMaintenanceDue',
  key: 'maintenance-due',
  useText,
  texts: { title: 'page.upkeep', search: 'upkeep.search', total: 'due.total', emptyTitle: 'due.emptyTitle', emptyText: 'due.emptyText' },
  columns: [
    { title: 'upkeep.vehicle', opens: true, cell: ({ vehicle }) => <Plate plate={vehicle.plate} colour={vehicle.plateColour} /> },
    { title: 'upkeep.item', className: 'clip', cell: (row) => row.item },
    {
      title: 'due.state',
      cell: (row, { t }) => <span className={row.state === 'overdue' ? 'upkeep-late' : ''}>{t(`dueState.${row.state}`)}</span>,
    },
    { title: 'due.expected', className: 'figure', cell: (row) => row.expectedDay ?? MISSING },
    { title: 'due.kmLeft', className: 'figure', cell: (row) => (row.kmLeft === null ? MISSING : formatCount(Math.round(row.kmLeft))) },
    { title: 'due.day', className: 'figure', yields: true, cell: (row) => row.dueDay ?? MISSING },
    { title: 'due.last', className: 'figure', yields: true, cell: (row) => row.last?.day ?? MISSING },
    { title: 'upkeep.unit', className: 'clip', yields: true, cell: (row) => row.unit.name },
  ],
  idOf: (row) => row.dueId,
  address: {
    read: (url) => (/^\d+:\d+$/.test(url.id ?? '') ? url.id! : null),
    write: (id: string | null) => ({ id: id ?? undefined }),
  },
  filters: {
    state: choice({ label: 'due.state', values: dueStates, word: (state) => `dueState.${state}` }),
    organisationId: unitFilter('upkeep.unit'),
  },
  exported: 'maintenanceDue',
})

export function DueList({ switcher }: { switcher: React.ReactNode }) {
  const list = useList(due)
  const { opened, open, rows } = list
  return (
    <List
      of={list}
      above={switcher}
      drawer={opened !== null && <DuePanel id={opened} row={rows?.find(({ dueId }) => dueId === opened)} onClose={() => open(null)} />}
    />
  )
}

function DuePanel({ id, row, onClose }: { id: string; row: MaintenanceDue | undefined; onClose: () => void }) {
  const { t } = useText()
  const account = useAccount()
  const [asked, setAsked] = useState<'work' | 'mark' | null>(null)
  return (
    <Panel
      id={id}
      title={row?.item}
      kind={row && t(`dueState.${row.state}`)}
      actions={
        <>
          {row && row.workOrderId === null && may(account, 'bill.enter') && (
            <Button type="primary" onClick={() => setAsked('work')}>
              {t('work.ask')}
            </Button>
          )}
          {row && may(account, 'ledger.draft') && <Button onClick={() => setAsked('mark')}>{t('due.mark')}</Button>}
        </>
      }
      loading={!row}
      onClose={onClose}
    >
      {row && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('upkeep.vehicle')}>
              <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} />
            </Fact>
            <Fact name={t('upkeep.unit')}>{row.unit.name}</Fact>
            <Fact name={t('plans.term')}>{termOf(row, t)}</Fact>
            <Fact name={t('due.last')}>
              {row.last ? (
                <span className="figure">
                  {row.last.day}
                  {row.last.odometerKm !== null && ` ${t('due.atKm', { n: formatCount(Math.round(row.last.odometerKm)) })}`}
                </span>
              ) : (
                t('due.never')
              )}
            </Fact>
            {row.kmSince !== null && (
              <Fact name={t('due.since')}>
                <span className="figure">{t('due.km', { n: formatCount(Math.round(row.kmSince)) })}</span>
              </Fact>
            )}
            {row.odometer && (
              <Fact name={t('due.odometer')}>
                <span className="figure">{t('due.km', { n: formatCount(Math.round(row.odometer.km)) })}</span>{' '}
                <span className="quiet">
                  {t(`odometerSource.${row.odometer.source}`)} <span className="figure">{minuteOf(row.odometer.at)}</span>
                </span>
              </Fact>
            )}
            {row.dueDay && (
              <Fact name={t('due.day')}>
                <span className="figure">{row.dueDay}</span>
              </Fact>
            )}
            {row.kmLeft !== null && (
              <Fact name={t('due.kmLeft')}>
                <span className="figure">{formatCount(Math.round(row.kmLeft))}</span>
              </Fact>
            )}
          </Facts>
          {row.workOrderId !== null && (
            <Link to="/upkeep" search={{ id: String(row.workOrderId) } as never}>
              {t('work.title', { n: row.workOrderId })}
            </Link>
          )}
        </section>
      )}
      {row && asked === 'work' && (
        <AskWorkDialog
          of={{ vehicle: { vehicleId: row.vehicle.vehicleId, plate: row.vehicle.plate }, item: row.item }}
          onClose={() => setAsked(null)}
        />
      )}
      {row && asked === 'mark' && <MarkDialog row={row} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

function MarkDialog({ row, onClose }: { row: MaintenanceDue; onClose: () => void }) {
  const { t } = useText()
  const [day, setDay] = useState('')
  const [km, setKm] = useState<number | null>(null)
  return (
    <ReasonDialog
      title={t('due.mark')}
      text={t('due.markText')}
      ready={day !== ''}
      onSubmit={async (reason) => {
        await call('markMaintenance', { body: { vehicleId: row.vehicle.vehicleId, item: row.item, day, odometerKm: km, reason } })
        await queryClient.invalidateQueries({ queryKey: ['maintenance-due'] })
      }}
      onClose={onClose}
    >
      <Field name="day" label={t('due.doneOn')} required>
        <Input type="date" max={dayAt(Date.now())} value={day} onChange={({ target }) => setDay(target.value)} />
      </Field>
      <Field name="odometerKm" label={t('work.odometer')}>
        <InputNumber precision={1} min={0} max={2_000_000} controls={false} value={km} onChange={setKm} />
      </Field>
    </ReasonDialog>
  )
}
