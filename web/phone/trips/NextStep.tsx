// The one thing that is to be done next, large and where the thumb is; what else may be done beside it, small.
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { formatFen } from '../../kit/format/money.ts'
import type { Ahead, PhoneAction } from '../outbox/entries.ts'
import { putIn } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { ReasonForm } from '../ui/ReasonForm.tsx'
import { useDeed } from '../useDeed.ts'
import { CheckForm } from './CheckForm.tsx'

type Props = { order: OrderDetail; ahead: Ahead; username: string; blocked: boolean }

const declineReasons = ['trip.why.ill', 'trip.why.vehicle', 'trip.why.hours', 'trip.why.other'] as const

export function NextStep({ order, ahead, username, blocked }: Props) {
  const { t } = useText()
  const deed = useDeed()
  const [asked, setAsked] = useState<PhoneAction | null>(null)
  const [next, ...others] = ahead.actions
  if (!next || blocked) return null
  const beside = others.filter(
    (action) => action === 'decline' || action === 'comeBack' || action === 'noShow' || (action === 'board' && next === 'reach'),
  )

  const marks = (action: PhoneAction) => ['pickUp', 'dropOff', 'noShow'].includes(action) && ahead.stop
  const put = (action: PhoneAction, reason = '') => {
    const stop = marks(action)
    const data = stop ? { requestId: stop.requestId } : {}
    return deed.run(() => putIn({ username, orderId: order.orderId, action, data, reason }))
  }
  const begin = (action: PhoneAction) => {
    if (action === 'decline' || needsReading(action)) setAsked(action)
    else void put(action)
  }
  if (asked === 'decline')
    return (
      <div className="phone-bottom">
        <ReasonForm
          title={t('trip.declineWhy')}
          reasons={declineReasons.map((reason) => t(reason))}
          verb={t('orderAction.decline')}
          busy={deed.busy}
          error={deed.error}
          onDone={(reason) => void put('decline', reason)}
          onLeave={() => setAsked(null)}
        />
      </div>
    )
  if (asked === 'depart' || asked === 'takeOver' || asked === 'comeBack')
    return <CheckForm order={order} ahead={ahead} username={username} action={asked} onLeave={() => setAsked(null)} />
  return (
    <div className="phone-bottom">
      <Fault error={deed.error} />
      {next === 'settle' && <p className="quiet">{t('trip.settleText', { yuan: formatFen(order.totalFen) })}</p>}
      {beside.length > 0 && (
        <div className="phone-buttons">
          {beside.map((action) => (
            <button key={action} type="button" className="phone-button" disabled={deed.busy} onClick={() => begin(action)}>
              {t(`orderAction.${action}`)}
            </button>
          ))}
        </div>
      )}
      <button type="button" className="phone-button phone-strong phone-big" disabled={deed.busy} onClick={() => begin(next)}>
        {t(`orderAction.${next}`)}
        {marks(next) && ` ${t('ride.stopOf', { place: ahead.stop!.place.name, n: ahead.stop!.people })}`}
      </button>
    </div>
  )
}

const needsReading = (action: PhoneAction): boolean => action === 'depart' || action === 'comeBack'
