// What the page replays, brought together: the vehicles of the case or of the address, their tracks, trips and orders.
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { Case } from '../../../services/contracts/api/cases.ts'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { lastAt, ofLine, type ReplayLine, type ReplaySpan, spansWhere } from '../../../services/domain/replay.ts'
import { FLAG_IGNITION, FLAG_IGNITION_UNKNOWN } from '../../../services/domain/status.ts'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { tripsQuery, vehicleQuery } from '../../parts/vehicle/queries.ts'
import { colourOf } from './colours.ts'
import type { ReplayFinding } from './events.ts'
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
  /** The order of which each position of the line is, by its place among them; −1 = of none. */
  orderOf: Int16Array
  ignition: readonly ReplaySpan[]
  findings: readonly ReplayFinding[]
}

const none: AnswerOf<'listOrders'>['rows'] = []

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
  // What stands beside a track is asked for when it is there: nobody waits for it, and it would be read first.
  const isThere = (n: number) => tracks[n]?.data !== undefined
  const trips = useQueries({ queries: asked.map((id, n) => ({ ...tripsQuery(id, span, caseId), enabled: isThere(n) })) })
  // Outside a case the plate is asked for.
  const named = useQueries({
    queries: asked.map((id, n) => ({ ...vehicleQuery(id), enabled: isThere(n) && !plates.has(id), refetchInterval: false as const })),
  })
  const orders = useQueries({
    queries: asked.map((vehicleId, n) => ({
      queryKey: ['orders', 'of', vehicleId, span.fromMs, span.toMs],
      enabled: isThere(n) && may(account, 'order.view'),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call('listOrders', {
          query: { vehicleId, from: new Date(span.fromMs).toISOString(), until: new Date(span.toMs).toISOString(), limit: 200 },
          signal,
        }),
    })),
  })
  const findings = useQuery({
    queryKey: ['cases', caseId, 'findings', 'replay'],
    enabled: caseId !== undefined && may(account, 'case.keep'),
    queryFn: ({ signal }) => call('listFindings', { params: { caseId: caseId! }, query: { limit: 200 }, signal }),
  })
  const found = useMemo(() => (findings.data?.rows ?? []).flatMap(findingOf), [findings.data])
  // When any of the answers is another, and not with each step of the clock.
  const stamp = [...tracks, ...trips, ...named, ...orders].map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  const made = useRef(new Map<number, { of: readonly unknown[]; vehicle: ReplayedVehicle }>())
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp stands for what was answered
  const vehicles = useMemo(
    () =>
      asked.flatMap((vehicleId, n): ReplayedVehicle[] => {
        const track = tracks[n]?.data
        if (!track) return []
        const plate = plates.get(vehicleId) ?? named[n]?.data?.plate
        const rows = orders[n]?.data?.rows ?? none
        // One of which nothing new was answered stays what it is: twenty are answered in eighty pieces.
        const of = [track, plate, colourOf(n), trips[n]?.data, rows, found]
        const before = made.current.get(vehicleId)
        if (before?.of.every((each, k) => each === of[k])) return [before.vehicle]
        const vehicle: ReplayedVehicle = {
          vehicleId,
          label: plate ? plateAsPrinted(plate) : `${vehicleId}`,
          colour: colourOf(n),
          track,
          line: track.line,
          speedKph: ofLine(track.line, track.speedDkph, 10),
          trips: trips[n]?.data?.rows ?? [],
          orders: rows,
          orderOf: orderOfEach(track.line.timeMs, rows),
          ignition: spansWhere(track.line, (i) => (track.flags[i]! & (FLAG_IGNITION | FLAG_IGNITION_UNKNOWN)) === FLAG_IGNITION),
          findings: found.filter((each) => each.vehicleId === vehicleId),
        }
        made.current.set(vehicleId, { of, vehicle })
        return [vehicle]
      }),
    [stamp, plates, found],
  )
  const failed = [...tracks, ...trips].find(({ error }) => error !== null)
  return { vehicles, busy: tracks.some(({ isLoading }) => isLoading), error: failed?.error ?? null, retry: () => void failed?.refetch() }
}

/** Of an order is what lies in its planned time; of two the one that began later. */
function orderOfEach(timeMs: Float64Array, orders: AnswerOf<'listOrders'>['rows']): Int16Array {
  const of = new Int16Array(timeMs.length).fill(-1)
  const begin = [...orders.entries()].sort(([, a], [, b]) => Date.parse(a.startsAt) - Date.parse(b.startsAt))
  for (const [n, { startsAt, endsAt }] of begin) {
    const [from, until] = [lastAt(timeMs, Date.parse(startsAt) - 1) + 1, lastAt(timeMs, Date.parse(endsAt))]
    if (until >= from) of.fill(n, from, until + 1)
  }
  return of
}

const findingOf = ({ vehicle, from, until, text }: AnswerOf<'listFindings'>['rows'][number]): ReplayFinding[] =>
  vehicle ? [{ vehicleId: vehicle.vehicleId, fromMs: Date.parse(from), untilMs: Date.parse(until), text }] : []
