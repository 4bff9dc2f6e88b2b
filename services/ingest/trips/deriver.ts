// Chooses which vehicles' trips to derive again, and when. A trip is derived when its vehicle stands or late positions came, a trip
// under way every few minutes, one whose vehicle fell silent once; and no vehicle more often than once a minute.
// What is remembered here only saves work: last_states.derive_from says what is to be done, whoever does it.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { MAX_GAP_MS } from './segment.ts'
import { settleVehicle } from './settleVehicle.ts'

const EVERY_MS = 2_000
const AT_MOST_EVERY_MS = 60_000
const VEHICLES_A_ROUND = 200

// 23,188 rows in one page order: 4 ms on the embedded database, which is less than an index on a column that changes all day would cost.
const DUE = `
SELECT vehicle_id AS "vehicleId" FROM last_states
 WHERE derive_from IS NOT NULL AND vehicle_id <> ALL($2::int[])
   AND ((ts >= derive_from AND ((flags & 1) = 0 OR coalesce(speed_dkph, 0) < 30))
        OR ts >= derive_from + interval '3 minutes'
        OR ts < to_timestamp(($1::float8 - ${MAX_GAP_MS}) / 1000))
 ORDER BY derive_from LIMIT ${VEHICLES_A_ROUND}`

type Deps = { db: Database; clock: Clock; log: Logger }

/** Settles the vehicles that are due, one after the other in short transactions. `recently`: vehicle → when it was last looked at. */
export async function deriveDue({ db, clock }: Deps, recently: Map<number, number>, stopped: () => boolean): Promise<number> {
  const nowMs = clock.nowMs()
  for (const [vehicleId, at] of recently) if (nowMs - at >= AT_MOST_EVERY_MS) recently.delete(vehicleId)
  const { rows } = await db.query<{ vehicleId: number }>(DUE, [nowMs, [...recently.keys()]])
  for (const { vehicleId } of rows) {
    if (stopped()) break
    recently.set(vehicleId, nowMs)
    await settleVehicle(db, vehicleId, nowMs)
  }
  return rows.length
}

/** Derives trips in the background until it is stopped. */
export function startDeriver(deps: Deps): { stop(): Promise<void> } {
  const recently = new Map<number, number>()
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  function round(): void {
    running = deriveDue(deps, recently, () => stopping)
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
