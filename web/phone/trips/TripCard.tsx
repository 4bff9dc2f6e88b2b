// One order in the list: a touch opens its trip.
import type { OrderRow } from '../../../services/contracts/api/orders.ts'
import type { OrderState } from '../../../services/domain/orders.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { useText } from '../texts.ts'
import { Route } from '../ui/Route.tsx'

/** @param state as it will be when what waits has been sent */
export function TripCard({ row, state, waiting, aside }: { row: OrderRow; state: OrderState; waiting: number; aside: number }) {
  const { t } = useText()
  return (
    <a className="phone-card phone-open" href={`#trips/${row.orderId}`}>
      <span className="phone-line">
        <span className={`phone-state phone-state-${state === 'DISPATCHED' ? 'warn' : 'good'}`}>{t(`orderState.${state}`)}</span>
        {row.vehicle && <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} />}
        <span className="quiet figure">{row.number}</span>
      </span>
      <Route {...row} />
      {waiting > 0 && <span className="warn-text">{t('outbox.waiting', { n: waiting })}</span>}
      {aside > 0 && <span className="error-text">{t('outbox.asideCount', { n: aside })}</span>}
    </a>
  )
}
