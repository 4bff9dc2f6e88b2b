// 大屏: the map and big figures for the wall of a duty room. No panels; Esc or the button leads back.
import { CompressOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { vehicleStatuses } from '../../../services/domain/status.ts'
import { vehicleClasses } from '../../../services/domain/vehicle.ts'
import { useAccount } from '../../kit/api/session.ts'
import { formatCount, MISSING } from '../../kit/format/number.ts'
import { formatClockSeconds, formatDay } from '../../kit/format/time.ts'
import { Logo } from '../../kit/Logo.tsx'
import { ErrorState } from '../../kit/State.tsx'
import { usePhone } from '../../kit/theme/media.ts'
import { useNow } from '../../kit/useNow.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { ConnectionBanner } from '../../parts/connection/ConnectionBanner.tsx'
import { ClassMark, StatusMark } from '../../parts/marks/Marks.tsx'
import { useText } from './texts.ts'
import './live.css'
import { placeOf } from '../../map/areaPlaces.ts'
import { readLiveUrl, writePlace } from '../../parts/vehicle/liveUrl.ts'
import { needsPurpose, PurposeBar, PurposeDialog } from './Purpose.tsx'
import { useFollowed } from './useFollowed.ts'
import { useLiveMap } from './useLiveMap.ts'

export function WallPage() {
  const { t } = useText()
  const account = useAccount()
  const phone = usePhone()
  const navigate = useNavigate()
  const { url, change } = useUrl()
  const state = useMemo(() => readLiveUrl(url), [url])
  const container = useRef<HTMLDivElement>(null)
  const { map, error, retry } = useLiveMap({
    container,
    at: state.at ?? placeOf(account.organisation.adcode),
    filter: state.filter,
    selected: null,
    phone,
    allowed: !needsPurpose(account),
    onPlace: (place) => change((old) => withEntries(old, { at: writePlace(place) }), 'follow'),
    onSelect: () => undefined,
    onLeague: () => undefined,
    onRefused: () => undefined,
  })
  const counts = useFollowed(map?.counts ?? null)
  const leave = () => void navigate({ to: '/live', search: (old: unknown) => old } as never)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && leave()
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  return (
    <main className="wall">
      <header className="wall-head">
        <Logo size={32} />
        <h1>{t('wall.title', { scope: account.organisation.name })}</h1>
        <WallClock />
        <Button type="text" icon={<CompressOutlined />} aria-label={t('wall.close')} onClick={leave} />
      </header>
      <ConnectionBanner />
      <PurposeBar account={account} onChange={leave} />
      <div className="wall-figures">
        <div className="wall-figure">
          <span>{t('wall.total')}</span>
          <strong className="figure">{counts ? formatCount(counts.all.total) : MISSING}</strong>
        </div>
        {vehicleStatuses.map((status) => (
          <div key={status} className={`wall-figure wall-${status}`}>
            <span>
              <StatusMark status={status} /> {t(`status.${status}`)}
            </span>
            <strong className="figure">{counts ? formatCount(counts.all[status]) : MISSING}</strong>
          </div>
        ))}
        <ul className="wall-classes">
          {vehicleClasses.map((kind) => (
            <li key={kind}>
              <ClassMark vehicleClass={kind} /> {t(`class.${kind}`)}{' '}
              <strong className="figure">{counts ? formatCount(counts.byClass[kind]?.total ?? 0) : MISSING}</strong>
            </li>
          ))}
        </ul>
      </div>
      <section className="live-map" aria-label={t('live.map')}>
        <div ref={container} className="live-canvas" />
        {error !== null && error !== undefined && !map && <ErrorState error={error} retry={retry} />}
      </section>
      {needsPurpose(account) && <PurposeDialog onStated={() => undefined} onClose={leave} />}
    </main>
  )
}

function WallClock() {
  const { locale } = useText()
  const now = useNow()
  return (
    <p className="wall-clock figure">
      {formatDay(now, locale)} <strong>{formatClockSeconds(now)}</strong>
    </p>
  )
}
