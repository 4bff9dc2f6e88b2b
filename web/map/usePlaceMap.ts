// Ties one PlaceMap to a component: made when the base map's settings are known, told of every change, destroyed with the page.
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { Box } from '../../services/domain/geofence.ts'
import { useText } from '../kit/texts.ts'
import { useTheme } from '../kit/theme/preference.ts'
import type { Draft, PlaceMap, ShownPlace } from './placeMap.ts'
import { useMapSources } from './useMapSources.ts'

type Wants = {
  container: RefObject<HTMLDivElement | null>
  /** Where it opens: near a point, or over an administrative area; the whole region when absent. */
  at?: [number, number] | string | undefined
  places: readonly ShownPlace[]
  selected: number | null
  draft: Draft | null
  drawing: boolean
  onBox: (box: Box) => void
  onOpen: (placeId: number) => void
  onPoint: (point: [number, number]) => void
  onDrag: (corner: number, point: [number, number]) => void
}

export function usePlaceMap(wants: Wants): { map: PlaceMap | null; failure: unknown } {
  const { t, locale } = useText()
  const theme = useTheme()
  const [map, setMap] = useState<PlaceMap | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const latest = useRef({ ...wants, t, theme, locale })
  latest.current = { ...wants, t, theme, locale }
  const sources = useMapSources()
  useEffect(() => {
    if (!sources) return
    let made: PlaceMap | null = null
    let gone = false
    import('./placeMap.ts')
      .then((engine) => {
        const { container, at, t, theme, locale } = latest.current
        if (gone || !container.current) return
        made = new engine.PlaceMap({
          container: container.current,
          at,
          theme,
          locale,
          sources,
          label: t('places.map'),
          onBox: (box) => latest.current.onBox(box),
          onOpen: (id) => latest.current.onOpen(id),
          onPoint: (point) => latest.current.onPoint(point),
          onDrag: (corner, point) => latest.current.onDrag(corner, point),
          cornerLabel: (n) => latest.current.t('place.corner', { n }),
        })
        setMap(made)
      })
      .catch((reason: unknown) => !gone && setFailure(reason))
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [sources])
  useEffect(() => map?.setLook({ theme, locale }), [map, theme, locale])
  useEffect(() => map?.show(wants.places, wants.selected), [map, wants.places, wants.selected])
  useEffect(() => map?.draw(wants.draft, wants.drawing), [map, wants.draft, wants.drawing])
  return { map, failure }
}
