// For the tests of requests and orders: the small region with a second vehicle and a second driver in the unit that asks, both drivers fit for
// any day, and a way to ask for a vehicle.
import type { RequestDetail } from '../../services/contracts/api/requests.ts'
import type { Database } from '../../services/platform/db.ts'
import { NOW_MS } from './region.ts'
import { ask, type Signed, type World } from './world.ts'

export const HOUR_MS = 3_600_000
/** So many hours after the tests' instant, which is a Monday's noon. */
export const at = (hours: number): string => new Date(NOW_MS + hours * HOUR_MS).toISOString()

/**
 * Drivers 1 (of vehicle 202) and 3 in unit 20, 4 in unit 21: with licences, on duty day and night. Vehicle 203 of unit 20 has seven seats.
 * A second approver, of unit 21, and the bureau of the region.
 */
export async function furnishOrders({ owner }: { owner: Database }): Promise<void> {
  await owner.query(
    `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
     VALUES (203, '蒙AA0203', 'blue', 'official', 'OTHER_APPROVED', 'petrol', '别克', 'GL8', 7, '2022-05-01', 20, 20)`,
  )
  for (const [username, role, unit] of [
    ['approver.21', 'unit_approver', 21],
    ['bureau.region', 'bureau_admin', 1],
  ])
    await owner.query(
      `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
       SELECT $1, '示例 ' || $1::text, password_hash, $2, $3, true FROM accounts WHERE username = 'unit_approver'`,
      [username, role, unit],
    )
  await owner.query(`INSERT INTO drivers VALUES (3, '示例司机三', '13800000003', 20, NULL), (4, '示例司机四', '13800000004', 21, 211)`)
  await owner.query(
    `UPDATE drivers SET licence_class = 'A1', licence_no = '15010119800101' || lpad(driver_id::text, 4, '0'), licence_issued_on = '2010-01-01',
       licence_expires_on = '2030-01-01'`,
  )
  await owner.query(
    `INSERT INTO driver_shifts (driver_id, weekdays, start_minute, end_minute, from_day, follows_calendar)
     SELECT driver_id, 127, 0, 1440, '2020-01-01', false FROM drivers`,
  )
}

let key = 0
/** The body of a sound request: four hours from tomorrow noon, two people. */
export const wanted = (changes: object = {}) => ({
  key: `00000000-0000-4000-8000-${String(++key).padStart(12, '0')}`,
  purposeKind: 'meeting',
  purpose: '参加全区工作会议',
  from: { name: '新城区集中办公区', lon: 111.69, lat: 40.82 },
  to: { name: '武川县政府' },
  startsAt: at(24),
  endsAt: at(28),
  passengers: 2,
  contactName: '示例联系人',
  contactPhone: '13800001111',
  ...changes,
})

/** Asks and approves. */
export async function approved(world: World, by: Signed, approver: Signed, changes: object = {}): Promise<RequestDetail> {
  const asked = await ask(world, 'createRequest', by, { body: wanted(changes) })
  if (asked.status !== 200) throw new Error(asked.body)
  const { requestId, version } = asked.json()
  const answer = await ask(world, 'actOnRequest', approver, { params: { requestId }, body: { action: 'approve', version } })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
