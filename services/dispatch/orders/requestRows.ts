// Rows of requests: how they are read, and how they become answers.

import type { z } from 'zod'
import type { Budget } from '../../contracts/api/costs.ts'
import type { RequestDetail, RequestFields, RequestRow } from '../../contracts/api/requests.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { ApprovalLevel } from '../../domain/approvals.ts'
import { type Equipment, inOrder } from '../../domain/equipment.ts'
import { stateAt } from '../../domain/lifecycle.ts'
import { orderNumber } from '../../domain/orders.ts'
import { type RequestState, requestLifecycle } from '../../domain/requests.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { budgetLeft, yearOf } from '../kernel/budget.ts'
import type { Sight } from '../kernel/caller.ts'
import type { Stepped, Taken } from '../kernel/procedure.ts'
import { isCalled } from '../kernel/searchText.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import type { AppliedChain } from './chains.ts'
import { actsOver, turnOf, waitsForDecision } from './deciding.ts'

const columns = `r.request_id, r.state, r.kind, r.unit_id, u.name AS unit_name, r.applicant_id, a.display_name AS applicant_name, r.purpose_kind,
  r.purpose, r.from_stop, r.to_stop, r.via, r.starts_at, r.ends_at, r.passengers, r.with_driver, r.equipment, r.travellers, r.traveller_ids, r.contact_name, r.contact_phone,
  r.note, r.asked_at, r.ratify_by, r.ratified_at, r.version, r.series_id, r.chain, r.chain_at, r.level, r.waits_since, ${waitsForDecision} AS waits,
  d.order_id, d.state AS order_state, d.year, d.number`
/** Its order is told of to whoever may see its vehicle, by what is `cleared`, or asked for it. */
const joinsFor = (cleared: string, account: string): string => `trip_requests r JOIN organisations u ON u.organisation_id = r.unit_id
  JOIN accounts a ON a.account_id = r.applicant_id
  LEFT JOIN trip_rides along ON along.request_id = r.request_id AND along.state = 'JOINED'
  LEFT JOIN dispatch_orders d ON d.request_id = coalesce(along.first_id, r.request_id) AND d.state NOT IN ('DECLINED', 'VOIDED')
    AND (r.applicant_id = ${account} OR NOT EXISTS (SELECT FROM ${hiddenVehicles(cleared)} h WHERE h.vehicle_id = d.vehicle_id))`
/** `$1`…`$3`: the scope, and the account whose own they must be (null: anybody's). */
const inScope = 'u.lft BETWEEN $1 AND $2 AND ($3::int IS NULL OR r.applicant_id = $3)'

/** Who reads: `owner`, whose own they must be (null: anybody's); `decides`: he may take turns, at this instant. */
export type Reader = { owner: number | null; accountId: number; decides: boolean; nowMs: number }
/** What is in reach of a reader, and his turn, as SQL: whoever stands in for another sees what he is to decide. */
function sqlFor({ accountId, decides, nowMs }: Reader, $: (value: unknown) => string): { inReach: string; turn: string } {
  if (!decides) return { inReach: `(${inScope})`, turn: 'NULL::json' }
  const [account, now] = [$(accountId), $(new Date(nowMs))]
  return { inReach: `(${inScope} OR ${actsOver(account, now)})`, turn: turnOf(account, now) }
}

/** At which level the reader decides now, and in whose name. */
export type Turn = { accountId: number; level: ApprovalLevel }
export type Request = Omit<RequestDetail, 'mayAct' | 'mayChange' | 'mayRatify' | 'budget' | 'chain'> &
  Stepped & {
    state: RequestDetail['state']
    unitLft: number
    chain: AppliedChain
    chainAt: number
    level: ApprovalLevel
    turn: Turn | null
  }

const iso = (at: unknown): string | null => (at as Date | null)?.toISOString() ?? null

/** Where its own time is over the clock has closed it, whether or not that is written down. */
const stateOf = (row: Row, nowMs: number): RequestState =>
  stateAt(requestLifecycle, row.state as RequestState, { sinceMs: 0, untilMs: null, overMs: (row.ends_at as Date).getTime() }, nowMs)

const rowOf = (row: Row, nowMs: number): RequestRow => ({
  requestId: row.request_id as number,
  state: stateOf(row, nowMs),
  kind: row.kind as RequestRow['kind'],
  unit: { organisationId: row.unit_id as number, name: row.unit_name as string },
  applicant: { accountId: row.applicant_id as number, name: row.applicant_name as string },
  purposeKind: row.purpose_kind as RequestRow['purposeKind'],
  purpose: row.purpose as string,
  from: row.from_stop as RequestRow['from'],
  to: row.to_stop as RequestRow['to'],
  via: row.via as RequestRow['via'],
  startsAt: iso(row.starts_at)!,
  endsAt: iso(row.ends_at)!,
  passengers: row.passengers as number,
  withDriver: row.with_driver as boolean,
  equipment: row.equipment as RequestRow['equipment'],
  ratifyBy: iso(row.ratify_by),
  ratifiedAt: iso(row.ratified_at),
  order:
    row.order_id === null
      ? null
      : {
          orderId: row.order_id as number,
          number: orderNumber(row.year as number, row.number as number),
          state: row.order_state as NonNullable<RequestRow['order']>['state'],
        },
  askedAt: iso(row.asked_at)!,
  seriesId: row.series_id as number | null,
  approval: row.waits
    ? {
        at: (row.chain_at as number) + 1,
        of: (row.chain as AppliedChain).steps.length,
        level: row.level as ApprovalLevel,
        since: iso(row.waits_since),
        mine: row.turn !== null,
      }
    : null,
  version: row.version as number,
})

