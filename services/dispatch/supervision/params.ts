// The values of rules as dated rows: added for a day to come, never changed, so that what was judged by old values stays as it was.
import { z } from 'zod'
import type { ParamsRow } from '../../contracts/api/supervision.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type RuleCode, ruleCodes } from '../../domain/supervision/codes.ts'
import { defaultParams, rules } from '../../domain/supervision/rules.ts'
import type { VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { isHeldFor, requireOrganisation } from '../kernel/within.ts'

export async function listRules(db: Queryable, { lft, rgt }: Scope): Promise<AnswerOf<'listRules'>> {
  type Stored = Omit<ParamsRow, 'organisation' | 'setAt'> & { organisationId: number; name: string; setAt: Date }
  const { rows } = await db.query<Stored>(
    `SELECT p.params_id AS "paramsId", p.code AS rule, o.organisation_id AS "organisationId", o.name, p.effective_from::text AS "effectiveFrom", p.enabled,
       p.class, p.params AS "values", p.note, a.display_name AS "setBy", p.set_at AS "setAt"
     FROM supervision_params p JOIN organisations o USING (organisation_id) JOIN accounts a ON a.account_id = p.set_by
     WHERE ${isHeldFor('o', '$1', '$2')} ORDER BY p.code, o.lft, p.effective_from DESC LIMIT 1000`,
    [lft, rgt],
  )
  return {
    rules: ruleCodes.map((code) => ({
      rule: code,
      severity: rules[code].severity,
      unit: rules[code].unit,
      defaults: defaultParams(code) as Record<string, unknown>,
      lawEnforcement: defaultParams(code, 'law_enforcement') as Record<string, unknown>,
    })),
    rows: rows.map(({ organisationId, name, setAt, values, ...row }) => ({
      ...row,
      // In the order of the rule, as its own.
      values: rules[row.rule].params.parse(values) as Record<string, unknown>,
      organisation: { organisationId, name },
      setAt: setAt.toISOString(),
    })),
  }
}

/** @throws Refusal VALIDATION_FAILED naming the value that the rule does not take */
export function readValues(code: RuleCode, of: VehicleClass | null, values: Record<string, unknown>): Record<string, unknown> {
  const known = defaultParams(code, of ?? undefined) as Record<string, unknown>
  const strange = Object.keys(values).find((name) => !Object.hasOwn(known, name))
  if (strange !== undefined)
    throw refusal('VALIDATION_FAILED', `body.values.${strange}`, 'rule.value', { names: Object.keys(known).join(' ') })
  // What is not said stays as the rule has it for that class.
  const read = rules[code].params.safeParse({ ...known, ...values })
  if (read.success) return read.data as Record<string, unknown>
  const [issue] = read.error.issues
  throw refusal('VALIDATION_FAILED', ['body', 'values', ...issue!.path].join('.'), 'rule.range', boundsOf(code, issue!.path))
}

/** Between what a value may be, whichever of the two it is beyond. */
function boundsOf(code: RuleCode, path: readonly PropertyKey[]): { least: string; most: string } {
  let at: z.core.JSONSchema.BaseSchema | undefined = z.toJSONSchema(rules[code].params, { io: 'input' })
  for (const name of path) {
    const next: z.core.JSONSchema._JSONSchema | undefined = at?.properties?.[String(name)]
    at = typeof next === 'object' ? next : undefined
  }
  return { least: String(at?.minimum ?? '–'), most: String(at?.maximum ?? '–') }
}

/** @throws Refusal VALIDATION_FAILED for a day that has begun or values beyond their bounds, CONFLICT where that day has values */
export async function setRuleParams(
  { client, scope, caller, nowMs, today, record }: Act,
  code: RuleCode,
  { organisationId, effectiveFrom, enabled, class: of, values, reason }: z.output<Api['setRuleParams']['body']>,
): Promise<{ paramsId: number }> {
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  // What has been judged stays judged by what was in force then.
  if (effectiveFrom <= today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'rule.day')
  const params = readValues(code, of, values)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO supervision_params (organisation_id, code, effective_from, enabled, params, note, set_by, set_at, class) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT DO NOTHING RETURNING params_id AS id`,
    [organisationId, code, effectiveFrom, enabled, JSON.stringify(params), reason, caller.accountId, new Date(nowMs), of],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.effectiveFrom', 'rule.known')
  record(
    'rule.set',
    { type: 'rule', id: rows[0].id },
    { after: { rule: code, organisationId, effectiveFrom, enabled, class: of, ...params }, reason },
  )
  return { paramsId: rows[0].id }
}
