// What one keeps to ask again: a trip fills the form, a place is one of it.
import { queryOptions } from '@tanstack/react-query'
import type { Favourite } from '../../../services/contracts/api/favourites.ts'
import { callOrLast } from '../outbox/lastAnswer.ts'
import type { BookForm } from './bookForm.ts'

export const favouritesQuery = (username: string) =>
  queryOptions({
    queryKey: ['phone', 'favourites'],
    queryFn: () => callOrLast(username, 'listFavourites', {}),
    staleTime: 60_000,
  })

type Trip = NonNullable<Favourite['trip']>
/** What of the form a favourite trip says; when is chosen each time. */
export const formOfTrip = (trip: Trip): Partial<BookForm> => ({
  to: trip.to.name,
  from: trip.from.name,
  via: trip.via.map(({ name }) => name).join('、'),
  passengers: trip.passengers,
  purposeKind: trip.purposeKind,
  purpose: trip.purpose,
  travellers: trip.travellers ?? '',
  contactName: trip.contactName,
  contactPhone: trip.contactPhone,
  note: trip.note ?? '',
  withoutDriver: !trip.withDriver,
})
