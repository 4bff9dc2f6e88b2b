// A comparison track of the case as the replay draws and compares it.
import { queryOptions } from '@tanstack/react-query'
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { prepareReplay, type ReplayLine } from '../../../services/domain/replay.ts'
import { call } from '../../kit/api/session.ts'

export type Beside = {
  lon: ArrayLike<number>
  lat: ArrayLike<number>
  /** Index ranges that are one line, both ends included. */
  runs: readonly (readonly [number, number])[]
  /** null: it tells no times, and is drawn alone. */
  line: ReplayLine | null
}

export const exhibitsQuery = (caseId: number | undefined) =>
  queryOptions({
    queryKey: ['cases', caseId, 'exhibits'],
    enabled: caseId !== undefined,
    queryFn: ({ signal }) => call('listExhibits', { params: { caseId: caseId! }, query: { limit: 200 }, signal }),
  })

/** Each reading is on record: it is read once. */
export const besideQuery = (exhibitId: number | undefined) =>
  queryOptions({
    queryKey: ['exhibits', exhibitId],
    enabled: exhibitId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async ({ signal }) => besideOf(await call('readExhibit', { params: { exhibitId: exhibitId! }, signal })),
  })

/** Between two segments of the file nothing is known, however short the time. */
export function besideOf({ timeMs, lon, lat, segments }: Pick<AnswerOf<'readExhibit'>, 'timeMs' | 'lon' | 'lat' | 'segments'>): Beside {
  let last = -1
  const ends = segments.map((length) => {
    last += length
    return last
  })
  if (!timeMs) return { lon, lat, runs: runsOf(ends), line: null }
  const whole = prepareReplay({ timeMs, lon, lat })
  const broken = new Set(whole.gaps.map(({ index }) => index))
  let next = 0
  for (let n = 0; n + 1 < whole.of.length; n++) {
    while (next < ends.length && ends[next]! < whole.of[n]!) next++
    if (next < ends.length && ends[next]! < whole.of[n + 1]!) broken.add(n)
  }
  const gaps = [...broken]
    .sort((a, b) => a - b)
    .map(
      (index) =>
        whole.gaps.find((gap) => gap.index === index) ?? {
          index,
          fromMs: whole.timeMs[index]!,
          untilMs: whole.timeMs[index + 1]!,
          metres: 0,
        },
    )
  const line = { ...whole, gaps }
  return { lon: line.lon, lat: line.lat, runs: runsOf([...gaps.map(({ index }) => index), line.timeMs.length - 1]), line }
}

const runsOf = (ends: readonly number[]): (readonly [number, number])[] =>
  ends.map((end, n) => [n === 0 ? 0 : ends[n - 1]! + 1, end] as const)