/** What can still be done at the instant that `now` makes a parameter of: one that nothing reads is no statement. Everything of one's own. */
const waits: Record<NonNullable<z.output<Api['listRequests']['query']>['waiting']>, (now: () => string) => string> = {
  approval: (now) => `${waitsForDecision} AND (r.state <> 'SUBMITTED' OR r.ends_at > ${now()})`,
  dispatch: (now) => `r.state = 'APPROVED' AND r.ends_at > ${now()}`,
  own: () => 'true',
}

export async function listRequests(
  db: Queryable,
  scope: Sight,
  reader: Reader,
  query: z.output<Api['listRequests']['query']>,
): Promise<AnswerOf<'listRequests'>> {
  const { accountId } = reader
  const values: unknown[] = [scope.lft, scope.rgt, query.waiting === 'own' ? accountId : reader.owner]
  const $ = (value: unknown) => `$${values.push(value)}`
  const { inReach, turn } = sqlFor(reader, $)
  const joins = joinsFor($(scope.cleared), $(accountId))
  // A draft is its writer's alone.
  const tests = [inReach, `(r.state <> 'DRAFT' OR r.applicant_id = ${$(accountId)})`]
  if (query.waiting === 'own') tests.push(`r.applicant_id = ${$(accountId)}`)
  // Whoever decides has what waits for him, and whoever looks on what waits for anybody.
  if (query.waiting === 'approval' && reader.decides) tests.push(`${turn} IS NOT NULL`)
  if (query.q) {
    const called = ['r.purpose', "r.to_stop->>'name'", 'u.name', 'a.display_name'].map((name) => isCalled($, name, query.q!))
    tests.push(`(${called.join(' OR ')})`)
  }
  if (query.state) tests.push(`r.state = ${$(query.state)}`)
  if (query.seriesId) tests.push(`r.series_id = ${$(query.seriesId)}`)
  if (query.kind) tests.push(`r.kind = ${$(query.kind)}`)
  if (query.waiting) tests.push(waits[query.waiting](() => `${$(new Date(reader.nowMs))}::timestamptz`))
  if (query.organisationId) tests.push(isUnder(`${$(query.organisationId)}::bigint`, 'u'))
  const where = tests.join(' AND ')
  // What waits is worked off by its departure, in emergencies first; everything else is looked for from the newest.
  const order =
    query.waiting && query.waiting !== 'own'
      ? `(r.kind = 'emergency') DESC, r.starts_at, r.request_id`
      : 'r.starts_at DESC, r.request_id DESC'
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${joins} WHERE ${where}) n LEFT JOIN
       (SELECT row_number() OVER (ORDER BY ${order}) AS place, ${columns}, ${turn} AS turn FROM ${joins} WHERE ${where} ORDER BY ${order}
        LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) page ON true ORDER BY page.place`,
    values,
  )
  const found = rows.filter((row) => row.request_id !== null).map((row) => rowOf(row, reader.nowMs))
  return { total: rows[0]!.total as number, rows: query.waiting === 'approval' ? await withBudgets(db, found) : found }
}

/** With what is left where one approves; asked once for each unit and year. */
async function withBudgets(db: Queryable, rows: RequestRow[]): Promise<RequestRow[]> {
  const known = new Map<string, Budget>()
  for (const row of rows) {
    const key = `${row.unit.organisationId} ${yearOf(row)}`
    known.set(key, known.get(key) ?? (await budgetLeft(db, row.unit.organisationId, yearOf(row))))
  }
  return rows.map((row) => ({ ...row, budget: known.get(`${row.unit.organisationId} ${yearOf(row)}`)! }))
}

/** A request in reach, `lock` as SQL. A draft is its writer's alone. @throws Refusal NOT_FOUND */
export async function loadRequest(db: Queryable, scope: Sight, reader: Reader, requestId: number, lock = ''): Promise<Request> {
  const values: unknown[] = [scope.lft, scope.rgt, reader.owner, requestId, reader.accountId]
  const $ = (value: unknown) => `$${values.push(value)}`
  const { inReach, turn } = sqlFor(reader, $)
  const joins = joinsFor($(scope.cleared), '$5')
  const { rows } = await db.query(
    `SELECT ${columns}, ${turn} AS turn, u.lft AS unit_lft FROM ${joins} WHERE ${inReach} AND r.request_id = $4 AND (r.state <> 'DRAFT' OR r.applicant_id = $5) ${lock}`,
    values,
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  const steps = await listSteps(db, 'trip_request_steps', 'request_id', requestId)
  return {
    ...rowOf(row, reader.nowMs),
    // What is stored: the clock's step is written down before anybody's.
    state: row.state as RequestState,
    times: { sinceMs: Date.parse(steps.steps.at(-1)?.at ?? '') || 0, untilMs: null, overMs: (row.ends_at as Date).getTime() },
    id: requestId,
    unitLft: row.unit_lft as number,
    travellers: row.travellers as string | null,
    travellerIds: row.traveller_ids as number[],
    companions: await namesOfTravellers(db, row.traveller_ids as number[]),
    contactName: row.contact_name as string,
    contactPhone: row.contact_phone as string,
    note: row.note as string | null,
    chain: row.chain as AppliedChain,
    chainAt: row.chain_at as number,
    level: row.level as ApprovalLevel,
    turn: row.turn as Turn | null,
    ...steps,
  }
}

/** Requests of which nobody has written down yet that their time is over. */
export async function listRequestsDue(db: Queryable, nowMs: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT request_id AS id FROM trip_requests WHERE state IN ('SUBMITTED', 'APPROVED') AND ends_at <= $1 ORDER BY ends_at LIMIT 500`,
    [new Date(nowMs)],
  )
  return rows.map(({ id }) => id)
}

