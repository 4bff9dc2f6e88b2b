// One vehicle's file, whole (一车一档): fields, judgement, terminal, plates of the past, attachments, the flow that is open.

import type { VehicleFile } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import { judgeStandard } from '../../domain/standards.ts'
import { isSubjectToQuota } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import { stateSql } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { listLimits } from './standards.ts'
import { fieldColumns, fieldsOf } from './vehicleFields.ts'

export const isOverQuota = (file: Pick<VehicleFile, 'category' | 'state' | 'quotaSeat'>): boolean =>
  isSubjectToQuota(file.category) && file.state !== 'DISPOSED' && file.quotaSeat === null

/** @throws Refusal NOT_FOUND for a vehicle out of scope or absent */
export async function getVehicleFile(
  db: Queryable,
  scope: Sight,
  vehicleId: number,
  nowMs: number,
): Promise<VehicleFile & { unitLft: number; unitRgt: number; fileState: VehicleState }> {
  const { rows } = await db.query(
    `SELECT ${fieldColumns}, v.vehicle_id, v.state AS file_state, ${stateSql(nowMs)} AS state, v.quota_seat, v.version, u.name AS unit_name, u.lft, u.rgt, w.name AS owner_name, t.terminal_id, t.bound_since,
            (SELECT name FROM places p WHERE p.place_id = v.parking_place_id) AS place_name,
            (SELECT name FROM suppliers s WHERE s.supplier_id = v.fuel_supplier_id) AS fuel_name,
            (SELECT name FROM suppliers s WHERE s.supplier_id = v.repair_supplier_id) AS repair_name,
            (SELECT name FROM suppliers s WHERE s.supplier_id = v.insurance_supplier_id) AS insurance_name
     FROM ${openVehicles('$4')} v
     JOIN organisations u ON u.organisation_id = v.user_unit_id
     JOIN organisations w ON w.organisation_id = v.owner_unit_id
     LEFT JOIN terminals t ON t.vehicle_id = v.vehicle_id
     WHERE v.vehicle_id = $1 AND u.lft BETWEEN $2 AND $3`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  const fields = fieldsOf(row)
  const { rows: plates } = await db.query<{ plate: string; until: Date }>(
    'SELECT plate, until FROM vehicle_past_plates WHERE vehicle_id = $1 ORDER BY until DESC',
    [vehicleId],
  )
  const { rows: files } = await db.query(
    'SELECT file_id, kind, name, content_type, bytes, added_at, added_by FROM vehicle_files WHERE vehicle_id = $1 ORDER BY file_id',
    [vehicleId],
  )
  const { rows: flows } = await db.query<NonNullable<VehicleFile['openFlow']>>(
    'SELECT flow_id AS "flowId", kind, state FROM ledger_flows WHERE vehicle_id = $1 AND open',
    [vehicleId],
  )
  const standing = {
    category: fields.category,
    state: row.state as VehicleFile['state'],
    quotaSeat: row.quota_seat as number | null,
  }
  return {
    ...fields,
    ...standing,
    vehicleId,
    overQuota: isOverQuota(standing),
    excess: judgeStandard(await listLimits(db), { ...fields, unitLft: row.lft as number }),
    userUnit: { organisationId: fields.userUnitId, name: row.unit_name as string },
    ownerUnit: { organisationId: fields.ownerUnitId, name: row.owner_name as string },
    parkingPlace: row.place_name as string | null,
    suppliers: {
      fuel: row.fuel_name as string | null,
      repair: row.repair_name as string | null,
      insurance: row.insurance_name as string | null,
    },
    terminalId: row.terminal_id as string | null,
    terminalSince: (row.bound_since as Date | null)?.toISOString() ?? null,
    pastPlates: plates.map(({ plate, until }) => ({ plate, until: until.toISOString() })),
    files: files.map((file) => ({
      fileId: file.file_id as number,
      kind: file.kind as 'photo' | 'document',
      name: file.name as string,
      contentType: file.content_type as string,
      bytes: file.bytes as number,
      addedAt: (file.added_at as Date).toISOString(),
      addedBy: file.added_by as string,
    })),
    openFlow: flows[0] ?? null,
    version: row.version as number,
    unitLft: row.lft as number,
    unitRgt: row.rgt as number,
    fileState: row.file_state as VehicleState,
  }
}

/** Without what only the server needs. */
export const fileAnswer = ({
  unitLft: _lft,
  unitRgt: _rgt,
  fileState: _state,
  ...file
}: Awaited<ReturnType<typeof getVehicleFile>>): VehicleFile => file
