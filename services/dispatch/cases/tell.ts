// Cases as a member is told of them; and of a case, what whoever releases a vehicle must know.
import type { Case, CaseRow, CaseVehicle } from '../../contracts/api/cases.ts'
import { type CaseAction, type CaseState, type CaseVehicleAction, caseActions, caseVehicleActions } from '../../domain/cases.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import { listPermitted } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { caseColumns, caseOf, findCaseVehicles, isMember, loadCase, type StoredCase, type StoredCaseVehicle, spanOf } from './caseRows.ts'
import { caseProcedure, caseVehicleProcedure } from './procedures.ts'

async function tellCases(db: Queryable, who: Who, cases: readonly StoredCase[], nowMs: number): Promise<CaseRow[]> {
  const actions = await listPermitted(db, caseProcedure, who, cases, nowMs)
  return cases.map(({ id: _id, takers: _takers, steps: _steps, ...row }, n) => ({
    ...row,
    mayAct: caseActions.filter((action) => (actions[n] as CaseAction[]).includes(action)),
  }))
}

export type CaseFilter = {
  state?: CaseState | undefined
  q?: string | undefined
  vehicleId?: number | undefined
  limit: number
  offset: number
}

export async function listCases(
  db: Queryable,
  who: Who,
  { state, q, vehicleId, limit, offset }: CaseFilter,
  nowMs: number,
): Promise<{ total: number; rows: CaseRow[] }> {
  const inCase = (test: string) =>
    `EXISTS (SELECT FROM case_vehicles cv JOIN ${openVehicles('$2')} v ON v.vehicle_id = cv.vehicle_id
       WHERE cv.case_id = c.case_id AND cv.state <> 'OUT' AND ${test})`
  const tests = `${isMember('$1')} AND ($3::text IS NULL OR c.state = $3)
    AND ($4::text IS NULL OR strpos(lower(c.purpose || ' ' || c.basis || ' 案〔' || c.year || '〕' || lpad(c.number::text, 4, '0')), lower($4)) > 0
      OR ${inCase('strpos(v.plate, upper($4)) > 0')})
    AND ($5::int IS NULL OR ${inCase('v.vehicle_id = $5')})`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM cases c WHERE ${tests}) n LEFT JOIN
       (SELECT ${caseColumns} FROM cases c WHERE ${tests} ORDER BY c.opened_at DESC, c.case_id DESC LIMIT $6 OFFSET $7) page ON true
     ORDER BY page.opened_at DESC, page.case_id DESC`,
    [who.caller.accountId, who.reach.cleared, state ?? null, q || null, vehicleId ?? null, limit, offset],
  )
  const cases = rows.filter((row) => row.case_id !== null).map(caseOf)
  return { total: rows[0]!.total as number, rows: await tellCases(db, who, cases, nowMs) }
}

/** A case whole, as the member sees it. @throws Refusal NOT_FOUND */
export async function tellCase(db: Queryable, who: Who, caseId: number, nowMs: number): Promise<Case> {
  const found = await loadCase(db, who.caller.accountId, caseId)
  const [row] = await tellCases(db, who, [found], nowMs)
  const vehicles = await findCaseVehicles(db, who, `cv.case_id = $5 AND cv.state <> 'OUT'`, [caseId])
  const { rows: members } = await db.query<{ memberId: number; username: string; displayName: string; since: Date }>(
    `SELECT m.member_id AS "memberId", a.username, a.display_name AS "displayName", m.since FROM case_members m JOIN accounts a USING (account_id)
     WHERE m.case_id = $1 AND m.ended_at IS NULL ORDER BY m.since, m.member_id`,
    [caseId],
  )
  return {
    ...row!,
    steps: found.steps,
    vehicleRows: await tellCaseVehicles(db, who, vehicles, nowMs),
    memberRows: members.map(({ since, ...member }) => ({ ...member, since: since.toISOString() })),
  }
}

export async function tellCaseVehicles(
  db: Queryable,
  who: Who,
  vehicles: readonly StoredCaseVehicle[],
  nowMs: number,
): Promise<CaseVehicle[]> {
  const actions = await listPermitted(db, caseVehicleProcedure, who, vehicles, nowMs)
  return vehicles.map(({ caseVehicleId, state, vehicle, released, steps, version }, n) => ({
    ...{ caseVehicleId, state, vehicle, released, steps, version },
    mayAct: caseVehicleActions.filter((action) => (actions[n] as CaseVehicleAction[]).includes(action)),
  }))
}

type Waiting = CaseVehicle & {
  number: string
  purpose: string
  basis: string
  from: string
  until: string
  addedBy: string
  addedAt: string
}

/** Vehicles that wait for a second person, of the scope and seen by the reader, the oldest first. */
export async function listCaseReleases(
  db: Queryable,
  who: Who,
  { limit, offset }: { limit: number; offset: number },
  nowMs: number,
): Promise<{ total: number; rows: Waiting[] }> {
  const waits = `cv.state = 'WAITING' AND c.state = 'OPEN' AND u.lft BETWEEN $1 AND $2`
  const found = await findCaseVehicles(db, who, waits, [limit, offset], 'ORDER BY cv.case_vehicle_id LIMIT $5 OFFSET $6')
  const { rows: counted } = await db.query<{ total: number }>(
    `SELECT count(*) AS total FROM case_vehicles cv JOIN cases c USING (case_id) JOIN ${openVehicles('$3')} v ON v.vehicle_id = cv.vehicle_id
       JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE cv.state = 'WAITING' AND c.state = 'OPEN' AND u.lft BETWEEN $1 AND $2`,
    [who.reach.lft, who.reach.rgt, who.reach.cleared],
  )
  const { rows: cases } = await db.query(`SELECT ${caseColumns} FROM cases c WHERE c.case_id = ANY($1::int[])`, [
    [...new Set(found.map(({ caseId }) => caseId))],
  ])
  const ofCase = new Map(cases.map(caseOf).map((each) => [each.caseId, each]))
  const vehicles = await tellCaseVehicles(db, who, found, nowMs)
  return {
    total: counted[0]!.total,
    rows: vehicles.map((vehicle, n) => {
      const { number, purpose, basis, from, until } = ofCase.get(found[n]!.caseId)!
      const asked = vehicle.steps.findLast(({ action }) => action === 'add' || action === 'askAgain')!
      return { ...vehicle, number, purpose, basis, from, until, addedBy: asked.by, addedAt: asked.at }
    }),
  }
}

export type LookRow = {
  lookId: number | null
  askId: number | null
  at: string
  by: string
  plate: string | null
  part: string
  rows: number | null
  from: string
  until: string
}

/** @throws Refusal NOT_FOUND for a case that the reader is no member of */
export async function listCaseLooks(
  db: Queryable,
  { caller, reach }: Who,
  caseId: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ total: number; rows: LookRow[] }> {
  await loadCase(db, caller.accountId, caseId)
  const { rows } = await db.query(
    `WITH looks AS (
       SELECT look_id, NULL::int AS ask_id, account_id, vehicle_id, part, NULL::int AS rows, during, at FROM case_looks WHERE case_id = $1
       UNION ALL SELECT NULL, ask_id, account_id, NULL, kind, rows, during, at FROM whereabouts_asks WHERE case_id = $1)
     SELECT n.total, l.look_id, l.ask_id, l.at, a.display_name AS by, v.plate, l.part, l.rows, lower(l.during) AS from_at, upper(l.during) AS until_at
     FROM (SELECT count(*) AS total FROM looks) n
     LEFT JOIN (SELECT * FROM looks ORDER BY at DESC, look_id DESC NULLS FIRST, ask_id DESC LIMIT $3 OFFSET $4) l ON true
     LEFT JOIN accounts a USING (account_id) LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = l.vehicle_id
     ORDER BY l.at DESC, l.look_id DESC NULLS FIRST, l.ask_id DESC`,
    [caseId, reach.cleared, limit, offset],
  )
  return {
    total: rows[0]!.total as number,
    rows: rows
      .filter((row) => row.at !== null)
      .map((row) => ({
        lookId: row.look_id as number | null,
        askId: row.ask_id as number | null,
        at: (row.at as Date).toISOString(),
        by: row.by as string,
        plate: row.plate as string | null,
        part: row.part as string,
        rows: row.rows as number | null,
        ...spanOf(row, 'from_at', 'until_at'),
      })),
  }
}
