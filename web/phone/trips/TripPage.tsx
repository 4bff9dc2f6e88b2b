// One trip: whom to fetch where, the way there, its costs, and at the bottom the one thing that is to be done next.
import { useQuery } from '@tanstack/react-query'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { isOutThoughVoided } from '../../../services/domain/orders.ts'
import { ErrorState } from '../../kit/State.tsx'
import { Plate } from '../../parts/marks/Plate.tsx'
import { Stops } from '../../parts/sharing/Stops.tsx'
import { isStep, lookAhead } from '../outbox/entries.ts'
import { putIn, useEntries } from '../outbox/outbox.ts'
import { useText } from '../texts.ts'
import { TrackingConsent } from '../tracker/Tracker.tsx'
import { ChangePart } from '../travel/ChangePart.tsx'
import { Route } from '../ui/Route.tsx'
import { Tel } from '../ui/Tel.tsx'
import { AsideEntry } from './AsideEntry.tsx'
import { Costs } from './Costs.tsx'
import { Incidents } from './Incidents.tsx'
import { NextStep } from './NextStep.tsx'
import { nameOf } from './nameOf.ts'
import { orderQuery } from './queries.ts'
import { TripPhotos } from './TripPhotos.tsx'

export function TripPage({ orderId, account }: { orderId: number; account: Account }) {
  const { t } = useText()
  const { username } = account
  const entries = useEntries().filter((entry) => entry.username === username && entry.orderId === orderId)
  const { data: order, error, refetch } = useQuery(orderQuery(username, orderId))
  if (error && !order) return <ErrorState error={error} retry={() => void refetch()} />
  if (!order) return <div className="bone" aria-busy="true" />
  const ahead = lookAhead(order, entries)
  const waiting = entries.filter(({ aside }) => !aside)
  const aside = entries.filter((entry) => entry.aside)
  return (
    <div className="phone-page phone-trip">
      <a className="phone-back" href="#trips">
        ← {t('trips.title')}
      </a>
      <header className="phone-line">
        <h1 className="figure">{order.number}</h1>
        <span className={`phone-state phone-state-${ahead.state === 'DISPATCHED' ? 'warn' : 'good'}`}>
          {t(`orderState.${ahead.state}`)}
        </span>
      </header>
      {isOutThoughVoided(order) && (
        <p role="alert" className="phone-why">
          {t('trip.voidedComeBack')}
        </p>
      )}
      {aside.map((entry) => (
        <AsideEntry key={entry.id} entry={entry} />
      ))}
      <section className="phone-card">
        <Route {...order} />
        <p className="phone-purpose">
          {t(`tripPurpose.${order.purposeKind}`)} · {order.purpose}
        </p>
        {order.travellers && (
          <p>
            {t('book.travellers')}
            {t('kit.colon')}
            {order.travellers}
          </p>
        )}
        {order.note && <p className="phone-why">{order.note}</p>}
        <p className="quiet">
          {order.unit.name} · {order.applicant.name}
        </p>
        <div className="phone-given">
          {order.vehicle ? (
            <Plate plate={order.vehicle.plate} colour={order.vehicle.plateColour} />
          ) : (
            <span>{t('mine.vehicleHidden')}</span>
          )}
          <Tel name={order.contactName} phone={order.contactPhone} />
        </div>
        <Ways order={order} />
      </section>
      {order.sharing && <SharedStops order={order} sharing={order.sharing} />}
      {waiting.length > 0 && (
        <section className="phone-card" aria-label={t('outbox.title')}>
          <strong>{t('outbox.waiting', { n: waiting.length })}</strong>
          <ul className="rows">
            {waiting.map((entry) => (
              <li key={entry.id}>
                <span>{nameOf(entry, t)}</span>
                <span className="quiet">{t('outbox.kept')}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {account.role === 'driver' && ['ACCEPTED', 'DEPARTED', 'ON_BOARD'].includes(ahead.state) && (
        <TrackingConsent username={username} brief running={ahead.state !== 'ACCEPTED'} />
      )}
      <Costs order={order} entries={entries} username={username} may={ahead.mayEnterCosts} />
      <ChangePart
        order={order}
        waits={waiting.some(({ action }) => action === 'change')}
        send={(data) => putIn({ username, orderId, action: 'change', data })}
      />
      <Incidents order={order} ahead={ahead} entries={entries} username={username} />
      <TripPhotos order={order} />
      <NextStep
        key={`${ahead.state} ${ahead.stop?.requestId}`}
        order={order}
        ahead={ahead}
        username={username}
        blocked={aside.some(isStep)}
      />
    </div>
  )
}

/** Of a shared trip: where who gets on and off, and whom to ring. */
function SharedStops({ order, sharing }: { order: OrderDetail; sharing: NonNullable<OrderDetail['sharing']> }) {
  const { t } = useText()
  return (
    <section className="phone-card" aria-label={t('ride.shared')}>
      <strong>{t('ride.shared')}</strong>
      <Stops stops={sharing.stops} />
      {sharing.riders.map(
        ({ requestId, contactName, contactPhone }) =>
          contactName && requestId !== order.requestId && <Tel key={requestId} name={contactName} phone={contactPhone} />,
      )}
    </section>
  )
}

/** Links that the phone's own map opens. */
function Ways({ order }: { order: OrderDetail }) {
  const { t } = useText()
  const known = (stop: Stop) => stop.lon !== null && stop.lat !== null
  const link = ({ lat, lon, name }: Stop) => `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(name)})`
  const stops = [
    { stop: order.from, text: 'trip.toStart' },
    { stop: order.to, text: 'trip.toDestination' },
  ] as const
  if (!stops.some(({ stop }) => known(stop))) return null
  return (
    <div className="phone-buttons">
      {stops.map(
        ({ stop, text }) =>
          known(stop) && (
            <a key={text} className="phone-button" href={link(stop)}>
              {t(text)}
            </a>
          ),
      )}
    </div>
  )
}
