// Rules of approval: dated rows of an organisation for everything below it, the nearest above a unit holds.
import type { ApprovalRulesRow } from '../../contracts/api/approvals.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { ApprovalRules } from '../../domain/approvals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { requireOrganisation } from '../kernel/within.ts'
import type { Sent } from './own.ts'

type Kept = { id: number | null; name: string; effectiveFrom: string; rules: ApprovalRules; version: number }
const rowOf = ({ id, name, ...row }: Kept): ApprovalRulesRow => ({
  ...row,
  organisation: id === null ? null : { organisationId: id, name },
})

/** Those of the scope, and those above it that hold for it. */
export async function listApprovalRules(db: Queryable, { lft, rgt }: Scope): Promise<{ rows: ApprovalRulesRow[] }> {
  const { rows } = await db.query<Kept>(
    `SELECT p.organisation_id AS id, o.name, p.effective_from::text AS "effectiveFrom", p.rules, p.version
     FROM approval_rules p LEFT JOIN organisations o USING (organisation_id)
     WHERE p.organisation_id IS NULL OR o.lft BETWEEN $1 AND $2 OR (o.lft <= $1 AND $2 <= o.rgt)
     ORDER BY o.lft NULLS FIRST, p.effective_from DESC LIMIT 500`,
    [lft, rgt],
  )
  return { rows: rows.map(rowOf) }
}

/** @throws Refusal VALIDATION_FAILED for an organisation out of scope, or a day that is past: by what held yesterday was decided yesterday */
export async function setApprovalRules(
  { client, scope, today, record }: Act,
  { organisationId, effectiveFrom, rules, reason }: Sent<'setApprovalRules'>,
): Promise<ApprovalRulesRow> {
  if (effectiveFrom < today || effectiveFrom > '2199-12-31')
    throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'approval.dayPast', { firstDay: today })
  const { name } = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const { rows: before } = await client.query<{ rules: ApprovalRules }>(
    'SELECT rules FROM approval_rules WHERE organisation_id = $1 AND effective_from = $2 FOR UPDATE',
    [organisationId, effectiveFrom],
  )
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO approval_rules (organisation_id, effective_from, rules) VALUES ($1, $2, $3)
     ON CONFLICT (organisation_id, effective_from) DO UPDATE SET rules = excluded.rules, version = approval_rules.version + 1 RETURNING version`,
    [organisationId, effectiveFrom, JSON.stringify(rules)],
  )
  record(
    'approval.rules',
    { type: 'organisation', id: organisationId },
    { before: before[0]?.rules ?? null, after: { effectiveFrom, ...rules }, reason },
  )
  return { organisation: { organisationId, name }, effectiveFrom, rules, version: rows[0]!.version }
}
