// What a replay plays: the whole track of each vehicle with every position's figures, and its trips. Each is a look that goes on record.
import { queryOptions } from '@tanstack/react-query'
import { decodeTrack } from '../../../services/contracts/trackBytes.ts'
import { prepareReplay, type ReplayLine } from '../../../services/domain/replay.ts'
import type { AnsweredFile } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'

export type Loaded = ReturnType<typeof decodeTrack> & { line: ReplayLine; bytes: number }

const windowOf = ({ fromMs, toMs }: Range) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })

export const replayTrackQuery = (vehicleId: number, range: Range, caseId: number | undefined) =>
  queryOptions({
    queryKey: ['replay', vehicleId, range.fromMs, range.toMs, caseId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }): Promise<Loaded> => {
      const file = (await call('getTrackBytes', { params: { vehicleId }, query: { ...windowOf(range), caseId }, signal })) as AnsweredFile
      const track = decodeTrack(new Uint8Array(await file.content.arrayBuffer()))
      const degrees = (values: Float64Array) => values.map((value) => value / 1e7)
      const { timeMs, flagged } = track
      const line = prepareReplay({ timeMs, lon: degrees(track.lonE7), lat: degrees(track.latE7), flagged })
      return { ...track, line, bytes: file.content.size }
    },
  })
