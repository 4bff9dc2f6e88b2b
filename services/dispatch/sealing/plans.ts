// Plans of sealing: made once for a holiday of the calendar, and read with their counts. A plan writes one row a vehicle, in a few statements for all.
import type { z } from 'zod'
import type { SealPlan } from '../../contracts/api/sealing.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayStartMs, daysBetween } from '../../domain/days.ts'
import { MAX_SEAL_DAYS, MAX_SEALED, type SealProof, type SealState, sealProofs, sealStates } from '../../domain/sealing.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import type { Act } from '../kernel/act.ts'
import { announceSealPlan } from '../kernel/announce.ts'
import type { Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isHeldFor, requireOrganisation } from '../kernel/within.ts'
import { FROM, REACHED, valuesOf } from './sealRows.ts'

type Body = z.output<Api['planSeals']['body']>

/**
 * @throws Refusal VALIDATION_FAILED for days that are not free by the calendar, that have no calendar yet, that are over or too many, for a vehicle that is
 * not of the organisation, and where nothing or too much would be sealed
 */
export async function planSeals(act: Act, { organisationId, fromDay, untilDay, exempt, reason }: Body): Promise<SealPlan> {
  const { client, scope, caller, nowMs, today } = act
  const unit = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const name = await nameOfHoliday(client, unit.lft, { fromDay, untilDay, today })
  const { rows: made } = await client.query<{ id: number }>(
    `INSERT INTO seal_plans (organisation_id, name, from_day, until_day, reason, planned_by, planned_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING plan_id AS id`,
    [organisationId, name, fromDay, untilDay, reason, caller.accountId, new Date(nowMs)],
  )
  const planId = made[0]!.id
  // One that is named twice is exempt once.
  const given = new Map(exempt.map(({ vehicleId, why }) => [vehicleId, why]))
  // Whoever is held or promised already stays so: a plan takes no order away.
  const { rows: seals } = await client.query<{ vehicleId: number; exempt: string | null }>(
    `INSERT INTO vehicle_seals (plan_id, vehicle_id, unit_id, state, since, from_at, until_at, exempt)
     SELECT $1, x.vehicle_id, x.user_unit_id, CASE WHEN x.exempt IS NULL THEN 'PLANNED' ELSE 'EXEMPT' END, $2, $3, $4, x.exempt
     FROM (SELECT v.vehicle_id, v.user_unit_id, coalesce(g.why,
         (SELECT CASE r.reason WHEN 'trip' THEN 'order' WHEN 'seal' THEN 'sealed' ELSE r.reason END FROM reservations r
          WHERE r.vehicle_id = v.vehicle_id AND r.during && tstzrange($3, $4) ORDER BY r.reason = 'trip', r.reservation_id LIMIT 1),
         CASE WHEN v.category = 'EMERGENCY_SUPPORT' THEN 'emergency' END) AS exempt
       FROM ${openVehicles('$7')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
       LEFT JOIN unnest($8::int[], $9::text[]) g (vehicle_id, why) ON g.vehicle_id = v.vehicle_id
       WHERE o.lft BETWEEN $5 AND $6 AND v.state IN ('AVAILABLE', 'MAINTENANCE', 'SEALED') AND v.class <> 'law_enforcement'
       ORDER BY v.vehicle_id LIMIT ${MAX_SEALED + 1}) x
     RETURNING vehicle_id AS "vehicleId", exempt`,
    [
      ...[
        planId,
        new Date(nowMs),
        new Date(dayStartMs(fromDay)),
        new Date(dayStartMs(addDays(untilDay, 1))),
        unit.lft,
        unit.rgt,
        scope.cleared,
      ],
      [...given.keys()],
      [...given.values()],
    ],
  )
  if (seals.length > MAX_SEALED) throw refusal('VALIDATION_FAILED', 'body.organisationId', 'seal.many', { most: MAX_SEALED })
  const strange = exempt.findIndex(({ vehicleId }) => !seals.some((seal) => seal.vehicleId === vehicleId))
  if (strange >= 0) throw refusal('VALIDATION_FAILED', `body.exempt.${strange}.vehicleId`, 'seal.vehicle')
  const planned = seals.filter((seal) => seal.exempt === null).length
  if (planned === 0) throw refusal('VALIDATION_FAILED', 'body.organisationId', 'seal.none', { exempt: seals.length })
  await client.query(
    `INSERT INTO vehicle_seal_steps (seal_id, step, action, state, at, account_id, username, reason)
     SELECT seal_id, 1, 'plan', state, $2, $3, $4, $5 FROM vehicle_seals WHERE plan_id = $1`,
    [planId, new Date(nowMs), caller.accountId, act.actorName, reason],
  )
  await client.query(
    `INSERT INTO reservations (vehicle_id, during, reason, seal_id)
     SELECT vehicle_id, tstzrange(from_at, until_at), 'seal', seal_id FROM vehicle_seals WHERE plan_id = $1 AND state = 'PLANNED'`,
    [planId],
  )
  await announceSealPlan(act, planId, reason)
  act.record(
    'seal.plan',
    { type: 'organisation', id: organisationId },
    { after: { planId, name, fromDay, untilDay, count: planned, exempt: seals.length - planned }, reason },
  )
  return (await tellPlans(client, { caller, reach: scope }, 'p.plan_id = $4', [planId]))[0]!
}

