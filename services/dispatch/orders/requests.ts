// Requests for vehicles: asked for, approved, changed, taken back. States and who may take which step: domain/requests.ts.
import type { ApprovalChain, RequestDetail, RequestFields } from '../../contracts/api/requests.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { Refusal } from '../../contracts/errors.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { type ChainPlace, nextPlace } from '../../domain/approvals.ts'
import { dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import { permits, stateAt } from '../../domain/lifecycle.ts'
import { shownTo } from '../../domain/masking.ts'
import { orderLifecycle } from '../../domain/orders.ts'
import {
  findRequestProblem,
  type RequestAction,
  type RequestState,
  requestActions,
  requestLifecycle,
  requestNot,
} from '../../domain/requests.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, type ActDeps, actAs, type Deed, requireVersion } from '../kernel/act.ts'
import { budgetLeft, yearOf } from '../kernel/budget.ts'
import { type Caller, may, type Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { isSamePerson } from '../kernel/persons.ts'
import { keepStep, listPermitted, type Procedure, type Step } from '../kernel/procedure.ts'
import { system } from '../kernel/record.ts'
import { takeFollowingStep, takeStep, writeDownDue } from '../kernel/takeStep.ts'
import { type Organisation, requireOrganisation } from '../kernel/within.ts'
import { type AppliedChain, beginColumns, chainFor, isLast, placeColumns } from './chains.ts'
import { namesOfDeciders } from './deciding.ts'
import { asksFor, ownerFor, type Sent } from './own.ts'
import { listRequestsDue, loadRequest, type Reader, type Request, requestColumns } from './requestRows.ts'
import { openWish, takeOut } from './sharing/trip.ts'
import { tellOfRequest } from './tell.ts'

export const subjectOf = (requestId: number) => ({ type: 'request', id: requestId })
export const readerOf = (caller: Caller, nowMs: number): Reader => ({
  owner: ownerFor(caller, 'request.view'),
  accountId: caller.accountId,
  decides: may(caller, 'request.approve'),
  nowMs,
})

/** Whoever asks for vehicles, as a reader of what he may change. */
export const ownReaderOf = ({ caller, nowMs }: Act): Reader => ({
  ...readerOf(caller, nowMs),
  owner: ownerFor(caller, 'request.create'),
  decides: false,
})

/** Where the chain stands for whoever decides now: at his level, which is the lower one while both may. */
const placeOf = ({ chainAt, level, turn }: Request): ChainPlace => ({ at: chainAt, level: turn?.level ?? level })
/** What is kept with a decision: at which level, and for whom, where somebody stood in. */
const decisionOf = ({ caller }: Act, { turn }: Request): object => ({
  level: turn!.level,
  ...(turn!.accountId === caller.accountId ? {} : { onBehalfOf: turn!.accountId }),
})
export const levelsOf = ({ steps }: AppliedChain): object => ({ levels: steps.map(({ level }) => level) })

const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }
const ofSystem = (nowMs: number): Reader => ({ owner: null, accountId: 0, decides: false, nowMs })

export const requestProcedure: Procedure<Request> = {
  lifecycle: requestLifecycle,
  table: 'trip_requests',
  key: 'request_id',
  steps: 'trip_request_steps',
  announce: tellOfRequest,
  lock: ({ client, scope, caller, nowMs }, requestId) => loadRequest(client, scope, readerOf(caller, nowMs), requestId, 'FOR UPDATE OF r'),
  listDue: listRequestsDue,
  lockDue: ({ client, nowMs }, requestId) => loadRequest(client, everywhere, ofSystem(nowMs), requestId, 'FOR UPDATE OF r'),
  // Where nothing waits to be decided, it is that what whoever decides is told: somebody was faster.
  reaches: ({ caller }, request, side) =>
    side === 'asker' ? asksFor(caller, request) : side !== 'decider' || request.approval === null || request.turn !== null,
  refusals: {
    notNow: { path: 'body.action', reason: 'request.not', values: ({ state }) => requestNot(state) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    submit: {
      async before({ client, nowMs }, request) {
        requireSound(request, nowMs)
        const chain = await chainFor(client, request.unit.organisationId, request, nowMs)
        return { set: beginColumns(chain, nowMs), kept: levelsOf(chain) }
      },
    },
    agree: {
      async before(act, request) {
        const next = nextPlace(request.chain, placeOf(request))!
        return { set: placeColumns(request.chain, next, act.nowMs), kept: decisionOf(act, request) }
      },
    },
    approve: {
      before: async (act, request) => ({ kept: decisionOf(act, request) }),
      after: (act, { requestId }) => openWish(act, requestId),
    },
    giveBack: { before: async (act, request, step) => ({ kept: needsReason(step) ?? decisionOf(act, request) }) },
    reject: { before: async (act, request, step) => ({ kept: needsReason(step) ?? decisionOf(act, request) }), after: outOfRides },
    decline: { before: async (_act, _request, step) => needsReason(step), after: outOfRides },
    cancel: { after: outOfRides },
  },
  effectsOfClock: { expire: { after: outOfRides } },
  record: ({ requestId }, { action }) => ({ action: 'request.step', subject: subjectOf(requestId), detail: { action } }),
}

/** Who does not travel shares no ride; the others go on. */
async function outOfRides(deed: Deed, { requestId }: Request): Promise<void> {
  await takeOut(deed, requestId)
}

/** @throws Refusal VALIDATION_FAILED for a step without words that is not taken without */
function needsReason({ reason }: Step): undefined {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/** A chain as it is told, with some names of those who decide at each level. */
export async function toldChain(db: Queryable, chain: AppliedChain, unitLft: number, nowMs: number): Promise<ApprovalChain> {
  const { hasLeague: _hasLeague, steps, ...told } = chain
  if (steps.length === 0) return { ...told, steps: [] }
  const { rows } = await db.query<{ level: string; who: string[] }>(
    `SELECT l.level, ${namesOfDeciders('l.level', '$2::int', '$3', 3)} AS who FROM unnest($1::text[]) AS l (level)`,
    [steps.map(({ level }) => level), unitLft, new Date(nowMs)],
  )
  const who = new Map(rows.map((row) => [row.level, row.who]))
  return { ...told, steps: steps.map((step) => ({ ...step, who: who.get(step.level) ?? [] })) }
}

export async function readRequest(db: Queryable, who: Who, requestId: number, nowMs: number): Promise<RequestDetail> {
  const { caller, reach } = who
  const request = await loadRequest(db, reach, readerOf(caller, nowMs), requestId)
  const [actions] = await listPermitted(db, requestProcedure, who, [request], nowMs)
  const { id: _id, takers: _takers, times: _times, unitLft, chain, chainAt: _at, level: _level, turn, ...shown } = request
  const own = request.applicant.accountId === caller.accountId
  const state = standsAt(request, nowMs)
  const mayChange = asksFor(caller, request) && mayBeChanged({ ...request, state })
  return {
    ...shown,
    state,
    contactPhone: shownTo(caller.role, 'phone', request.contactPhone, own || caller.role === 'unit_approver'),
    budget: may(caller, 'request.approve') ? await budgetLeft(db, request.unit.organisationId, yearOf(request)) : null,
    mayAct: requestActions.filter(
      // What has a vehicle is called off while that has not left: the order is taken back first (changing.ts).
      (action) => (actions as RequestAction[]).includes(action) || (action === 'cancel' && state === 'DISPATCHED' && mayChange),
    ),
    mayChange,
    mayRatify:
      mayBeRatified({ ...request, state }) && turn !== null && !(await isSamePerson(db, caller.accountId, request.applicant.accountId)),
    chain: await toldChain(db, chain, unitLft, nowMs),
  }
}
/** Its state, with what the clock has done. */
export const standsAt = ({ state, times }: Request, nowMs: number): RequestState => stateAt(requestLifecycle, state, times!, nowMs)

/** Before it is under way. What is given to it is taken back where it becomes another matter; an emergency that has a vehicle stays what it is. */
export const mayBeChanged = ({ state, order }: Pick<Request, 'state' | 'order'>): boolean =>
  permits(requestLifecycle, 'cancel', state) ||
  (state === 'DISPATCHED' && order !== null && permits(orderLifecycle, 'withdraw', order.state))

export const answer = ({ client, caller, scope, nowMs }: Act, requestId: number): Promise<RequestDetail> =>
  readRequest(client, { caller, reach: scope }, requestId, nowMs)

/** Sent twice with one key it is one request. @throws Refusal CONFLICT when another was sent with that key */
export async function createRequest(act: Act, body: Sent<'createRequest'>): Promise<RequestDetail> {
  const { client, caller, scope, nowMs } = act
  const { key, draft, organisationId, shareWith, ...fields } = body
  const { organisationId: unit } = await unitFor(act, organisationId)
  const digest = sha256(canonicalJson({ ...fields, draft, organisationId: unit, ...(shareWith ? { shareWith } : {}) }))
  const { rows: earlier } = await client.query<{ request_id: number; digest: Buffer }>(
    'SELECT request_id, digest FROM trip_requests WHERE applicant_id = $1 AND key = $2',
    [caller.accountId, key],
  )
  if (earlier[0]) {
    if (!earlier[0].digest.equals(digest)) throw refusal('CONFLICT', 'body.key', 'request.key')
    return readRequest(client, { caller, reach: scope }, earlier[0].request_id, nowMs)
  }
  // Whoever can wait has no emergency: it goes out at once, and is approved afterwards from then on.
  if (draft && fields.kind === 'emergency') throw refusal('VALIDATION_FAILED', 'body.draft', 'request.emergencyDraft')
  if (!draft) requireSound(fields, nowMs)
  const state = draft ? 'DRAFT' : fields.kind === 'emergency' ? 'APPROVED' : 'SUBMITTED'
  return answer(act, await insertRequest(act, { unitId: unit, fields, state, key, digest, seriesId: null }))
}

type NewRequest = {
  unitId: number
  fields: RequestFields
  state: 'DRAFT' | 'SUBMITTED' | 'APPROVED'
  key: string
  digest: Buffer
  seriesId: number | null
}
/** Writes a new request down, with the chain that applies to it once it is sent. @returns its number */
export async function insertRequest(act: Act, { unitId, fields, state, key, digest, seriesId }: NewRequest): Promise<number> {
  const { client, caller, nowMs } = act
  await requireTravellers(client, unitId, fields.travellerIds)
  const chain = state === 'SUBMITTED' ? await chainFor(client, unitId, fields, nowMs) : null
  const { ratifyWithinH } = dispatchLawOn(dayAt(nowMs))
  const set = {
    unit_id: unitId,
    applicant_id: caller.accountId,
    key,
    digest,
    state,
    asked_at: new Date(nowMs),
    ratify_by: fields.kind === 'emergency' ? new Date(nowMs + ratifyWithinH * 3_600_000) : null,
    series_id: seriesId,
    occurrence_at: seriesId === null ? null : new Date(fields.startsAt),
    ...requestColumns(fields),
    ...(chain && beginColumns(chain, nowMs)),
  }
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO trip_requests (${Object.keys(set).join(', ')}) VALUES (${Object.keys(set)
      .map((_, n) => `$${n + 1}`)
      .join(', ')}) RETURNING request_id AS id`,
    Object.values(set),
  )
  const requestId = rows[0]!.id
  const step = { action: state === 'DRAFT' ? 'draft' : 'submit', to: state, reason: '' }
  await keepStep(act, requestProcedure, requestId, step, chain ? levelsOf(chain) : {})
  act.record('request.create', subjectOf(requestId), {
    after: { ...fields, unitId, state },
    ...(chain && { detail: levelsOf(chain) }),
  })
  return requestId
}

/** The unit that asks: one's own, or one of the scope for whoever may ask for others. */
export async function unitFor(
  { client, caller, scope }: Pick<Act, 'client' | 'caller' | 'scope'>,
  organisationId: number | undefined,
): Promise<Organisation> {
  const asked = organisationId ?? caller.organisation.organisationId
  const within = ownerFor(caller, 'request.create') === null ? scope : await ownUnit(client, caller)
  return requireOrganisation(client, within, asked, 'body.organisationId')
}

/** SQL: the accounts at work of the unit `$1`, who may be named as travelling. */
export const colleagues = `accounts a JOIN organisations h USING (organisation_id) JOIN organisations u ON h.lft BETWEEN u.lft AND u.rgt
  WHERE u.organisation_id = $1 AND a.status = 'active' AND a.role IS NOT NULL`

/** @throws Refusal VALIDATION_FAILED for whoever is none of the unit's */
export async function requireTravellers(client: Queryable, unitId: number, travellerIds: readonly number[]): Promise<void> {
  if (travellerIds.length === 0) return
  const { rows } = await client.query<{ id: number }>(`SELECT a.account_id AS id FROM ${colleagues} AND a.account_id = ANY($2::int[])`, [
    unitId,
    travellerIds,
  ])
  const known = new Set(rows.map(({ id }) => id))
  const absent = travellerIds.findIndex((each) => !known.has(each))
  if (absent >= 0) throw refusal('VALIDATION_FAILED', `body.travellerIds.${absent}`, 'traveller.unknown')
}

async function ownUnit(client: Queryable, { organisation }: Caller): Promise<{ lft: number; rgt: number }> {
  const { rows } = await client.query<{ lft: number }>('SELECT lft FROM organisations WHERE organisation_id = $1', [
    organisation.organisationId,
  ])
  return { lft: rows[0]!.lft, rgt: rows[0]!.lft }
}

export function requireSound({ startsAt, endsAt }: Pick<RequestFields, 'startsAt' | 'endsAt'>, nowMs: number): void {
  const problem = findRequestProblem({ startsAtMs: Date.parse(startsAt), endsAtMs: Date.parse(endsAt) }, nowMs)
  if (problem) throw refusal('VALIDATION_FAILED', `body.${problem.field}`, problem.reason, problem.values)
}

export async function actOnRequest(act: Act, requestId: number, body: Sent<'actOnRequest'>): Promise<RequestDetail> {
  // Whoever has no business here learns nothing.
  if (!may(act.caller, requestLifecycle[body.action].by)) throw new Refusal('FORBIDDEN')
  const action =
    body.action === 'approve' ? (request: Request) => (isLast(request.chain, placeOf(request)) ? 'approve' : 'agree') : body.action
  await takeStep(act, requestProcedure, requestId, { ...body, action })
  return answer(act, requestId)
}

const mayBeRatified = ({ ratifyBy, ratifiedAt, state }: Request): boolean =>
  ratifyBy !== null && ratifiedAt === null && !['DRAFT', 'CANCELLED', 'DECLINED', 'EXPIRED'].includes(state)

/** Late or not: that it was late stays a fact. @throws Refusal CONFLICT when there is nothing to approve afterwards, or by whoever asked */
export async function ratifyRequest(act: Act, requestId: number, { version, reason }: Sent<'ratifyRequest'>): Promise<RequestDetail> {
  const { client, caller, nowMs } = act
  const request = await requestProcedure.lock(act, requestId)
  requireVersion(request, version)
  if (!mayBeRatified(request)) throw refusal('CONFLICT', 'params.requestId', 'request.notEmergency')
  if (request.turn === null) throw new Refusal('FORBIDDEN')
  if (await isSamePerson(client, caller.accountId, request.applicant.accountId))
    throw refusal('CONFLICT', 'params.requestId', 'flow.samePerson')
  await changeRow(
    client,
    { table: 'trip_requests', key: 'request_id', id: requestId },
    { ratified_at: new Date(nowMs), ratified_by: caller.accountId },
  )
  const decision = decisionOf(act, request)
  await keepStep(act, requestProcedure, requestId, { action: 'ratify', to: request.state, reason }, decision)
  act.record('request.step', subjectOf(requestId), {
    before: { ratifiedAt: null },
    after: { ratifiedAt: new Date(nowMs).toISOString() },
    detail: { action: 'ratify', ...decision, late: nowMs > Date.parse(request.ratifyBy!) },
    reason,
  })
  return answer(act, requestId)
}

export type Follow = 'dispatch' | 'reopen' | 'complete' | 'miss' | 'resume'
/** What follows for a request from its order. The order was reached, so the request is. */
export async function followOrder(deed: Deed, requestId: number, action: Follow): Promise<void> {
  const request = await loadRequest(deed.client, everywhere, ofSystem(deed.nowMs), requestId, 'FOR UPDATE OF r')
  await takeFollowingStep(deed, requestProcedure, request, action)
}

/** The request that an order is to be given to. @throws Refusal NOT_FOUND, CHANGED_MEANWHILE, CONFLICT when it waits for none */
export async function lockForOrder(act: Act, requestId: number, version: number): Promise<Request> {
  const request = await requestProcedure.lock(act, requestId)
  const last = request.steps.at(-1)
  if (request.version !== version && last) {
    const { state: requestState, startsAt: from, endsAt: until } = request
    throw changedMeanwhile('body.version', 'request.changed', { by: last.by, at: last.at, requestState, from, until })
  }
  requireVersion(request, version)
  const state = standsAt(request, act.nowMs)
  if (!permits(requestLifecycle, 'dispatch', state)) throw refusal('CONFLICT', 'params.requestId', 'request.not', requestNot(state))
  return request
}

/**
 * Emergencies whose time for approval is over, each in an act of its own: that it was missed is kept as a step, and told once.
 * @returns how many
 */
export async function noteUnratified(deps: ActDeps): Promise<number> {
  const { rows } = await deps.db.query<{ id: number }>(
    `SELECT request_id AS id FROM trip_requests r WHERE ratify_by <= $1 AND ratified_at IS NULL AND state NOT IN ('DRAFT', 'CANCELLED', 'DECLINED', 'EXPIRED')
       AND NOT EXISTS (SELECT FROM trip_request_steps s WHERE s.request_id = r.request_id AND s.action = 'unratified') LIMIT 500`,
    [new Date(deps.clock.nowMs())],
  )
  for (const { id } of rows)
    await actAs(deps, system, async (deed) => {
      const { rows: locked } = await deed.client.query<{ state: string }>(
        `SELECT state FROM trip_requests r WHERE request_id = $1 AND ratified_at IS NULL
           AND NOT EXISTS (SELECT FROM trip_request_steps s WHERE s.request_id = r.request_id AND s.action = 'unratified') FOR UPDATE`,
        [id],
      )
      if (!locked[0]) return
      await keepStep(deed, requestProcedure, id, { action: 'unratified', to: locked[0].state, reason: '' })
      deed.record('request.step', subjectOf(id), { detail: { action: 'unratified' } })
    })
  return rows.length
}

/** Writes down which requests nobody travels by any more. */
export const settleDueRequests = (deps: ActDeps): Promise<number> => writeDownDue(deps, requestProcedure)

/** @throws Refusal NOT_FOUND */
export const requireRequest = (db: Queryable, { caller, reach }: Who, requestId: number, nowMs: number): Promise<Request> =>
  loadRequest(db, reach, readerOf(caller, nowMs), requestId)
