// What a replay plays: the whole track of each vehicle with every position's figures, and its trips. Each is a look that goes on record. What has come of a
// track is drawn while the rest is on its way.
import { queryOptions } from '@tanstack/react-query'
import { type DecodedTrack, type TrackArrays, TrackDecoder, type TrackSketch } from '../../../services/contracts/trackBytes.ts'
import { ofLine, prepareReplay, type ReplayLine } from '../../../services/domain/replay.ts'
import type { AnsweredFile } from '../../kit/api/client.ts'
import { call } from '../../kit/api/session.ts'
import type { Range } from '../../parts/vehicle/liveUrl.ts'
import { type DraftLine, drafts } from './drafts.ts'

export type Loaded = DecodedTrack & { line: ReplayLine; bytes: number }

const windowOf = ({ fromMs, toMs }: Range) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })

export const replayTrackQuery = (vehicleId: number, range: Range, caseId: number | undefined) =>
  queryOptions({
    queryKey: ['replay', vehicleId, range.fromMs, range.toMs, caseId],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }): Promise<Loaded> => {
      const draft = drafts.begin(vehicleId)
      let isSketched = false
      const decoder = new TrackDecoder({
        onSketch: (sketch) => {
          isSketched = true
          draft.add(lineOfSketch(sketch))
        },
        onBlock: (block) => {
          if (!isSketched) draft.add(lineOfBlock(block))
        },
      })
      try {
        const file = (await call('getTrackBytes', {
          params: { vehicleId },
          query: { ...windowOf(range), caseId },
          signal,
          onPiece: (bytes) => decoder.push(bytes),
        })) as AnsweredFile
        const track = decoder.end()
        const { timeMs, flagged } = track
        const line = prepareReplay({ timeMs, lon: degrees(track.lonE7), lat: degrees(track.latE7), flagged })
        return { ...track, line, bytes: file.content.size }
      } catch (error) {
        draft.end()
        throw error
      }
    },
  })

const degrees = (values: Float64Array) => values.map((value) => value / 1e7)

function lineOfSketch({ runs, lonE7, latE7, madeOf }: TrackSketch): DraftLine {
  let at = 0
  const ranges = runs.map((length): [number, number] => {
    at += length
    return [at - length, at - 1]
  })
  return { lonE7, latE7, runs: ranges, madeOf }
}

/** Which of its positions are not believed is known at the end; until then those are left out that no vehicle can reach. */
function lineOfBlock({ timeMs, lonE7, latE7 }: TrackArrays): DraftLine {
  const line = prepareReplay({ timeMs, lon: degrees(lonE7), lat: degrees(latE7) })
  const ends = [...line.gaps.map(({ index }) => index), line.of.length - 1]
  return {
    lonE7: ofLine(line, lonE7),
    latE7: ofLine(line, latE7),
    runs: ends.map((end, n): [number, number] => [n === 0 ? 0 : ends[n - 1]! + 1, end]),
  }
}