/** A holiday of the calendar: every day of it is free there, and its year is announced. Nothing is guessed from weekends. */
async function nameOfHoliday(
  db: Queryable,
  lft: number,
  { fromDay, untilDay, today }: { fromDay: string; untilDay: string; today: string },
): Promise<string> {
  if (untilDay < fromDay) throw refusal('VALIDATION_FAILED', 'body.untilDay', 'seal.order')
  if (untilDay < today) throw refusal('VALIDATION_FAILED', 'body.untilDay', 'time.past')
  if (untilDay > addDays(fromDay, MAX_SEAL_DAYS - 1))
    throw refusal('VALIDATION_FAILED', 'body.untilDay', 'seal.long', { days: MAX_SEAL_DAYS })
  const calendar = (await readCalendarBook(db, fromDay, untilDay)).of(lft)
  const days = daysBetween(fromDay, untilDay)
  for (const day of days) {
    const kind = calendar.dayKind(day)
    if (kind === 'unknown') throw refusal('VALIDATION_FAILED', 'body.fromDay', 'seal.unannounced', { year: day.slice(0, 4) })
    if (kind === 'workday') throw refusal('VALIDATION_FAILED', 'body.fromDay', 'seal.workday', { day })
  }
  return days.map((day) => calendar.findRow(day)?.name).find((name) => name) ?? '周末'
}

export async function listSealPlans(
  db: Queryable,
  who: Who,
  { limit, offset }: z.output<Api['listSealPlans']['query']>,
): Promise<AnswerOf<'listSealPlans'>> {
  const { rows } = await db.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM seal_plans p JOIN organisations o USING (organisation_id) WHERE ${isHeldFor('o', '$1', '$2')}`,
    [who.reach.lft, who.reach.rgt],
  )
  const page = await tellPlans(db, who, 'true ORDER BY p.from_day DESC, p.plan_id DESC LIMIT $4 OFFSET $5', [limit, offset])
  return { total: rows[0]!.total, rows: page }
}

/** @throws Refusal NOT_FOUND */
export async function getSealPlan(db: Queryable, who: Who, planId: number): Promise<AnswerOf<'getSealPlan'>> {
  const [plan] = await tellPlans(db, who, 'p.plan_id = $4', [planId])
  if (!plan) throw new Refusal('NOT_FOUND')
  const counted = await countSeals(db, who, [planId], 'u.organisation_id, u.name')
  const units = new Map<number, Counted[]>()
  for (const row of counted) units.set(row.unitId!, [...(units.get(row.unitId!) ?? []), row])
  return {
    ...plan,
    units: [...units].map(([organisationId, rows]) => ({ organisation: { organisationId, name: rows[0]!.unit! }, ...countsOf(rows) })),
  }
}

/** `where`: SQL over `p`, whose own placeholders begin at $4. */
async function tellPlans(db: Queryable, who: Who, where: string, values: readonly unknown[]): Promise<SealPlan[]> {
  type Stored = Pick<SealPlan, 'planId' | 'name' | 'fromDay' | 'untilDay' | 'reason' | 'plannedBy'> & {
    plannedAt: Date
    unitId: number
    unit: string
  }
  const { rows } = await db.query<Stored>(
    `SELECT p.plan_id AS "planId", p.name, p.from_day::text AS "fromDay", p.until_day::text AS "untilDay", p.reason, a.display_name AS "plannedBy",
       p.planned_at AS "plannedAt", o.organisation_id AS "unitId", o.name AS unit
     FROM seal_plans p JOIN organisations o USING (organisation_id) JOIN accounts a ON a.account_id = p.planned_by
     WHERE ${isHeldFor('o', '$1', '$2')} AND $3::int[] IS NOT NULL AND ${where}`,
    [...valuesOf(who), ...values],
  )
  const counted = await countSeals(
    db,
    who,
    rows.map(({ planId }) => planId),
  )
  return rows.map(({ unitId, unit, plannedAt, ...plan }) => ({
    ...plan,
    organisation: { organisationId: unitId, name: unit },
    plannedAt: plannedAt.toISOString(),
    ...countsOf(counted.filter(({ planId }) => planId === plan.planId)),
  }))
}

type Counted = { planId: number; state: SealState; proof: SealProof | null; count: number; unitId?: number; unit?: string }
async function countSeals(db: Queryable, who: Who, planIds: readonly number[], by = ''): Promise<Counted[]> {
  const unit = by && ', u.organisation_id AS "unitId", u.name AS unit'
  const { rows } = await db.query<Counted>(
    `SELECT s.plan_id AS "planId", s.state, s.proof, count(*)::int AS count${unit} ${FROM} WHERE ${REACHED} AND s.plan_id = ANY($4::int[])
     GROUP BY s.plan_id, s.state, s.proof${by && `, ${by}, u.lft ORDER BY u.lft`}`,
    [...valuesOf(who), planIds],
  )
  return rows
}

function countsOf(rows: readonly Counted[]): Pick<SealPlan, 'states' | 'proofs'> {
  const sum = <K extends string>(keys: readonly K[], of: (row: Counted) => K | null) =>
    Object.fromEntries(keys.map((key) => [key, rows.filter((row) => of(row) === key).reduce((n, { count }) => n + count, 0)])) as Record<
      K,
      number
    >
  return { states: sum(sealStates, ({ state }) => state), proofs: sum(sealProofs, ({ proof }) => proof) }
}
