// Applications for quota: draft → submitted → review → approved or returned. Approving is where the ledger's laws are asked:
// never below what is in service, and free seats are filled at once.

import type { QuotaApplication } from '../../contracts/api/quota.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { actionsOf, type QuotaAction, quotaLifecycle, type Step } from '../../contracts/lifecycle.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Caller, Scope } from '../audit/caller.ts'
import { difference, type LedgerChange, requireVersion } from './ledgerChange.ts'
import { capacityOf, fillSeats, isSubjectToQuota } from './seats.ts'
import { getVehicleUnit } from './units.ts'
import { may } from './vehicleFields.ts'

type Application = QuotaApplication & { draftedBy: number | null }

const columns = `q.quota_id, q.unit_id, u.name AS unit_name, q.category, q.seats, q.effective_from::text AS effective_from, q.state, q.reason,
  q.returned_why, q.decided_at, q.drafted_by, q.version`
const step = (action: string): Step<string> => quotaLifecycle[action as QuotaAction]

function applicationOf(row: Row, caller: Caller): Application {
  const state = row.state as Application['state']
  const draftedBy = row.drafted_by as number | null
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
    mayAct: actionsOf(quotaLifecycle, state).filter(
      (action) => may(caller, step(action).by as never) && !(step(action).notBy && draftedBy === caller.accountId),
    ),
    draftedBy,
    version: row.version as number,
  }
}

const answer = ({ draftedBy: _draftedBy, ...application }: Application): QuotaApplication => application
const subjectOf = (quotaId: number) => ({ type: 'quota', id: quotaId })

async function getApplication(db: Queryable, scope: Scope, caller: Caller, quotaId: number): Promise<Application> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id WHERE q.quota_id = $1 AND u.lft BETWEEN $2 AND $3`,
    [quotaId, scope.lft, scope.rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return applicationOf(rows[0], caller)
}

export const readApplication = async (db: Queryable, caller: Caller, quotaId: number): Promise<QuotaApplication> =>
  answer(await getApplication(db, caller.scope, caller, quotaId))

export async function listApplications(db: Queryable, caller: Caller, unitId: number, category: string): Promise<QuotaApplication[]> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE q.unit_id = $1 AND q.category = $2 AND u.lft BETWEEN $3 AND $4 ORDER BY q.effective_from DESC, q.quota_id DESC LIMIT 100`,
    [unitId, category, caller.scope.lft, caller.scope.rgt],
  )
  return rows.map((row) => answer(applicationOf(row, caller)))
}

export async function draftQuota(change: LedgerChange, body: BodyOf<'draftQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, today } = change
  const unit = await getVehicleUnit(client, scope, body.unitId, 'body.unitId')
  if (!isSubjectToQuota(body.category)) throw refusal('VALIDATION_FAILED', 'body.category', 'quota.leased')
  if (body.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason, drafted_by) VALUES ($1, $2, $3, $4, 'DRAFT', $5, $6)
     ON CONFLICT DO NOTHING RETURNING quota_id AS id`,
    [unit.organisationId, body.category, body.seats, body.effectiveFrom, body.reason, caller.accountId],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.category', 'quota.open')
  const { reason, ...after } = body
  await change.record('quota.draft', subjectOf(rows[0].id), { after, reason })
  return answer(await getApplication(client, scope, caller, rows[0].id))
}

export async function changeQuota(change: LedgerChange, quotaId: number, body: BodyOf<'changeQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, today } = change
  const old = await getApplication(client, scope, caller, quotaId)
  requireVersion(old, body.version)
  if (!quotaLifecycle.submit.from.some((state) => state === old.state)) throw refusal('CONFLICT', 'params.quotaId', 'quota.not')
  const changed = difference<Partial<QuotaApplication>>(old, { seats: body.seats, effectiveFrom: body.effectiveFrom })
  const next = { ...old, ...changed.after }
  if (next.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  // Who changes a figure drafts it: approving it is another person's work.
  await client.query(
    `UPDATE quotas SET seats = $2, effective_from = $3, reason = $4, drafted_by = $5, version = version + 1 WHERE quota_id = $1`,
    [quotaId, next.seats, next.effectiveFrom, body.reason, caller.accountId],
  )
  await change.record('quota.change', subjectOf(quotaId), { ...changed, reason: body.reason })
  return answer(await getApplication(client, scope, caller, quotaId))
}

export async function actOnQuota(change: LedgerChange, quotaId: number, body: BodyOf<'actOnQuota'>): Promise<QuotaApplication> {
  const { client, scope, caller, nowMs } = change
  const { by, from, to, notBy } = step(body.action)
  if (by === 'system' || !may(caller, by)) throw new Refusal('FORBIDDEN')
  const old = await getApplication(client, scope, caller, quotaId)
  requireVersion(old, body.version)
  if (!from.includes(old.state)) throw refusal('CONFLICT', 'body.action', 'quota.not')
  if (notBy && old.draftedBy === caller.accountId) throw refusal('CONFLICT', 'body.action', 'flow.samePerson')
  if (to === 'APPROVED') await requireApprovable(change, old)
  const decided = to === 'APPROVED' || to === 'RETURNED'
  await client.query(
    `UPDATE quotas SET state = $2, returned_why = $3, decided_by = $4, decided_at = $5, version = version + 1 WHERE quota_id = $1`,
    [quotaId, to, to === 'RETURNED' ? body.reason : null, decided ? caller.accountId : null, decided ? new Date(nowMs) : null],
  )
  if (to === 'APPROVED') await fillSeats(change, old.unitId, old.category)
  await change.record('quota.step', subjectOf(quotaId), {
    before: { state: old.state },
    after: { state: to },
    detail: { action: body.action, unitId: old.unitId, category: old.category, seats: old.seats },
    reason: body.reason,
  })
  return answer(await getApplication(client, scope, caller, quotaId))
}

async function requireApprovable(
  { client, scope, today }: LedgerChange,
  { unitId, category, seats, effectiveFrom }: Application,
): Promise<void> {
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
