// The conservation counters: received = stored + duplicate + quarantined, in positions.
import type { Conservation } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { MAX_FUTURE_MS } from '../../contracts/position.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../audit/caller.ts'
import { isOpen } from '../audit/sight.ts'

type Counts = Omit<Conservation, 'difference'>
export type TallyWindow = { from?: Date; to?: Date }

const withDifference = (counts: Counts): Conservation => ({
  ...counts,
  difference: counts.received - counts.stored - counts.duplicate - counts.quarantined,
})

/** Everything that the ingest workers counted in the minutes [from, to). */
export async function totalConservation(db: Queryable, { from, to }: TallyWindow = {}): Promise<Conservation> {
  const { rows } = await db.query<Counts>(
    `SELECT coalesce(sum(received), 0) AS received, coalesce(sum(stored), 0) AS stored,
            coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(quarantined), 0) AS quarantined
     FROM ingest_tally WHERE ($1::timestamptz IS NULL OR minute >= $1) AND ($2::timestamptz IS NULL OR minute < $2)`,
    [from ?? null, to ?? null],
  )
  return withDifference(rows[0]!)
}

/**
 * One terminal of the scope. Its stored positions are counted where they are stored, by receive time: without a window that
 * is one number kept beside the last state. Received is their sum: a terminal has no counter of its own for it.
 * @throws Refusal NOT_FOUND for a terminal that is out of scope or does not exist
 */
export async function terminalConservation(db: Queryable, scope: Sight, terminalId: string, window: TallyWindow): Promise<Conservation> {
  const { from, to } = window
  const terminal = await db.query<{ vehicle_id: number }>(
    `SELECT t.vehicle_id FROM terminals t JOIN vehicles v USING (vehicle_id) JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE t.terminal_id = $1 AND o.lft BETWEEN $2 AND $3 AND ${isOpen('$4')}`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  const vehicleId = terminal.rows[0]?.vehicle_id
  if (vehicleId === undefined) throw new Refusal('NOT_FOUND')
  const { rows } = await db.query<{ duplicate: number; quarantined: number }>(
    `SELECT coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(quarantined), 0) AS quarantined FROM terminal_tally
     WHERE terminal_id = $1 AND ($2::timestamptz IS NULL OR minute >= $2) AND ($3::timestamptz IS NULL OR minute < $3)`,
    [terminalId, from ?? null, to ?? null],
  )
  const { duplicate, quarantined } = rows[0]!
  const stored = from || to ? await countStored(db, vehicleId, window) : await countAllStored(db, vehicleId)
  return withDifference({ received: stored + duplicate + quarantined, stored, duplicate, quarantined })
}

async function countAllStored(db: Queryable, vehicleId: number): Promise<number> {
  const { rows } = await db.query<{ stored: number }>('SELECT stored FROM last_states WHERE vehicle_id = $1', [vehicleId])
  return rows[0]?.stored ?? 0
}

/** A position is never received more than five minutes before its own time, which lets whole chunks after `to` be skipped. */
async function countStored(db: Queryable, vehicleId: number, { from, to }: TallyWindow): Promise<number> {
  const latest = to && new Date(to.getTime() + MAX_FUTURE_MS)
  const { rows } = await db.query<{ stored: number }>(
    `SELECT count(*) AS stored FROM positions WHERE vehicle_id = $1
       AND ($2::timestamptz IS NULL OR received_at >= $2)
       AND ($3::timestamptz IS NULL OR received_at < $3) AND ($4::timestamptz IS NULL OR ts <= $4)`,
    [vehicleId, from ?? null, to ?? null, latest ?? null],
  )
  return rows[0]!.stored
}
