// Entering a vehicle and changing its file. Every change names the version it saw; a new plate keeps the old one with its last instant.

import { type NewVehicle, newVehicleSchema, type VehicleField, type VehicleFields } from '../../contracts/api/ledger.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type VehicleAction, vehicleLifecycle } from '../../domain/lifecycle.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { requireUnpromised } from '../kernel/availability.ts'
import type { Effect, Procedure, Stepped } from '../kernel/procedure.ts'
import { fillSeats } from '../kernel/seats.ts'
import { isOpen } from '../kernel/sight.ts'
import { takeFollowingStep, takeStep } from '../kernel/takeStep.ts'
import { requireSeat, requireStandard } from './admission.ts'
import { getOpenUnit, getVehicleUnit } from './units.ts'
import {
  columnOf,
  fieldNames,
  fieldsOf,
  judgeFields,
  normalised,
  requireFieldRights,
  requireReferences,
  searchTextOf,
} from './vehicleFields.ts'
import { getVehicleFile } from './vehicleFile.ts'

/**
 * The vehicle's row, locked, and its file. A version that is no longer the row's is refused before anything else is read:
 * of two hundred that saw the same file, one hundred and ninety-nine are told so quickly.
 * @throws Refusal NOT_FOUND, CONFLICT
 */
export async function lockVehicle({ client, scope, nowMs }: Act, vehicleId: number, seenVersion?: number) {
  const { rows } = await client.query<{ version: number }>(
    `SELECT v.version FROM every_vehicle v JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND u.lft BETWEEN $2 AND $3 AND ${isOpen('$4')} FOR UPDATE OF v`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  if (seenVersion !== undefined) requireVersion(rows[0], seenVersion)
  return getVehicleFile(client, scope, vehicleId, nowMs)
}

/** Inserts a vehicle into a seat of its unit's quota, or beyond it where the policy lets it in. Returns its number. */
export async function insertVehicle(change: Act, given: NewVehicle): Promise<number> {
  const { client, scope, notes } = change
  const fields: VehicleFields = { ...absentFields, ...normalised(newVehicleSchema.parse(given)) }
  judgeFields(fields)
  const unit = await getVehicleUnit(client, scope, fields.userUnitId, 'body.userUnitId')
  await getVehicleUnit(client, scope, fields.ownerUnitId, 'body.ownerUnitId')
  await requireReferences(client, scope, unit, fields)
  await requireSeat(change, unit, fields.category)
  await requireStandard(change, unit, fields)
  const names = fieldNames.map((field) => columnOf[field])
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO vehicles (${names.join(', ')}, search) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}, $${names.length + 1})
     RETURNING vehicle_id AS id`,
    [...fieldNames.map((field) => fields[field]), searchTextOf(fields)],
  )
  const vehicleId = rows[0]!.id
  notes.addMade({ type: 'vehicle', id: vehicleId }, fields)
  await fillSeats(change, unit.organisationId, fields.category)
  return vehicleId
}

const absentFields = {
  vin: null,
  engineNo: null,
  bodyType: null,
  equipment: [],
  tankL: null,
  origin: null,
  priceFen: null,
  inServiceOn: null,
  insuranceUntil: null,
  inspectionUntil: null,
  stickerNo: null,
  parkingPlaceId: null,
  fuelSupplierId: null,
  repairSupplierId: null,
  insuranceSupplierId: null,
  secrecy: false,
  note: null,
  displacementMl: null,
}

export async function createVehicle(change: Act, { reason, ...given }: BodyOf<'createVehicle'>): Promise<number> {
  const vehicleId = await insertVehicle(change, given)
  change.record('vehicle.create', { type: 'vehicle', id: vehicleId }, { reason })
  return vehicleId
}

/** Writes changed fields; unit, category and seat follow each other. Does not record. */
export async function writeFields(change: Act, vehicleId: number, before: VehicleFields, set: Partial<VehicleFields>): Promise<void> {
  const { client, scope, nowMs, notes } = change
  const next = { ...before, ...set }
  const names = Object.keys(set) as VehicleField[]
  judgeFields(next, names)
  const moves = next.userUnitId !== before.userUnitId || next.category !== before.category
  if (next.userUnitId !== before.userUnitId) await requireUnpromised(change, { vehicleId }, 'body.set.userUnitId')
  const unit = await (moves ? getVehicleUnit : getOpenUnit)(client, scope, next.userUnitId, 'body.set.userUnitId')
  if (next.ownerUnitId !== before.ownerUnitId) await getVehicleUnit(client, scope, next.ownerUnitId, 'body.set.ownerUnitId')
  await requireReferences(client, scope, unit, moves ? next : set)
  if (moves) await requireSeat(change, unit, next.category)
  if (moves || set.priceFen !== undefined || set.displacementMl !== undefined) await requireStandard(change, unit, next)
  if (next.plate !== before.plate)
    await client.query('INSERT INTO vehicle_past_plates VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      vehicleId,
      new Date(nowMs),
      before.plate,
      before.plateColour,
    ])
  const { rows } = await client.query<{ seat: number | null }>(
    `UPDATE vehicles v SET ${names.map((field, i) => `${columnOf[field]} = $${i + 3}`).join(', ')}, search = $2, version = v.version + 1
       ${moves ? ', quota_seat = NULL' : ''}
     FROM (SELECT vehicle_id, quota_seat FROM vehicles WHERE vehicle_id = $1) old WHERE v.vehicle_id = old.vehicle_id
     RETURNING old.quota_seat AS seat`,
    [vehicleId, searchTextOf(next), ...names.map((field) => set[field])],
  )
  const changed = difference<VehicleFields>(before, set)
  const subject = { type: 'vehicle', id: vehicleId }
  notes.add(subject, changed.before, changed.after)
  if (moves) {
    notes.add(subject, { quotaSeat: rows[0]!.seat }, { quotaSeat: null })
    await fillSeats(change, before.userUnitId, before.category)
    await fillSeats(change, next.userUnitId, next.category)
  }
}

export async function changeVehicle(change: Act, vehicleId: number, body: BodyOf<'changeVehicle'>): Promise<void> {
  const file = await lockVehicle(change, vehicleId, body.version)
  if (file.state === 'DISPOSED') throw refusal('CONFLICT', 'params.vehicleId', 'state.disposed')
  const before = fieldsOf(file)
  const changed = difference<VehicleFields>(before, normalised(body.set))
  const names = Object.keys(changed.after) as VehicleField[]
  if (names.length === 0) return
  requireFieldRights(change.caller, names)
  if (file.openFlow && names.some((field) => field === 'userUnitId' || field === 'ownerUnitId'))
    throw refusal('CONFLICT', 'body.set', 'flow.open')
  await writeFields(change, vehicleId, before, changed.after)
  change.record('vehicle.change', { type: 'vehicle', id: vehicleId }, { reason: body.reason })
}

type Turned = Stepped & { file: Awaited<ReturnType<typeof lockVehicle>> }
/** By its file's state: what is promised is asked for by the steps that take it away. */
const turned = (file: Turned['file']): Turned => ({ id: file.vehicleId, state: file.fileState, version: file.version, takers: [], file })

const takesAway: Effect<Turned> = {
  async before(act, { id }) {
    await requireUnpromised(act, { vehicleId: id }, 'body.action')
    return undefined
  },
}

const vehicleProcedure: Procedure<Turned> = {
  lifecycle: vehicleLifecycle,
  table: 'vehicles',
  key: 'vehicle_id',
  lock: async (act, vehicleId, seen) => turned(await lockVehicle(act, vehicleId, seen)),
  refusals: {
    notNow: { path: 'body.action', reason: 'state.not', values: ({ file }) => ({ state: file.state }) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    sendToMaintenance: takesAway,
    seal: takesAway,
    suspend: takesAway,
    proposeDisposal: takesAway,
    dispose: {
      before: async () => ({ set: { quota_seat: null } }),
      async after(act, { file }) {
        act.notes.add({ type: 'vehicle', id: file.vehicleId }, { quotaSeat: file.quotaSeat }, { quotaSeat: null })
        // The seat that it leaves goes to the next that waits.
        await fillSeats(act, file.userUnitId, file.category)
      },
    },
  },
  record: ({ id }, { action }) => ({ action: 'vehicle.state', subject: { type: 'vehicle', id }, detail: { action } }),
}

/** A step of a vehicle, as it was locked, that follows from another act. @throws Refusal CONFLICT where its state does not permit it */
export const turnVehicle = (act: Act, file: Turned['file'], action: VehicleAction): Promise<void> =>
  takeFollowingStep(act, vehicleProcedure, turned(file), action)

export async function actOnVehicle(act: Act, vehicleId: number, body: BodyOf<'actOnVehicle'>): Promise<void> {
  await takeStep(act, vehicleProcedure, vehicleId, body)
}
