// Ties one WhereaboutsMap to the page: made when the base map's settings are known, told of every change, destroyed with the page.
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import type { Dot, WhereaboutsMap } from '../../map/whereaboutsMap.ts'
import { useText } from './texts.ts'

export type LonLat = [number, number]
/** What a tab shows on the map. */
export type Scene = {
  dots: readonly Dot[]
  corners: readonly LonLat[]
  drawing: boolean
  /** Looked at when it changes. */
  fit: readonly LonLat[]
  onPoint: (point: LonLat) => void
  onDrag: (corner: number, point: LonLat) => void
  onOpen: (id: number) => void
}
const nothing = () => undefined
/** What every tab is given. */
export type TabProps = { caseId: number | undefined; onScene: (scene: Scene) => void }

export const emptyScene: Scene = { dots: [], corners: [], drawing: false, fit: [], onPoint: nothing, onDrag: nothing, onOpen: nothing }

export function useWhereaboutsMap(container: RefObject<HTMLDivElement | null>, scene: Scene): unknown {
  const { t, locale } = useText()
  const theme = useTheme()
  const [map, setMap] = useState<WhereaboutsMap | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const latest = useRef({ scene, t, theme, locale })
  latest.current = { scene, t, theme, locale }
  const { data: sources } = useQuery({
    queryKey: ['map-sources'],
    queryFn: ({ signal }) => call('getMapSources', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!sources) return
    let made: WhereaboutsMap | null = null
    let gone = false
    import('../../map/whereaboutsMap.ts')
      .then((engine) => {
        const { t, theme, locale } = latest.current
        if (gone || !container.current) return
        made = new engine.WhereaboutsMap({
          ...{ container: container.current, theme, locale, sources, label: t('where.map') },
          onPoint: (point) => latest.current.scene.onPoint(point),
          onDrag: (corner, point) => latest.current.scene.onDrag(corner, point),
          onOpen: (id) => latest.current.scene.onOpen(id),
          cornerLabel: (n) => latest.current.t('where.corner', { n }),
        })
        setMap(made)
      })
      .catch((reason: unknown) => !gone && setFailure(reason))
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [sources, container])
  useEffect(() => map?.setLook({ theme, locale }), [map, theme, locale])
  useEffect(() => map?.show(scene.dots), [map, scene.dots])
  useEffect(() => map?.showArea(scene.corners, scene.drawing), [map, scene.corners, scene.drawing])
  useEffect(() => map?.fit(scene.fit), [map, scene.fit])
  return failure
}
