// 大屏: the map and big figures for the wall of a duty room. No panels; Esc or the button leads back.
import { CompressOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useMemo, useRef } from 'react'
import { vehicleStatuses } from '../../services/contracts/status.ts'
import { vehicleClasses } from '../../services/contracts/vehicle.ts'
import { useAccount } from '../api/session.ts'
import { formatCount, MISSING } from '../format/number.ts'
import { formatClockSeconds, formatDay } from '../format/time.ts'
import { ConnectionBanner } from '../frame/ConnectionBanner.tsx'
import { Logo } from '../frame/Logo.tsx'
import { ErrorState } from '../frame/State.tsx'
import { useNow } from '../frame/useNow.ts'
import { useText } from '../i18n/i18n.ts'
import { ClassMark, StatusMark } from '../marks/Marks.tsx'
import { usePhone } from '../theme/media.ts'
import { useUrl, withEntries } from '../useUrl.ts'
import './live.css'
import { readLiveUrl, writePlace } from './liveUrl.ts'
import { needsPurpose, PurposeBar, PurposeDialog } from './Purpose.tsx'
import { placeOf } from './places.ts'
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
