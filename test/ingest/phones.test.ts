// The trips of phone recordings hold what was driven (docs/trips.md).
import t from 'tap'
import { derive } from '../../services/ingest/trips/segment.ts'
import { DAY } from './journeys.ts'
import { outing } from './phones.ts'

const OUTINGS = 60

t.test('recordings of position alone, each 1 to 5 s: 95 % of what was driven lies in trips, and trips say how far they went', async (t) => {
  let [driven, held, said, gone] = [0, 0, 0, 0]
  for (let seed = 1; seed <= OUTINGS; seed++) {
    const { points, drivenM, goneM } = outing(seed)
    const second = (ms: number): number => Math.min(drivenM.length - 1, Math.round((ms - DAY) / 1000))
    driven += drivenM.at(-1)!
    for (const { start, end, distanceM, maxSpeedDkph } of derive(points, points.at(-1)!.tsMs + 86_400_000).trips) {
      held += drivenM[second(end.tsMs)]! - drivenM[second(start.tsMs)]!
      gone += goneM[second(end.tsMs)]! - goneM[second(start.tsMs)]!
      said += distanceM
      if (maxSpeedDkph !== null) throw new Error('a highest speed, and none was recorded')
    }
  }
  t.ok(held / driven >= 0.95, `${((held / driven) * 100).toFixed(1)} % held`)
  // Reflections off houses are taken for way.
  t.ok(Math.abs(said / gone - 1) <= 0.05, `${((said / gone) * 100).toFixed(1)} % said`)
})
