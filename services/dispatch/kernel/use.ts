// What someone looks at under an unmasking is recorded each time, as a thing done with that unmasking.
import { actorOf, type Scope, type Sight, type Who } from './caller.ts'
import type { AuditEntry } from './record.ts'

export type UsedFor = 'live' | 'file' | 'history' | 'attachment' | 'track' | 'trips' | 'whereabouts' | 'export' | 'quarantine' | 'evidence'

/** The records of a look at these vehicles. Of one that is named for the caller, or not sensitive, there are none. */
export const usesOf = (
  { caller, reach }: Who<Scope & Pick<Sight, 'unmasked'>>,
  vehicleIds: readonly number[],
  part: UsedFor,
  atMs: number,
  purpose?: string | null,
): AuditEntry[] =>
  // The number of the register and not the vehicle's: whoever reads their own records later must not learn more from them than he may
  // then see. (A field called secret… would be left out of the log.)
  reach.unmasked
    .filter(({ vehicleId }) => vehicleIds.includes(vehicleId))
    .map(({ unmaskingId, secretNo }) => ({
      atMs,
      actor: actorOf(caller),
      action: 'unmask.use',
      subject: { type: 'unmasking', id: unmaskingId },
      purpose: purpose ?? null,
      detail: { registerNo: secretNo, part },
    }))
