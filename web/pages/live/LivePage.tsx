// 态势: what the fleet does now. Panel, map, and the selected vehicle; all of its state is in the address.
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { may, queryClient, useAccount } from '../../kit/api/session.ts'
import { formatCount } from '../../kit/format/number.ts'
import { ErrorState } from '../../kit/State.tsx'
import { usePhone } from '../../kit/theme/media.ts'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { filterSize } from '../../parts/filters/filterUrl.ts'
import { DayPart } from '../../parts/vehicle/DayPart.tsx'
import type { LiveReport } from '../../parts/vehicle/liveReport.ts'
import { type LiveUrl, readLiveUrl, writeLiveUrl, writePlace } from '../../parts/vehicle/liveUrl.ts'
import { vehicleQuery } from '../../parts/vehicle/queries.ts'
import { VehiclePanel } from '../../parts/vehicle/VehiclePanel.tsx'
import { LivePanel } from './LivePanel.tsx'
import type { LiveMap } from './liveMap.ts'
import { useText } from './texts.ts'
import './live.css'
import { placeOf, placeOfCounted } from '../../map/areaPlaces.ts'
import { BottomSheet } from './BottomSheet.tsx'
import { needsPurpose, PurposeBar, PurposeDialog } from './Purpose.tsx'
import { useAlerts } from './useAlerts.ts'
import { CLOSE_ZOOM, useFlyToArea, useFlyToVehicle } from './useFlyToChosen.ts'
import { useFollowed } from './useFollowed.ts'
import { useLiveMap } from './useLiveMap.ts'
import { useTrail } from './useTrail.ts'

export function LivePage() {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const phone = usePhone()
  const { url, change } = useUrl()
  const state = useMemo(() => readLiveUrl(url), [url])
  const [asking, setAsking] = useState(false)
  const container = useRef<HTMLDivElement>(null)
  const update = (patch: Partial<LiveUrl>) => change((old) => writeLiveUrl({ ...readLiveUrl(old), ...patch }))
  /** The vehicle chosen on this page: its mark is in sight already. Any other came by a link or the search. */
  const chosenHere = useRef<number | null>(null)
  const select = (vehicleId: number | null) => {
    chosenHere.current = vehicleId
    update({ vehicleId, range: null })
  }
  const setFilter = (filter: LiveFilter) => update({ filter })

  const { map, roster, error, retry } = useLiveMap({
    container,
    at: state.at ?? placeOf(account.organisation.adcode),
    filter: state.filter,
    selected: state.vehicleId,
    phone,
    allowed: !needsPurpose(account),
    onPlace: (place) => change((old) => withEntries(old, { at: writePlace(place) }), 'follow'),
    onSelect: select,
    onLeague: (adcode) => {
      const place = placeOfCounted(adcode)
      if (place) map?.flyTo(place)
    },
    onRefused: (code) => code === 'PURPOSE_REQUIRED' && setAsking(true),
  })
  const counts = useFollowed(map?.counts ?? null)
  const inView = useFollowed(map?.inView ?? null)
  const report = useFollowed<LiveReport | null>(map?.report ?? null)
  const alerts = useAlerts(map)
  const trackable = may(account, 'track.view')
  const trail = useTrail(map, state.vehicleId, state.range, trackable && state.trail, state.at !== null)
  useFlyToVehicle(map, state, chosenHere)
  useFlyToArea(map, state)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key === 'Escape' &&
        state.vehicleId !== null &&
        !event.defaultPrevented &&
        !document.querySelector('.ant-modal-wrap, .ant-popover:not(.ant-popover-hidden)')
      )
        select(null)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  const panel = (
    <LivePanel
      counts={counts}
      inView={inView}
      roster={roster}
      filter={state.filter}
      selected={state.vehicleId}
      onFilter={setFilter}
      onSelect={select}
      onWall={() => void navigate({ to: '/wall', search: (old: unknown) => old } as never)}
      rowPx={phone ? 60 : 50}
    />
  )
  const title = counts
    ? t('live.summary', { total: formatCount(counts.all.total), moving: formatCount(counts.all.moving) })
    : t('page.live')

  return (
    <div className={state.vehicleId === null ? 'live' : 'live live-open'}>
      <h1 className="visually-hidden">{t('page.live')}</h1>
      <PurposeBar account={account} onChange={() => setAsking(true)} />
      {!phone && <div className="live-panel">{panel}</div>}
      <section className="live-map" aria-label={t('live.map')}>
        <div ref={container} className="live-canvas" />
        {error !== null && error !== undefined && !map && <ErrorState error={error} retry={retry} />}
        {!map && !error && !needsPurpose(account) && <p className="live-wait quiet">{t('live.loading')}</p>}
      </section>
      {phone && state.vehicleId === null && (
        <BottomSheet title={title} badge={filterSize(state.filter)}>
          {panel}
        </BottomSheet>
      )}
      {state.vehicleId !== null && (
        <VehiclePanel
          vehicleId={state.vehicleId}
          report={report}
          onClose={() => select(null)}
          actions={
            <>
              <LocateButton map={map} vehicleId={state.vehicleId} report={report} />
              {alerts.has(state.vehicleId) && roster && <FindingsButton plate={roster.plateOf(state.vehicleId)} />}
            </>
          }
        >
          <DayPart
            vehicleId={state.vehicleId}
            range={state.range}
            onRange={(range) => update({ range })}
            trail={{
              shown: state.trail,
              onShow: (shown) => update({ trail: shown }),
              data: trail.data,
              error: trail.error,
              busy: trail.isFetching,
              retry: () => void trail.refetch(),
            }}
          />
        </VehiclePanel>
      )}
      {(asking || needsPurpose(account)) && (
        <PurposeDialog
          onStated={() => setAsking(false)}
          onClose={() => (needsPurpose(account) ? void navigate({ to: '/fleet' } as never) : setAsking(false))}
        />
      )}
    </div>
  )
}

function LocateButton({ map, vehicleId, report }: { map: LiveMap | null; vehicleId: number; report: LiveReport | null }) {
  const { t } = useText()
  const locate = async () => {
    const last = report?.vehicleId === vehicleId ? report : (await queryClient.ensureQueryData(vehicleQuery(vehicleId))).last
    if (last) map?.flyTo({ center: [last.lon, last.lat], zoom: CLOSE_ZOOM })
  }
  return (
    <button type="button" className="plain-button" onClick={() => void locate()}>
      {t('vehicle.locate')}
    </button>
  )
}

function FindingsButton({ plate }: { plate: string }) {
  const { t } = useText()
  const navigate = useNavigate()
  return (
    <button type="button" className="plain-button" onClick={() => void navigate({ to: '/findings', search: { q: plate } } as never)}>
      {t('vehicle.findings')}
    </button>
  )
}
