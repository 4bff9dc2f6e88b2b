// Applications for quota: draft → submitted → review → approved or returned. Approving is where the ledger's laws are asked:
// never below what is in service, and free seats are filled at once.

import type { QuotaApplication } from '../../contracts/api/quota.ts'
import type { BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { permits, quotaLifecycle } from '../../domain/lifecycle.ts'
import { isSubjectToQuota } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep, listPermitted, type Procedure, type Stepped, type Taken, takersSql } from '../kernel/procedure.ts'
import { capacityOf, fillSeats } from '../kernel/seats.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { getVehicleUnit } from './units.ts'

type Application = Omit<QuotaApplication, 'mayAct'> & Stepped & { state: QuotaApplication['state'] }

const kept = { steps: 'quota_steps', key: 'quota_id' } as const
const columns = `q.quota_id, q.unit_id, u.name AS unit_name, q.category, q.seats, q.effective_from::text AS effective_from, q.state, q.reason,
  q.returned_why, q.decided_at, q.version,
  ${takersSql(kept, 'q')} AS takers`

const applicationOf = (row: Row): Application => ({
  id: row.quota_id as number,
  quotaId: row.quota_id as number,
  unitId: row.unit_id as number,
  unitName: row.unit_name as string,
  category: row.category as Application['category'],
  seats: row.seats as number,
  effectiveFrom: row.effective_from as string,
  state: row.state as Application['state'],
  reason: row.reason as string,
  returnedWhy: row.returned_why as string | null,
  decidedAt: (row.decided_at as Date | null)?.toISOString() ?? null,
  takers: row.takers as Taken[],
  version: row.version as number,
})

const procedure: Procedure<Application> = {
  ...kept,
  lifecycle: quotaLifecycle,
  table: 'quotas',
  lock: ({ client, scope }, quotaId) => getApplication(client, scope, quotaId, 'FOR UPDATE OF q'),
  refusals: {
    notNow: { path: 'body.action', reason: 'quota.not' },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    approve: {
      async before(act, application) {
        await requireApprovable(act, application)
        return undefined
      },
      after: (act, { unitId, category }) => fillSeats(act, unitId, category),
    },
  },
  set(_row, { to, reason }, _kept, { actor, nowMs }) {
    const decided = to === 'APPROVED' || to === 'RETURNED'
    return {
      returned_why: to === 'RETURNED' ? reason : null,
      decided_by: decided ? actor.accountId : null,
      decided_at: decided ? new Date(nowMs) : null,
    }
  },
  record: ({ quotaId, unitId, category, seats }, { action }) => ({
    action: 'quota.step',
    subject: subjectOf(quotaId),
    detail: { action, unitId, category, seats },
  }),
}

async function answersOf(db: Queryable, who: Who, applications: Application[], nowMs: number): Promise<QuotaApplication[]> {
  const mayAct = await listPermitted(db, procedure, who, applications, nowMs)
  return applications.map(({ id: _id, takers: _takers, ...application }, n) => ({
    ...application,
    mayAct: mayAct[n] as QuotaApplication['mayAct'],
  }))
}
const answerOf = async ({ client, caller, scope, nowMs }: Act, quotaId: number): Promise<QuotaApplication> =>
  readApplication(client, { caller, reach: scope }, quotaId, nowMs)

const subjectOf = (quotaId: number) => ({ type: 'quota', id: quotaId })

async function getApplication(db: Queryable, scope: Scope, quotaId: number, lock = ''): Promise<Application> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE q.quota_id = $1 AND u.lft BETWEEN $2 AND $3 ${lock}`,
    [quotaId, scope.lft, scope.rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return applicationOf(rows[0])
}

export async function readApplication(db: Queryable, who: Who, quotaId: number, nowMs: number): Promise<QuotaApplication> {
  return (await answersOf(db, who, [await getApplication(db, who.reach, quotaId)], nowMs))[0]!
}

export async function listApplications(
  db: Queryable,
  who: Who,
  unitId: number,
  category: string,
  nowMs: number,
): Promise<QuotaApplication[]> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM quotas q JOIN organisations u ON u.organisation_id = q.unit_id
     WHERE q.unit_id = $1 AND q.category = $2 AND u.lft BETWEEN $3 AND $4 ORDER BY q.effective_from DESC, q.quota_id DESC LIMIT 100`,
    [unitId, category, who.reach.lft, who.reach.rgt],
  )
  return answersOf(db, who, rows.map(applicationOf), nowMs)
}

export async function draftQuota(change: Act, body: BodyOf<'draftQuota'>): Promise<QuotaApplication> {
  const { client, scope, today } = change
  const unit = await getVehicleUnit(client, scope, body.unitId, 'body.unitId')
  if (!isSubjectToQuota(body.category)) throw refusal('VALIDATION_FAILED', 'body.category', 'quota.leased')
  if (body.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, $2, $3, $4, 'DRAFT', $5)
     ON CONFLICT DO NOTHING RETURNING quota_id AS id`,
    [unit.organisationId, body.category, body.seats, body.effectiveFrom, body.reason],
  )
  if (!rows[0]) throw refusal('CONFLICT', 'body.category', 'quota.open')
  await keepStep(change, kept, rows[0].id, { action: 'draft', to: 'DRAFT', reason: body.reason })
  const { reason, ...after } = body
  change.record('quota.draft', subjectOf(rows[0].id), { after, reason })
  return answerOf(change, rows[0].id)
}

export async function changeQuota(change: Act, quotaId: number, body: BodyOf<'changeQuota'>): Promise<QuotaApplication> {
  const { client, scope, today } = change
  const old = await getApplication(client, scope, quotaId, 'FOR UPDATE OF q')
  requireVersion(old, body.version)
  if (!permits(quotaLifecycle, 'submit', old.state)) throw refusal('CONFLICT', 'params.quotaId', 'quota.not')
  const changed = difference<Partial<QuotaApplication>>(old, { seats: body.seats, effectiveFrom: body.effectiveFrom })
  const next = { ...old, ...changed.after }
  if (next.effectiveFrom < today) throw refusal('VALIDATION_FAILED', 'body.effectiveFrom', 'quota.past')
  // Who changes a figure drafts it: approving it is another person's work.
  await changeRow(
    client,
    { table: 'quotas', key: 'quota_id', id: quotaId },
    { seats: next.seats, effective_from: next.effectiveFrom, reason: body.reason },
  )
  await keepStep(change, kept, quotaId, { action: 'draft', to: old.state, reason: body.reason })
  change.record('quota.change', subjectOf(quotaId), { ...changed, reason: body.reason })
  return answerOf(change, quotaId)
}

export async function actOnQuota(act: Act, quotaId: number, body: BodyOf<'actOnQuota'>): Promise<QuotaApplication> {
  await takeStep(act, procedure, quotaId, body)
  return answerOf(act, quotaId)
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
