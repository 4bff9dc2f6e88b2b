// What someone looks at under an unmasking is recorded each time, as a thing done with that unmasking.
import type { Database, Queryable } from '../../platform/db.ts'
import { actorOf, type Caller } from './caller.ts'
import { type AuditEntry, recordAuditMany } from './record.ts'

export type UsedFor = 'live' | 'file' | 'history' | 'attachment' | 'track' | 'trips' | 'export'

/** For a vehicle that is named for the caller, or not sensitive, nothing is written. Call it last in a transaction. */
export async function recordUse(
  client: Queryable | Database,
  caller: Caller,
  vehicleIds: readonly number[],
  part: UsedFor,
  atMs: number,
  purpose?: string | null,
): Promise<void> {
  // The number of the register and not the vehicle's: whoever reads the own records later must not learn more from them than he may
  // then see. (A field called secret… would be left out of the log.)
  const entries = caller.scope.unmasked
    .filter(({ vehicleId }) => vehicleIds.includes(vehicleId))
    .map(
      ({ unmaskingId, secretNo }): AuditEntry => ({
        atMs,
        actor: actorOf(caller),
        action: 'unmask.use',
        subject: { type: 'unmasking', id: unmaskingId },
        purpose: purpose ?? null,
        detail: { registerNo: secretNo, part },
      }),
    )
  await recordAuditMany(client, entries)
}
