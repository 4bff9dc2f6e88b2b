// One order: the trip, what it cost, the steps that were taken, and what may be done now.
import { PrinterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { type OrderState, type orderActions, orderLifecycle } from '../../../services/domain/orders.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { saveFile } from '../../kit/api/saveFile.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { formatFen } from '../../kit/format/money.ts'
import { MISSING } from '../../kit/format/number.ts'
import { Fact, Facts } from '../../kit/panel/Facts.tsx'
import { Panel } from '../../kit/panel/Panel.tsx'
import { OrderMark } from '../../parts/trip/marks.tsx'
import { orderQuery, tripsChanged } from '../../parts/trip/queries.ts'
import { Steps } from '../../parts/trip/Steps.tsx'
import { TripFacts } from '../../parts/trip/TripFacts.tsx'
import { Unreached } from '../../parts/trip/Unreached.tsx'
import { vehicleText } from '../../parts/trip/vehicleText.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { ChangesPart } from './ChangesPart.tsx'
import { type AskedOfLine, CostDialog, CostPart, DecideDialog } from './CostPart.tsx'
import { LegPart, SwapDialog } from './LegPart.tsx'
import { RoadPart } from './RoadPart.tsx'
import { SettleDialog } from './SettleDialog.tsx'
import { SharingPart } from './SharingPart.tsx'
import { OdometerDialog, ReadingDialog, WordsDialog } from './StepDialogs.tsx'
import { TrackFacts, TrackNotes } from './TrackPart.tsx'
import { useText } from './texts.ts'

type Action = (typeof orderActions)[number]
/** These are not taken without words. */
const inWords: readonly Action[] = ['decline', 'giveBack', 'void']
const dangerous: readonly Action[] = ['decline', 'void']
/** Whose people get on or off stands at the stop. */
const atStops: readonly Action[] = ['pickUp', 'dropOff']
const isStep = (asked: Action | 'cost' | 'odometer' | 'swap' | null): asked is Action =>
  asked !== null && asked !== 'cost' && asked !== 'odometer' && asked !== 'swap'
const needsReading = (action: Action) => 'needs' in orderLifecycle[action]

const ends = ['CLOSED', 'DECLINED', 'VOIDED', 'EXPIRED'] as const satisfies readonly OrderState[]
/** Somebody has a next step to take. */
const goesOn = (state: OrderState): state is Exclude<OrderState, (typeof ends)[number]> => !(ends as readonly string[]).includes(state)

export function OrderPanel({ orderId, onClose }: { orderId: number; onClose: () => void }) {
  const { t, locale } = useText()
  const account = useAccount()
  const { data: order, error, refetch } = useQuery({ ...orderQuery(orderId), refetchInterval: 15_000 })
  const [asked, setAsked] = useState<Action | 'cost' | 'odometer' | 'swap' | null>(null)
  const [line, setLine] = useState<AskedOfLine | null>(null)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const close = () => setAsked(null)

  async function take(action: Action) {
    if (inWords.includes(action) || needsReading(action) || action === 'settle') return setAsked(action)
    setBusy(true)
    setRefused(null)
    try {
      await call('actOnOrder', { params: { orderId }, body: { action, version: order!.version } })
    } catch (failure) {
      setRefused(failure)
    }
    await tripsChanged()
    setBusy(false)
  }

  async function print() {
    setRefused(null)
    try {
      await saveFile('getOrderSheet', { params: { orderId }, query: { language: locale === 'en' ? 'en' : 'zh-CN' } })
    } catch (failure) {
      setRefused(failure)
    }
  }

  return (
    <Panel
      id={orderId}
      title={order?.number}
      kind={
        order && (
          <>
            <OrderMark state={order.state} />
            {goesOn(order.state) && <span className="quiet"> {t(`orders.next.${order.state}`)}</span>}
          </>
        )
      }
      actions={
        order && (
          <>
            {order.mayAct
              .filter((action) => !atStops.includes(action) && !(action === 'noShow' && order.sharing))
              .map((action, index) => (
                <Button
                  key={action}
                  type={index === 0 && !dangerous.includes(action) ? 'primary' : 'default'}
                  danger={dangerous.includes(action)}
                  disabled={busy}
                  onClick={() => void take(action)}
                >
                  {t(`orderAction.${action}`)}
                </Button>
              ))}
            {order.maySwap && <Button onClick={() => setAsked('swap')}>{t('orders.swap')}</Button>}
            {order.mayEnterCosts && <Button onClick={() => setAsked('cost')}>{t('orders.addCost')}</Button>}
            {order.mayCorrectOdometer && <Button onClick={() => setAsked('odometer')}>{t('orders.correctOdometer')}</Button>}
            <Button icon={<PrinterOutlined />} onClick={() => void print()}>
              {t('orders.print')}
            </Button>
            {refused !== null && (
              <p role="alert" className="error-text">
                {errorText(refused, t, locale)}
              </p>
            )}
          </>
        )
      }
      error={error}
      retry={() => void refetch()}
      loading={!order}
      onClose={onClose}
    >
      {order && (
        <>
          <section className="panel-part">
            <Facts>
              <Fact name={t('trip.vehicle')}>{vehicleText(order, t)}</Fact>
              {order.keeper && order.keeper.organisationId !== order.unit.organisationId && (
                <Fact name={t('trip.keeper')}>{order.keeper.name}</Fact>
              )}
              {order.lease && order.lease.agreedFen !== null && (
                <Fact name={t('trip.agreed')}>
                  <span className="figure">{formatFen(order.lease.agreedFen)}</span>
                </Fact>
              )}
              <Fact name={t('trip.withDriver')}>{order.driver?.name ?? t(order.lease ? 'trip.supplierDrives' : 'trip.selfDrive')}</Fact>
              {order.driverPhone && (
                <Fact name={t('orders.driverPhone')}>
                  <span className="figure">{order.driverPhone}</span>
                </Fact>
              )}
              <Unreached order={order} />
              <TripFacts trip={order} />
              <Fact name={t('orders.issuer')}>{order.issuer.name}</Fact>
              <TripSoFar order={order} />
              <TrackFacts order={order} />
            </Facts>
            <TrackNotes order={order} />
            <p className="button-row">
              {may(account, 'request.view') && (
                <Link to="/requests" search={{ id: String(order.requestId) } as never}>
                  {t('orders.openRequest')}
                </Link>
              )}
              {may(account, 'track.view') && account.permissions['track.view']?.caseRequired !== true && order.departedAt !== null && (
                <Link to="/compare" search={{ order: String(orderId) } as never}>
                  {t('page.compare')}
                </Link>
              )}
              {order.mayMove && (
                <Link to="/dispatch" search={{ order: String(orderId) } as never}>
                  {t('orders.openBoard')}
                </Link>
              )}
            </p>
          </section>
          <ChangesPart order={order} />
          <SharingPart order={order} />
          <LegPart legs={order.legs} />
          <RoadPart order={order} />
          <CostPart order={order} onAsk={setLine} />
          <Steps of="order" steps={order.steps} />
          {asked === 'cost' && <CostDialog order={order} onClose={close} />}
          {asked === 'swap' && <SwapDialog order={order} onClose={close} />}
          {asked === 'settle' && <SettleDialog order={order} onClose={close} />}
          {asked === 'odometer' && <OdometerDialog order={order} onClose={close} />}
          {line && 'decide' in line && <DecideDialog order={order} line={line.decide} stands={line.stands} onClose={() => setLine(null)} />}
          {line && 'correct' in line && <CostDialog order={order} corrects={line.correct} onClose={() => setLine(null)} />}
          {isStep(asked) && needsReading(asked) && <ReadingDialog order={order} action={asked} onClose={close} />}
          {isStep(asked) && !needsReading(asked) && asked !== 'settle' && (
            <WordsDialog order={order} action={asked} danger={dangerous.includes(asked)} onClose={close} />
          )}
        </>
      )}
    </Panel>
  )
}

/** When it left and came back, and how far that was by the odometer. */
function TripSoFar({ order: { departedAt, returnedAt, odometerOutKm, odometerBackKm } }: { order: OrderDetail }) {
  const { t } = useText()
  if (departedAt === null) return null
  const driven = odometerOutKm !== null && odometerBackKm !== null ? Math.round((odometerBackKm - odometerOutKm) * 10) / 10 : null
  const reading = (km: number | null) => (km === null ? MISSING : km.toLocaleString('en-US'))
  return (
    <>
      <Fact name={t('orders.departedAt')}>
        <span className="figure">{minuteOf(departedAt)}</span>
      </Fact>
      {returnedAt !== null && (
        <Fact name={t('orders.returnedAt')}>
          <span className="figure">{minuteOf(returnedAt)}</span>
        </Fact>
      )}
      <Fact name={t('orders.odometer')}>
        {t('orders.km', { n: returnedAt === null ? reading(odometerOutKm) : `${reading(odometerOutKm)} → ${reading(odometerBackKm)}` })}
        {driven !== null && (
          <>
            {t('kit.clause')}
            {t('orders.distance', { n: driven })}
          </>
        )}
      </Fact>
    </>
  )
}
