// One terminal: its row and note, the vehicles it was in, where its vehicle was last, what it sent that was refused, and who failed to
// connect by its number. A position is shown to those alone who may look at live positions, and their look is on record as any other.
import type { Terminal } from '../../contracts/api/terminals.ts'
import { Refusal } from '../../contracts/errors.ts'
import { FLAG_IGNITION, FLAG_IGNITION_UNKNOWN } from '../../domain/status.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { grantFor, type Sight, type Who } from '../kernel/caller.ts'
import type { LiveLooks } from '../kernel/liveLooks.ts'
import { recordLook } from '../kernel/look.ts'
import { openVehicles, terminalsInSight } from '../kernel/sight.ts'
import { instantOf, mended, rowColumns, rowJoins, terminalRowOf } from './terminalRow.ts'

const PAST_BINDINGS = 100

/** @throws Refusal NOT_FOUND for a terminal out of scope, in a vehicle out of sight, or absent */
export async function requireInSight(db: Queryable, scope: Sight, terminalId: string): Promise<{ vehicleId: number | null }> {
  const { rows } = await db.query<{ vehicleId: number | null }>(
    `SELECT t.vehicle_id AS "vehicleId" ${terminalsInSight('$2', '$3', '$4')} AND t.terminal_id = $1`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rows[0]
}

/** For whoever asks; of a vehicle that is seen under an unmasking, and of a position, the look is recorded before anything is read. */
export async function lookAtTerminal(
  { db, looks }: { db: Database; looks: LiveLooks },
  { caller, reach }: Who,
  terminalId: string,
  atMs: number,
): Promise<Terminal> {
  const { vehicleId } = await requireInSight(db, reach, terminalId)
  const live = grantFor(caller, 'live.view')
  const { livePurpose } = caller.session
  const sees = live.reach === 'scope' && (!live.purposeRequired || livePurpose !== null)
  if (vehicleId !== null) {
    const look = { caller, reach: { ...reach, vehicleId: null } }
    const action = sees && live.purposeRequired ? 'vehicle.view' : undefined
    await recordLook(db, { ...look, vehicleId, action, part: 'file', purpose: livePurpose, atMs })
    if (sees && !action) await looks.owed(look, 'vehicle', { vehicleId })
  }
  return readTerminal(db, reach, terminalId, sees)
}

/** `sees`: the last position too. @throws Refusal NOT_FOUND */
export async function readTerminal(db: Queryable, scope: Sight, terminalId: string, sees: boolean): Promise<Terminal> {
  const { rows } = await db.query(
    `WITH one AS (SELECT t.terminal_id, o.organisation_id ${terminalsInSight('$2', '$3', '$4')} AND t.terminal_id = $1)
     SELECT ${rowColumns}, t.note, t.registered_at, t.credential_at, t.revoked_at,
       s.ts, s.received_at, s.lon_e7, s.lat_e7, s.speed_dkph, s.flags
     FROM one JOIN terminals t USING (terminal_id) JOIN organisations o ON o.organisation_id = one.organisation_id ${rowJoins}`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  return {
    ...terminalRowOf(row),
    note: row.note as string | null,
    registeredAt: instantOf(row.registered_at),
    credentialAt: instantOf(row.credential_at),
    revokedAt: instantOf(row.revoked_at),
    pastBindings: await listPastBindings(db, scope, terminalId),
    lastPosition: sees && row.stored_at !== null ? positionOf(row) : null,
    refused: await listRefused(db, terminalId),
    knocks: await listKnocksOf(db, terminalId),
  }
}

const positionOf = (row: Row): NonNullable<Terminal['lastPosition']> => ({
  at: instantOf(row.ts)!,
  receivedAt: instantOf(row.received_at)!,
  lon: (row.lon_e7 as number) / 1e7,
  lat: (row.lat_e7 as number) / 1e7,
  speedKph: row.speed_dkph === null ? null : (row.speed_dkph as number) / 10,
  ignition: ((row.flags as number) & FLAG_IGNITION_UNKNOWN) !== 0 ? null : ((row.flags as number) & FLAG_IGNITION) !== 0,
})

/** A vehicle of another scope, or one that is sensitive, is not named: that the terminal was elsewhere then is all that is said. */
async function listPastBindings(db: Queryable, scope: Sight, terminalId: string): Promise<Terminal['pastBindings']> {
  const { rows } = await db.query(
    `SELECT lower(b.during) AS from_at, upper(b.during) AS until_at, seen.vehicle_id, seen.plate
     FROM terminal_past_bindings b LEFT JOIN LATERAL (
       SELECT v.vehicle_id, v.plate FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
       WHERE v.vehicle_id = b.vehicle_id AND o.lft BETWEEN $2 AND $3) seen ON true
     WHERE b.terminal_id = $1 ORDER BY upper(b.during) DESC LIMIT ${PAST_BINDINGS}`,
    [terminalId, scope.lft, scope.rgt, scope.cleared],
  )
  return rows.map((row) => ({
    vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
    from: instantOf(row.from_at),
    until: instantOf(row.until_at)!,
  }))
}

/** What is still put aside, by reason, without the bytes: those stay behind the look with a purpose (operations/quarantine.ts). */
async function listRefused(db: Queryable, terminalId: string): Promise<Terminal['refused']> {
  const { rows } = await db.query(
    `SELECT reason, (array_agg(detail ORDER BY last_at DESC))[1] AS detail, max(last_at) AS last_at, sum(times)::bigint AS times,
            sum(positions)::bigint AS positions
     FROM quarantine x WHERE terminal_id = $1 AND NOT ${mended('x')} GROUP BY reason ORDER BY max(last_at) DESC`,
    [terminalId],
  )
  return rows.map((row) => ({
    reason: row.reason as Terminal['refused'][number]['reason'],
    detail: row.detail as string,
    lastAt: instantOf(row.last_at)!,
    times: row.times as number,
    positions: row.positions as number,
  }))
}

async function listKnocksOf(db: Queryable, terminalId: string): Promise<Terminal['knocks']> {
  const { rows } = await db.query(
    'SELECT why, first_at, last_at, times, came_by FROM terminal_knocks WHERE name = $1 ORDER BY last_at DESC',
    [terminalId],
  )
  return rows.map(knockOf)
}

export const knockOf = (row: Row): Terminal['knocks'][number] => ({
  why: row.why as Terminal['knocks'][number]['why'],
  firstAt: instantOf(row.first_at)!,
  lastAt: instantOf(row.last_at)!,
  times: row.times as number,
  cameBy: row.came_by as string,
})
