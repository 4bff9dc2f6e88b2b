// The fields of a vehicle's file: which column holds each, and what a schema alone cannot judge.
import { bureauFields, type VehicleField, type VehicleFields } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal, refusalSentence } from '../../contracts/refusals.ts'
import { findPlateProblem, plateAsStored, plateFits } from '../../domain/vehicle.ts'
import { judgeVin } from '../../domain/vin.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { type Caller, may, type Scope } from '../kernel/caller.ts'

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

export const searchTextOf = ({ plate, make, model, vin, engineNo, stickerNo }: VehicleFields): string =>
  [plate, pinyinOf(plate), `${make}${model}`, pinyinOf(`${make}${model}`), vin, engineNo, stickerNo]
    .filter((part) => part)
    .join(' ')
    .toLowerCase()
    .replace(/[·•・‧.-]/gu, '')

type Wrong = [reason: Parameters<typeof refusal>[2], values?: Record<string, string>] | undefined
/** What must go together: the field that is blamed, the fields that have a say, and what is wrong. */
const rules: readonly { at: VehicleField; of: readonly VehicleField[]; wrong: (fields: VehicleFields) => Wrong }[] = [
  {
    at: 'plate',
    of: ['plate'],
    wrong({ plate }) {
      const problem = findPlateProblem(plate)
      return problem ? [problem, { plate }] : undefined
    },
  },
  {
    at: 'plateColour',
    of: ['plate', 'plateColour'],
    wrong: ({ plate, plateColour }) => (plateFits(plate, plateColour) ? undefined : ['plate.colour', { plate }]),
  },
  {
    at: 'vin',
    of: ['vin'],
    wrong({ vin }) {
      const judged = vin === null ? 'sound' : judgeVin(vin)
      return judged === 'sound' ? undefined : judged === 'form' ? ['vin.form'] : ['vin.check', { digit: judged.wanted }]
    },
  },
  {
    at: 'displacementMl',
    of: ['energy', 'displacementMl'],
    wrong: ({ energy, displacementMl }) => (energy === 'electric' && displacementMl !== null ? ['displacement.electric'] : undefined),
  },
  {
    at: 'category',
    of: ['class', 'category'],
    wrong: (fields) =>
      (fields.class === 'leased') === (fields.category === 'LEASED_SERVICE') &&
      (fields.class === 'law_enforcement') === (fields.category === 'LAW_ENFORCEMENT')
        ? undefined
        : ['class.category'],
  },
  {
    at: 'inServiceOn',
    of: ['registeredOn', 'inServiceOn'],
    wrong: ({ registeredOn, inServiceOn }) => (inServiceOn !== null && inServiceOn < registeredOn ? ['dates.order'] : undefined),
  },
]

/**
 * Judges the whole file, or of it only what `changed` fields have a say in: an old flaw elsewhere must not keep anyone from the rest.
 * @throws Refusal for the first thing that does not go together
 */
export function judgeFields(fields: VehicleFields, changed: readonly VehicleField[] = fieldNames): void {
  for (const { at, of, wrong } of rules) {
    if (!of.some((field) => changed.includes(field))) continue
    const found = wrong(fields)
    if (found) throw refusal('VALIDATION_FAILED', `body.${at}`, found[0], found[1] ?? {})
  }
}

/** As it is stored: the plate without its dot, in capitals. */
export const normalised = <T extends Partial<VehicleFields>>(fields: T): T =>
  fields.plate === undefined ? fields : { ...fields, plate: plateAsStored(fields.plate) }

/** Places and suppliers named by a file must be real, in reach of the unit, and offer what they are named for. */
export async function requireReferences(db: Queryable, scope: Scope, unit: Scope, fields: Partial<VehicleFields>): Promise<void> {
  if (fields.parkingPlaceId != null) {
    const { rowCount } = await db.query(
      'SELECT FROM places p JOIN organisations o USING (organisation_id) WHERE p.place_id = $1 AND (o.lft BETWEEN $2 AND $3 OR (o.lft <= $4 AND $5 <= o.rgt))',
      [fields.parkingPlaceId, scope.lft, scope.rgt, unit.lft, unit.rgt],
    )
    if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.parkingPlaceId', 'place.unknown')
  }
  for (const [field, kinds] of [
    ['fuelSupplierId', ['fuel', 'charging']],
    ['repairSupplierId', ['repair']],
    ['insuranceSupplierId', ['insurance']],
  ] as const) {
    if (fields[field] == null) continue
    // Designated for the unit: by itself or an organisation above it.
    const { rowCount } = await db.query(
      `SELECT FROM suppliers s JOIN organisations o USING (organisation_id)
       WHERE s.supplier_id = $1 AND s.kinds && $2::text[] AND o.lft <= $3 AND $4 <= o.rgt`,
      [fields[field], kinds, unit.lft, unit.rgt],
    )
    if (rowCount === 0) throw refusal('VALIDATION_FAILED', `body.${field}`, 'supplier.unknown')
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
