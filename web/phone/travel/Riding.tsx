// Trips that others asked for and that one is named for: their vehicles are followed from here.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { formatClock, formatDay } from '../../kit/format/time.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { useText } from '../texts.ts'
import { Route } from '../ui/Route.tsx'

const followedQuery = {
  queryKey: ['phone', 'followed'],
  queryFn: () => call('listFollowed', { query: {} }),
  refetchInterval: 60_000,
} as const

/** `home`: the tab that one comes back to. `none`: what is said where there is no trip. */
export function Riding({ home = 'book', none = '' }: { home?: 'book' | 'me'; none?: string }) {
  const { t, locale } = useText()
  const rows = (useQuery(followedQuery).data?.rows ?? []).filter(({ own }) => !own)
  if (rows.length === 0) return none ? <p className="quiet">{none}</p> : null
  return (
    <section className="phone-cards" aria-labelledby="my-rides">
      <h2 id="my-rides" className={none ? 'visually-hidden' : undefined}>
        {t('rides.title')}
      </h2>
      {rows.map((row) => (
        <article key={row.orderId} className="phone-card">
          <header className="phone-line">
            <span className="phone-state phone-state-good">{t(`orderState.${row.state}`)}</span>
            {row.vehicle && <Plate plate={row.vehicle.plate} colour={row.vehicle.plateColour} />}
          </header>
          <Route {...row} passengers={null} />
          <p className="quiet">
            {row.applicant.name}
            {row.driver && ` · ${row.driver}`}
          </p>
          {row.mayFollow ? (
            <a className="phone-button phone-strong" href={`#${home}/follow/${row.orderId}`}>
              {t('follow.open')}
            </a>
          ) : (
            row.followFrom && (
              <p className="quiet">
                {t('follow.from', { time: `${formatDay(Date.parse(row.followFrom), locale)} ${formatClock(Date.parse(row.followFrom))}` })}
              </p>
            )
          )}
        </article>
      ))}
    </section>
  )
}
