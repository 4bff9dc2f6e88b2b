// Drafts what may be public of a month: trips that have returned, of vehicles and purposes of which the rule in force tells. Rules are dated rows.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type Drafted, type DraftedTrip, type PublicationItem, publicClasses, publicPurposes } from '../../domain/publication.ts'
import { daysOfPeriod } from '../../domain/statistics/period.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { nearestAbove } from '../kernel/dated.ts'
import { keepStep } from '../kernel/procedure.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import { isHeldFor, type Organisation, requireOrganisation } from '../kernel/within.ts'
import { TABLE } from './publications.ts'

const MOST_TRIPS = 20_000
/** SQL: whatever the rule says, nothing of these is public. */
const never = `v.class = 'law_enforcement' OR v.category IN ('LAW_ENFORCEMENT', 'CONFIDENTIAL_COURIER') OR r.kind = 'emergency'`

/** @throws Refusal VALIDATION_FAILED for what is no month, and out of the scope; CONFLICT for one that is not over, where no rule is in force, and where one stands */
export async function draftPublication(act: Act, { organisationId, month }: z.output<Api['draftPublication']['body']>): Promise<number> {
  const { client, scope, today, nowMs } = act
  const days = month.length === 7 ? daysOfPeriod(month) : null
  if (!days) throw refusal('VALIDATION_FAILED', 'body.month', 'publication.month')
  const organisation = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  if (days.until >= today) throw refusal('CONFLICT', 'body.month', 'publication.notOver', { day: days.until })
  const { rows: rules } = await client.query<{ items: PublicationItem[]; classes: string[]; purposes: string[] }>(
    nearestAbove('publication_rules', 'p.items, p.classes, p.purposes', '$1', '$2'),
    [organisation.lft, today],
  )
  const rule = rules[0]
  if (!rule) throw refusal('CONFLICT', 'body.organisationId', 'publication.noRule')
  const { rowCount: standing } = await client.query(
    `SELECT FROM publications p WHERE p.organisation_id = $1 AND p.month = $2 AND p.state IN ('DRAFTED', 'PUBLISHED')`,
    [organisationId, month],
  )
  if (standing > 0) throw refusal('CONFLICT', 'body.month', 'publication.stands')
  const drafted: Drafted = {
    form: 'morin-publication-1',
    organisation: { organisationId, name: organisation.name },
    ...{ month, items: rule.items },
    trips: await tripsOf(client, organisation, days, rule),
  }
  const body = canonicalJson(drafted)
  const hash = sha256(body).toString('hex')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO publications (organisation_id, month, state, since, body, sha256) VALUES ($1, $2, 'DRAFTED', $3, $4, $5) RETURNING publication_id AS id`,
    [organisationId, month, new Date(nowMs), body, hash],
  )
  const { id } = rows[0]!
  await keepStep(act, TABLE, id, { action: 'draft', to: 'DRAFTED', reason: '' })
  act.record(
    'publication.draft',
    { type: 'publication', id },
    { after: { month, organisationId, trips: drafted.trips.length, sha256: hash } },
  )
  return id
}

async function tripsOf(
  client: Queryable,
  { lft, rgt }: Organisation,
  { from, until }: { from: string; until: string },
  { classes, purposes }: { classes: string[]; purposes: string[] },
): Promise<DraftedTrip[]> {
  const { rows } = await client.query<DraftedTrip>(
    `SELECT d.order_id AS "orderId", w.ids AS "vehicleIds", u.name AS unit, ((d.departed_at AT TIME ZONE 'Asia/Shanghai')::date)::text AS day, r.purpose_kind AS purpose,
       (SELECT min(l.name) FROM places l WHERE l.name = r.to_stop ->> 'name' AND l.kind IN ('compound', 'designated_lot', 'fuel_station', 'charging_station')) AS place,
       round(w.m / 1000.0, 1)::float8 AS km,
       (SELECT coalesce(sum(e.fen), 0) FROM cost_entries e WHERE e.order_id = d.order_id AND e.kind IN ('fuel', 'charge'))::float8 AS "fuelFen",
       (SELECT coalesce(sum(e.fen), 0) FROM cost_entries e WHERE e.order_id = d.order_id AND e.kind <> 'transfer')::float8 AS "costFen"
     FROM dispatch_orders d JOIN trip_requests r USING (request_id) JOIN organisations u ON u.organisation_id = r.unit_id
     CROSS JOIN LATERAL (SELECT array_agg(DISTINCT p.vehicle_id) AS ids, coalesce(sum(greatest(p.odometer_back_m - p.odometer_out_m, 0)), 0) AS m,
       bool_and(v.vehicle_id IS NOT NULL AND v.class = ANY($5) AND NOT (${never}) AND h.vehicle_id IS NULL) AS open
       FROM order_parts p LEFT JOIN every_vehicle v USING (vehicle_id) LEFT JOIN ${hiddenVehicles(`'{}'`)} h USING (vehicle_id) WHERE p.order_id = d.order_id) w
     WHERE u.lft BETWEEN $1 AND $2 AND d.state IN ('RETURNED', 'CONFIRMED', 'SETTLED', 'CLOSED') AND d.returned_at IS NOT NULL
       AND d.departed_at >= ($3::date)::timestamp AT TIME ZONE 'Asia/Shanghai' AND d.departed_at < ($4::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND w.open AND r.purpose_kind = ANY($6) ORDER BY u.lft, d.departed_at, d.order_id LIMIT ${MOST_TRIPS}`,
    [
      ...[lft, rgt, from, until],
      classes.filter((one) => (publicClasses as readonly string[]).includes(one)),
      purposes.filter((one) => (publicPurposes as readonly string[]).includes(one)),
    ],
  )
  return rows
}

export async function listPublicationRules(db: Queryable, { lft, rgt }: Scope): Promise<AnswerOf<'listPublicationRules'>> {
  const { rows } = await db.query<AnswerOf<'listPublicationRules'>['rows'][number]>(
    `SELECT p.rule_id AS "ruleId", p.organisation_id AS "organisationId", o.name AS organisation, p.effective_from::text AS "effectiveFrom", p.items, p.classes, p.purposes
     FROM publication_rules p JOIN organisations o USING (organisation_id) WHERE ${isHeldFor('o', '$1', '$2')} ORDER BY o.lft, p.effective_from DESC, p.rule_id`,
    [lft, rgt],
  )
  return { rows }
}

/** @throws Refusal VALIDATION_FAILED out of the scope, and for a day that is over; CONFLICT where the day has one */
export async function setPublicationRule(
  { client, scope, today, nowMs, caller, record }: Act,
  { organisationId, effectiveFrom, items, classes, purposes, reason }: z.output<Api['setPublicationRule']['body']>,
): Promise<AnswerOf<'setPublicationRule'>> {
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  if (effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'time.past')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO publication_rules (organisation_id, effective_from, items, classes, purposes, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT DO NOTHING RETURNING rule_id AS id`,
    [organisationId, effectiveFrom, items, classes, purposes, caller.accountId, new Date(nowMs)],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.effectiveFrom', 'publication.ruleStands')
  record(
    'publication.rule',
    { type: 'organisation', id: organisationId },
    { after: { effectiveFrom, publicItems: items, publicClasses: classes, publicPurposes: purposes }, reason },
  )
  return { ruleId: rows[0].id }
}
