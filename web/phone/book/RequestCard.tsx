// One of one's own requests: where it stands, with which vehicle and driver, and what can be done with it now.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { permits } from '../../../services/domain/lifecycle.ts'
import { orderLifecycle } from '../../../services/domain/orders.ts'
import { ratedStates } from '../../../services/domain/ratings.ts'
import { requestLifecycle } from '../../../services/domain/requests.ts'
import { call } from '../../kit/api/session.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { Stops } from '../../parts/sharing/Stops.tsx'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { Route } from '../ui/Route.tsx'
import { Tel } from '../ui/Tel.tsx'
import { useDeed } from '../useDeed.ts'
import { KeepFavourite } from './KeepFavourite.tsx'

/** @param live something may still happen to it: its order and its steps are read */
export function RequestCard({ row, live }: { row: RequestRow; live: boolean }) {
  const { t } = useText()
  const deed = useDeed()
  const [cancelling, setCancelling] = useState(false)
  const [keeping, setKeeping] = useState(false)
  const { requestId, state, version } = row
  const orderId = live ? row.order?.orderId : undefined
  const order = useQuery({
    queryKey: ['phone', 'order', orderId],
    enabled: orderId !== undefined,
    queryFn: () => call('getOrder', { params: { orderId: orderId! } }),
    refetchInterval: 30_000,
  }).data
  const why = useQuery({
    queryKey: ['phone', 'request', requestId, version],
    enabled: state === 'RETURNED' || state === 'REJECTED' || state === 'DECLINED',
    queryFn: () => call('getRequest', { params: { requestId } }),
  }).data?.steps.findLast(({ reason }) => reason !== '')
  const cancel = () => call('actOnRequest', { params: { requestId }, body: { action: 'cancel', version } })
  // With a vehicle, until that has left: it is taken back first.
  const waits = order !== undefined && permits(orderLifecycle, 'withdraw', order.state)
  const mayCancel = permits(requestLifecycle, 'cancel', state) || (state === 'DISPATCHED' && waits)
  const mayChange = permits(requestLifecycle, 'cancel', state) || (state === 'DISPATCHED' && waits && row.kind === 'pool')
  const rated = row.order !== null && ratedStates.includes(row.order.state)
  const change = state === 'RETURNED' || state === 'DRAFT' ? 'mine.again' : 'mine.change'
  return (
    <article className="phone-card" aria-label={`${row.to.name} ${t(`requestState.${state}`)}`}>
      <header className="phone-line">
        <span className={`phone-state phone-state-${toneOf(row)}`}>{t(`requestState.${state}`)}</span>
        {row.kind === 'emergency' && <span className="phone-state phone-state-warn">{t('requestKind.emergency')}</span>}
        {row.order && <span className="quiet figure">{row.order.number}</span>}
      </header>
      <Route {...row} />
      {why && (
        <p className="phone-why">
          {why.by}
          {t('kit.colon')}
          {why.reason}
        </p>
      )}
      {row.kind === 'lease' && <span className="phone-state">{t('requestKind.lease')}</span>}
      {row.approval && row.kind !== 'emergency' && (
        <p className="quiet">
          {t(`approvalLevel.${row.approval.level}`)} {row.approval.of > 1 && t('tasks.turn', { at: row.approval.at, of: row.approval.of })}
        </p>
      )}
      {row.kind === 'emergency' && !row.ratifiedAt && live && <p className="warn-text">{t('mine.unratified')}</p>}
      {order && (
        <div className="phone-given">
          {order.vehicle ? (
            <Plate plate={order.vehicle.plate} colour={order.vehicle.plateColour} />
          ) : (
            <span>{order.lease ? t('mine.leased', { name: order.lease.supplier.name }) : t('mine.vehicleHidden')}</span>
          )}
          <span>{t(`orderState.${order.state}`)}</span>
          {order.driver && <Tel name={order.driver.name} phone={order.driverPhone} />}
        </div>
      )}
      {order?.sharing && <Stops stops={order.sharing.stops} />}
      {live && row.state === 'DISPATCHED' && order?.sharing && <LeaveRide requestId={requestId} />}
      <Fault error={deed.error} />
      {keeping && <KeepFavourite requestId={requestId} name={row.to.name} onLeave={() => setKeeping(false)} />}
      {cancelling ? (
        <div className="phone-buttons">
          <button type="button" className="phone-button" onClick={() => setCancelling(false)}>
            {t('mine.keep')}
          </button>
          <button type="button" className="phone-button phone-danger" disabled={deed.busy} onClick={() => void deed.run(cancel)}>
            {t('mine.cancelSure')}
          </button>
        </div>
      ) : (
        <div className="phone-buttons">
          {order?.mayAct.includes('confirm') && (
            <button
              type="button"
              className="phone-button phone-strong"
              disabled={deed.busy}
              onClick={() =>
                void deed.run(() =>
                  call('actOnOrder', { params: { orderId: order.orderId }, body: { action: 'confirm', version: order.version } }),
                )
              }
            >
              {t('orderAction.confirm')}
            </button>
          )}
          {order?.mayFollow && (
            <a className="phone-button phone-strong" href={`#book/follow/${order.orderId}`}>
              {t('follow.open')}
            </a>
          )}
          {(order || rated) && row.order && (
            <a className="phone-button" href={`#book/trip/${row.order.orderId}`}>
              {t(rated ? 'rate.open' : 'ride.open')}
            </a>
          )}
          {mayChange && (
            <a className={`phone-button ${change === 'mine.again' ? 'phone-strong' : ''}`} href={`#book/change/${requestId}`}>
              {t(change)}
            </a>
          )}
          {mayCancel && (
            <button type="button" className="phone-button" onClick={() => setCancelling(true)}>
              {t('mine.cancel')}
            </button>
          )}
        </div>
      )}
      {/* What is done with it once more: seldom, and never instead of the above. */}
      {!cancelling && (
        <div className="phone-ways">
          <a href={`#book/back/${requestId}`}>{t('mine.back')}</a>
          {!mayCancel && <a href={`#book/copy/${requestId}`}>{t('mine.copy')}</a>}
          {!keeping && state !== 'DRAFT' && (
            <button type="button" onClick={() => setKeeping(true)}>
              {t('fav.keep')}
            </button>
          )}
        </div>
      )}
    </article>
  )
}

/** Before the departure a consent may be taken back. */
function LeaveRide({ requestId }: { requestId: number }) {
  const { t } = useText()
  const deed = useDeed()
  const [sure, setSure] = useState(false)
  const { data } = useQuery({
    queryKey: ['phone', 'rides', requestId],
    queryFn: () => call('listRides', { query: { requestId, limit: 20 } }),
  })
  const ride = data?.rows.find(({ mayAct }) => mayAct.includes('leave'))
  if (!ride) return null
  const { rideId, version } = ride
  return (
    <div className="phone-buttons">
      <Fault error={deed.error} />
      <button
        type="button"
        className={`phone-button ${sure ? 'phone-danger' : ''}`}
        disabled={deed.busy}
        onClick={() =>
          sure ? void deed.run(() => call('actOnRide', { params: { rideId }, body: { action: 'leave', version } })) : setSure(true)
        }
      >
        {t(sure ? 'ride.leaveSure' : 'ride.leave')}
      </button>
    </div>
  )
}

function toneOf({ state }: RequestRow): 'calm' | 'good' | 'warn' | 'bad' {
  if (state === 'DISPATCHED') return 'good'
  if (state === 'RETURNED') return 'warn'
  return state === 'REJECTED' || state === 'DECLINED' ? 'bad' : 'calm'
}
