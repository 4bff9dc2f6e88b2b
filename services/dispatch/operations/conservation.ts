// The conservation counters: received = stored + duplicate + quarantined, in positions.
import type { Conservation } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { MAX_FUTURE_MS } from '../../contracts/position.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { isOpen } from '../kernel/sight.ts'

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
 * One terminal of the scope. Its stored positions are counted where they are stored: in each vehicle that it was in, of the time when it
 * was (docs/decisions/0029), and of these by receive time where a window is given. Received is their sum: a terminal has no counter of its own for it.
 * @throws Refusal NOT_FOUND for a terminal that is out of scope or does not exist
 */
export async function terminalConservation(db: Queryable, scope: Sight, terminalId: string, window: TallyWindow): Promise<Conservation> {
  const { from, to } = window
  const terminal = await db.query(
    `SELECT FROM terminals t LEFT JOIN vehicles v USING (vehicle_id)
       JOIN organisations o ON o.organisation_id = coalesce(v.user_unit_id, t.organisation_id)
     WHERE t.terminal_id = $1 AND o.lft BETWEEN $2 AND $3 AND (v.vehicle_id IS NULL OR ${isOpen('$4')})`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  if (terminal.rowCount === 0) throw new Refusal('NOT_FOUND')
  const { rows } = await db.query<{ duplicate: number; quarantined: number }>(
    `SELECT coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(quarantined), 0) AS quarantined FROM terminal_tally
     WHERE terminal_id = $1 AND ($2::timestamptz IS NULL OR minute >= $2) AND ($3::timestamptz IS NULL OR minute < $3)`,
    [terminalId, from ?? null, to ?? null],
  )
  const { duplicate, quarantined } = rows[0]!
  const stored = await countStored(db, terminalId, window)
  return withDifference({ received: stored + duplicate + quarantined, stored, duplicate, quarantined })
}

/** A position is never received more than five minutes before its own time, which lets whole chunks after `to` be skipped. */
async function countStored(db: Queryable, terminalId: string, { from, to }: TallyWindow): Promise<number> {
  const latest = to && new Date(to.getTime() + MAX_FUTURE_MS)
  const { rows: bindings } = await db.query<{ vehicleId: number; since: Date | null; until: Date | null }>(
    `SELECT vehicle_id AS "vehicleId", lower(during) AS since, upper(during) AS until FROM terminal_past_bindings WHERE terminal_id = $1
     UNION ALL SELECT vehicle_id, bound_since, NULL FROM terminals WHERE terminal_id = $1 AND vehicle_id IS NOT NULL`,
    [terminalId],
  )
  let stored = 0
  for (const { vehicleId, since, until } of bindings) {
    if (!from && !to && since === null && until === null) {
      // Nobody else was ever in this vehicle: the number beside its last state is this terminal's.
      const { rows } = await db.query<{ stored: number }>('SELECT stored FROM last_states WHERE vehicle_id = $1', [vehicleId])
      stored += rows[0]?.stored ?? 0
      continue
    }
    const { rows } = await db.query<{ stored: number }>(
      `SELECT count(*) AS stored FROM positions WHERE vehicle_id = $1
         AND ts >= coalesce($2, '-infinity'::timestamptz) AND ts < coalesce($3, 'infinity'::timestamptz)
         AND ($4::timestamptz IS NULL OR received_at >= $4)
         AND ($5::timestamptz IS NULL OR received_at < $5) AND ($6::timestamptz IS NULL OR ts <= $6)`,
      [vehicleId, since, until, from ?? null, to ?? null, latest ?? null],
    )
    stored += rows[0]!.stored
  }
  return stored
}
