// Applications for quota: draft → submitted → review → approved or returned. Approving is where the ledger's laws are asked:
// never below what is in service, and free seats are filled at once.

import type { QuotaApplication } from '../../contracts/api/quota.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { permittedActions, type QuotaAction, quotaLifecycle, type Standing } from '../../domain/lifecycle.ts'
import { isSubjectToQuota } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { type Caller, may, type Scope, type Who } from '../kernel/caller.ts'
import { everywhere, type Refusals, requireRight, requireStep, type Taken, takenBy } from '../kernel/procedure.ts'
import { capacityOf, fillSeats } from '../kernel/seats.ts'
import { getVehicleUnit } from './units.ts'

type Application = QuotaApplication & { standing: Standing }

const columns = `q.quota_id, q.unit_id, u.name AS unit_name, q.category, q.seats, q.effective_from::text AS effective_from, q.state, q.reason,
  q.returned_why, q.decided_at, q.version,
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'accountId', s.account_id)), '[]') FROM quota_steps s
   WHERE s.quota_id = q.quota_id) AS steps`
const refusals: Refusals = {
  notNow: { path: 'body.action', reason: 'quota.not' },
  samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
}

function applicationOf(row: Row, caller: Caller, taken: ReadonlySet<string>): Application {
  const state = row.state as Application['state']
  const standing: Standing = { state, may: (capability) => may(caller, capability), reaches: everywhere, taken }
  return {
    quotaId: row.quota_id as number,
    unitId: row.unit_id as number,
    unitName: row.unit_name as string,
    category: row.category as Application['category'],
    seats: row.seats as number,
    effectiveFrom: row.effective_from as string,
    state,
    reason: row.reason as string,
    returnedWhy: row.returned_why as string | null,
    decidedAt: (row.decided_at as Date | null)?.toISOString() ?? null,
    mayAct: permittedActions(quotaLifecycle, standing),
    standing,
    version: row.version as number,
  }
}

/** Takers of all the rows' steps are looked up at once. */
async function applicationsOf(db: Queryable, caller: Caller, rows: Row[]): Promise<Application[]> {
  const taken = await takenBy(
    db,
    caller,
    rows.map((row) => row.steps as Taken[]),
  )
  return rows.map((row, n) => applicationOf(row, caller, taken[n]!))
}

const keepStep = async ({ client, caller, nowMs }: Act, quotaId: number, action: QuotaAction | 'draft'): Promise<void> => {
  await client.query('INSERT INTO quota_steps (quota_id, action, account_id, at) VALUES ($1, $2, $3, $4)', [
    quotaId,
    action,
    caller.accountId,
    new Date(nowMs),
  ])
}

const answer = ({ standing: _standing, ...application }: Application): QuotaApplication => application
const subjectOf = (quotaId: number) => ({ type: 'quota', id: quotaId })

async function getApplication(db: Queryable, scope: Scope, caller: Caller, quotaId: number): Promise<Application> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id WHERE q.quota_id = $1 AND u.lft BETWEEN $2 AND $3`,
    [quotaId, scope.lft, scope.rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return (await applicationsOf(db, caller, rows))[0]!
}

export const readApplication = async (db: Queryable, { caller, reach }: Who, quotaId: number): Promise<QuotaApplication> =>
  answer(await getApplication(db, reach, caller, quotaId))

export async function listApplications(
  db: Queryable,
  { caller, reach }: Who,
  unitId: number,
  category: string,
): Promise<QuotaApplication[]> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE q.unit_id = $1 AND q.category = $2 AND u.lft BETWEEN $3 AND $4 ORDER BY q.effective_from DESC, q.quota_id DESC LIMIT 100`,
    [unitId, category, reach.lft, reach.rgt],
  )
  return (await applicationsOf(db, caller, rows)).map(answer)
}

export async function draftQuota(change: Act, body: BodyOf<'draftQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, today } = change
  const unit = await getVehicleUnit(client, scope, body.unitId, 'body.unitId')
  if (!isSubjectToQuota(body.category)) throw refusal('VALIDATION_FAILED', 'body.category', 'quota.leased')
  if (body.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, $2, $3, $4, 'DRAFT', $5)
     ON CONFLICT DO NOTHING RETURNING quota_id AS id`,
    [unit.organisationId, body.category, body.seats, body.effectiveFrom, body.reason],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.category', 'quota.open')
  await keepStep(change, rows[0].id, 'draft')
  const { reason, ...after } = body
  change.record('quota.draft', subjectOf(rows[0].id), { after, reason })
  return answer(await getApplication(client, scope, caller, rows[0].id))
}

export async function changeQuota(change: Act, quotaId: number, body: BodyOf<'changeQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, today } = change
  const old = await getApplication(client, scope, caller, quotaId)
  requireVersion(old, body.version)
  if (!quotaLifecycle.submit.from.some((state) => state === old.state)) throw refusal('CONFLICT', 'params.quotaId', 'quota.not')
  const changed = difference<Partial<QuotaApplication>>(old, { seats: body.seats, effectiveFrom: body.effectiveFrom })
  const next = { ...old, ...changed.after }
  if (next.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  // Who changes a figure drafts it: approving it is another person's work.
  await client.query('UPDATE quotas SET seats = $2, effective_from = $3, reason = $4, version = version + 1 WHERE quota_id = $1', [
    quotaId,
    next.seats,
    next.effectiveFrom,
    body.reason,
  ])
  await keepStep(change, quotaId, 'draft')
  change.record('quota.change', subjectOf(quotaId), { ...changed, reason: body.reason })
  return answer(await getApplication(client, scope, caller, quotaId))
}

export async function actOnQuota(change: Act, quotaId: number, body: BodyOf<'actOnQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, nowMs } = change
  requireRight(quotaLifecycle, body.action, caller)
  const old = await getApplication(client, scope, caller, quotaId)
  const { to } = requireStep(quotaLifecycle, body.action, old.standing, refusals, { row: old, seen: body.version })
  if (to === 'APPROVED') await requireApprovable(change, old)
  const decided = to === 'APPROVED' || to === 'RETURNED'
  await client.query(
    `UPDATE quotas SET state = $2, returned_why = $3, decided_by = $4, decided_at = $5, version = version + 1 WHERE quota_id = $1`,
    [quotaId, to, to === 'RETURNED' ? body.reason : null, decided ? caller.accountId : null, decided ? new Date(nowMs) : null],
  )
  await keepStep(change, quotaId, body.action as QuotaAction)
  if (to === 'APPROVED') await fillSeats(change, old.unitId, old.category)
  change.record('quota.step', subjectOf(quotaId), {
    before: { state: old.state },
    after: { state: to },
    detail: { action: body.action, unitId: old.unitId, category: old.category, seats: old.seats },
    reason: body.reason,
  })
  return answer(await getApplication(client, scope, caller, quotaId))
}

async function requireApprovable({ client, scope, today }: Act, { unitId, category, seats, effectiveFrom }: Application): Promise<void> {
  await getVehicleUnit(client, scope, unitId, 'params.quotaId')
  if (effectiveFrom < today) throw refusal('CONFLICT', 'body.action', 'quota.past')
  const { inService } = await capacityOf(client, unitId, category, today)
  if (seats < inService) throw refusal('CONFLICT', 'body.action', 'quota.belowInService', { inService })
  const { rowCount } = await client.query(
    `SELECT FROM quotas WHERE unit_id = $1 AND category = $2 AND effective_from = $3 AND state = 'APPROVED'`,
    [unitId, category, effectiveFrom],
  )
  if (rowCount > 0) throw refusal('CONFLICT', 'body.action', 'quota.sameDay')
}
