// What the page replays, brought together: the vehicles of the case or of the address, their tracks, trips and orders.
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import type { ReplayLine } from '../../../services/domain/replay.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { tripsQuery, vehicleQuery } from '../../parts/vehicle/queries.ts'
import { colourOf } from './colours.ts'
import { type Loaded, replayTrackQuery } from './load.ts'

export const MAX_REPLAYED = 20

export type ReplayedVehicle = {
  vehicleId: number
  label: string
  colour: string
  track: Loaded
  line: ReplayLine
  /** By position of the line, km/h; NaN = unknown. */
  speedKph: Float64Array
  trips: AnswerOf<'listTrips'>['rows']
  orders: AnswerOf<'listOrders'>['rows']
}

export const useCase = (caseId: number | undefined) =>
  useQuery({
    queryKey: ['cases', caseId],
    enabled: caseId !== undefined,
    queryFn: ({ signal }) => call('getCase', { params: { caseId: caseId! }, signal }),
  })

/** Of a case, what may be looked at. */
export const readable = (found: Case | undefined): { vehicleId: number; plate: string }[] =>
  (found?.vehicleRows ?? []).flatMap(({ state, vehicle }) => (vehicle && (state === 'OPEN' || state === 'RELEASED') ? [vehicle] : []))

export function useReplay(
  vehicleIds: readonly number[],
  plates: ReadonlyMap<number, string>,
  range: Range | null,
  caseId: number | undefined,
) {
  const account = useAccount()
  const asked = range ? vehicleIds : []
  const span = range ?? { fromMs: 0, toMs: 0 }
  const tracks = useQueries({ queries: asked.map((id) => replayTrackQuery(id, span, caseId)) })
  const trips = useQueries({ queries: asked.map((id) => tripsQuery(id, span, caseId)) })
  // Outside a case the plate is asked for.
  const named = useQueries({
    queries: asked.map((id) => ({ ...vehicleQuery(id), enabled: !plates.has(id), refetchInterval: false as const })),
  })
  const orders = useQueries({
    queries: asked.map((vehicleId) => ({
      queryKey: ['orders', 'of', vehicleId],
      enabled: may(account, 'order.view'),
      queryFn: ({ signal }: { signal: AbortSignal }) => call('listOrders', { query: { vehicleId, limit: 200 }, signal }),
    })),
  })
  // When any of the answers is another, and not with each step of the clock.
  const stamp = [...tracks, ...trips, ...named, ...orders].map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp stands for what was answered
  const vehicles = useMemo(
    () =>
      asked.flatMap((vehicleId, n): ReplayedVehicle[] => {
        const track = tracks[n]?.data
        if (!track) return []
        const plate = plates.get(vehicleId) ?? named[n]?.data?.plate
        const rows = orders[n]?.data?.rows ?? []
        return [
          {
            vehicleId,
            label: plate ? plateAsPrinted(plate) : `${vehicleId}`,
            colour: colourOf(n),
            track,
            line: track.line,
            speedKph: Float64Array.from(track.line.of, (i) => track.speedDkph[i]! / 10),
            trips: trips[n]?.data?.rows ?? [],
            orders: rows.filter(({ startsAt, endsAt }) => Date.parse(startsAt) < span.toMs && Date.parse(endsAt) > span.fromMs),
          },
        ]
      }),
    [stamp, plates],
  )
  const failed = [...tracks, ...trips].find(({ error }) => error !== null)
  return { vehicles, busy: tracks.some(({ isLoading }) => isLoading), error: failed?.error ?? null, retry: () => void failed?.refetch() }
}
