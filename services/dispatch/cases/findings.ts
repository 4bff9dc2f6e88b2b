// What members do with findings of a case, and whoever is asked with his explanation: one procedure (domain/findings.ts).
import type { z } from 'zod'
import type { Explanation, Finding } from '../../contracts/api/findings.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'

import { refusal } from '../../contracts/refusals.ts'
import { findCaseProblem } from '../../domain/cases.ts'
import { findingLifecycle, isOpenFinding, MAX_FINDINGS } from '../../domain/findings.ts'
import { grantOf, roles } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, type Deed, difference, requireVersion } from '../kernel/act.ts'
import { announceFinding } from '../kernel/announce.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep, listPermitted, type Procedure, type Step } from '../kernel/procedure.ts'
import { contains, namedLike } from '../kernel/searchText.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { loadCase } from './caseRows.ts'
import { loadStandings } from './evidence/rows.ts'
import { findFindings, loadFinding, type StoredFinding, tellExplanation, tellFindings } from './findingRows.ts'

type Body<N extends 'noteFinding' | 'changeFinding' | 'actOnFinding' | 'answerExplanation'> = z.output<Api[N]['body']>
const whoOf = ({ caller, scope }: Act): Who<Reachable> => ({ caller, reach: { ...scope, vehicleId: null } })
const reachable = ({ caller, reach }: Who): Who<Reachable> => ({ caller, reach: { ...reach, vehicleId: null } })
const subjectOf = (caseId: number) => ({ type: 'case', id: caseId })
const answerers = roles.filter((role) => grantOf(role, 'explanation.give').reach !== 'none')

const TABLE = {
  table: 'case_findings',
  key: 'finding_id',
  steps: 'case_finding_steps',
  announce: (deed: Deed, id: number, { action }: Pick<Step, 'action'>) => announceFinding(deed, id, action),
} as const

