// 常用行程: one touch fills the form; only when is left to be chosen.
import type { Favourite } from '../../../services/contracts/api/favourites.ts'
import { useText } from '../texts.ts'
import type { BookForm } from './bookForm.ts'
import { formOfTrip } from './favourites.ts'

export function FavouriteTrips({ kept, onChoose }: { kept: readonly Favourite[]; onChoose: (form: Partial<BookForm>) => void }) {
  const { t } = useText()
  const trips = kept.flatMap(({ favouriteId, name, trip }) => (trip ? [{ favouriteId, name, trip }] : []))
  if (trips.length === 0) return null
  return (
    <div className="phone-field">
      <span id="favourite-trips">{t('fav.trips')}</span>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a line by every browser. */}
      <div className="phone-chips" role="group" aria-labelledby="favourite-trips">
        {trips.map(({ favouriteId, name, trip }) => (
          <button key={favouriteId} type="button" className="phone-chip" onClick={() => onChoose(formOfTrip(trip))}>
            {name}
          </button>
        ))}
      </div>
    </div>
  )
}
