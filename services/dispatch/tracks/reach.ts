// The door to a vehicle's past: is it within reach, and the record that someone looked. Both in the caller's transaction.
import { Refusal } from '../../contracts/errors.ts'
import type { Queryable } from '../../platform/db.ts'
import { actorOf, type Caller, type Reachable, underUnmasking } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { isOpen } from '../audit/sight.ts'
import { recordUse } from '../audit/use.ts'

export type TrackRead = {
  caller: Caller
  reach: Reachable
  vehicleId: number
  from: Date
  to: Date
  purpose: string | undefined
  atMs: number
}

/** @throws Refusal NOT_FOUND for a vehicle that is out of reach or does not exist */
export async function recordRead(client: Queryable, action: 'track.view' | 'trips.view', read: TrackRead): Promise<void> {
  const { caller, reach, vehicleId, from, to, purpose, atMs } = read
  const { rowCount } = await client.query(
    `SELECT FROM vehicles v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND ($4::int IS NULL OR v.vehicle_id = $4) AND ${isOpen('$5')}`,
    [vehicleId, reach.lft, reach.rgt, reach.vehicleId, reach.cleared],
  )
  if (rowCount === 0) throw new Refusal('NOT_FOUND')
  const subject = { type: 'vehicle', id: vehicleId }
  await recordAudit(client, {
    atMs,
    actor: actorOf(caller),
    action,
    subject,
    purpose,
    detail: { from, to, ...underUnmasking(caller, vehicleId) },
  })
  await recordUse(client, caller, [vehicleId], action === 'track.view' ? 'track' : 'trips', atMs, purpose)
}
