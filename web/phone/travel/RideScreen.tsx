// One's own trip: with which vehicle, where it is, what becomes of it on the way, and how it was.
import { useQuery } from '@tanstack/react-query'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { useText } from '../texts.ts'
import { Route } from '../ui/Route.tsx'
import { Tel } from '../ui/Tel.tsx'
import { ChangePart } from './ChangePart.tsx'
import { RatePart } from './RatePart.tsx'

export function RideScreen({ orderId, places }: { orderId: number; places: readonly Stop[] }) {
  const { t } = useText()
  const {
    data: order,
    error,
    refetch,
  } = useQuery({
    queryKey: ['phone', 'order', orderId],
    queryFn: () => call('getOrder', { params: { orderId } }),
    refetchInterval: 15_000,
  })
  if (error && !order) return <ErrorState error={error} retry={() => void refetch()} />
  if (!order) return <div className="bone" aria-busy="true" />
  return (
    <div className="phone-page">
      <a className="phone-back" href="#book">
        ← {t('follow.back')}
      </a>
      <header className="phone-line">
        <h1>{t('ride.title')}</h1>
        <span className="phone-state phone-state-good">{t(`orderState.${order.state}`)}</span>
        <span className="quiet figure">{order.number}</span>
      </header>
      <section className="phone-card" aria-label={t('ride.title')}>
        <Route {...order} />
        <div className="phone-given">
          {order.vehicle ? (
            <Plate plate={order.vehicle.plate} colour={order.vehicle.plateColour} />
          ) : (
            <span>{t('mine.vehicleHidden')}</span>
          )}
          {order.driver && <Tel name={order.driver.name} phone={order.driverPhone} />}
        </div>
        {order.mayFollow && (
          <a className="phone-button phone-strong" href={`#book/follow/${orderId}`}>
            {t('follow.open')}
          </a>
        )}
      </section>
      <ChangePart order={order} places={places} send={(body) => call('askOrderChange', { params: { orderId }, body })} />
      <RatePart key={order.rating?.version ?? 0} order={order} />
    </div>
  )
}
