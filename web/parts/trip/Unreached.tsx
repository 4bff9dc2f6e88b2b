// Said where somebody still has to hear of an order: its driver has no telephone that shows what is new.
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { Fact } from '../../kit/panel/Facts.tsx'
import { useText } from './texts.ts'

export function Unreached({ order: { driverReached, state } }: { order: OrderDetail }) {
  const { t } = useText()
  if (driverReached !== false || !['DISPATCHED', 'ACCEPTED'].includes(state)) return null
  return <Fact name={t('trip.reach')}>{t('trip.unreached')}</Fact>
}
