// Limits and policies as dated rows: they are added, never changed, so that a judgement of last year can be made again.
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { policyFor } from './standards.ts'
import { getOpenUnit } from './units.ts'

type Limit = AnswerOf<'listStandards'>['limits'][number]

/** Limits of organisations in the scope, and those above it that hold for it. */
export async function listStandards(db: Queryable, scope: Scope, today: string): Promise<AnswerOf<'listStandards'>> {
  const { rows } = await db.query<Omit<Limit, 'organisation'> & { unitId: number; unitName: string }>(
    `SELECT l.limit_id AS "limitId", o.organisation_id AS "unitId", o.name AS "unitName", l.category, l.body_type AS "bodyType",
            l.new_energy AS "newEnergy", l.max_price_fen AS "maxPriceFen", l.max_displacement_ml AS "maxDisplacementMl",
            l.effective_from::text AS "effectiveFrom", l.note
     FROM standard_limits l JOIN organisations o USING (organisation_id)
     WHERE o.lft BETWEEN $1 AND $2 OR (o.lft <= $1 AND $2 <= o.rgt)
     ORDER BY o.lft, l.category, l.body_type NULLS FIRST, l.new_energy NULLS FIRST, l.effective_from DESC`,
    [scope.lft, scope.rgt],
  )
  return {
    limits: rows.map(({ unitId, unitName, ...limit }) => ({ ...limit, organisation: { organisationId: unitId, name: unitName } })),
    policy: await policyFor(db, scope, today),
  }
}

export async function addStandardLimit(change: Act, body: BodyOf<'addStandardLimit'>): Promise<{ limitId: number }> {
  const { client, scope } = change
  const { reason, ...limit } = body
  await getOpenUnit(client, scope, limit.organisationId, 'body.organisationId')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO standard_limits (organisation_id, category, body_type, new_energy, max_price_fen, max_displacement_ml, effective_from, note)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING limit_id AS id`,
    [
      limit.organisationId,
      limit.category,
      limit.bodyType,
      limit.newEnergy,
      limit.maxPriceFen,
      limit.maxDisplacementMl,
      limit.effectiveFrom,
      reason,
    ],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.effectiveFrom', 'standard.known')
  change.record('standard.add', { type: 'standard', id: rows[0].id }, { after: limit, reason })
  return { limitId: rows[0].id }
}

export async function setLedgerPolicy(change: Act, body: BodyOf<'setLedgerPolicy'>): Promise<void> {
  const { client, scope, today } = change
  const unit = await getOpenUnit(client, scope, body.organisationId, 'body.organisationId')
  const before = await policyFor(client, unit, today)
  const after = { overQuota: body.overQuota, overStandard: body.overStandard }
  await client.query(
    `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organisation_id, effective_from) DO UPDATE SET over_quota = excluded.over_quota, over_standard = excluded.over_standard,
       version = ledger_policies.version + 1`,
    [unit.organisationId, today, after.overQuota, after.overStandard],
  )
  change.record('policy.ledger', { type: 'organisation', id: unit.organisationId }, { before, after, reason: body.reason })
}
