// The base map that the installation is configured with. Where the server is not reached none of the configured ones would be either: maps are
// then drawn over the schematic, which the page brings along, and over the configured one as soon as it is known.
import { useQuery } from '@tanstack/react-query'
import { call } from '../kit/api/session.ts'
import type { MapSources } from './baseSources.ts'

const noSources: MapSources = { styleUrl: null, tiandituKey: null, pmtilesUrl: null, reviewNo: null }

/** undefined while it is asked for. */
export function useMapSources(): MapSources | undefined {
  const { data, error } = useQuery({
    queryKey: ['map-sources'],
    queryFn: ({ signal }) => call('getMapSources', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? (error ? noSources : undefined)
}
