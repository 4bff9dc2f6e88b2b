// What the vehicle's track says of the trip, and where it differs from what the driver said. Neither is put in the place of the other.
import type { OrderDetail, OrderTrack } from '../../../services/contracts/api/orders.ts'
import { formatClock } from '../../kit/format/time.ts'
import { Fact } from '../../kit/panel/Facts.tsx'
import { minuteOf } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

export function TrackFacts({ order: { track } }: { order: OrderDetail }) {
  const { t } = useText()
  if (track === null) return null
  const { departedAt, pickedUpAt, arrivedAt, returnedAt, km } = track
  const events = [
    departedAt === null ? t('orders.trackNothing') : t('orders.trackLeft', { time: minuteOf(departedAt) }),
    pickedUpAt !== null && t('orders.trackPickUp', { time: minuteOf(pickedUpAt) }),
    arrivedAt !== null && t('orders.trackArrived', { time: minuteOf(arrivedAt) }),
    returnedAt !== null && t('orders.trackBack', { time: minuteOf(returnedAt) }),
    departedAt !== null && km !== null && t('orders.trackKm', { n: km }),
  ].filter((event) => event !== false)
  return (
    <Fact name={t('orders.track')}>
      {events.map((event) => (
        <div key={event} className="figure">
          {event}
        </div>
      ))}
    </Fact>
  )
}

export function TrackNotes({ order: { leftVoided, departedAt, track } }: { order: OrderDetail }) {
  const { t } = useText()
  const differences = track?.differences ?? []
  if (!leftVoided && differences.length === 0) return null
  return (
    <ul className="rows" aria-label={t('orders.differs')}>
      {leftVoided && (
        <li>
          <strong>{t(departedAt === null ? 'orders.voidedAndAway' : 'trip.leftVoided')}</strong>
        </li>
      )}
      {differences.map((each) => (
        <li key={each.of}>{differenceText(each, t)}</li>
      ))}
    </ul>
  )
}

function differenceText(each: OrderTrack['differences'][number], t: ReturnType<typeof useText>['t']): string {
  if (each.of === 'km')
    return t('orders.differs.km', { said: each.said, seen: each.seen, n: Math.round(Math.abs(each.said - each.seen) * 10) / 10 })
  const { of, said, seen } = each
  if (said === null) return t(`orders.untold.${of}`, { seen: clock(seen!) })
  if (seen === null) return t(`orders.unseen.${of}`, { said: clock(said) })
  return t(`orders.differs.${of}`, { said: clock(said), seen: clock(seen) })
}

const clock = (instant: string): string => formatClock(Date.parse(instant))
