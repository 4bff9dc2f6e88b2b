// Ties one ReplayMap to the page: made when the base map's settings are known, told of every change, moved by the clock, destroyed with the page.
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import type { ReplayMap, TrailColour } from '../../map/replayMap.ts'
import type { ReplayClock } from './clock.ts'
import { trailColours } from './colours.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

export function useReplayMap(
  container: RefObject<HTMLDivElement | null>,
  vehicles: readonly ReplayedVehicle[],
  colourBy: TrailColour,
  followed: number | null,
  clock: ReplayClock,
): void {
  const { t, locale } = useText()
  const theme = useTheme()
  const [map, setMap] = useState<ReplayMap | null>(null)
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
    void import('../../map/replayMap.ts').then((engine) => {
      const { t, theme, locale } = latest.current
      if (gone || !container.current) return
      made = new engine.ReplayMap({
        container: container.current,
        theme,
        locale,
        sources,
        label: t('page.replay'),
        colours: trailColours(theme),
        onPainted: (vehicleIds) => window.dispatchEvent(new CustomEvent('morin:replayed', { detail: { vehicleIds } })),
      })
      setMap(made)
    })
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [sources, container])
  useEffect(() => map?.setLook({ theme, locale }, trailColours(theme)), [map, theme, locale])
  useEffect(() => map?.show(vehicles, colourBy), [map, vehicles, colourBy])
  useEffect(() => map?.follow(followed), [map, followed])
  // biome-ignore lint/correctness/useExhaustiveDependencies: with other vehicles the marks are others, and the clock may stand
  useEffect(() => {
    if (!map) return
    const move = () => map.setTime(clock.ms.get())
    move()
    return clock.ms.follow(move)
  }, [map, clock, vehicles])
}
