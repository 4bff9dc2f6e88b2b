// A look at one vehicle that is on record: is it within reach, then the record, committed; only then is anything read. What cannot be
// recorded is not read, and the lock of the chain is not held while it is.
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { actorOf, type Reachable, underUnmasking, type Who } from './caller.ts'
import { recordAuditMany } from './record.ts'
import { openVehicles } from './sight.ts'
import { type UsedFor, usesOf } from './use.ts'

export type Look = Who<Reachable> & {
  vehicleId: number
  /** Undefined: only what is seen under an unmasking has a record. */
  action: AuditAction | undefined
  /** What of the vehicle is looked at. */
  part: UsedFor
  purpose?: string | null | undefined
  detail?: object
  atMs: number
  /** Keeps the look where it is counted too, in the transaction of its record, which is told what that answers. */
  keep?: (client: Queryable) => Promise<object>
}

/**
 * Resolves when the record is committed; nothing of the vehicle has been read by then. Whoever reads it judges the reach again, in case
 * it ends between the two.
 * @throws Refusal NOT_FOUND for one out of reach, so that a look at what nobody was shown has no record
 */
export async function recordLook(db: Database, look: Look): Promise<void> {
  const { caller, reach, vehicleId, action, part, purpose = null, detail, atMs, keep } = look
  const { rowCount } = await db.query(
    `SELECT FROM ${openVehicles('$5')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND ($4::int IS NULL OR v.vehicle_id = $4)`,
    [vehicleId, reach.lft, reach.rgt, reach.vehicleId, reach.cleared],
  )
  if (rowCount === 0) throw new Refusal('NOT_FOUND')
  const subject = { type: 'vehicle', id: vehicleId }
  const under = underUnmasking(reach, vehicleId)
  const entries = (kept: object) => [
    ...(action ? [{ atMs, actor: actorOf(caller), action, subject, purpose, detail: { ...detail, ...under, ...kept } }] : []),
    ...usesOf(look, [vehicleId], part, atMs, purpose),
  ]
  if (keep) await db.transaction(async (client) => recordAuditMany(client, entries(await keep(client))))
  else await recordAuditMany(db, entries({}))
}
