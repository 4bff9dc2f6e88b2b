// A vehicle's day as it is read and sent, without a browser: it must cost the same however long the history is.
import { trackPieces } from '../../services/dispatch/tracks/trackBytes.ts'
import { summary } from '../live/statistics.ts'
import { type Desk, timed } from './desk.ts'

const DAY_MS = 86_400_000

export async function measureTrack({ db, history, rounds }: Desk): Promise<object> {
  const [from, to] = [new Date(history.lastMs), new Date(history.lastMs + DAY_MS)]
  let bytes = 0
  // One of those on the road.
  const { rows } = await db.query<{ id: number; n: number }>(
    'SELECT vehicle_id AS id, count(*)::int AS n FROM positions WHERE ts >= $1 AND ts < $2 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1',
    [from, to],
  )
  const { id, n } = rows[0]!
  const sample = await timed(rounds, async () => {
    bytes = 0
    for await (const piece of trackPieces(db, { vehicleId: id, from, to }, 1_500_000)) bytes += piece.byteLength
  })
  return { ...summary(sample), points: n, bytes }
}
