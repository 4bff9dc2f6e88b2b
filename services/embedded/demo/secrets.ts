// Which vehicles of the demo are sensitive (涉密): some of those that carry confidential papers, and some of law enforcement.
import type { Queryable } from '../../platform/db.ts'
import type { DemoVehicle } from './fleet.ts'
import type { DemoAccount } from './people.ts'
import type { Random } from './random.ts'

const CHOSEN = { CONFIDENTIAL_COURIER: 24, LAW_ENFORCEMENT: 12 } as const

/** Their numbers, rising. The unit of the demo's own fleet manager has none: whoever tries the ledger there sees all of it. */
export function chooseSecrets(fleet: readonly DemoVehicle[], accounts: readonly DemoAccount[], random: Random): number[] {
  const shown = new Set(accounts.filter(({ role }) => role === 'fleet_manager').map(({ organisationId }) => organisationId))
  return Object.entries(CHOSEN)
    .flatMap(([category, count]) => {
      const left = fleet.filter((vehicle) => vehicle.category === category && !shown.has(vehicle.userUnitId))
      return Array.from({ length: count }, () => left.splice(random.int(0, left.length - 1), 1)[0]!.vehicleId)
    })
    .sort((a, b) => a - b)
}

/** After vehicles and accounts: the region sees them coarsely, so that every vehicle is on its map; one dispatcher is named for those of his city. */
export async function writeSecrets(client: Queryable): Promise<void> {
  await client.query(
    `INSERT INTO secrecy_policies SELECT organisation_id, '2026-01-01', 'coarse', 72 FROM organisations WHERE parent_id IS NULL`,
  )
  await client.query(
    `INSERT INTO secret_namings (secret_no, account_id, named_at, named_by, reason)
     SELECT s.secret_no, a.account_id, '2026-01-05T01:00:00Z', b.account_id, '承担机要交通保障值班'
     FROM secret_vehicles s JOIN vehicles v USING (vehicle_id) JOIN organisations u ON u.organisation_id = v.user_unit_id
     JOIN accounts b ON b.username = 'bureau' JOIN accounts a ON a.username = 'dispatcher.hohhot'
     JOIN organisations o ON o.organisation_id = a.organisation_id AND u.lft BETWEEN o.lft AND o.rgt`,
  )
}
