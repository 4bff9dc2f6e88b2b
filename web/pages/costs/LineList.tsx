// 对账明细: lines of statements, those that wait for a person first; each is a vehicle's after all, or no matter of ours.
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { FuelLine } from '../../../services/contracts/api/fuelStatements.ts'
import { type FuelLineAction, fuelLineStates, trackVerdicts, waitReasons } from '../../../services/domain/fuelStatement.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, queryClient, useAccount } from '../../kit/api/session.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { ReasonDialog } from '../../kit/form/ReasonDialog.tsx'
import { formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { declareList, idInAddress, readNumber } from '../../kit/list/declareList.ts'
import { choice } from '../../kit/list/filters.tsx'
import { List } from '../../kit/list/List.tsx'
import { useList } from '../../kit/list/useList.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { unitFilter } from '../../parts/organisation/unitFilter.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { VehicleChoice } from '../../parts/vehicle/VehicleChoice.tsx'
import { type Text, useText } from './texts.ts'

const timeOf = ({ at, clocked }: FuelLine): string => (clocked ? minuteOf(at) : minuteOf(at).slice(0, -6))
function quantityOf({ kind, quantity }: FuelLine, t: Text): string {
  return quantity === 0 ? MISSING : t(kind === 'fuel' ? 'costs.litres' : 'costs.kwh', { n: quantity / 1000 })
}

const lines = declareList({
  endpoint: 'listFuelLines',
  key: 'lines',
  useText,
  texts: { title: 'page.costs', total: 'lines.total', emptyTitle: 'lines.emptyTitle', emptyText: 'statements.emptyText' },
  columns: [
    { title: 'lines.at', className: 'figure', cell: timeOf },
    { title: 'lines.card', className: 'figure', cell: (row) => `…${row.card}` },
    { title: 'costs.what', cell: (row) => (row.vehicle ? plateAsPrinted(row.vehicle.plate) : MISSING) },
    { title: 'bills.amount', className: 'figure', cell: (row) => formatFen(row.fen) },
    { title: 'lines.quantity', className: 'figure', cell: (row, { t }) => quantityOf(row, t) },
    { title: 'lines.verdict', cell: (row, { t }) => t(`trackVerdict.${row.verdict}`) },
    {
      title: 'bills.state',
      cell: (row, { t }) => t(row.state === 'WAITING' && row.why ? `waitReason.${row.why}` : `fuelLineState.${row.state}`),
    },
    { title: 'lines.station', className: 'clip', yields: true, cell: (row) => row.station || MISSING },
  ],
  idOf: (row) => row.lineId,
  address: idInAddress,
  filters: {
    state: choice({ label: 'bills.state', values: fuelLineStates, word: (state) => `fuelLineState.${state}` }),
    why: choice({ label: 'lines.why', values: waitReasons, word: (why) => `waitReason.${why}` }),
    verdict: choice({ label: 'lines.verdict', values: trackVerdicts, word: (verdict) => `trackVerdict.${verdict}` }),
    organisationId: unitFilter('costs.filterUnit'),
    // From a statement; it stands in the address alone.
    statementId: { read: readNumber, show: () => null },
  },
})

export function LineList({ switcher }: { switcher: React.ReactNode }) {
  const list = useList(lines)
  const { opened, open, rows } = list
  const line = rows?.find(({ lineId }) => lineId === opened)
  return <List of={list} above={switcher} drawer={opened !== null && <LinePanel id={opened} line={line} onClose={() => open(null)} />} />
}

function LinePanel({ id, line, onClose }: { id: number; line: FuelLine | undefined; onClose: () => void }) {
  const { t } = useText()
  const enters = may(useAccount(), 'bill.enter')
  const [asked, setAsked] = useState<FuelLineAction | null>(null)
  return (
    <Panel
      id={id}
      title={line && `…${line.card}`}
      kind={line && t(`fuelLineState.${line.state}`)}
      actions={
        enters &&
        line?.state === 'WAITING' && (
          <>
            <Button type="primary" onClick={() => setAsked('assign')}>
              {t('fuelLineAction.assign')}
            </Button>
            <Button onClick={() => setAsked('dismiss')}>{t('fuelLineAction.dismiss')}</Button>
          </>
        )
      }
      loading={!line}
      onClose={onClose}
    >
      {line && (
        <section className="panel-part">
          <Facts>
            <Fact name={t('costs.unit')}>{line.unit.name}</Fact>
            <Fact name={t('lines.at')}>
              <span className="figure">{timeOf(line)}</span>
            </Fact>
            <Fact name={t('bills.amount')}>
              <strong className="figure">{formatFen(line.fen)}</strong>
            </Fact>
            <Fact name={t('lines.quantity')}>{quantityOf(line, t)}</Fact>
            <Fact name={t('lines.station')}>{line.place ?? (line.station || MISSING)}</Fact>
            <Fact name={t('costs.what')}>{line.vehicle ? plateAsPrinted(line.vehicle.plate) : MISSING}</Fact>
            <Fact name={t('lines.verdict')}>{t(`trackVerdict.${line.verdict}`)}</Fact>
            {line.why && <Fact name={t('lines.why')}>{t(`waitReason.${line.why}`)}</Fact>}
          </Facts>
          {line.candidates.length > 0 && (
            <>
              <h3>{t('lines.candidates')}</h3>
              <ul className="rows">
                {line.candidates.map(({ vehicleId, plate, card }) => (
                  <li key={vehicleId}>
                    <span>{plateAsPrinted(plate)}</span>
                    <span className="quiet figure">…{card}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {line.billId !== null && (
            <Link to="/costs" search={{ list: 'bills', id: String(line.billId) } as never}>
              {t('costs.bill', { n: line.billId })}
            </Link>
          )}
          {asked && <StepDialog line={line} action={asked} onClose={() => setAsked(null)} />}
        </section>
      )}
    </Panel>
  )
}

function StepDialog({ line, action, onClose }: { line: FuelLine; action: FuelLineAction; onClose: () => void }) {
  const { t } = useText()
  const { lineId, version } = line
  const [vehicle, setVehicle] = useState<{ vehicleId: number; plate: string } | null>(line.vehicle ?? line.candidates[0] ?? null)
  return (
    <ReasonDialog
      title={t(`fuelLineAction.${action}`)}
      ready={action === 'dismiss' || vehicle !== null}
      onSubmit={async (reason) => {
        const vehicleId = action === 'assign' ? (vehicle?.vehicleId ?? null) : null
        await call('actOnFuelLine', { params: { lineId }, body: { action, version, vehicleId, reason } })
        await Promise.all(['lines', 'statements', 'bills'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })))
      }}
      onClose={onClose}
    >
      {action === 'assign' && (
        <Field name="vehicleId" label={t('costs.what')} whole required>
          <VehicleChoice label={t('costs.what')} value={vehicle} onChange={setVehicle} />
        </Field>
      )}
    </ReasonDialog>
  )
}
