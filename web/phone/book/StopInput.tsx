// A place of a trip on the phone: typed, found among towns and places, or pointed at on a map that is loaded when it is opened.
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useId, useState } from 'react'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { call } from '../../kit/api/session.ts'
import { formatPlace } from '../../kit/format/number.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from '../texts.ts'

const PointMap = lazy(() => import('../../parts/trip/PointMap.tsx').then((module) => ({ default: module.PointMap })))
const FOUND = 5

type Props = {
  label: string
  name: string
  /** What is known of where places of that name are. */
  known: readonly Stop[]
  invalid: boolean
  hint: ReactNode
  onName: (name: string) => void
  /** Found or pointed at: from now on a place of that name is there. */
  onStop: (stop: Stop) => void
  /** What is offered beside. */
  children?: ReactNode
}

export function StopInput({ label, name, known, invalid, hint, onName, onStop, children }: Props) {
  const { t } = useText()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [pointing, setPointing] = useState(false)
  const q = useSettled(typed.trim(), 250)
  const found = useQuery({
    queryKey: ['phone', 'places', q],
    enabled: q.length > 0,
    queryFn: ({ signal }) => call('findStops', { query: { q, limit: FOUND }, signal }),
  })
  const offered = (found.data?.rows ?? []).filter((place) => place.name !== name)
  const at = known.find((stop) => stop.name === name.trim() && stop.lon !== null)
  return (
    <div className="phone-field">
      <label id={`${id}-label`} htmlFor={id}>
        {label}
      </label>
      <div className="phone-stop">
        <input
          id={id}
          value={name}
          maxLength={80}
          autoComplete="off"
          enterKeyHint="next"
          aria-invalid={invalid}
          onChange={(event) => {
            setTyped(event.target.value)
            onName(event.target.value)
          }}
        />
        <button
          type="button"
          className="phone-button"
          aria-pressed={at !== undefined}
          aria-expanded={pointing}
          aria-describedby={`${id}-label`}
          onClick={() => setPointing(!pointing)}
        >
          {t('stop.onMap')}
        </button>
      </div>
      {hint}
      {offered.length > 0 && (
        <div className="phone-chips">
          {offered.map((place) => (
            <button
              key={`${place.name} ${place.of}`}
              type="button"
              className="phone-chip"
              onClick={() => {
                setTyped('')
                onStop({ name: place.name, lon: place.lon, lat: place.lat })
              }}
            >
              {place.name}
              {place.of && <small className="quiet"> {place.of}</small>}
            </button>
          ))}
        </div>
      )}
      {children}
      {pointing && (
        <PointPart
          what={label}
          at={at}
          onLeave={() => setPointing(false)}
          onPoint={([lon, lat]) => {
            setPointing(false)
            setTyped('')
            onStop({ name: name.trim() || t('stop.unnamed', { place: formatPlace(lon, lat) }), lon, lat })
          }}
        />
      )}
    </div>
  )
}

type Point = [lon: number, lat: number]

function PointPart({
  what,
  at,
  onPoint,
  onLeave,
}: {
  what: string
  at: Stop | undefined
  onPoint: (point: Point) => void
  onLeave: () => void
}) {
  const { t } = useText()
  const [point, setPoint] = useState<Point | null>(at ? [at.lon!, at.lat!] : null)
  return (
    <section className="phone-inset phone-map" aria-label={t('stop.pointAt', { what })}>
      <Suspense fallback={<div className="bone stop-map" aria-busy="true" />}>
        <PointMap point={point} onPoint={setPoint} />
      </Suspense>
      <div className="phone-buttons">
        {'geolocation' in navigator && (
          <button
            type="button"
            className="phone-button"
            onClick={() =>
              navigator.geolocation.getCurrentPosition(
                ({ coords }) => setPoint([coords.longitude, coords.latitude]),
                () => undefined,
                { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
              )
            }
          >
            {t('incident.here')}
          </button>
        )}
        <button type="button" className="phone-button" onClick={onLeave}>
          {t('kit.cancel')}
        </button>
        <button type="button" className="phone-button phone-strong" disabled={point === null} onClick={() => point && onPoint(point)}>
          {t('stop.use')}
        </button>
      </div>
    </section>
  )
}
