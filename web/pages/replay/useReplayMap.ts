// Ties one ReplayMap to the page: made when the base map's settings are known, told of every change, moved by the clock, destroyed with the page.
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { Store } from '../../kit/store.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import type { ReplayMap, TrailColour, TrailsDrawn } from '../../map/replayMap.ts'
import type { Beside } from './beside.ts'
import type { ReplayClock } from './clock.ts'
import { besideColour, colourOf, trailColours } from './colours.ts'
import { drafts } from './drafts.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

/** Asked for with the page and not when its map has a place: most of the time until it is there is its way to the browser. */
const loadEngine = () => import('../../map/replayMap.ts')
void loadEngine()

/** @returns how much of the trails the map draws */
export function useReplayMap(
  container: RefObject<HTMLDivElement | null>,
  vehicleIds: readonly number[],
  vehicles: readonly ReplayedVehicle[],
  colourBy: TrailColour,
  followed: number | null,
  clock: ReplayClock,
  beside: Beside | null,
): Store<TrailsDrawn> {
  const { t, locale } = useText()
  const theme = useTheme()
  const [map, setMap] = useState<ReplayMap | null>(null)
  const [drawn] = useState(() => new Store<TrailsDrawn>({ toleranceM: 0, trails: [] }))
  const latest = useRef({ t, theme, locale })
  latest.current = { t, theme, locale }
  const { data: sources } = useQuery({
    queryKey: ['map-sources'],
    queryFn: ({ signal }) => call('getMapSources', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!sources) return
    let made: ReplayMap | null = null
    let gone = false
    void loadEngine().then((engine) => {
      const { t, theme, locale } = latest.current
      if (gone || !container.current) return
      made = new engine.ReplayMap({
        container: container.current,
        theme,
        locale,
        sources,
        label: t('page.replay'),
        colours: trailColours(theme),
        onPainted: (vehicleIds, drafted) => window.dispatchEvent(new CustomEvent('morin:replayed', { detail: { vehicleIds, drafted } })),
        onDrawn: (now) => drawn.set(now),
      })
      setMap(made)
    })
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [sources, container, drawn])
  useEffect(() => map?.setLook({ theme, locale }, trailColours(theme)), [map, theme, locale])
  const ids = vehicleIds.join()
  useEffect(() => {
    if (!map) return
    const order = ids.split(',').map(Number)
    const draw = () =>
      map.draft(
        new Map(
          [...drafts.store.get()].flatMap(([id, lines]) =>
            order.includes(id) ? [[id, { colour: colourOf(order.indexOf(id)), lines }] as const] : [],
          ),
        ),
      )
    draw()
    return drafts.store.follow(draw)
  }, [map, ids])
  useEffect(() => {
    map?.show(vehicles, colourBy)
    if (map) drafts.forget(vehicles.map(({ vehicleId }) => vehicleId))
  }, [map, vehicles, colourBy])
  useEffect(() => map?.beside(beside && { ...beside, colour: besideColour(theme) }), [map, beside, theme])
  useEffect(() => map?.follow(followed), [map, followed])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other vehicles the marks are others, and the clock may stand
  useEffect(() => {
    if (!map) return
    const move = () => map.setTime(clock.ms.get())
    move()
    return clock.ms.follow(move)
  }, [map, clock, vehicles])
  return drawn
}
