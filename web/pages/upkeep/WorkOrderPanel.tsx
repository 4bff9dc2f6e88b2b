// One work order beside the list: what is done, where and until when, what was agreed to and what it came to, and what one may do now.
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { WorkOrder } from '../../../services/contracts/api/upkeep.ts'
import type { WorkOrderAction } from '../../../services/domain/workOrders.ts'
import { formatFen } from '../../kit/format/money.ts'
import { formatCount } from '../../kit/format/number.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'
import { WorkStepDialog } from './WorkStepDialog.tsx'

const agrees: readonly WorkOrderAction[] = ['estimate', 'approve', 'send', 'approveMore', 'complete', 'accept']

export function WorkOrderPanel({ id, order, onClose }: { id: number; order: WorkOrder | undefined; onClose: () => void }) {
  const { t } = useText()
  const [asked, setAsked] = useState<WorkOrderAction | null>(null)
  return (
    <Panel
      id={id}
      title={t('work.title', { n: id })}
      kind={order && t(`workOrderState.${order.state}`)}
      actions={order?.mayAct.map((action) => (
        <Button key={action} type={agrees.includes(action) ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`workOrderAction.${action}`)}
        </Button>
      ))}
      loading={!order}
      onClose={onClose}
    >
      {order && <WorkFacts order={order} />}
      {order && order.parts.length > 0 && <WorkLines order={order} />}
      {order && <WorkSteps order={order} />}
      {order && asked && <WorkStepDialog order={order} action={asked} onClose={() => setAsked(null)} />}
    </Panel>
  )
}

function WorkFacts({ order }: { order: WorkOrder }) {
  const { t } = useText()
  const { vehicle, odometerKm, backAt, billId } = order
  const money = [
    ['work.estimate', order.estimateFen],
    ['work.approved', order.approvedFen],
    ['work.invoice', order.invoiceFen],
  ] as const
  return (
    <section className="panel-part">
      <Facts>
        <Fact name={t('upkeep.vehicle')}>
          <Plate plate={vehicle.plate} colour={vehicle.plateColour} />
        </Fact>
        <Fact name={t('upkeep.unit')}>{order.unit.name}</Fact>
        <Fact name={t('work.kind')}>{t(`workKind.${order.kind}`)}</Fact>
        <Fact name={t('work.work')}>{order.work}</Fact>
        {order.item && <Fact name={t('upkeep.item')}>{order.item}</Fact>}
        <Fact name={t('work.supplier')}>{order.supplier.name}</Fact>
        <Fact name={t('work.away')}>
          <span className="figure">{minuteOf(order.from)} –</span> <span className="figure">{minuteOf(order.until)}</span>
          {order.late && <span className="upkeep-late"> {t('work.late')}</span>}
        </Fact>
        {money.map(
          ([name, fen]) =>
            fen !== null && (
              <Fact key={name} name={t(name)}>
                <span className="figure">{formatFen(fen)}</span>
              </Fact>
            ),
        )}
        {order.invoiceNo && <Fact name={t('work.invoiceNo')}>{`${order.invoiceNo} ${order.invoiceDay ?? ''}`}</Fact>}
        {odometerKm !== null && (
          <Fact name={t('work.odometer')}>
            <span className="figure">{formatCount(Math.round(odometerKm))}</span>
          </Fact>
        )}
        {backAt && (
          <Fact name={t('work.back')}>
            <span className="figure">{minuteOf(backAt)}</span>
          </Fact>
        )}
        {order.redone > 0 && <Fact name={t('work.redone')}>{t('work.times', { n: order.redone })}</Fact>}
      </Facts>
      {order.mishapId !== null && (
        <Link to="/mishaps" search={{ id: String(order.mishapId) } as never}>
          {t('work.ofMishap', { n: order.mishapId })}
        </Link>
      )}
      {billId !== null && (
        <Link to="/costs" search={{ list: 'bills', id: String(billId) } as never}>
          {t('work.bill', { n: billId })}
        </Link>
      )}
    </section>
  )
}

function WorkLines({ order: { parts } }: { order: WorkOrder }) {
  const { t } = useText()
  return (
    <section className="panel-part">
      <h3>{t('work.parts')}</h3>
      <ul className="rows">
        {parts.map((part, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of an invoice stay in their order
          <li key={n}>
            <span>
              {part.name} <span className="quiet">{t(`partKind.${part.kind}`)}</span>{' '}
              <span className="quiet figure">×{part.quantity / 1000}</span>
            </span>
            <span className="figure">{formatFen(part.fen)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function WorkSteps({ order: { steps } }: { order: WorkOrder }) {
  const { t } = useText()
  return (
    <section className="panel-part">
      <h3>{t('work.steps')}</h3>
      <ul className="rows">
        {steps.map((step) => (
          <li key={`${step.at} ${step.action}`}>
            <span>
              {t(`workOrderAction.${step.action as 'ask'}`)} <span className="quiet">{step.by}</span>
              {step.fen !== null && <span className="figure"> {formatFen(step.fen)}</span>}
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
  )
}
