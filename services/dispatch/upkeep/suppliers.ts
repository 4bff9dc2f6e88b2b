// Designated suppliers (定点): of the kind that is wanted, for the vehicle's unit, and still designated.
import { refusal } from '../../contracts/refusals.ts'
import type { SupplierKind } from '../../domain/places.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { isHeldFor } from '../kernel/within.ts'

/** @throws Refusal VALIDATION_FAILED for one that is not there, not for that unit, offers something else, or is designated no more */
export async function requireSupplier(
  { client, scope, today }: Act,
  supplierId: number,
  kind: SupplierKind,
  unit: Scope,
  path = 'body.supplierId',
): Promise<void> {
  const { rows } = await client.query<{ kinds: string[]; from: string; until: string | null }>(
    `SELECT s.kinds, s.valid_from::text AS "from", s.valid_until::text AS until FROM suppliers s JOIN organisations o USING (organisation_id)
     WHERE s.supplier_id = $1 AND o.lft <= $2 AND o.rgt >= $3 AND ${isHeldFor('o', '$4', '$5')}`,
    [supplierId, unit.lft, unit.rgt, scope.lft, scope.rgt],
  )
  const found = rows[0]
  if (!found?.kinds.includes(kind)) throw refusal('VALIDATION_FAILED', path, 'supplier.unknown')
  if (found.from > today || (found.until !== null && found.until < today))
    throw refusal('VALIDATION_FAILED', path, 'work.supplier', { validFrom: found.from, validUntil: found.until ?? '' })
}
