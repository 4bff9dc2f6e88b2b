// Findings as they are stored, and which of them a caller reaches: of the units of his scope and of vehicles that he sees; whoever only answers for them
// sees what he was told of, a driver what is about his own driving.
import type { Finding, FindingRow } from '../../contracts/api/supervision.ts'
import { Refusal } from '../../contracts/errors.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { RuleCode } from '../../domain/supervision/codes.ts'
import { dueMsOf, type SupervisionState } from '../../domain/supervision/findings.ts'
import type { Severity, Suspicion } from '../../domain/supervision/rule.ts'
import { rules, unitOf } from '../../domain/supervision/rules.ts'
import type { VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { grantFor, may, type Reachable, type Who } from '../kernel/caller.ts'
import type { Stepped, Taken } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { TABLE } from './table.ts'

type KeptStep = Finding['steps'][number] & { accountId: number | null; data: Record<string, unknown> }
export type StoredFinding = Omit<FindingRow, 'mayAct'> &
  Stepped & {
    state: SupervisionState
    suspicion: Suspicion
    paramsId: number | null
    steps: Finding['steps']
    photos: Finding['photos']
    concerns: boolean
    inScope: boolean
  }

/** `$1`–`$2` the scope, `$3` what is cleared, `$4` the account; a test names its own from `$5` on. */
export const valuesOf = ({ caller, reach }: Who<Reachable>): unknown[] => [reach.lft, reach.rgt, reach.cleared, caller.accountId]

const IS_CONCERNED = '(f.driver_id = (SELECT a.driver_id FROM accounts a WHERE a.account_id = $4))'

/** SQL: does the caller reach the finding `f` of the unit `u`? */
export function isReached({ caller }: Who<Reachable>): string {
  const own = grantFor(caller, 'finding.view').reach === 'self'
  const told = may(caller, 'finding.decide') ? 'true' : 'f.told_at IS NOT NULL'
  // Each placeholder is named, whichever of them decides.
  return `(${own ? `${IS_CONCERNED} AND $1::int <= $2::int` : 'u.lft BETWEEN $1 AND $2 AND $4::int IS NOT NULL'} AND ${told})`
}

export const FROM = `FROM supervision_findings f JOIN ${openVehicles('$3')} v ON v.vehicle_id = f.vehicle_id
  JOIN organisations u ON u.organisation_id = f.unit_id`

/** Whoever drove, asked for the trip, or showed photos in answer, by whatever account: they count as who began it. */
const CONCERNED = `(SELECT coalesce(json_agg(c.account_id), '[]') FROM (
  SELECT a.account_id FROM accounts a WHERE a.driver_id = f.driver_id
  UNION SELECT r.applicant_id FROM dispatch_orders d JOIN trip_requests r USING (request_id) WHERE d.order_id = f.order_id
  UNION SELECT p.added_by FROM supervision_finding_photos p WHERE p.finding_id = f.finding_id) c)`

export const columns = `f.finding_id, f.code, f.severity, f.state, f.since, f.from_at, f.until_at, f.suspicion, f.params_id, f.raised_at, f.version,
  v.vehicle_id, v.plate, v.plate_colour, v.class, u.organisation_id AS unit_id, u.name AS unit, f.driver_id,
  (SELECT n.name FROM drivers n WHERE n.driver_id = f.driver_id) AS driver, f.order_id,
  (SELECT json_build_object('year', d.year, 'number', d.number) FROM dispatch_orders d WHERE d.order_id = f.order_id) AS "order",
  coalesce(${IS_CONCERNED}, false) AS concerns, (u.lft BETWEEN $1 AND $2) AS in_scope, ${CONCERNED} AS concerned,
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', s.at, 'by', s.username, 'reason', s.reason, 'data', s.data,
     'accountId', s.account_id) ORDER BY s.step), '[]') FROM ${TABLE.steps} s WHERE s.finding_id = f.finding_id) AS steps,
  (SELECT coalesce(json_agg(json_build_object('photoId', p.photo_id, 'by', a.display_name, 'at', p.added_at) ORDER BY p.photo_id), '[]')
   FROM supervision_finding_photos p JOIN accounts a ON a.account_id = p.added_by WHERE p.finding_id = f.finding_id) AS photos`

const iso = (at: unknown): string => (at as Date).toISOString()

export function findingOf(row: Row): StoredFinding {
  const steps = row.steps as KeptStep[]
  const suspicion = row.suspicion as Suspicion
  const order = row.order as { year: number; number: number | null } | null
  const code = row.code as RuleCode
  const state = row.state as SupervisionState
  const dueMs = dueMsOf(state, (row.since as Date).getTime())
  const takers: Taken[] = [
    ...steps.flatMap(({ action, accountId }) => (accountId === null ? [] : [{ action, accountId }])),
    ...(row.concerned as number[]).map((accountId) => ({ action: 'raise', accountId })),
  ]
  return {
    id: row.finding_id as number,
    findingId: row.finding_id as number,
    rule: code,
    severity: row.severity as Severity,
    state,
    since: iso(row.since),
    dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
    from: iso(row.from_at),
    until: row.until_at === null ? null : iso(row.until_at),
    figure: suspicion.figure,
    threshold: suspicion.threshold,
    unit: unitOf(code, suspicion.note),
    note: suspicion.note ?? null,
    vehicle: {
      vehicleId: row.vehicle_id as number,
      plate: row.plate as string,
      plateColour: row.plate_colour as 'blue',
      class: row.class as VehicleClass,
    },
    organisation: { organisationId: row.unit_id as number, name: row.unit as string },
    driver: row.driver_id === null ? null : { driverId: row.driver_id as number, name: row.driver as string },
    order:
      row.order_id === null
        ? null
        : { orderId: row.order_id as number, number: order?.number == null ? null : orderNumber(order.year, order.number) },
    raisedAt: iso(row.raised_at),
    rarity:
      row.beyond == null
        ? null
        : { beyond: row.beyond as number, of: row.of as number, per: rules[code].kind === 'state' ? 'vehicle' : 'day' },
    version: row.version as number,
    suspicion,
    paramsId: row.params_id as number | null,
    steps: steps.map(({ accountId: _account, data, at, ...step }) => ({
      ...step,
      at: new Date(at).toISOString(),
      why: (data.why as 'facts' | 'ended' | undefined) ?? null,
    })),
    photos: (row.photos as Finding['photos']).map(({ at, ...photo }) => ({ ...photo, at: new Date(at).toISOString() })),
    takers,
    times: { sinceMs: (row.since as Date).getTime(), untilMs: null },
    concerns: row.concerns as boolean,
    inScope: row.in_scope as boolean,
  }
}

/** @throws Refusal NOT_FOUND for one out of reach */
export async function loadFinding(db: Queryable, who: Who<Reachable>, findingId: number, lock = ''): Promise<StoredFinding> {
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE f.finding_id = $5 AND ${isReached(who)} ${lock}`, [
    ...valuesOf(who),
    findingId,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return findingOf(rows[0])
}
