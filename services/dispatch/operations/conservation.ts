// The conservation counters: received = stored + duplicate + quarantined, of every kind of message, in elements and in messages.
import type { Conservation } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { MAX_FUTURE_MS } from '../../contracts/position.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { terminalsInSight } from '../kernel/sight.ts'

type Counts = Record<'received' | 'stored' | 'duplicate' | 'quarantined', number>
export type TallyWindow = { from?: Date; to?: Date }

/** The sum over all kinds. Their differences are summed without their signs: what one has too much of is not what another lacks. */
function sumOf(kinds: readonly Counts[]): Counts & { difference: number } {
  const sum = { received: 0, stored: 0, duplicate: 0, quarantined: 0, difference: 0 }
  for (const { received, stored, duplicate, quarantined } of kinds) {
    sum.received += received
    sum.stored += stored
    sum.duplicate += duplicate
    sum.quarantined += quarantined
    sum.difference += Math.abs(received - stored - duplicate - quarantined)
  }
  return sum
}

/** Everything that the ingest workers counted in the minutes [from, to). */
export async function totalConservation(db: Queryable, { from, to }: TallyWindow = {}): Promise<Conservation> {
  const { rows } = await db.query<Counts & Record<`messages_${keyof Counts}`, number>>(
    `SELECT sum(received) AS received, sum(stored) AS stored, sum(duplicate) AS duplicate, sum(quarantined) AS quarantined,
            sum(messages_received) AS messages_received, sum(messages_stored) AS messages_stored,
            sum(messages_duplicate) AS messages_duplicate, sum(messages_quarantined) AS messages_quarantined
     FROM ingest_tally WHERE ($1::timestamptz IS NULL OR minute >= $1) AND ($2::timestamptz IS NULL OR minute < $2) GROUP BY kind`,
    [from ?? null, to ?? null],
  )
  const messages = rows.map((row) => ({
    received: row.messages_received,
    stored: row.messages_stored,
    duplicate: row.messages_duplicate,
    quarantined: row.messages_quarantined,
  }))
  return { ...sumOf(rows), messages: sumOf(messages) }
}

/**
 * One terminal of the scope. Its stored positions are counted where they are stored: in each vehicle that it was in, of the time when it
 * was (docs/decisions/0029), and of these by receive time where a window is given; what it stored of other kinds is in its tally. Received is
 * the sum: a terminal has no counter of its own for it.
 * @throws Refusal NOT_FOUND for a terminal that is out of scope or does not exist
 */
export async function terminalConservation(db: Queryable, scope: Sight, terminalId: string, window: TallyWindow): Promise<Conservation> {
  const { from, to } = window
  const terminal = await db.query(`SELECT ${terminalsInSight('$2', '$3', '$4')} AND t.terminal_id = $1`, [
    terminalId,
    scope.lft,
    scope.rgt,
    scope.cleared,
  ])
  if (terminal.rowCount === 0) throw new Refusal('NOT_FOUND')
  const { rows } = await db.query<{ others: number; duplicate: number; quarantined: number }>(
    `SELECT coalesce(sum(stored), 0) AS others, coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(quarantined), 0) AS quarantined FROM terminal_tally
     WHERE terminal_id = $1 AND ($2::timestamptz IS NULL OR minute >= $2) AND ($3::timestamptz IS NULL OR minute < $3)`,
    [terminalId, from ?? null, to ?? null],
  )
  const { others, duplicate, quarantined } = rows[0]!
  const stored = others + (await countStored(db, terminalId, window))
  return sumOf([{ received: stored + duplicate + quarantined, stored, duplicate, quarantined }])
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
