// 常用: favourite trips and places, renamed, removed; a place is added by its name, with where the phone is if one likes.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Favourite } from '../../../services/contracts/api/favourites.ts'
import type { Account } from '../../../services/contracts/api.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { favouritesQuery } from './favourites.ts'

export function FavouritesScreen({ account }: { account: Account }) {
  const { t } = useText()
  const { data, error, refetch } = useQuery(favouritesQuery(account.username))
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className="bone" aria-busy="true" />
  return (
    <div className="phone-page">
      {(['trip', 'place'] as const).map((kind) => {
        const rows = data.rows.filter((row) => row.kind === kind)
        return (
          <section key={kind} className="phone-cards" aria-label={t(kind === 'trip' ? 'fav.trips' : 'fav.places')}>
            <h2>{t(kind === 'trip' ? 'fav.trips' : 'fav.places')}</h2>
            {rows.length === 0 && kind === 'trip' && <p className="quiet">{t('fav.none')}</p>}
            {rows.map((row) => (
              <OneFavourite key={`${row.favouriteId} ${row.version}`} row={row} />
            ))}
            {kind === 'place' && <AddPlace />}
          </section>
        )
      })}
    </div>
  )
}

function OneFavourite({ row }: { row: Favourite }) {
  const { t } = useText()
  const deed = useDeed()
  const [name, setName] = useState<string | null>(null)
  const { favouriteId, version } = row
  const says = row.trip ? `${row.trip.from.name} → ${row.trip.to.name} · ${row.trip.purpose}` : row.place!.name
  return (
    <article className="phone-card" aria-label={row.name}>
      {name === null ? (
        <>
          <strong>{row.name}</strong>
          <p className="quiet">{says}</p>
          <div className="phone-buttons">
            <button
              type="button"
              className="phone-button"
              aria-label={t('fav.renameOf', { name: row.name })}
              onClick={() => setName(row.name)}
            >
              {t('fav.rename')}
            </button>
            <button
              type="button"
              className="phone-button"
              aria-label={t('fav.removeOf', { name: row.name })}
              disabled={deed.busy}
              onClick={() => void deed.run(() => call('removeFavourite', { params: { favouriteId } }))}
            >
              {t('fav.remove')}
            </button>
          </div>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void deed.run(() => call('renameFavourite', { params: { favouriteId }, body: { name: name.trim(), version } }))
          }}
        >
          <div className="phone-field">
            <label htmlFor={`fav-${favouriteId}`}>{t('fav.name')}</label>
            <input id={`fav-${favouriteId}`} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
          </div>
          <div className="phone-buttons">
            <button type="button" className="phone-button" onClick={() => setName(null)}>
              {t('kit.cancel')}
            </button>
            <button type="submit" className="phone-button phone-strong" disabled={deed.busy || name.trim() === ''}>
              {t('kit.save')}
            </button>
          </div>
        </form>
      )}
      <Fault error={deed.error} />
    </article>
  )
}

function AddPlace() {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  const [name, setName] = useState('')
  const [here, setHere] = useState<{ lon: number; lat: number } | null>(null)
  return (
    <form
      className="phone-card"
      onSubmit={async (event) => {
        event.preventDefault()
        const place = { name: name.trim(), lon: here?.lon ?? null, lat: here?.lat ?? null }
        if (await deed.run(() => call('addFavourite', { body: { favourite: { kind: 'place', name: place.name.slice(0, 40), place } } }))) {
          setName('')
          setHere(null)
        }
      }}
    >
      <div className="phone-field">
        <label htmlFor={id}>{t('fav.place')}</label>
        <input id={id} maxLength={40} value={name} onChange={(event) => setName(event.target.value)} />
      </div>
      {'geolocation' in navigator && (
        <button
          type="button"
          className="phone-button"
          aria-pressed={here !== null}
          onClick={() =>
            navigator.geolocation.getCurrentPosition(
              ({ coords }) => setHere({ lon: coords.longitude, lat: coords.latitude }),
              () => setHere(null),
              { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
            )
          }
        >
          {here ? t('incident.hereIs', { lon: here.lon.toFixed(4), lat: here.lat.toFixed(4) }) : t('incident.here')}
        </button>
      )}
      <Fault error={deed.error} />
      <button type="submit" className="phone-button phone-strong" disabled={deed.busy || name.trim() === ''}>
        {t('fav.add')}
      </button>
    </form>
  )
}
