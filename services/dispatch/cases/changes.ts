// What people do with cases: open one, change it, put vehicles and people in.
import type { z } from 'zod'
import type { Case, CaseVehicle } from '../../contracts/api/cases.ts'
import type { Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { MAX_CASE_DAYS, MAX_CASE_MEMBERS, MAX_CASE_VEHICLES, needsRelease } from '../../domain/cases.ts'
import { DAY_MS, dayAt } from '../../domain/days.ts'
import { grantOf, roles } from '../../domain/permissions.ts'
import type { VehicleClass } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import { CASE_LOCK, takeLock } from '../../platform/locks.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep } from '../kernel/procedure.ts'
import { contains, namedLike } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { findCaseVehicles, loadCase } from './caseRows.ts'
import { caseProcedure, caseVehicleProcedure } from './procedures.ts'
import { tellCase, tellCaseVehicles } from './tell.ts'

type Sent<N extends 'openCase' | 'changeCase' | 'addCaseVehicles' | 'addCaseMember' | 'actOnCase' | 'actOnCaseVehicle'> = z.output<
  Api[N]['body']
>
const whoOf = ({ caller, scope }: Act) => ({ caller, reach: scope })
const subjectOf = (caseId: number) => ({ type: 'case', id: caseId })
const keepers = roles.filter((role) => grantOf(role, 'case.keep').reach !== 'none')

/** @throws Refusal VALIDATION_FAILED for a period that is empty, too long, or ends after today */
function requirePeriod({ from, until }: { from: string; until: string }, nowMs: number): string {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)]
  if (untilMs <= fromMs) throw refusal('VALIDATION_FAILED', 'body.until', 'case.order')
  if (untilMs - fromMs > MAX_CASE_DAYS * DAY_MS) throw refusal('VALIDATION_FAILED', 'body.until', 'case.long', { days: MAX_CASE_DAYS })
  if (fromMs > nowMs) throw refusal('VALIDATION_FAILED', 'body.from', 'case.future')
  return `[${new Date(fromMs).toISOString()},${new Date(untilMs).toISOString()})`
}

