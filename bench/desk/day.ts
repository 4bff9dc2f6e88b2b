// A vehicle's day on the replay page, from its request to the first paint of its trail: at a position every ten seconds and every second, each round another vehicle.
import { summary } from '../live/statistics.ts'
import type { Desk } from './desk.ts'
import { openReplay } from './page.ts'
import { layTrack } from './tracks.ts'

const DAY_MS = 86_400_000

export async function measureDay({ db, history, rounds, origin }: Desk): Promise<object> {
  const fromMs = history.lastMs
  const replay = await openReplay(await origin())
  const answer: Record<string, object> = {}
  try {
    for (const [name, everySec, first] of [
      ['8,640 points', 10, 1_000],
      ['86,400 points', 1, 2_000],
    ] as const) {
      const painted = []
      // The first is thrown away: with it the page and its map are loaded.
      for (let round = 0; round <= rounds; round++) {
        const vehicleId = first + round
        await layTrack(db, vehicleId, fromMs, fromMs + DAY_MS, everySec)
        const one = await replay.show([vehicleId], fromMs, fromMs + DAY_MS)
        if (round > 0) painted.push(one)
      }
      answer[name] = {
        fromRequestMs: summary(painted.map(({ fromRequestMs }) => fromRequestMs)),
        wholeMs: summary(painted.map(({ wholeMs }) => wholeMs)),
        fromClickMs: summary(painted.map(({ fromClickMs }) => fromClickMs)),
        answeredMs: summary(painted.map(({ answeredMs }) => answeredMs)),
        wireKb: Math.round(painted[0]!.wireBytes / 1000),
      }
    }
  } finally {
    await replay.close()
  }
  return answer
}
