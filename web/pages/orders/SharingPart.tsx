// A shared trip: its stops, planned and done, who travels, and by what the costs are shared.
import { Button } from 'antd'
import { useState } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { Stops } from '../../parts/sharing/Stops.tsx'
import { tripsChanged } from '../../parts/trip/queries.ts'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

export function SharingPart({ order }: { order: OrderDetail }) {
  const { t, locale } = useText()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { sharing, orderId, version } = order
  if (!sharing) return null
  const next = sharing.stops.find(({ kind, doneAt }) => kind !== 'pass' && doneAt === null)
  const action = next?.kind === 'board' ? 'pickUp' : 'dropOff'
  async function mark(requestId: number, action: 'pickUp' | 'dropOff' | 'noShow') {
    setBusy(true)
    setError(null)
    try {
      await call('actOnOrder', { params: { orderId }, body: { action, version, data: { requestId } } })
    } catch (failure) {
      setError(failure)
    }
    await tripsChanged()
    setBusy(false)
  }
  return (
    <section className="panel-part" aria-label={t('orders.shared')}>
      <h3>{t('orders.shared')}</h3>
      <Stops stops={sharing.stops} />
      {next && order.mayAct.includes(action) && (
        <Button size="small" disabled={busy} onClick={() => void mark(next.requestId, action)}>
          {t(`orderAction.${action}`)} {next.place.name}
        </Button>
      )}
      {next?.kind === 'board' && order.mayAct.includes('noShow') && (
        <Button size="small" disabled={busy} onClick={() => void mark(next.requestId, 'noShow')}>
          {t('orderAction.noShow')}
        </Button>
      )}
      {error !== null && (
        <p role="alert" className="error-text">
          {errorText(error, t, locale)}
        </p>
      )}
      <ul className="rows">
        {sharing.riders.map((rider) => (
          <li key={rider.requestId}>
            <span>
              {rider.unit?.name ?? t('orders.fellow')} <span className="quiet">{rider.contactName}</span>
            </span>
            <span className="quiet">
              {t('orders.passengerKm', { n: Math.round(rider.passengerM / 100) / 10 })}
              {rider.confirmedAt && ` · ${t('orders.confirmedAt', { time: minuteOf(rider.confirmedAt).slice(5) })}`}
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet">{t('orders.sharedSaves', { km: sharing.savedKm })}</p>
    </section>
  )
}
