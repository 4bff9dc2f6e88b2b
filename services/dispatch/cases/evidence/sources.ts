// What a package is made of, read for whoever asked for it: the case, its vehicles, the orders that fall in the period with their approvals, trips, and the records
// of the audit log that are about the case.
import { auditRowColumns } from '../../../audit/rows.ts'
import type { AuditRow } from '../../../contracts/auditRecord.ts'
import { orderNumber } from '../../../domain/orders.ts'
import type { Queryable } from '../../../platform/db.ts'
import { openVehicles } from '../../kernel/sight.ts'

export type EvidenceVehicle = { vehicleId: number; plate: string; plateColour: string; unit: string; class: string }
export type EvidenceTrip = { startedAt: string; endedAt: string; distanceM: number; maxSpeedKph: number | null }
type KeptStep = { action: string; state: string; at: string; by: string; reason: string }
export type EvidenceOrder = {
  number: string
  issuer: string
  unit: string
  state: string
  plate: string
  driver: string | null
  purposeKind: string
  purpose: string
  route: string[]
  startsAt: string
  endsAt: string
  departedAt: string | null
  returnedAt: string | null
  odometerOutM: number | null
  odometerBackM: number | null
  passengers: number
  applicant: string
  steps: KeptStep[]
  /** How it was approved: the steps of the request. */
  approvals: KeptStep[]
}

export async function listVehicles(db: Queryable, cleared: readonly number[], vehicleIds: readonly number[]): Promise<EvidenceVehicle[]> {
  const { rows } = await db.query<EvidenceVehicle>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.class, u.name AS unit
     FROM ${openVehicles('$1')} v JOIN organisations u ON u.organisation_id = v.user_unit_id WHERE v.vehicle_id = ANY($2::int[]) ORDER BY v.plate, v.vehicle_id`,
    [cleared, vehicleIds],
  )
  return rows
}

export async function listTrips(db: Queryable, vehicleId: number, from: Date, until: Date): Promise<EvidenceTrip[]> {
  const { rows } = await db.query<{ started: Date; ended: Date; distanceM: number; dkph: number | null }>(
    `SELECT started_at AS started, ended_at AS ended, distance_m AS "distanceM", max_speed_dkph AS dkph FROM trips
     WHERE vehicle_id = $1 AND started_at < $3 AND ended_at > $2 ORDER BY started_at`,
    [vehicleId, from, until],
  )
  return rows.map(({ started, ended, distanceM, dkph }) => ({
    startedAt: started.toISOString(),
    endedAt: ended.toISOString(),
    distanceM,
    maxSpeedKph: dkph === null ? null : dkph / 10,
  }))
}

const stepsOf = (table: string, key: string, row: string): string => `
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'by', s.username, 'reason', s.reason) ORDER BY s.step), '[]') FROM ${table} s WHERE s.${key} = ${row}.${key})`

/** Orders that one of the vehicles was given, or drove a part of, within the period. */
export async function listOrders(
  db: Queryable,
  cleared: readonly number[],
  vehicleIds: readonly number[],
  from: Date,
  until: Date,
): Promise<EvidenceOrder[]> {
  const { rows } = await db.query(
    `SELECT d.year, d.number, i.name AS issuer, u.name AS unit, d.state, v.plate, p.name AS driver, r.purpose_kind, r.purpose,
       jsonb_build_array(r.from_stop) || r.via || r.to_stop AS stops, d.starts_at, d.ends_at, d.departed_at, d.returned_at, d.odometer_out_m, d.odometer_back_m,
       r.passengers, a.display_name AS applicant, ${stepsOf('dispatch_order_steps', 'order_id', 'd')} AS steps,
       ${stepsOf('trip_request_steps', 'request_id', 'r')} AS approvals
     FROM dispatch_orders d JOIN trip_requests r USING (request_id) JOIN ${openVehicles('$1')} v ON v.vehicle_id = d.vehicle_id
       JOIN organisations i ON i.organisation_id = d.issuer_id JOIN organisations u ON u.organisation_id = r.unit_id
       JOIN accounts a ON a.account_id = r.applicant_id LEFT JOIN drivers p ON p.driver_id = d.driver_id
     WHERE d.number IS NOT NULL AND tstzrange(least(d.starts_at, d.departed_at), greatest(d.ends_at, d.returned_at), '[]') && tstzrange($3, $4)
       AND (d.vehicle_id = ANY($2::int[]) OR EXISTS (SELECT FROM order_legs l WHERE l.order_id = d.order_id AND l.vehicle_id = ANY($2::int[])))
     ORDER BY d.starts_at, d.order_id`,
    [cleared, vehicleIds, from, until],
  )
  const iso = (at: unknown) => (at === null ? null : (at as Date).toISOString())
  return rows.map((row) => ({
    number: orderNumber(row.year as number, row.number as number),
    issuer: row.issuer as string,
    unit: row.unit as string,
    state: row.state as string,
    plate: row.plate as string,
    driver: row.driver as string | null,
    purposeKind: row.purpose_kind as string,
    purpose: row.purpose as string,
    route: (row.stops as { name: string }[]).map(({ name }) => name),
    startsAt: iso(row.starts_at)!,
    endsAt: iso(row.ends_at)!,
    departedAt: iso(row.departed_at),
    returnedAt: iso(row.returned_at),
    odometerOutM: row.odometer_out_m as number | null,
    odometerBackM: row.odometer_back_m as number | null,
    passengers: row.passengers as number,
    applicant: row.applicant as string,
    steps: row.steps as KeptStep[],
    approvals: row.approvals as KeptStep[],
  }))
}

/** Records of one reading. */
const SLICE = 1_000

/**
 * Lines as an export of the log has them (`npm run audit:verify -- --file … --excerpt true` checks each by itself): the steps of the case, every look within it, and
 * what was refused.
 */
export async function* auditLines(db: Queryable, caseId: number, vehicleIds: readonly number[], openedAt: Date): AsyncGenerator<string> {
  let after = 0
  for (;;) {
    const { rows } = await db.query<AuditRow>(
      `SELECT ${auditRowColumns} FROM public.audit_log WHERE seq > $1 AND seq = ANY(ARRAY(
         SELECT seq FROM public.audit_log WHERE subject_type = 'case' AND subject_id = $2 AND seq > $1
         UNION SELECT seq FROM public.audit_log WHERE subject_type = 'vehicle' AND subject_id = ANY($3::text[]) AND at >= $4 AND seq > $1
           AND body::jsonb #>> '{detail,caseId}' = $2 ORDER BY seq LIMIT ${SLICE})) ORDER BY seq`,
      [after, String(caseId), vehicleIds.map(String), openedAt],
    )
    for (const row of rows) yield `${JSON.stringify(row)}\n`
    if (rows.length < SLICE) return
    after = rows.at(-1)!.seq
  }
}

/** Where the log stands now. */
export async function readTail(db: Queryable): Promise<{ algorithm: string; seq: number; hash: string; at: string }> {
  const { rows } = await db.query<{ algorithm: string; seq: number; hash: Buffer; at: Date }>(
    'SELECT algorithm, seq, hash, at FROM public.audit_log ORDER BY seq DESC LIMIT 1',
  )
  const { algorithm, seq, hash, at } = rows[0]!
  return { algorithm, seq, hash: hash.toString('hex'), at: at.toISOString() }
}
