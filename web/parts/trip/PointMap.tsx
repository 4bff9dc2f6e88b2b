// A map on which one point is chosen; loaded where it is opened, because the map's library comes with it.
import { useRef } from 'react'
import { useAccount } from '../../kit/api/session.ts'
import { formatPlace } from '../../kit/format/number.ts'
import { ErrorState } from '../../kit/State.tsx'
import type { ShownPlace } from '../../map/placeMap.ts'
import { usePlaceMap } from '../../map/usePlaceMap.ts'
import { tripTexts } from './texts.ts'
import './trip.css'

const none: readonly ShownPlace[] = []
/** As large as a gate that one waits at. */
const RADIUS_M = 60

type Point = [lon: number, lat: number]
/** To what the server keeps. */
const rounded = ([lon, lat]: Point): Point => [Math.round(lon * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6]

export function PointMap({ point, onPoint }: { point: Point | null; onPoint: (point: Point) => void }) {
  const { t } = tripTexts.useText()
  const container = useRef<HTMLDivElement>(null)
  const shown = useRef<{ at: Point | null; draft: { type: 'circle'; centre: Point; radiusM: number } }>(undefined)
  if (!shown.current || shown.current.at !== point)
    shown.current = { at: point, draft: { type: 'circle', centre: point ?? [Number.NaN, Number.NaN], radiusM: RADIUS_M } }
  const account = useAccount()
  const { failure } = usePlaceMap({
    container,
    // At what is there already; otherwise where one's own unit is, and not over all of the region.
    at: point ?? account.organisation.adcode ?? undefined,
    places: none,
    selected: null,
    draft: shown.current.draft,
    drawing: true,
    onBox: () => undefined,
    onOpen: () => undefined,
    onPoint: (at) => onPoint(rounded(at)),
    onDrag: (_corner, at) => onPoint(rounded(at)),
  })
  return (
    <>
      {failure ? <ErrorState error={failure} /> : <div ref={container} className="stop-map" />}
      <p className="quiet figure" role="status">
        {point ? formatPlace(...point) : t('stop.hint')}
      </p>
    </>
  )
}
