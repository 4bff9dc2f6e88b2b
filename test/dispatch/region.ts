// A small region for the dispatch tests: two leagues, a banner, four units, six vehicles, an account for every role.
//
//   自治区(1) ── 直属单位(10)                       vehicle 100
//     ├─ 呼和浩特市(2) ── 新城区(4) ── 甲单位(20)    vehicles 201, 202 (driver)
//     │                          └─── 乙单位(21)    vehicle 211
//     └─ 包头市(3) ── 丙单位(30)                    vehicles 301, 302
import { hash as argon2 } from '@node-rs/argon2'
import type { Role } from '../../services/domain/permissions.ts'
import { roles } from '../../services/domain/permissions.ts'
import type { Database } from '../../services/platform/db.ts'

export const PASSWORD = 'a long enough password'
/** All tests live at this instant. */
export const NOW_MS = Date.UTC(2026, 2, 2, 4, 0, 0)

type Unit = { id: number; kind: string; adcode: string; name: string; below?: Unit[] }
const tree: Unit = {
  id: 1,
  kind: 'region',
  adcode: '150000',
  name: '自治区',
  below: [
    { id: 10, kind: 'unit', adcode: '150000', name: '直属单位' },
    {
      id: 2,
      kind: 'league',
      adcode: '150100',
      name: '呼和浩特市',
      below: [
        {
          id: 4,
          kind: 'banner',
          adcode: '150102',
          name: '新城区',
          below: [
            { id: 20, kind: 'unit', adcode: '150102', name: '甲单位' },
            { id: 21, kind: 'unit', adcode: '150102', name: '乙单位' },
          ],
        },
      ],
    },
    { id: 3, kind: 'league', adcode: '150200', name: '包头市', below: [{ id: 30, kind: 'unit', adcode: '150200', name: '丙单位' }] },
  ],
}

export const vehicles = [
  { id: 100, plate: '蒙AA0100', unit: 10, class: 'official', category: 'CONFIDENTIAL_COURIER', energy: 'petrol' },
  { id: 201, plate: '蒙AD12345', unit: 20, class: 'official', category: 'EMERGENCY_SUPPORT', energy: 'electric' },
  { id: 202, plate: '蒙AA0202', unit: 20, class: 'law_enforcement', category: 'LAW_ENFORCEMENT', energy: 'petrol' },
  { id: 211, plate: '蒙AA0211', unit: 21, class: 'leased', category: 'LEASED_SERVICE', energy: 'diesel' },
  { id: 301, plate: '蒙BB0301', unit: 30, class: 'official', category: 'OTHER_APPROVED', energy: 'petrol' },
  { id: 302, plate: '蒙BB0302', unit: 30, class: 'law_enforcement', category: 'LAW_ENFORCEMENT', energy: 'diesel' },
] as const

/** Where each role's account `role` works; every role has a twin `role@30` at the other league's unit. */
const homeOf: Partial<Record<Role, number>> = {
  system_admin: 1,
  security_admin: 1,
  audit_admin: 1,
  bureau_admin: 2,
  inspector: 2,
  dispatcher: 4,
}

export async function seedRegion(db: Database): Promise<void> {
  let counter = 0
  const plant = async (unit: Unit, parent: number | null): Promise<void> => {
    const lft = ++counter
    const rows: (() => Promise<void>)[] = (unit.below ?? []).map((child) => () => plant(child, unit.id))
    // Parents first for the foreign key; rgt is known only after the children, so it is set twice.
    await db.query('INSERT INTO organisations VALUES ($1, $2, $3, $4, $5, $6, $7)', [
      unit.id,
      parent,
      unit.kind,
      unit.adcode,
      unit.name,
      lft,
      lft + 100_000,
    ])
    for (const row of rows) await row()
    await db.query('UPDATE organisations SET rgt = $2 WHERE organisation_id = $1', [unit.id, ++counter])
  }
  await plant(tree, null)
  for (const v of vehicles) {
    await db.query(`INSERT INTO vehicles VALUES ($1, $2, 'blue', $3, $4, $5, '红旗', 'H5', 5, 1498, '2022-05-01', $6, $6)`, [
      v.id,
      v.plate,
      v.class,
      v.category,
      v.energy,
      v.unit,
    ])
    await db.query('INSERT INTO terminals VALUES ($1, $2, $3, NULL)', [`T${v.id}`.padEnd(6, '0'), v.id, Buffer.from('x')])
  }
  await db.query(`INSERT INTO drivers VALUES (1, '示例司机一', '13800000001', 20, 202), (2, '示例司机二', '13800000002', 30, 302)`)
  // Cheap on purpose: the tests sign in a hundred times, and the cost is in the hash itself.
  const hash = await argon2(PASSWORD, { memoryCost: 64, timeCost: 1, parallelism: 1 })
  for (const role of roles) {
    const driver = role === 'driver'
    await addAccount(db, role, hash, role, homeOf[role] ?? 20, driver ? 1 : null)
    await addAccount(db, `${role}@30`, hash, role, 30, driver ? 2 : null)
  }
  // The tests' drivers have read the notice on positions; what happens before that is a test of its own.
  await db.query(
    `INSERT INTO notice_acknowledgements (account_id, notice_id, at) SELECT account_id, 1, $1 FROM accounts WHERE driver_id IS NOT NULL`,
    [new Date(NOW_MS)],
  )
}

async function addAccount(db: Database, username: string, hash: string, role: Role, unit: number, driver: number | null): Promise<void> {
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, driver_id, demo) VALUES ($1, $2, $3, $4, $5, $6, true)`,
    [username, `示例 ${username}`, hash, role, unit, driver],
  )
}

export type State = { vehicleId: number; ageS?: number; lon?: number; lat?: number; speedDkph?: number | null; flags?: number }

/** Stores a last state, `ageS` seconds before the tests' instant. */
export async function putState(
  db: Database,
  { vehicleId, ageS = 5, lon = 111.7, lat = 40.8, speedDkph = 0, flags = 0 }: State,
): Promise<void> {
  const at = new Date(NOW_MS - ageS * 1000)
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, heading_deg, flags, alarms, stored)
     VALUES ($1, $2, $2, $3, $4, $5, 90, $6, 0, 1)
     ON CONFLICT (vehicle_id) DO UPDATE SET ts = excluded.ts, received_at = excluded.received_at, lon_e7 = excluded.lon_e7,
       lat_e7 = excluded.lat_e7, speed_dkph = excluded.speed_dkph, flags = excluded.flags`,
    [vehicleId, at, Math.round(lon * 1e7), Math.round(lat * 1e7), speedDkph, flags],
  )
}
