// People of the small region who change the ledger, beside those of region.ts: two bureaus and managers of several units.
import type { Role } from '../../services/domain/permissions.ts'
import type { Database } from '../../services/platform/db.ts'

const more: readonly (readonly [username: string, role: Role, organisationId: number])[] = [
  ['bureau', 'bureau_admin', 1],
  ['bureau.two', 'bureau_admin', 1],
  ['bureau.three', 'bureau_admin', 1],
  ['manager.21', 'fleet_manager', 21],
  ['manager.2', 'fleet_manager', 2],
]

/** With the password of everybody else. */
export async function addLedgerPeople(db: Database): Promise<void> {
  for (const [username, role, organisationId] of more)
    await db.query(
      `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
       SELECT $1, $2, password_hash, $3, $4, true FROM accounts WHERE username = 'bureau_admin'`,
      [username, `示例 ${username}`, role, organisationId],
    )
}

export const reason = '按规定办理'

/** A complete, sound vehicle; `n` makes its numbers its own. */
export const newVehicle = (n: number, more: Record<string, unknown> = {}) => ({
  plate: `蒙AB${String(n).padStart(4, '0')}`,
  plateColour: 'blue',
  class: 'official',
  category: 'EMERGENCY_SUPPORT',
  energy: 'petrol',
  make: '红旗',
  model: 'H5',
  seats: 5,
  displacementMl: 1498,
  registeredOn: '2024-05-01',
  ownerUnitId: 20,
  userUnitId: 20,
  ...more,
})
