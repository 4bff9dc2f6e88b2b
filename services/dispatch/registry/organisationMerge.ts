// Merging a unit into another: what hangs on it goes there, their quotas add up, and it is closed with a pointer to where it went.
import type { LedgerOrganisation } from '../../contracts/api/ledger.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { ownReason } from '../../domain/ownReasons.ts'
import type { VehicleCategory } from '../../domain/vehicle.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import { fillSeats } from '../kernel/seats.ts'
import { keepPast, organisationAnswer, scopeNow } from './organisationChange.ts'
import { judgeMerge } from './organisationRules.ts'
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
  change: Act,
  organisationId: number,
  body: BodyOf<'mergeOrganisation'>,
): Promise<LedgerOrganisation> {
  const { client, scope, nowMs, notes } = change
  const { unit, into } = await judgeMerge(client, scope, organisationId, body.intoId)
  requireVersion(unit, body.version)
  const categories = await mergeQuotas(change, organisationId, into.organisationId)
  const moved = await moveWhatHangs(change, organisationId, into.organisationId, unit.name)
  for (const category of categories) await fillSeats(change, into.organisationId, category)
  await keepPast(client, nowMs, 'parent_id = $2', [organisationId])
  const { rows: children } = await client.query<{ id: number; old: string; adcode: string }>(
    `UPDATE organisations o SET parent_id = $2, adcode = CASE WHEN kind = $4 THEN $3 ELSE o.adcode END, version = version + 1
     FROM (SELECT organisation_id, adcode FROM organisations WHERE parent_id = $1) old WHERE o.organisation_id = old.organisation_id
     RETURNING o.organisation_id AS id, old.adcode AS old, o.adcode`,
    [organisationId, into.organisationId, into.adcode, 'unit'],
  )
  for (const { id, old, adcode } of children)
    notes.add({ type: 'organisation', id }, { parentId: organisationId, adcode: old }, { parentId: into.organisationId, adcode })
  await client.query(
    'UPDATE organisations SET closed_at = $2, merged_into_id = $3, compound_id = NULL, pool_id = NULL, version = version + 1 WHERE organisation_id = $1',
    [organisationId, new Date(nowMs), into.organisationId],
  )
  await renumber(client)
  const closed = organisationAnswer(await getUnit(client, await scopeNow(change), organisationId))
  change.record(
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
async function mergeQuotas({ client, nowMs, today, caller, notes }: Act, fromId: number, intoId: number): Promise<VehicleCategory[]> {
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
      const { rows: made } = await client.query<{ id: number } & QuotaStep>(
        `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason, decided_by, decided_at)
         SELECT $1, $2, seats, day, 'APPROVED', $7, $5, $6 FROM unnest($3::int[], $4::date[]) AS step (seats, day)
         ON CONFLICT (unit_id, category, effective_from) WHERE state = 'APPROVED'
         DO UPDATE SET seats = excluded.seats, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
           version = quotas.version + 1
         RETURNING quota_id AS id, seats, effective_from::text AS "effectiveFrom"`,
        [
          unitId,
          category,
          steps.map((step) => step.seats),
          steps.map((step) => step.effectiveFrom),
          caller.accountId,
          new Date(nowMs),
          ownReason('merger'),
        ],
      )
      for (const { id, ...step } of made) notes.addMade({ type: 'quota', id }, { unitId, category, ...step })
    }
  }
  return categories
}

/** What hangs on a unit: table, its key, the word of the audit log, and whether its rows have a version. */
const hanging = [
  { table: 'drivers', key: 'driver_id', type: 'driver', versioned: true },
  { table: 'fuel_cards', key: 'fuel_card_id', type: 'fuel-card', versioned: true },
  { table: 'accounts', key: 'account_id', type: 'account', versioned: false },
  { table: 'api_tokens', key: 'token_id', type: 'token', versioned: false },
] as const

/**
 * Everything that names the merged unit and lives on; promises of vehicles and drivers stay, for their unit goes with them. Names that the receiving unit has already are told apart by the old unit's name.
 */
async function moveWhatHangs({ client, notes }: Act, fromId: number, intoId: number, fromName: string): Promise<Record<string, number>> {
  const moved: Record<string, number> = {}
  const move = async <T extends { id: number }>(what: string, sql: string, note: (row: T) => void, values: unknown[] = []) => {
    const { rows } = await client.query<T>(sql, [fromId, intoId, ...values])
    if (rows.length > 0) moved[what] = rows.length
    for (const row of rows) note(row)
  }
  await move<{ id: number; seat: number | null }>(
    'vehicles',
    `UPDATE vehicles v SET user_unit_id = $2, quota_seat = NULL, version = v.version + 1
     FROM (SELECT vehicle_id, quota_seat FROM vehicles WHERE user_unit_id = $1) old WHERE v.vehicle_id = old.vehicle_id
     RETURNING v.vehicle_id AS id, old.quota_seat AS seat`,
    ({ id, seat }) => notes.add({ type: 'vehicle', id }, { userUnitId: fromId, quotaSeat: seat }, { userUnitId: intoId, quotaSeat: null }),
  )
  await move(
    'vehiclesOwned',
    'UPDATE vehicles SET owner_unit_id = $2, version = version + 1 WHERE owner_unit_id = $1 RETURNING vehicle_id AS id',
    ({ id }) => notes.add({ type: 'vehicle', id }, { ownerUnitId: fromId }, { ownerUnitId: intoId }),
  )
  for (const { table, key, type, versioned } of hanging)
    await move(
      table,
      `UPDATE ${table} SET organisation_id = $2 ${versioned ? ', version = version + 1' : ''} WHERE organisation_id = $1 RETURNING ${key} AS id`,
      ({ id }) => notes.add({ type, id }, { organisationId: fromId }, { organisationId: intoId }),
    )
  // One in a vehicle goes with the vehicle.
  await move(
    'terminals',
    'UPDATE terminals SET organisation_id = $2, version = version + 1 WHERE organisation_id = $1 AND vehicle_id IS NULL RETURNING terminal_id AS id',
    ({ id }) => notes.add({ type: 'terminal', id }, { organisationId: fromId }, { organisationId: intoId }),
  )
  // Recorded with the driver and the account they are about.
  for (const [table, key] of [
    ['driver_loans', 'loan_id'],
    ['role_grants', 'grant_id'],
  ] as const)
    await move(table, `UPDATE ${table} SET organisation_id = $2 WHERE organisation_id = $1 RETURNING ${key} AS id`, () => undefined)
  for (const [table, key, type] of [
    ['compounds', 'compound_id', 'compound'],
    ['motor_pools', 'pool_id', 'pool'],
    ['suppliers', 'supplier_id', 'supplier'],
    ['places', 'place_id', 'place'],
  ] as const)
    await move<{ id: number; name: string; old: string }>(
      table,
      `UPDATE ${table} s SET organisation_id = $2, version = s.version + 1,
         name = CASE WHEN EXISTS (SELECT FROM ${table} t WHERE t.organisation_id = $2 AND t.name = s.name) THEN s.name || '（' || $3::text || '）' ELSE s.name END
       FROM (SELECT ${key}, name FROM ${table} WHERE organisation_id = $1) old WHERE s.${key} = old.${key}
       RETURNING s.${key} AS id, s.name, old.name AS old`,
      ({ id, name, old }) => notes.add({ type, id }, { organisationId: fromId, name: old }, { organisationId: intoId, name }),
      [fromName],
    )
  return moved
}
