// Who was here, over the whole fleet and a day: a yard and a town, of the last day of the history.
import { Sieve } from '../../services/dispatch/whereabouts/ask.ts'
import { readDoings } from '../../services/dispatch/whereabouts/doing.ts'
import { findWhoWasHere } from '../../services/dispatch/whereabouts/here.ts'
import type { Shape } from '../../services/domain/geofence.ts'
import { summary } from '../live/statistics.ts'
import { askOf, type Desk, timed } from './desk.ts'

const DAY_MS = 86_400_000
const areas: Record<string, Shape> = {
  yard: { type: 'circle', centre: [109.0, 40.2], radiusM: 60 },
  town: { type: 'circle', centre: [109.05, 40.23], radiusM: 3_000 },
}

export async function measureHere({ db, history, rounds }: Desk): Promise<object> {
  const answer: Record<string, object> = {}
  for (const [name, shape] of Object.entries(areas)) {
    const period = { fromMs: history.lastMs, untilMs: history.lastMs + DAY_MS }
    let told = { vehicles: 0, visits: 0 }
    const sample = await timed(rounds, async () => {
      const sieve = new Sieve(db, askOf('here', period))
      const { visits } = await findWhoWasHere(db, { shape, ...period }, (ids) => sieve.sift(ids))
      const doings = await readDoings(db, visits)
      JSON.stringify(visits.map((visit, n) => ({ ...visit, ...doings[n] })))
      told = { vehicles: new Set(visits.map(({ vehicleId }) => vehicleId)).size, visits: visits.length }
    })
    answer[name] = { ...summary(sample), ...told }
  }
  return answer
}
