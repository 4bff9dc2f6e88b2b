// Plans of maintenance: set by whoever keeps vehicles, for one vehicle or a class of an organisation.
import type { z } from 'zod'
import type { MaintenancePlan } from '../../contracts/api/upkeep.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import { may, type Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isHeldFor, isUnder, requireOrganisation } from '../kernel/within.ts'
import { requireVehicle } from './vehicle.ts'

type Stored = Pick<MaintenancePlan, 'planId' | 'item' | 'everyKm' | 'everyMonths' | 'note' | 'version'> & {
  class: VehicleClass | null
  endedAt: Date | null
  unitId: number
  unit: string
  lft: number
  vehicleId: number | null
  plate: string | null
  plateColour: 'blue'
  total?: number
}

const FROM = `FROM maintenance_plans p JOIN organisations o USING (organisation_id) LEFT JOIN ${openVehicles('$3')} v ON v.vehicle_id = p.vehicle_id
  WHERE ${isHeldFor('o', '$1', '$2')} AND (p.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)`
const columns = `p.plan_id AS "planId", p.item, p.class, p.every_km AS "everyKm", p.every_months AS "everyMonths", p.note, p.ended_at AS "endedAt", p.version,
  o.organisation_id AS "unitId", o.name AS unit, o.lft, v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour"`

function tell(who: Who, { total: _total, unitId, unit, lft, vehicleId, plate, plateColour, endedAt, ...plan }: Stored): MaintenancePlan {
  const { reach, caller } = who
  return {
    ...plan,
    organisation: { organisationId: unitId, name: unit },
    vehicle: vehicleId === null ? null : { vehicleId, plate: plate!, plateColour },
    endedAt: endedAt?.toISOString() ?? null,
    mayChange: endedAt === null && may(caller, 'ledger.draft') && lft >= reach.lft && lft <= reach.rgt,
  }
}

export async function listPlans(
  db: Queryable,
  who: Who,
  { organisationId, only, limit, offset }: z.output<Api['listMaintenancePlans']['query']>,
): Promise<AnswerOf<'listMaintenancePlans'>> {
  const { lft, rgt, cleared } = who.reach
  const tests = `($4::text IS NULL OR (p.ended_at IS NULL) = ($4 = 'running')) AND ($5::bigint IS NULL OR ${isUnder('$5::bigint', 'o')})`
  const values = [lft, rgt, cleared, only ?? null, organisationId ?? null]
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*)::int AS total ${FROM} AND ${tests}`, values)
  const { rows } = await db.query<Stored>(
    `SELECT ${columns} ${FROM} AND ${tests} ORDER BY p.ended_at IS NOT NULL, p.vehicle_id IS NOT NULL, o.lft, p.item, p.plan_id LIMIT $6 OFFSET $7`,
    [...values, limit, offset],
  )
  return { total: counted[0]!.total, rows: rows.map((row) => tell(who, row)) }
}

async function loadPlan({ client, caller, scope }: Act, planId: number): Promise<MaintenancePlan> {
  const { lft, rgt, cleared } = scope
  const { rows } = await client.query<Stored>(`SELECT ${columns} ${FROM} AND p.plan_id = $4`, [lft, rgt, cleared, planId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return tell({ caller, reach: scope }, rows[0])
}

/** @throws Refusal VALIDATION_FAILED for an organisation or a vehicle out of reach; CONFLICT where one of that name runs already */
export async function addPlan(act: Act, sent: z.output<Api['addMaintenancePlan']['body']>): Promise<MaintenancePlan> {
  const { client, scope } = act
  const { vehicleId, class: of, item, everyKm, everyMonths, note } = sent
  // A plan of one vehicle is kept where the vehicle is.
  const organisationId = vehicleId === null ? sent.organisationId : (await requireVehicle(act, vehicleId)).unitId
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rows: same } = await client.query(
    `SELECT FROM maintenance_plans WHERE ended_at IS NULL AND item = $1
       AND CASE WHEN $2::int IS NULL THEN vehicle_id IS NULL AND organisation_id = $3 AND class = $4 ELSE vehicle_id = $2 END`,
    [item, vehicleId, organisationId, of],
  )
  if (same.length > 0) throw refusal('CONFLICT', 'body.item', 'plan.taken', { item })
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO maintenance_plans (organisation_id, vehicle_id, class, item, every_km, every_months, note) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING plan_id AS id`,
    [organisationId, vehicleId, of, item, everyKm, everyMonths, note || null],
  )
  const planId = rows[0]!.id
  act.record('upkeep.plan', subjectOf(vehicleId, organisationId), {
    after: { maintenancePlanId: planId, class: of, plannedItem: item, everyKm, everyMonths, note },
  })
  return loadPlan(act, planId)
}

const subjectOf = (vehicleId: number | null, organisationId: number) =>
  vehicleId === null ? { type: 'organisation', id: organisationId } : { type: 'vehicle', id: vehicleId }

/** @throws Refusal NOT_FOUND, also for one that is set above; CHANGED_MEANWHILE; CONFLICT for one that has ended */
export async function changePlan(act: Act, planId: number, sent: z.output<Api['changeMaintenancePlan']['body']>): Promise<MaintenancePlan> {
  const { client, nowMs } = act
  const { everyKm, everyMonths, note, ended, reason } = sent
  await client.query('SELECT FROM maintenance_plans WHERE plan_id = $1 FOR UPDATE', [planId])
  const plan = await loadPlan(act, planId)
  requireVersion(plan, sent.version)
  if (plan.endedAt !== null) throw refusal('CONFLICT', 'body', 'plan.ended', { item: plan.item })
  if (!plan.mayChange) throw new Refusal('NOT_FOUND')
  const endedAt = ended ? new Date(nowMs) : null
  await changeRow(
    client,
    { table: 'maintenance_plans', key: 'plan_id', id: planId },
    { every_km: everyKm, every_months: everyMonths, note: note || null, ended_at: endedAt },
  )
  act.record('upkeep.plan-change', subjectOf(plan.vehicle?.vehicleId ?? null, plan.organisation.organisationId), {
    before: { everyKm: plan.everyKm, everyMonths: plan.everyMonths, note: plan.note },
    after: { everyKm, everyMonths, note: note || null, ...(ended ? { endedAt: endedAt!.toISOString() } : {}) },
    detail: { maintenancePlanId: planId, plannedItem: plan.item },
    reason,
  })
  return loadPlan(act, planId)
}
