// Which vehicle a terminal is in: fitted, swapped, taken off, from now on or from an earlier moment. A position belongs to the vehicle in
// which its terminal was when it was taken, so a change is never dated to where positions are stored that would then belong elsewhere
// (fittingSince.ts). What was before is kept by the database (migration 0023); each terminal and each vehicle that is touched is noted for
// its own history.
import type { BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import { underUnmasking } from '../kernel/caller.ts'
import { terminalsInSight } from '../kernel/sight.ts'
import { type Bound, findSwaps, requireBeginning, requireSince } from './fittingSince.ts'
import { lockVehicle } from './vehicleChange.ts'

const columns = `t.terminal_id AS "terminalId", t.vehicle_id AS "vehicleId", t.bound_since AS "boundSince", t.organisation_id AS "organisationId",
  t.revoked_at IS NOT NULL AS revoked, t.version`

/** `null` takes the terminal of a vehicle off. Whether one does not exist, is in a vehicle, or is another unit's is one answer. */
export async function bindTerminal(change: Act, vehicleId: number, body: BodyOf<'bindTerminal'>): Promise<void> {
  const { client, scope } = change
  const file = await lockVehicle(change, vehicleId, body.version)
  const since = body.since === undefined ? undefined : new Date(body.since)
  if (body.terminalId === file.terminalId && (!since || body.terminalId === null)) return
  if (file.state === 'DISPOSED' && body.terminalId !== null) throw refusal('CONFLICT', 'params.vehicleId', 'state.disposed')
  const fitted = await findInVehicle(change, vehicleId)
  if (body.terminalId === null) await move(change, fitted!, null, undefined, since)
  else if (body.terminalId === file.terminalId) await correct(change, fitted!, since!)
  else {
    // Numbers are in sequence, and would be tried.
    const { rows } = await client.query<Bound>(
      `SELECT ${columns} FROM terminals t JOIN organisations o USING (organisation_id)
       WHERE t.terminal_id = $1 AND t.vehicle_id IS NULL AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF t`,
      [body.terminalId, scope.lft, scope.rgt],
    )
    if (!rows[0]) throw refusal('CONFLICT', 'body.terminalId', 'terminal.unavailable', { terminal: body.terminalId })
    requireInService(rows[0], 'body.terminalId')
    await move(change, rows[0], vehicleId, fitted, since)
  }
  change.record('vehicle.terminal', { type: 'vehicle', id: vehicleId }, { reason: body.reason })
}

/**
 * The same, from the terminal's side: whoever sees it may take it from one vehicle into another. What is swapped out is named: who did not
 * know of it is told, as with a version. The vehicle that it is in, with a moment, puts right since when it is there.
 */
export async function fitTerminal(change: Act, terminalId: string, body: BodyOf<'fitTerminal'>): Promise<void> {
  const { client, scope } = change
  const { rows } = await client.query<Bound>(
    `SELECT ${columns} ${terminalsInSight('$2', '$3', '$4')} AND t.terminal_id = $1 FOR UPDATE OF t`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  const terminal = rows[0]
  if (!terminal) throw new Refusal('NOT_FOUND')
  requireVersion(terminal, body.version)
  const { vehicleId } = body
  const since = body.since === undefined ? undefined : new Date(body.since)
  const stays = vehicleId === terminal.vehicleId
  if (stays && !since) return
  if (stays) await correct(change, terminal, since!)
  else {
    const swapped = vehicleId === null ? undefined : await enter(change, terminal, vehicleId, body.replaces ?? null)
    await move(change, terminal, vehicleId, swapped, since)
  }
  const under = underUnmasking(scope, vehicleId ?? terminal.vehicleId!)
  change.record('terminal.fit', { type: 'terminal', id: terminalId }, { reason: body.reason, detail: under })
}

/** May the terminal go into that vehicle? Locks it, and what it has. */
async function enter(change: Act, terminal: Bound, vehicleId: number, replaces: string | null): Promise<Bound | undefined> {
  requireInService(terminal, 'params.terminalId')
  const file = await lockVehicle(change, vehicleId).catch((error: unknown) => {
    throw error instanceof Refusal && error.code === 'NOT_FOUND'
      ? refusal('VALIDATION_FAILED', 'body.vehicleId', 'terminal.vehicleUnknown')
      : error
  })
  if (file.state === 'DISPOSED') throw refusal('CONFLICT', 'body.vehicleId', 'state.disposed')
  if (file.terminalId !== replaces) throw changedMeanwhile('body.replaces', 'terminal.replaced')
  return findInVehicle(change, vehicleId)
}

/** The terminal of a vehicle that is no longer there is taken off. */
export async function takeTerminalOff(change: Act, vehicleId: number): Promise<void> {
  const fitted = await findInVehicle(change, vehicleId)
  if (fitted) await write(change, fitted, null, undefined)
}

async function findInVehicle({ client }: Act, vehicleId: number): Promise<Bound | undefined> {
  const { rows } = await client.query<Bound>(`SELECT ${columns} FROM terminals t WHERE t.vehicle_id = $1 FOR UPDATE`, [vehicleId])
  return rows[0]
}

function requireInService({ revoked }: Bound, path: string): void {
  if (revoked) throw refusal('CONFLICT', path, 'terminal.revoked')
}

/** Both halves of a swap at one moment; `fitted` is what the vehicle has until then. */
async function move(change: Act, terminal: Bound, vehicleId: number | null, fitted: Bound | undefined, since: Date | undefined) {
  if (since) await requireSince(change, terminal, vehicleId, fitted, since)
  if (fitted) await write(change, fitted, null, since)
  await write(change, terminal, vehicleId, since, fitted)
  await touch(change, [terminal.vehicleId, vehicleId])
}

/** Since when it is in its vehicle is put right; what was swapped for it came out at that moment too. */
async function correct(change: Act, terminal: Bound, since: Date): Promise<void> {
  const { terminalId, vehicleId, boundSince } = terminal
  if (since.getTime() === boundSince?.getTime()) return
  await requireBeginning(change, terminal, since)
  const swaps = await findSwaps(change, terminalId, vehicleId, boundSince)
  await write(change, terminal, vehicleId, since)
  await touch(change, [vehicleId, ...swaps.map((swap) => swap.vehicleId)])
  const taken = swaps.map((swap) => swap.terminalId).filter((id) => id !== terminalId)
  const { rows } = await change.client.query<{ id: string }>(
    `UPDATE terminals SET bound_since = $3, version = version + 1
     WHERE terminal_id = ANY($1::text[]) AND vehicle_id IS NULL AND bound_since = $2 RETURNING terminal_id AS id`,
    [taken, boundSince, since],
  )
  for (const { id } of rows) change.notes.add({ type: 'terminal', id }, { boundSince: isoOf(boundSince) }, { boundSince: isoOf(since) })
}

const touch = ({ client }: Act, vehicleIds: (number | null)[]) =>
  client.query('UPDATE vehicles SET version = version + 1 WHERE vehicle_id = ANY($1::int[])', [vehicleIds.filter((id) => id !== null)])

/**
 * One row; its history, and that of the vehicles it leaves and enters. Without `since` the moment is the database's, under its lock: that
 * at which `swapped` came out, if something did. One from stock is in a vehicle since now: what it sent from the shelf is no vehicle's.
 */
async function write(
  { client, notes }: Act,
  terminal: Bound,
  vehicleId: number | null,
  since: Date | undefined,
  swapped?: Bound,
): Promise<void> {
  const { terminalId, vehicleId: left, boundSince, organisationId } = terminal
  const { rows } = await client.query<{ since: Date | null; organisationId: number }>(
    `UPDATE terminals t SET vehicle_id = $2, version = version + 1,
       bound_since = coalesce($3, (SELECT o.bound_since FROM terminals o WHERE o.terminal_id = $4),
         CASE WHEN vehicle_id IS NULL THEN clock_timestamp() ELSE bound_since END)
     WHERE terminal_id = $1 RETURNING bound_since AS since, organisation_id AS "organisationId"`,
    [terminalId, vehicleId, since ?? null, swapped?.terminalId ?? null],
  )
  const [before, after] = [{ boundSince: isoOf(boundSince) }, { boundSince: isoOf(rows[0]!.since) }]
  notes.add(
    { type: 'terminal', id: terminalId },
    { vehicleId: left, organisationId, ...before },
    { vehicleId, organisationId: rows[0]!.organisationId, ...after },
  )
  if (left === vehicleId) notes.add({ type: 'vehicle', id: vehicleId! }, before, after)
  else {
    if (left !== null) notes.add({ type: 'vehicle', id: left }, { terminalId }, { terminalId: null })
    if (vehicleId !== null) notes.add({ type: 'vehicle', id: vehicleId }, { terminalId: null }, { terminalId })
  }
}

const isoOf = (instant: Date | null): string | null => instant?.toISOString() ?? null