export async function openCase(act: Act, { purpose, basis, from, until, vehicleIds, members }: Sent<'openCase'>): Promise<Case> {
  const { client, caller, nowMs } = act
  const during = requirePeriod({ from, until }, nowMs)
  // Numbers of a year follow one another.
  await takeLock(client, CASE_LOCK)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO cases (year, number, organisation_id, purpose, basis, during, state, opened_by, opened_at)
     SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5::tstzrange, 'OPEN', $6, $7 FROM cases WHERE year = $1 RETURNING case_id AS id`,
    [Number(dayAt(nowMs).slice(0, 4)), caller.organisation.organisationId, purpose, basis, during, caller.accountId, new Date(nowMs)],
  )
  const caseId = rows[0]!.id
  await keepStep(act, caseProcedure, caseId, { action: 'open', to: 'OPEN', reason: purpose })
  await addMember(act, caseId, caller.accountId)
  for (const username of new Set(members)) await addNamed(act, caseId, username, 'body.members')
  await putVehicles(act, caseId, vehicleIds, purpose)
  act.record('case.open', subjectOf(caseId), { after: { purpose, basis, from, until, vehicleIds, members }, reason: purpose })
  return tellCase(client, whoOf(act), caseId, nowMs)
}

export async function changeCase(act: Act, caseId: number, body: Sent<'changeCase'>): Promise<Case> {
  const { client, caller, nowMs } = act
  const row = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  requireVersion(row, body.version)
  if (row.state === 'CLOSED') throw refusal('CONFLICT', 'body.version', 'case.closed')
  const during = requirePeriod(body, nowMs)
  const iso = (instant: string) => new Date(instant).toISOString()
  const wanted = { purpose: body.purpose, basis: body.basis, from: iso(body.from), until: iso(body.until) }
  const { purpose, basis, from, until } = row
  const { before, after } = difference({ purpose, basis, from, until }, wanted)
  await changeRow(client, { table: 'cases', key: 'case_id', id: caseId }, { purpose: wanted.purpose, basis: wanted.basis, during })
  await keepStep(act, caseProcedure, caseId, { action: 'change', to: row.state, reason: body.reason })
  act.record('case.change', subjectOf(caseId), { before, after, reason: body.reason })
  return tellCase(client, whoOf(act), caseId, nowMs)
}

export async function actOnCase(act: Act, caseId: number, body: Sent<'actOnCase'>): Promise<Case> {
  await takeStep(act, caseProcedure, caseId, body)
  // Whoever closed it is a member still.
  return tellCase(act.client, whoOf(act), caseId, act.nowMs)
}

export async function addCaseVehicles(act: Act, caseId: number, { vehicleIds, reason }: Sent<'addCaseVehicles'>): Promise<Case> {
  const { client, caller, nowMs } = act
  const row = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  if (row.state === 'CLOSED') throw refusal('CONFLICT', 'body.vehicleIds', 'case.closed')
  const added = await putVehicles(act, caseId, vehicleIds, reason)
  act.record('case.vehicle', subjectOf(caseId), { after: { vehicleIds: added }, reason })
  return tellCase(client, whoOf(act), caseId, nowMs)
}

/**
 * Those that are in it already stay as they are.
 * @returns the numbers of those that came in
 * @throws Refusal VALIDATION_FAILED for one that the caller does not see, CONFLICT where the case would hold too many
 */
async function putVehicles(act: Act, caseId: number, asked: readonly number[], reason: string): Promise<number[]> {
  const { client, scope, nowMs } = act
  const vehicleIds = [...new Set(asked)]
  const { rows } = await client.query<{ id: number; class: VehicleClass; known: boolean }>(
    `SELECT v.vehicle_id AS id, v.class, EXISTS (SELECT FROM case_vehicles cv WHERE cv.case_id = $5 AND cv.vehicle_id = v.vehicle_id AND cv.state <> 'OUT') AS known
     FROM ${openVehicles('$3')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = ANY($4::int[]) AND o.lft BETWEEN $1 AND $2 ORDER BY v.vehicle_id`,
    [scope.lft, scope.rgt, scope.cleared, vehicleIds, caseId],
  )
  const seen = new Set(rows.map(({ id }) => id))
  const absent = vehicleIds.findIndex((id) => !seen.has(id))
  if (absent >= 0) throw refusal('VALIDATION_FAILED', `body.vehicleIds.${absent}`, 'driver.vehicleUnknown')
  const fresh = rows.filter(({ known }) => !known)
  const { rows: counted } = await client.query<{ n: number }>(
    `SELECT count(*) AS n FROM case_vehicles WHERE case_id = $1 AND state <> 'OUT'`,
    [caseId],
  )
  if (counted[0]!.n + fresh.length > MAX_CASE_VEHICLES)
    throw refusal('CONFLICT', 'body.vehicleIds', 'case.many', { most: MAX_CASE_VEHICLES })
  for (const { id, class: vehicleClass } of fresh) {
    const state = needsRelease(vehicleClass) ? 'WAITING' : 'OPEN'
    const { rows: made } = await client.query<{ id: number }>(
      'INSERT INTO case_vehicles (case_id, vehicle_id, state, added_at) VALUES ($1, $2, $3, $4) RETURNING case_vehicle_id AS id',
      [caseId, id, state, new Date(nowMs)],
    )
    await keepStep(act, caseVehicleProcedure, made[0]!.id, { action: 'add', to: state, reason })
  }
  return fresh.map(({ id }) => id)
}

export async function actOnCaseVehicle(act: Act, caseVehicleId: number, body: Sent<'actOnCaseVehicle'>): Promise<CaseVehicle> {
  const who = whoOf(act)
  const { row } = await takeStep(act, caseVehicleProcedure, caseVehicleId, body)
  const found = await findCaseVehicles(act.client, who, 'cv.case_vehicle_id = $5', [row.id])
  return (await tellCaseVehicles(act.client, who, found, act.nowMs))[0]!
}

type Nameable = { accountId: number; username: string; displayName: string; organisation: string }

/** Accounts that may become members: at work, of a role that keeps cases, and not yet one. */
async function findNameable(db: Queryable, caseId: number, test: string, value: string): Promise<Nameable[]> {
  const { rows } = await db.query<Nameable>(
    `SELECT a.account_id AS "accountId", a.username, a.display_name AS "displayName", o.name AS organisation
     FROM accounts a JOIN organisations o USING (organisation_id)
     WHERE a.status = 'active' AND a.role = ANY($2) AND ${test}
       AND NOT EXISTS (SELECT FROM case_members m WHERE m.case_id = $1 AND m.account_id = a.account_id AND m.ended_at IS NULL)
     ORDER BY o.lft, a.username LIMIT 20`,
    [caseId, keepers, value],
  )
  return rows
}

/** @throws Refusal NOT_FOUND for a case that the caller is no member of */
export async function listCaseNameable(db: Queryable, accountId: number, caseId: number, q = '') {
  await loadCase(db, accountId, caseId)
  const found = await findNameable(db, caseId, namedLike('a', '$3'), contains(q))
  return { rows: found.map(({ accountId: _account, ...row }) => row) }
}

async function addNamed(act: Act, caseId: number, username: string, path: string): Promise<number> {
  const [account] = await findNameable(act.client, caseId, 'lower(a.username) = $3', username)
  // Whoever opened it is one already.
  if (!account) {
    if (username === act.caller.username.toLowerCase()) return act.caller.accountId
    throw refusal('VALIDATION_FAILED', path, 'case.member')
  }
  await addMember(act, caseId, account.accountId)
  return account.accountId
}

const addMember = ({ client, nowMs }: Act, caseId: number, accountId: number) =>
  client.query('INSERT INTO case_members (case_id, account_id, since) VALUES ($1, $2, $3)', [caseId, accountId, new Date(nowMs)])

export async function addCaseMember(act: Act, caseId: number, { username, reason }: { username: string; reason: string }): Promise<Case> {
  const { client, caller, nowMs } = act
  const { members } = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  if (members >= MAX_CASE_MEMBERS) throw refusal('CONFLICT', 'body.username', 'case.manyMembers', { most: MAX_CASE_MEMBERS })
  const accountId = await addNamed(act, caseId, username, 'body.username')
  act.record('case.member', subjectOf(caseId), { after: { accountId }, reason })
  return tellCase(client, whoOf(act), caseId, nowMs)
}

/** @throws Refusal NOT_FOUND; CONFLICT for the last member, without whom nobody would have the case */
export async function endCaseMember(act: Act, caseId: number, memberId: number, reason: string): Promise<Record<string, never>> {
  const { client, caller, nowMs } = act
  const { members } = await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  if (members === 1) throw refusal('CONFLICT', 'params.memberId', 'case.lastMember')
  const { rows } = await client.query<{ accountId: number }>(
    `UPDATE case_members SET ended_at = $3 WHERE member_id = $1 AND case_id = $2 AND ended_at IS NULL RETURNING account_id AS "accountId"`,
    [memberId, caseId, new Date(nowMs)],
  )
  if (!rows[0]) throw refusal('NOT_FOUND', 'params.memberId', 'case.memberUnknown')
  act.record('case.member', subjectOf(caseId), { before: { accountId: rows[0].accountId }, reason })
  return {}
}
