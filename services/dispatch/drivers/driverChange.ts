// Changes of drivers, in an act. One way in: the row is locked, its version compared, the change made, the version moved on.
import type { BodyOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type DriverState, driverMoves } from '../../domain/duty.ts'
import type { Queryable } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { requireUnpromised } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { isHidden, openVehicles } from '../kernel/sight.ts'
import { requireOrganisation } from '../kernel/within.ts'

type Stored = {
  driver_id: number
  version: number
  name: string
  phone: string
  organisation_id: number
  vehicle_id: number | null
  licence_no: string | null
  licence_class: string | null
  licence_issued_on: string | null
  licence_expires_on: string | null
  state: DriverState
}
/** `set`: columns of the driver. */
type Outcome = { action: AuditAction; set?: Record<string, unknown>; before?: object | null; after?: object | null; reason?: string }

const ofDriver = (driverId: number) => ({ type: 'driver', id: driverId })

/**
 * Locks a driver of the caller’s scope (one who is only lent to it is managed where he belongs), runs the change and counts the version up.
 * @throws Refusal NOT_FOUND; CHANGED_MEANWHILE when someone changed the driver since `version`
 */
export async function changeDriver<T extends object = object>(
  act: Act,
  driverId: number,
  version: number,
  change: (driver: Stored) => Promise<Outcome & { answer?: T }>,
): Promise<T & { version: number }> {
  const { client, scope } = act
  const { rows } = await client.query<Stored>(
    `SELECT d.driver_id, d.version, d.name, d.phone, d.organisation_id, d.vehicle_id, d.licence_no, d.licence_class,
            d.licence_issued_on::text AS licence_issued_on, d.licence_expires_on::text AS licence_expires_on, d.state
     FROM drivers d JOIN organisations o USING (organisation_id)
     WHERE d.driver_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF d`,
    [driverId, scope.lft, scope.rgt],
  )
  const driver = rows[0]
  if (!driver) throw new Refusal('NOT_FOUND')
  requireVersion(driver, version)
  const { answer, action, set = {}, ...what } = await change(driver)
  await changeRow(client, { table: 'drivers', key: 'driver_id', id: driverId }, set)
  act.record(action, ofDriver(driverId), what)
  return { ...(answer as T), version: version + 1 }
}

const fieldsOf = (row: Stored) => ({
  name: row.name,
  phone: row.phone,
  licenceNo: row.licence_no,
  licenceClass: row.licence_class,
  licenceIssuedOn: row.licence_issued_on,
  licenceExpiresOn: row.licence_expires_on,
  vehicleId: row.vehicle_id,
})
type Fields = ReturnType<typeof fieldsOf>

async function requireSound(client: Queryable, scope: Sight, fields: Fields): Promise<void> {
  const parts = [fields.licenceNo, fields.licenceClass, fields.licenceExpiresOn].filter((part) => part !== null).length
  if (parts !== 0 && parts !== 3) throw refusal('VALIDATION_FAILED', 'body.licenceNo', 'driver.licenceParts')
  if (fields.licenceIssuedOn && fields.licenceExpiresOn && fields.licenceIssuedOn > fields.licenceExpiresOn)
    throw refusal('VALIDATION_FAILED', 'body.licenceExpiresOn', 'dates.until')
  if (fields.vehicleId === null) return
  const { rowCount } = await client.query(
    `SELECT FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND v.state <> 'DISPOSED'`,
    [fields.vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
}

export async function createDriver(act: Act, body: Required<BodyOf<'createDriver'>>): Promise<{ driverId: number; version: number }> {
  const { client, scope } = act
  const { organisationId, ...rest } = body
  const fields = rest as Fields
  await requireOrganisation(client, scope, organisationId as number, 'body.organisationId')
  await requireSound(client, scope, fields)
  const { rows } = await client.query<{ driver_id: number }>(
    `INSERT INTO drivers (name, name_pinyin, phone, organisation_id, vehicle_id, licence_no, licence_class, licence_issued_on, licence_expires_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING driver_id`,
    [
      fields.name,
      pinyinOf(fields.name),
      fields.phone,
      organisationId,
      fields.vehicleId,
      fields.licenceNo,
      fields.licenceClass,
      fields.licenceIssuedOn,
      fields.licenceExpiresOn,
    ],
  )
  const driverId = rows[0]!.driver_id
  act.record('driver.create', ofDriver(driverId), { after: { organisationId, ...fields } })
  return { driverId, version: 1 }
}

type Edit = Partial<Fields> & { version: number }

export const editDriver = (act: Act, driverId: number, { version, ...given }: Edit): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async (driver) => {
    const now = fieldsOf(driver)
    const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const next = { ...now, ...kept } as Fields
    // Who does not see the usual vehicle sends none, and means nothing by it.
    if (next.vehicleId === null && (await isHidden(act.client, act.scope, now.vehicleId))) next.vehicleId = now.vehicleId
    // A vehicle that was right when it was set is not judged again by someone who changes a telephone number.
    await requireSound(act.client, act.scope, next.vehicleId === now.vehicleId ? { ...next, vehicleId: null } : next)
    const set = {
      name: next.name,
      name_pinyin: pinyinOf(next.name),
      phone: next.phone,
      vehicle_id: next.vehicleId,
      licence_no: next.licenceNo,
      licence_class: next.licenceClass,
      licence_issued_on: next.licenceIssuedOn,
      licence_expires_on: next.licenceExpiresOn,
    }
    return { action: 'driver.edit', set, ...difference(now, next) }
  })

export const setDriverState = (
  act: Act,
  driverId: number,
  { state, reason, version }: { state: DriverState; reason: string; version: number },
): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async (driver) => {
    if (!driverMoves[driver.state].includes(state)) throw refusal('CONFLICT', 'body.state', 'driver.state')
    if (state !== 'active') await requireUnpromised(act, { driverId }, 'body.state')
    // Who has left drives no car; the car is free for somebody else.
    const vehicleId = state === 'retired' ? null : driver.vehicle_id
    const set = { state, state_reason: state === 'active' ? null : reason, vehicle_id: vehicleId }
    const pair = difference({ state: driver.state, vehicleId: driver.vehicle_id }, { state, vehicleId })
    return { action: 'driver.state', set, ...pair, reason }
  })

export const moveDriver = (
  act: Act,
  driverId: number,
  { organisationId, reason, version }: { organisationId: number; reason: string; version: number },
): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async (driver) => {
    if (driver.state === 'retired') throw refusal('CONFLICT', 'body.organisationId', 'driver.state')
    if (driver.organisation_id === organisationId) throw refusal('VALIDATION_FAILED', 'body.organisationId', 'driver.sameUnit')
    await requireOrganisation(act.client, act.scope, organisationId, 'body.organisationId')
    await requireUnpromised(act, { driverId }, 'body.organisationId')
    // The usual vehicle stays with its unit.
    const set = { organisation_id: organisationId, vehicle_id: null }
    const now = { organisationId: driver.organisation_id, vehicleId: driver.vehicle_id }
    return { action: 'driver.move', set, ...difference(now, { organisationId, vehicleId: null as number | null }), reason }
  })
