// Photos of the trip that the server has; a touch opens one.
import { onlineManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import { urlOf } from '../../kit/api/client.ts'
import { endpoints } from '../../kit/api/endpoints.ts'
import { useText } from '../texts.ts'

export function TripPhotos({ order }: { order: OrderDetail }) {
  const { t } = useText()
  // A picture that could not be fetched without a network is asked for again when there is one.
  const online = useSyncExternalStore(onlineManager.subscribe, () => onlineManager.isOnline())
  if (order.photos.length === 0) return null
  return (
    <section className="phone-card" aria-labelledby="trip-photos">
      <h2 id="trip-photos">{t('photo.title')}</h2>
      <ul className="phone-pictures">
        {order.photos.map(({ photoId, shows }) => {
          const url = urlOf(endpoints.readOrderPhoto.path, { orderId: order.orderId, photoId })
          return (
            <li key={photoId}>
              <a href={url} target="_blank" rel="noreferrer">
                <img key={String(online)} src={url} alt={t(`photoSubject.${shows}`)} loading="lazy" />
                <small>{t(`photoSubject.${shows}`)}</small>
              </a>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
