// Chooses which vehicles' trips to derive again, and when. A trip is derived when its vehicle stands or late positions came, a trip
// under way every few minutes, one whose vehicle fell silent once its rest is over and once more when nothing is to come; and no vehicle
// more often than once a minute.
// What is remembered here only saves work: last_states.derive_from says what is to be done, whoever does it.
import { lawAt } from '../../domain/tripLaw.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, prepared } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { Followed } from './followed.ts'
import { settleVehicle } from './settleVehicle.ts'

const EVERY_MS = 2_000
const AT_MOST_EVERY_MS = 60_000
const VEHICLES_A_ROUND = 200

// A rest that was said ends a trip after `restS` of silence: looked for as long again, by when somebody has.
// 23,188 rows in one page order: 4 ms on the embedded database, which is less than an index on a column that changes all day would cost.
const DUE = prepared(`
SELECT vehicle_id AS "vehicleId" FROM last_states
 WHERE derive_from IS NOT NULL AND vehicle_id <> ALL($2::int[])
   AND (tail_from IS DISTINCT FROM derive_from
        OR (ts >= derive_from AND coalesce(speed_dkph, 0) < $5::int)
        OR ts >= derive_from + interval '3 minutes'
        OR (ts < to_timestamp($1::float8 / 1000) - $4::int * interval '1 s' AND ts >= to_timestamp($1::float8 / 1000) - 2 * $4::int * interval '1 s'
            AND EXISTS (SELECT FROM trips t WHERE t.vehicle_id = last_states.vehicle_id AND NOT t.ended))
        OR ts < to_timestamp($1::float8 / 1000) - $3::int * interval '1 s')
 ORDER BY derive_from LIMIT ${VEHICLES_A_ROUND}`)

type Deps = { db: Database; clock: Clock; log: Logger }

/** Settles the vehicles that are due, one after the other in short transactions. `recently`: vehicle → when it was last looked at. */
export async function deriveDue(
  { db, clock }: Deps,
  recently: Map<number, number>,
  stopped: () => boolean,
  followed: Followed = new Followed(),
): Promise<number> {
  const nowMs = clock.nowMs()
  for (const [vehicleId, at] of recently) if (nowMs - at >= AT_MOST_EVERY_MS) recently.delete(vehicleId)
  const { maxGapS, restS, standingDkph } = lawAt(nowMs)
  const { rows } = await db.query<{ vehicleId: number }>(DUE, [nowMs, [...recently.keys()], maxGapS, restS, standingDkph])
  for (const { vehicleId } of rows) {
    if (stopped()) break
    recently.set(vehicleId, nowMs)
    await settleVehicle(db, vehicleId, nowMs, followed)
  }
  return rows.length
}

/** Derives trips in the background until it is stopped. */
export function startDeriver(deps: Deps): { stop(): Promise<void> } {
  const recently = new Map<number, number>()
  const followed = new Followed()
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  function round(): void {
    running = deriveDue(deps, recently, () => stopping, followed)
      .catch((error: Error) => {
        deps.log.warn({ error: error.message }, 'trips not derived; the next round tries again')
        return 0
      })
      .then((settled) => {
        // A full round means that there is more to do.
        if (!stopping) timer = setTimeout(round, settled === VEHICLES_A_ROUND ? 0 : EVERY_MS).unref()
      })
  }

  round()
  return {
    stop() {
      stopping = true
      clearTimeout(timer)
      return running
    },
  }
}
