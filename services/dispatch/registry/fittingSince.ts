// From which moment may a terminal be said to be in a vehicle, or out of it? What is stored stays true, and no two bindings overlap.
import type { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, refusal } from '../../contracts/refusals.ts'
import type { Act } from '../kernel/act.ts'

/** A terminal, locked, and the binding that it is in. */
export type Bound = {
  terminalId: string
  /** null = in none. */
  vehicleId: number | null
  boundSince: Date | null
  organisationId: number
  revoked: boolean
  version: number
}

const SECOND_MS = 1000
/** A whole second, so that it can be read out and entered again. */
const wholeSecond = (instant: Date): Date => new Date(Math.floor(instant.getTime() / SECOND_MS) * SECOND_MS)
const after = (instant: Date): Date => new Date(wholeSecond(instant).getTime() + SECOND_MS)

/**
 * May the change be dated to `since`? Not ahead, not before either was bound otherwise, not before what is stored by the old binding.
 * `fitted` is what the vehicle has until then.
 * @throws Refusal CONFLICT that names the earliest moment
 */
export async function requireSince(
  change: Act,
  terminal: Bound,
  vehicleId: number | null,
  fitted: Bound | undefined,
  since: Date,
): Promise<void> {
  refuseFuture(change, since)
  const until = await findPastEnd(change, terminal.terminalId, vehicleId)
  const changed = latest([terminal.boundSince, fitted?.boundSince ?? null, until])
  if (changed && since < after(changed)) throw refuseAt('terminal.sinceChanged', { earliest: after(changed) })
  const stored = await Promise.all(
    [terminal.vehicleId, vehicleId].filter((each) => each !== null).map((id) => findStored(change, id, since, null, 'DESC')),
  )
  const last = latest(stored)
  if (last) throw refuseAt('terminal.sinceStored', { earliest: after(last) })
}

/**
 * May the binding that the terminal is in be said to have begun at `since`? Earlier: not before either was bound otherwise, a swap with
 * which it began excepted, which is put right with it (migration 0039). Later: not after what is stored by it.
 * @throws Refusal VALIDATION_FAILED for one that is in no vehicle, CONFLICT that names the earliest or the latest moment
 */
export async function requireBeginning(change: Act, { terminalId, vehicleId, boundSince }: Bound, since: Date): Promise<void> {
  refuseFuture(change, since)
  if (vehicleId === null) throw refusal('VALIDATION_FAILED', 'body.since', 'terminal.inNone')
  if (boundSince === null || since > boundSince) {
    const first = await findStored(change, vehicleId, boundSince, since, 'ASC')
    if (first) throw refuseAt('terminal.sinceHolds', { latest: wholeSecond(first) })
    return
  }
  const changed = await findPastEnd(change, terminalId, vehicleId, boundSince)
  if (changed && since < after(changed)) throw refuseAt('terminal.sinceChanged', { earliest: after(changed) })
  const swaps = await findSwaps(change, terminalId, vehicleId, boundSince)
  const touched = new Set([vehicleId, ...swaps.map((swap) => swap.vehicleId)])
  const last = latest(await Promise.all([...touched].map((id) => findStored(change, id, since, boundSince, 'DESC'))))
  if (last) throw refuseAt('terminal.sinceStored', { earliest: after(last) })
}

function refuseFuture({ nowMs }: Act, since: Date): void {
  if (since.getTime() > nowMs) throw refusal('VALIDATION_FAILED', 'body.since', 'terminal.sinceFuture')
}

/** When the terminal or the vehicle was last bound otherwise; of what ended at `swappedAt`, when that began. */
async function findPastEnd({ client }: Act, terminalId: string, vehicleId: number | null, swappedAt: Date | null = null) {
  const { rows } = await client.query<{ until: Date | null }>(
    `SELECT max(CASE WHEN upper(during) = $3 THEN lower(during) ELSE upper(during) END) AS until
     FROM terminal_past_bindings WHERE terminal_id = $1 OR vehicle_id = $2`,
    [terminalId, vehicleId, swappedAt],
  )
  return rows[0]!.until
}

/** What ended as this binding began: in which vehicle, by which terminal. */
export async function findSwaps({ client }: Act, terminalId: string, vehicleId: number | null, boundSince: Date | null) {
  const { rows } = await client.query<{ terminalId: string; vehicleId: number }>(
    `SELECT terminal_id AS "terminalId", vehicle_id AS "vehicleId" FROM terminal_past_bindings
     WHERE upper(during) = $3 AND (terminal_id = $1 OR vehicle_id = $2)`,
    [terminalId, vehicleId, boundSince],
  )
  return rows
}

/** The first or last position of the vehicle that is stored in [from, until). */
async function findStored({ client }: Act, vehicleId: number, from: Date | null, until: Date | null, order: 'ASC' | 'DESC') {
  const { rows } = await client.query<{ ts: Date }>(
    `SELECT ts FROM positions WHERE vehicle_id = $1 AND ts >= coalesce($2, '-infinity'::timestamptz) AND ts < coalesce($3, 'infinity'::timestamptz)
     ORDER BY ts ${order} LIMIT 1`,
    [vehicleId, from, until],
  )
  return rows[0]?.ts ?? null
}

const latest = (instants: readonly (Date | null)[]): Date | undefined =>
  instants.filter((each) => each !== null).sort((a, b) => b.getTime() - a.getTime())[0]

const refuseAt = (reason: RefusalReason, limits: Record<string, Date>): Refusal =>
  refusal('CONFLICT', 'body.since', reason, Object.fromEntries(Object.entries(limits).map(([name, at]) => [name, at.toISOString()])))
