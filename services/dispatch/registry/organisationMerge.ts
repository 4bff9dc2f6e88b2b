// Merging a unit into another: what hangs on it goes there, their quotas add up, and it is closed with a pointer to where it went.

import type { LedgerOrganisation } from '../../contracts/api/ledger.ts'
import type { BodyOf } from '../../contracts/api.ts'
import type { VehicleCategory } from '../../contracts/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import { type LedgerChange, requireVersion } from './ledgerChange.ts'
import { keepPast, organisationAnswer, scopeNow } from './organisationChange.ts'
import { judgeMerge } from './organisationRules.ts'
import { fillSeats } from './seats.ts'
import { renumber } from './tree.ts'
import { getUnit } from './units.ts'

export type QuotaStep = { effectiveFrom: string; seats: number }

/** Two quotas over time as one: on every day the sum of both. Steps before `today` are summed up in a step of today. */
export function addQuotas(a: readonly QuotaStep[], b: readonly QuotaStep[], today: string): QuotaStep[] {
  const on = (steps: readonly QuotaStep[], day: string) =>
    [...steps].sort((x, y) => (x.effectiveFrom < y.effectiveFrom ? 1 : -1)).find((step) => step.effectiveFrom <= day)?.seats ?? 0
  const days = new Set([today, ...[...a, ...b].map((step) => step.effectiveFrom).filter((day) => day > today)])
  return [...days].sort().map((day) => ({ effectiveFrom: day, seats: on(a, day) + on(b, day) }))
}

export async function mergeOrganisation(
  change: LedgerChange,
  organisationId: number,
  body: BodyOf<'mergeOrganisation'>,
): Promise<LedgerOrganisation> {
  const { client, scope, nowMs, today } = change
  const { unit, into } = await judgeMerge(client, scope, organisationId, body.intoId)
  requireVersion(unit, body.version)
  const categories = await mergeQuotas(change, organisationId, into.organisationId)
  const moved = await moveWhatHangs(client, organisationId, into.organisationId, unit.name)
  for (const category of categories) await fillSeats(client, into.organisationId, category, today)
  await keepPast(client, nowMs, 'parent_id = $2', [organisationId])
  await client.query(
    'UPDATE organisations SET parent_id = $2, adcode = CASE WHEN kind = $4 THEN $3 ELSE adcode END, version = version + 1 WHERE parent_id = $1',
    [organisationId, into.organisationId, into.adcode, 'unit'],
  )
  await client.query(
    'UPDATE organisations SET closed_at = $2, merged_into_id = $3, compound_id = NULL, pool_id = NULL, version = version + 1 WHERE organisation_id = $1',
    [organisationId, new Date(nowMs), into.organisationId],
  )
  await renumber(client)
  const closed = organisationAnswer(await getUnit(client, await scopeNow(change), organisationId))
  await change.record(
    'organisation.merge',
    { type: 'organisation', id: organisationId },
    {
      before: { closedAt: null, mergedIntoId: null },
      after: { closedAt: closed.closedAt, mergedIntoId: into.organisationId },
      detail: moved,
      reason: body.reason,
    },
  )
  return closed
}

/** The receiving unit's quota becomes the sum of both from today on, the merged unit's nothing. Returns the categories to seat anew. */
async function mergeQuotas({ client, nowMs, today, caller }: LedgerChange, fromId: number, intoId: number): Promise<VehicleCategory[]> {
  const { rows } = await client.query<{ unitId: number; category: VehicleCategory } & QuotaStep>(
    `SELECT unit_id AS "unitId", category, effective_from::text AS "effectiveFrom", seats FROM quotas
     WHERE state = 'APPROVED' AND unit_id IN ($1, $2)`,
    [fromId, intoId],
  )
  const { rows: used } = await client.query<{ category: VehicleCategory }>(
    'SELECT DISTINCT category FROM vehicles WHERE user_unit_id IN ($1, $2)',
    [fromId, intoId],
  )
  const categories = [...new Set([...rows, ...used].map(({ category }) => category))]
  for (const category of categories) {
    const of = (unitId: number) => rows.filter((row) => row.unitId === unitId && row.category === category)
    if (of(fromId).length === 0) continue
    const sum = addQuotas(of(intoId), of(fromId), today)
    for (const [unitId, steps] of [
      [intoId, sum],
      [fromId, sum.map((step) => ({ ...step, seats: 0 }))],
    ] as const) {
      await client.query(
        `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason, decided_by, decided_at)
         SELECT $1, $2, seats, day, 'APPROVED', '机构合并', $5, $6 FROM unnest($3::int[], $4::date[]) AS step (seats, day)
         ON CONFLICT (unit_id, category, effective_from) WHERE state = 'APPROVED'
         DO UPDATE SET seats = excluded.seats, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
           version = quotas.version + 1`,
        [unitId, category, steps.map((step) => step.seats), steps.map((step) => step.effectiveFrom), caller.accountId, new Date(nowMs)],
      )
    }
  }
  return categories
}

/** Everything that names the merged unit and lives on. Names that the receiving unit has already are told apart by the old unit's name. */
async function moveWhatHangs(client: Queryable, fromId: number, intoId: number, fromName: string): Promise<Record<string, number>> {
  const moved: Record<string, number> = {}
  const move = async (what: string, sql: string, values: unknown[] = []) => {
    const { rowCount } = await client.query(sql, [fromId, intoId, ...values])
    if (rowCount > 0) moved[what] = rowCount
  }
  await move('vehicles', 'UPDATE vehicles SET user_unit_id = $2, quota_seat = NULL, version = version + 1 WHERE user_unit_id = $1')
  await move('vehiclesOwned', 'UPDATE vehicles SET owner_unit_id = $2 WHERE owner_unit_id = $1')
  await move('drivers', 'UPDATE drivers SET organisation_id = $2, version = version + 1 WHERE organisation_id = $1')
  for (const table of ['driver_loans', 'accounts', 'role_grants', 'api_tokens', 'fuel_cards', 'suppliers', 'places'])
    await move(table, `UPDATE ${table} SET organisation_id = $2 WHERE organisation_id = $1`)
  for (const table of ['compounds', 'motor_pools'])
    await move(
      table,
      `UPDATE ${table} s SET organisation_id = $2,
         name = CASE WHEN EXISTS (SELECT FROM ${table} t WHERE t.organisation_id = $2 AND t.name = s.name) THEN s.name || '（' || $3::text || '）' ELSE s.name END
       WHERE organisation_id = $1`,
      [fromName],
    )
  return moved
}
