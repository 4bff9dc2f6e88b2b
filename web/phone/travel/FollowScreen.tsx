// 跟车: where the vehicle of one's own trip is, how old that is, and when it comes. The map is fetched with it.
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { ApiError } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import { formatClock, formatDuration } from '../../kit/format/time.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import { Plate } from '../../parts/marks/Plate.tsx'
import { useText } from '../texts.ts'
import { Route } from '../ui/Route.tsx'

const FollowMap = lazy(() => import('../../parts/trip/FollowMap.tsx').then(({ FollowMap: Part }) => ({ default: Part })))
const EVERY_MS = 5_000

export function FollowScreen({ orderId, back }: { orderId: number; back: string }) {
  const { t, locale } = useText()
  const now = useNow(5_000)
  const { data, error, refetch } = useQuery({
    queryKey: ['phone', 'follow', orderId],
    queryFn: () => call('followOrder', { params: { orderId } }),
    refetchInterval: EVERY_MS,
    gcTime: 0,
    retry: false,
  })
  // Without a network what was seen last stays, as old as it says to be; a refusal takes it away.
  const away = error instanceof ApiError && (error.code === 'OFFLINE' || error.code === 'UNAVAILABLE')
  return (
    <div className="phone-page">
      <a className="phone-back" href={back}>
        ← {t('follow.back')}
      </a>
      <h1>{t('follow.title')}</h1>
      {error && !(away && data) ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : !data ? (
        <div className="bone" aria-busy="true" />
      ) : (
        <>
          <section className="phone-card" aria-label={t('follow.title')}>
            <div className="phone-given">
              <Plate plate={data.vehicle.plate} colour={data.vehicle.plateColour} />
              <span>{t(`orderState.${data.state}`)}</span>
              {data.driver && <span>{data.driver}</span>}
            </div>
            <p role="status">
              {data.position === null
                ? t('follow.nowhere')
                : `${t(`status.${data.position.status}`)}${t('kit.clause')}${t('follow.age', {
                    age: formatDuration(Math.max(0, now - Date.parse(data.position.at)), locale),
                  })}`}
            </p>
            {away && (
              <p role="alert" className="warn-text">
                {t('follow.away')}
              </p>
            )}
            {data.eta && !away && (
              <p>
                <strong>
                  {t(data.eta.stop === 'from' ? 'follow.etaFrom' : 'follow.etaTo', {
                    place: data.eta.stop === 'from' ? data.from.name : data.to.name,
                    time: formatClock(Date.parse(data.eta.at)),
                    minutes: data.eta.minutes,
                  })}
                </strong>{' '}
                <span className="quiet">
                  {t('follow.km', { km: Math.round(data.eta.km * 10) / 10 })}
                  {data.eta.by === 'estimate' && t('follow.estimate')}
                </span>
              </p>
            )}
          </section>
          <Suspense fallback={<div className="bone" aria-busy="true" />}>
            <FollowMap followed={data} />
          </Suspense>
          <section className="phone-card">
            <Route {...data} passengers={null} />
            <p className="quiet">{t('follow.until')}</p>
          </section>
        </>
      )}
    </div>
  )
}
