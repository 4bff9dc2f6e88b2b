// The fields of a vehicle's file: which column holds each, and what a schema alone cannot judge (domain/vehicleFile.ts).
import { bureauFields, type VehicleField, type VehicleFields } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal, refusalSentence } from '../../contracts/refusals.ts'
import { inOrder } from '../../domain/equipment.ts'
import { holdsFor } from '../../domain/organisations.ts'
import { plateAsStored } from '../../domain/vehicle.ts'
import { listFileProblems, offers, supplierFields } from '../../domain/vehicleFile.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Caller, may, type Scope } from '../kernel/caller.ts'
import { withoutMarks } from '../kernel/searchText.ts'
import { isPlaceKnown } from '../kernel/within.ts'

export const columnOf: Record<VehicleField, string> = {
  plate: 'plate',
  plateColour: 'plate_colour',
  class: 'class',
  category: 'category',
  energy: 'energy',
  make: 'make',
  model: 'model',
  seats: 'seats',
  displacementMl: 'displacement_ml',
  registeredOn: 'registered_on',
  ownerUnitId: 'owner_unit_id',
  userUnitId: 'user_unit_id',
  vin: 'vin',
  engineNo: 'engine_no',
  bodyType: 'body_type',
  equipment: 'equipment',
  tankL: 'tank_l',
  origin: 'origin',
  priceFen: 'price_fen',
  inServiceOn: 'in_service_on',
  insuranceUntil: 'insurance_until',
  inspectionUntil: 'inspection_until',
  stickerNo: 'sticker_no',
  parkingPlaceId: 'parking_place_id',
  fuelSupplierId: 'fuel_supplier_id',
  repairSupplierId: 'repair_supplier_id',
  insuranceSupplierId: 'insurance_supplier_id',
  secrecy: 'secrecy',
  note: 'note',
}
export const fieldNames = Object.keys(columnOf) as VehicleField[]
const dates: readonly VehicleField[] = ['registeredOn', 'inServiceOn', 'insuranceUntil', 'inspectionUntil']

/** Select list that gives every field of `v` under its own name, days as text. */
export const fieldColumns = fieldNames
  .map((field) => `v.${columnOf[field]}${dates.includes(field) ? '::text' : ''} AS "${field}"`)
  .join(', ')

export const fieldsOf = (row: Row): VehicleFields => Object.fromEntries(fieldNames.map((field) => [field, row[field]])) as VehicleFields

type Called = Pick<VehicleFields, 'plate' | 'make' | 'model' | 'vin' | 'engineNo' | 'stickerNo'>
export const searchTextOf = ({ plate, make, model, vin, engineNo, stickerNo }: Called): string =>
  withoutMarks(
    [plate, pinyinOf(plate), `${make}${model}`, pinyinOf(`${make}${model}`), vin, engineNo, stickerNo].filter((part) => part).join(' '),
  )

/**
 * Judges the whole file, or of it only what `changed` fields have a say in (domain/vehicleFile.ts).
 * @throws Refusal for the first thing that does not go together
 */
export function judgeFields(fields: VehicleFields, changed: readonly VehicleField[] = fieldNames): void {
  const [problem] = listFileProblems(fields, (field) => changed.includes(field))
  if (problem) throw refusal('VALIDATION_FAILED', `body.${problem.at}`, problem.reason, problem.values)
}

/** As it is stored: the plate without its dot, in capitals; equipment each once. */
export const normalised = <T extends Partial<VehicleFields>>(fields: T): T => ({
  ...fields,
  ...(fields.plate === undefined ? {} : { plate: plateAsStored(fields.plate) }),
  ...(fields.equipment === undefined ? {} : { equipment: inOrder(fields.equipment) }),
})

/** Places and suppliers named by a file must be real, in reach of the unit, and offer what they are named for. */
export async function requireReferences(db: Queryable, scope: Scope, unit: Scope, fields: Partial<VehicleFields>): Promise<void> {
  if (fields.parkingPlaceId != null && !(await isPlaceKnown(db, scope, fields.parkingPlaceId)))
    throw refusal('VALIDATION_FAILED', 'body.parkingPlaceId', 'place.unknown')
  const named = supplierFields.filter((field) => fields[field] != null)
  if (named.length === 0) return
  const { rows } = await db.query<Scope & { id: number; kinds: string[] }>(
    `SELECT s.supplier_id AS id, s.kinds, o.lft, o.rgt FROM suppliers s JOIN organisations o USING (organisation_id)
     WHERE s.supplier_id = ANY($1::int[])`,
    [named.map((field) => fields[field])],
  )
  for (const field of named) {
    const supplier = rows.find(({ id }) => id === fields[field])
    if (!supplier || !offers(supplier.kinds, field) || !holdsFor(supplier, unit))
      throw refusal('VALIDATION_FAILED', `body.${field}`, 'supplier.unknown')
  }
}

/** @throws Refusal FORBIDDEN where a field is the bureau's to change */
export function requireFieldRights(caller: Caller, changed: readonly VehicleField[]): void {
  const field = changed.find((name) => bureauFields.includes(name))
  if (!field || may(caller, 'ledger.approve')) return
  const values = { field }
  const message = refusalSentence('field.approval', values)!
  throw new Refusal('FORBIDDEN', message, [{ path: `body.set.${field}`, message, reason: 'field.approval', values }])
}
