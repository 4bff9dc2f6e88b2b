// Ties one LiveMap to a component: made when its parts are known, told of every change, destroyed with the page.
// The map engine is its own chunk, loaded only here.
import { useQuery } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { call, queryClient, sessionQuery } from '../../kit/api/session.ts'
import { useTheme } from '../../kit/theme/preference.ts'
import { rosterQuery } from '../../parts/live/roster.ts'
import type { LiveMap, LiveMapOptions } from './liveMap.ts'
import { useText } from './texts.ts'

type Wants = {
  container: RefObject<HTMLDivElement | null>
  at: LiveMapOptions['at']
  filter: LiveFilter
  selected: number | null
  phone: boolean
  /** false while a purpose must be stated first. */
  allowed: boolean
} & Pick<LiveMapOptions, 'onPlace' | 'onSelect' | 'onLeague' | 'onRefused'>

export function useLiveMap(wants: Wants) {
  const { t, locale } = useText()
  const theme = useTheme()
  const roster = useQuery({ ...rosterQuery, enabled: wants.allowed })
  const sources = useQuery({
    queryKey: ['map-sources'],
    queryFn: ({ signal }) => call('getMapSources', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [map, setMap] = useState<LiveMap | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const latest = useRef({ ...wants, theme, locale, t })
  latest.current = { ...wants, theme, locale, t }
  const parts = wants.allowed && roster.data && sources.data ? { roster: roster.data, sources: sources.data } : null
  const rosterData = parts?.roster
  const sourcesData = parts?.sources

  useEffect(() => {
    if (!rosterData || !sourcesData) return
    let made: LiveMap | null = null
    let gone = false
    import('./liveMap.ts')
      .then((engine) => {
        const { container, ...now } = latest.current
        if (gone || !container.current) return
        made = new engine.LiveMap({
          container: container.current,
          theme: now.theme,
          locale: now.locale,
          sources: sourcesData,
          at: now.at,
          filter: now.filter,
          roster: rosterData,
          phone: now.phone,
          onPlace: (place) => latest.current.onPlace(place),
          onSelect: (id) => latest.current.onSelect(id),
          onLeague: (adcode) => latest.current.onLeague(adcode),
          onRefused: (code) => latest.current.onRefused(code),
          // A session that ended shows itself when asked; then the frame leads to the door.
          secretName: now.t('secret.vehicle'),
          // What is on the page of vehicles that came or went must not stay in memory either.
          onSight: () => {
            for (const key of ['trail', 'trips']) queryClient.removeQueries({ queryKey: [key] })
            for (const key of ['vehicle', 'vehicles', 'ledger']) void queryClient.resetQueries({ queryKey: [key] })
            void queryClient.invalidateQueries({ queryKey: rosterQuery.queryKey })
          },
          onEnded: () => void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
        })
        made.select(now.selected)
        setMap(made)
      })
      .catch((error: unknown) => !gone && setFailure(error))
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [rosterData, sourcesData])

  useEffect(() => map?.setTheme(theme), [map, theme])
  useEffect(() => map?.setLocale(locale), [map, locale])
  const filterText = JSON.stringify(wants.filter)
  useEffect(() => map?.setFilter(JSON.parse(filterText) as LiveFilter), [map, filterText])
  useEffect(() => map?.select(wants.selected), [map, wants.selected])

  const error = failure ?? roster.error ?? sources.error
  const retry = () => {
    setFailure(null)
    void roster.refetch()
    void sources.refetch()
  }
  return { map, roster: roster.data, error, retry }
}
