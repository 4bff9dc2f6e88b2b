// What those see of sensitive vehicles who are not named, and how long an unmasking may last: dated rows, the nearest organisation above wins.
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { SecretSight } from '../../domain/secrecy.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { nearestAbove } from '../kernel/dated.ts'
import { requireOrganisation } from '../kernel/within.ts'

export type SecrecyRule = { sight: SecretSight; maxHours: number }

/** What holds for an organisation on `day`. The region's first row is always there. */
export async function ruleFor(db: Queryable, { lft }: { lft: number }, day: string): Promise<SecrecyRule> {
  const { rows } = await db.query<SecrecyRule>(nearestAbove('secrecy_policies', 'p.sight, p.max_hours AS "maxHours"', '$1', '$2'), [
    lft,
    day,
  ])
  if (!rows[0]) throw new Error(`no policy of sensitive vehicles holds on ${day}`)
  return rows[0]
}

/** Those of the scope, and those above it that hold for it. */
export async function listPolicies(db: Queryable, { lft, rgt }: Scope): Promise<AnswerOf<'listSecrecyPolicies'>> {
  const { rows } = await db.query<{ id: number | null; name: string; effectiveFrom: string } & SecrecyRule>(
    `SELECT p.organisation_id AS id, o.name, p.effective_from::text AS "effectiveFrom", p.sight, p.max_hours AS "maxHours"
     FROM secrecy_policies p LEFT JOIN organisations o USING (organisation_id)
     WHERE p.organisation_id IS NULL OR o.lft BETWEEN $1 AND $2 OR (o.lft <= $1 AND $2 <= o.rgt)
     ORDER BY o.lft NULLS FIRST, p.effective_from DESC LIMIT 500`,
    [lft, rgt],
  )
  return {
    rows: rows.map(({ id, name, ...rest }) => ({ ...rest, organisation: id === null ? null : { organisationId: id, name } })),
  }
}

/** @throws Refusal VALIDATION_FAILED for an organisation out of scope, or a day that is past: what was shown yesterday was shown */
export async function setPolicy(
  { client, scope, today, record }: Act,
  { organisationId, effectiveFrom, sight, maxHours, reason }: BodyOf<'setSecrecyPolicy'>,
): Promise<AnswerOf<'setSecrecyPolicy'>> {
  if (effectiveFrom < today || effectiveFrom > '2199-12-31') throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'secrecy.dayPast')
  const unit = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const before = await ruleFor(client, unit, effectiveFrom)
  await client.query(
    `INSERT INTO secrecy_policies (organisation_id, effective_from, sight, max_hours) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organisation_id, effective_from) DO UPDATE SET sight = excluded.sight, max_hours = excluded.max_hours`,
    [organisationId, effectiveFrom, sight, maxHours],
  )
  record('secrecy.policy', { type: 'organisation', id: organisationId }, { before, after: { sight, maxHours, effectiveFrom }, reason })
  return { organisation: { organisationId, name: unit.name }, effectiveFrom, sight, maxHours }
}
