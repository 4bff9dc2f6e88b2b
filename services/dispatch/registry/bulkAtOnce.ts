// A bulk change that leaves every vehicle where it is – dates, parking place, state – judged and written in two statements however many
// there are: five thousand one by one would hold the ledger for half a minute.
import type { BulkChange } from '../../contracts/api/ledger.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, type RefusalValues, refusalSentence } from '../../contracts/refusals.ts'
import type { Booking } from '../../domain/availability.ts'
import { permits, type VehicleAction, type VehicleState, vehicleLifecycle } from '../../domain/lifecycle.ts'
import { findStandstill } from '../../domain/vehicleFile.ts'
import type { Act } from '../kernel/act.ts'
import { listPromises, promisedRefusal, stateSql } from '../kernel/availability.ts'
import type { AuditSubject } from '../kernel/record.ts'
import { isOpen } from '../kernel/sight.ts'
import { isPlaceKnown } from '../kernel/within.ts'

type Refusals = AnswerOf<'previewBulk'>['refusals']
type Held = {
  id: number
  plate: string
  version: number
  state: VehicleState
  fileState: VehicleState
  insuranceUntil: string | null
  inspectionUntil: string | null
  parkingPlaceId: number | null
  unit: string
  closed: boolean
}
const columnOf = {
  insuranceUntil: 'insurance_until',
  inspectionUntil: 'inspection_until',
  parkingPlaceId: 'parking_place_id',
  state: 'state',
} as const
type Field = keyof typeof columnOf
const typeOf: Record<Field, string> = { insuranceUntil: 'date', inspectionUntil: 'date', parkingPlaceId: 'int', state: 'text' }

/** @throws Refusal NOT_FOUND when one of them is out of scope: a list of refusals would tell which numbers exist */
export async function changeAtOnce(change: Act, ids: number[], set: Omit<BulkChange, 'userUnitId'>) {
  const { client, scope, nowMs } = change
  const { rows } = await client.query<Held>(
    `SELECT v.vehicle_id AS id, v.plate, v.version, ${stateSql(nowMs)} AS state, v.state AS "fileState", v.insurance_until::text AS "insuranceUntil", v.inspection_until::text AS "inspectionUntil",
            v.parking_place_id AS "parkingPlaceId", u.name AS unit, u.closed_at IS NOT NULL AS closed
     FROM every_vehicle v JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = ANY($1::int[]) AND u.lft BETWEEN $2 AND $3 AND ${isOpen('$4')} ORDER BY v.vehicle_id FOR UPDATE OF v`,
    [ids, scope.lft, scope.rgt, scope.cleared],
  )
  if (rows.length !== ids.length) throw new Refusal('NOT_FOUND')
  const hasPlace = set.parkingPlaceId == null || (await isPlaceKnown(client, scope, set.parkingPlaceId))
  const promises = set.state === 'SUSPENDED' ? await listPromises(client, 'vehicle', ids, nowMs) : new Map<number, Booking>()
  const fields = (Object.keys(columnOf) as Field[]).filter((field) => set[field] !== undefined)
  const entries: { subject: AuditSubject; before: object; after: object }[] = []
  const refusals: Refusals = []
  const written: number[] = []
  for (const held of rows) {
    const changed = fields.filter((field) => held[field] !== set[field])
    const wrong = judge(held, set, hasPlace, changed, promises.get(held.id))
    if (wrong) refusals.push(refused(held, ...wrong))
    else if (changed.length > 0) {
      written.push(held.id)
      const pick = (from: Pick<Held, Field> | typeof set) => Object.fromEntries(changed.map((field) => [field, from[field]]))
      entries.push({ subject: { type: 'vehicle', id: held.id }, before: pick(held), after: pick(set) })
    }
  }
  if (written.length > 0)
    await client.query(
      `UPDATE vehicles SET ${fields.map((field, k) => `${columnOf[field]} = $${k + 2}::${typeOf[field]}`).join(', ')}, version = version + 1
       WHERE vehicle_id = ANY($1::int[])`,
      [written, ...fields.map((field) => set[field])],
    )
  return { entries, refusals, seen: rows.map(({ id, version }) => `${id}:${version}`) }
}

/** As the file of one vehicle is judged (vehicleChange.ts, vehicleFields.ts). */
function judge(
  held: Held,
  set: Omit<BulkChange, 'userUnitId'>,
  hasPlace: boolean,
  changed: readonly Field[],
  promise: Booking | undefined,
): readonly [RefusalReason, RefusalValues] | undefined {
  const standstill = findStandstill({ state: held.state, unit: { name: held.unit, closed: held.closed } })
  if (standstill) return [standstill.reason, standstill.values]
  if (changed.length === 0) return undefined
  if (!hasPlace) return ['place.unknown', {}]
  if (!changed.includes('state')) return undefined
  const action: VehicleAction = set.state === 'SUSPENDED' ? 'suspend' : 'resume'
  if (!permits(vehicleLifecycle, action, held.fileState)) return ['state.not', { state: held.state }]
  return promise && promisedRefusal('vehicle', promise)
}

const refused = ({ id, plate }: Held, reason: RefusalReason, values: RefusalValues): Refusals[number] => ({
  vehicleId: id,
  plate,
  reason,
  message: refusalSentence(reason, values)!,
  ...(Object.keys(values).length > 0 ? { values } : {}),
})