/** Of members, or of whoever was asked. */
const procedureFor = (whose: 'member' | 'asked'): Procedure<StoredFinding> => ({
  ...TABLE,
  lifecycle: findingLifecycle,
  async lock(act, id) {
    const found = await loadFinding(act.client, whoOf(act), id, whose, 'FOR UPDATE OF f')
    if (found.caseState === 'CLOSED') throw refusal('CONFLICT', 'body.version', whose === 'member' ? 'case.closed' : 'finding.over')
    return found
  },
  async listDue(db, nowMs) {
    const { rows } = await db.query<{ id: number }>(`SELECT finding_id AS id FROM case_findings WHERE state = 'ASKED' AND due_at <= $1`, [
      new Date(nowMs),
    ])
    return rows.map(({ id }) => id)
  },
  async lockDue({ client }, id) {
    // The clock is nobody, and sees no vehicle.
    const [found] = await findFindings(
      client,
      { caller: { accountId: 0 }, reach: { cleared: [] } } as never,
      'f.finding_id = $3',
      [id],
      'FOR UPDATE OF f',
    )
    return found
  },
  reaches: ({ caller }, { isMember, askedAccount }, side) => (side === 'decider' ? askedAccount === caller.accountId : isMember),
  refusals: {
    notNow: { path: 'body.action', reason: 'finding.not', values: ({ state }) => ({ findingState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'finding.samePerson' },
  },
  effects: {
    ask: { before: ask },
    answer: {
      before: async ({ nowMs }, _row, { data }) => ({
        set: { answer: data.text, answered_at: new Date(nowMs) },
        kept: { text: data.text },
      }),
    },
    confirm: { before: conclude },
    dismiss: { before: conclude },
    reopen: { before: async () => ({ set: { conclusion: null } }) },
  },
  set: (_row, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ caseId, nth, heldVehicleId }, { action }) => ({
    action: 'finding.step',
    subject: subjectOf(caseId),
    detail: { action, finding: nth, vehicleId: heldVehicleId },
  }),
  stateField: 'findingState',
})
export const findingProcedure = procedureFor('member')
const explanationProcedure = procedureFor('asked')

async function conclude(_act: Act, _row: StoredFinding, { data }: Step) {
  return { set: { conclusion: data.conclusion } }
}

/** @throws Refusal VALIDATION_FAILED for somebody who cannot be asked, or a time that is over */
async function ask(act: Act, row: StoredFinding, { data }: Step) {
  const dueMs = Date.parse(data.dueAt as string)
  if (dueMs <= act.nowMs) throw refusal('VALIDATION_FAILED', 'body.data.dueAt', 'finding.due')
  const [found] = await findAnswerers(act.client, row, 'a.username = $4', data.username as string)
  if (!found) throw refusal('VALIDATION_FAILED', 'body.data.username', 'finding.asked')
  // What was answered to an earlier question stays with its step.
  return { set: { asked_account: found.accountId, question: data.question, due_at: new Date(dueMs), answer: null, answered_at: null } }
}

type Answerer = { accountId: number; username: string; displayName: string; organisation: string }

/** People of the vehicle's unit and below it, and drivers of orders that it drove at that time. */
async function findAnswerers(
  db: Queryable,
  { heldVehicleId, from, until }: StoredFinding,
  test: string,
  value: string,
): Promise<Answerer[]> {
  const { rows } = await db.query<Answerer>(
    `SELECT a.account_id AS "accountId", a.username, a.display_name AS "displayName", o.name AS organisation
     FROM accounts a JOIN organisations o USING (organisation_id) JOIN vehicles v ON v.vehicle_id = $1 JOIN organisations u ON u.organisation_id = v.user_unit_id
     WHERE a.status = 'active' AND a.role = ANY($2) AND ${test} AND (o.lft BETWEEN u.lft AND u.rgt OR a.driver_id IN (
       SELECT d.driver_id FROM dispatch_orders d WHERE d.vehicle_id = $1 AND tstzrange(d.starts_at, d.ends_at, '[]') && $3::tstzrange))
     ORDER BY o.lft, a.username LIMIT 20`,
    [heldVehicleId, answerers, `[${from},${until}]`, value],
  )
  return rows
}

async function tellOne(act: Act, findingId: number): Promise<Finding> {
  const found = await loadFinding(act.client, whoOf(act), findingId, 'member')
  return (await tellAll(act.client, { caller: act.caller, reach: act.scope }, [found], act.nowMs))[0]!
}
const tellAll = async (db: Queryable, who: Who, found: readonly StoredFinding[], nowMs: number): Promise<Finding[]> =>
  tellFindings(db, found, await listPermitted(db, findingProcedure, who, found, nowMs), nowMs)

/** @throws Refusal NOT_FOUND for a case that the reader is no member of */
export async function listFindings(
  db: Queryable,
  who: Who,
  caseId: number,
  { limit, offset }: { limit: number; offset: number },
  nowMs: number,
): Promise<AnswerOf<'listFindings'>> {
  await loadCase(db, who.caller.accountId, caseId)
  const { rows } = await db.query<{ total: number }>('SELECT count(*) AS total FROM case_findings WHERE case_id = $1', [caseId])
  const found = await findFindings(db, reachable(who), 'f.case_id = $3', [caseId, limit, offset], 'ORDER BY f.nth LIMIT $4 OFFSET $5')
  return { total: rows[0]!.total, rows: await tellAll(db, who, found, nowMs) }
}

/** From (included) until (included). @throws Refusal VALIDATION_FAILED for one that ends before it begins */
function spanOf({ from, until }: { from: string; until: string }): { fromMs: number; untilMs: number; text: string } {
  const [fromMs, untilMs] = [Date.parse(from), Date.parse(until)]
  if (untilMs < fromMs) throw refusal('VALIDATION_FAILED', 'body.until', 'finding.order')
  return { fromMs, untilMs, text: `[${new Date(fromMs).toISOString()},${new Date(untilMs).toISOString()}]` }
}

export async function noteFinding(act: Act, caseId: number, { vehicleId, from, until, text }: Body<'noteFinding'>): Promise<Finding> {
  const { client, caller, nowMs } = act
  await loadCase(client, caller.accountId, caseId, 'FOR UPDATE OF c')
  const span = spanOf({ from, until })
  // Of what may not be looked at nothing can have been found.
  const standing = (await loadStandings(client, caseId, caller.accountId, [vehicleId])).get(vehicleId)
  const problem = standing ? findCaseProblem(standing, span) : 'case.vehicle'
  if (problem) {
    const ends = problem === 'case.releasedPeriod' ? standing?.vehicle?.released : standing
    throw refusal(
      'CASE_REQUIRED',
      'body.vehicleId',
      problem,
      ends ? { caseFrom: new Date(ends.fromMs).toISOString(), caseUntil: new Date(ends.untilMs).toISOString() } : {},
    )
  }
  const { rows } = await client.query<{ id: number | null; nth: number }>(
    `INSERT INTO case_findings (case_id, nth, vehicle_id, during, text, state, since, noted_by, noted_at)
     SELECT $1, n.nth, $2, $3::tstzrange, $4, 'SUSPECTED', $5, $6, $5 FROM (SELECT coalesce(max(nth), 0) + 1 AS nth FROM case_findings WHERE case_id = $1) n
     WHERE n.nth <= ${MAX_FINDINGS} RETURNING finding_id AS id, nth`,
    [caseId, vehicleId, span.text, text, new Date(nowMs), caller.accountId],
  )
  const made = rows[0]
  if (!made) throw refusal('CONFLICT', 'body.text', 'finding.many', { most: MAX_FINDINGS })
  await keepStep(act, TABLE, made.id!, { action: 'note', to: 'SUSPECTED', reason: '' }, { text, from, until })
  act.record('finding.note', subjectOf(caseId), { after: { finding: made.nth, vehicleId, from, until, text } })
  return tellOne(act, made.id!)
}

export async function changeFinding(act: Act, findingId: number, body: Body<'changeFinding'>): Promise<Finding> {
  const row = await findingProcedure.lock(act, findingId)
  requireVersion(row, body.version)
  if (!isOpenFinding(row.state)) throw refusal('CONFLICT', 'body.version', 'finding.not', { findingState: row.state })
  const span = spanOf(body)
  const standing = (await loadStandings(act.client, row.caseId, act.caller.accountId, [row.heldVehicleId])).get(row.heldVehicleId)
  if (!standing || findCaseProblem(standing, span)) throw refusal('CONFLICT', 'body.from', 'finding.period')
  const iso = (ms: number) => new Date(ms).toISOString()
  const wanted = { text: body.text, from: iso(span.fromMs), until: iso(span.untilMs) }
  const { text, from, until } = row
  const { before, after } = difference({ text, from, until }, wanted)
  await changeRow(act.client, { table: TABLE.table, key: TABLE.key, id: findingId }, { text: body.text, during: span.text })
  await keepStep(act, TABLE, findingId, { action: 'change', to: row.state, reason: body.reason }, wanted)
  act.record('finding.change', subjectOf(row.caseId), { before, after, detail: { finding: row.nth }, reason: body.reason })
  return tellOne(act, findingId)
}

export async function actOnFinding(act: Act, findingId: number, { data, ...asked }: Body<'actOnFinding'>): Promise<Finding> {
  await takeStep(act, findingProcedure, findingId, { ...asked, data })
  return tellOne(act, findingId)
}

/** @throws Refusal NOT_FOUND */
export async function listFindingAnswerers(db: Queryable, who: Who, findingId: number, q = ''): Promise<AnswerOf<'listFindingAnswerers'>> {
  const found = await loadFinding(db, reachable(who), findingId, 'member')
  const rows = await findAnswerers(db, found, namedLike('a', '$4'), contains(q))
  return { rows: rows.map(({ accountId: _account, ...row }) => row) }
}

export async function listExplanations(
  db: Queryable,
  who: Who<Reachable>,
  { limit, offset }: { limit: number; offset: number },
  nowMs: number,
): Promise<AnswerOf<'listExplanations'>> {
  const { rows } = await db.query<{ total: number }>('SELECT count(*) AS total FROM case_findings WHERE asked_account = $1', [
    who.caller.accountId,
  ])
  const tail = `ORDER BY f.state NOT IN ('ASKED', 'LAPSED'), f.due_at, f.finding_id LIMIT $3 OFFSET $4`
  const found = await findFindings(db, who, 'f.asked_account = $1', [limit, offset], tail)
  return { total: rows[0]!.total, rows: found.map((row) => tellExplanation(row, nowMs)) }
}

export async function answerExplanation(act: Act, findingId: number, { version, text }: Body<'answerExplanation'>): Promise<Explanation> {
  await takeStep(act, explanationProcedure, findingId, { action: 'answer', version, reason: '', data: { text } })
  return tellExplanation(await loadFinding(act.client, whoOf(act), findingId, 'asked'), act.nowMs)
}

/** For whoever adds to one: locked, of an open case. @throws Refusal NOT_FOUND, CONFLICT */
export async function lockOpenFinding(act: Act, findingId: number): Promise<StoredFinding> {
  const found = await findingProcedure.lock(act, findingId)
  if (!isOpenFinding(found.state)) throw refusal('CONFLICT', 'body', 'finding.not', { findingState: found.state })
  return found
}
export { tellOne as tellFinding }