/** Those who travel and have an account, by name. */
export async function namesOfTravellers(db: Queryable, ids: readonly number[]): Promise<RequestDetail['companions']> {
  if (ids.length === 0) return []
  const { rows } = await db.query<RequestDetail['companions'][number]>(
    'SELECT account_id AS "accountId", display_name AS name FROM accounts WHERE account_id = ANY($1::int[]) ORDER BY account_id',
    [ids],
  )
  return rows
}

/** The steps taken, and by whom. */
export async function listSteps(
  db: Queryable,
  table: 'trip_request_steps' | 'dispatch_order_steps' | 'order_incident_steps' | 'order_change_steps',
  key: 'request_id' | 'order_id' | 'incident_id' | 'change_id',
  id: number,
): Promise<{ steps: RequestDetail['steps']; takers: Taken[] }> {
  type Kept = { level?: ApprovalLevel; changed?: string[]; beforeKm?: number; afterKm?: number; unknownYear?: string }
  const { rows } = await db.query<{
    action: string
    state: string
    at: Date
    account_id: number | null
    username: string
    reason: string
    data: Kept
    behalf: string | null
  }>(
    `SELECT s.action, s.state, s.at, s.account_id, s.username, s.reason, s.data, a.display_name AS behalf
     FROM ${table} s LEFT JOIN accounts a ON a.account_id = (s.data->>'onBehalfOf')::int WHERE s.${key} = $1 ORDER BY s.step`,
    [id],
  )
  // Whoever agreed to what has become another matter since may agree to that.
  const round = rows.findLastIndex(({ action }) => action === 'submit')
  return {
    steps: rows.map(({ action, state, at, username, reason, data, behalf }) => ({
      action,
      state,
      at: at.toISOString(),
      by: username,
      reason,
      level: data.level ?? null,
      onBehalfOf: behalf,
      changed: data.changed ?? [],
      ...(data.unknownYear === undefined ? {} : { unknownYear: data.unknownYear }),
      ...(data.beforeKm === undefined ? {} : { odometer: { beforeKm: data.beforeKm, afterKm: data.afterKm! } }),
    })),
    takers: rows.flatMap(({ action, account_id }, n) =>
      account_id === null || (action === 'agree' && n < round) ? [] : [{ action, accountId: account_id }],
    ),
  }
}

/** What those who travel together need aboard, all of it. */
export async function equipmentOf(db: Queryable, requestIds: readonly number[]): Promise<Equipment[]> {
  const { rows } = await db.query<{ equipment: Equipment[] }>('SELECT equipment FROM trip_requests WHERE request_id = ANY($1::int[])', [
    `{${requestIds.join()}}`,
  ])
  return inOrder(rows.flatMap(({ equipment }) => equipment))
}

/** The columns that a request's fields are kept in. */
export const requestColumns = (fields: RequestFields): Record<string, unknown> => ({
  kind: fields.kind,
  purpose_kind: fields.purposeKind,
  purpose: fields.purpose,
  from_stop: JSON.stringify(fields.from),
  to_stop: JSON.stringify(fields.to),
  via: JSON.stringify(fields.via),
  starts_at: new Date(fields.startsAt),
  ends_at: new Date(fields.endsAt),
  passengers: fields.passengers,
  with_driver: fields.withDriver,
  equipment: inOrder(fields.equipment),
  travellers: fields.travellers,
  traveller_ids: fields.travellerIds,
  contact_name: fields.contactName,
  contact_phone: fields.contactPhone,
  note: fields.note,
})
