// Leave that drivers ask for: asked on the phone, decided by the fleet manager, and then a row of leave, which the calendar holds the driver by. States and who
// may take which step: domain/leave.ts.
import type { z } from 'zod'
import type { LeaveRequest } from '../../contracts/api/leave.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayStartMs } from '../../domain/days.ts'
import { isLeaveTooLong, type LeaveKind, MAX_LEAVE_DAYS } from '../../domain/duty.ts'
import { type LeaveAction, type LeaveRequestState, leaveActions, leaveEndedOn, leaveLifecycle } from '../../domain/leave.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act, Deed } from '../kernel/act.ts'
import { announceLeave } from '../kernel/announce.ts'
import { requireUnpromised } from '../kernel/availability.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { type Change, keepStep, listPermitted, type Procedure, type Step, type Stepped, type Taken } from '../kernel/procedure.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { excuseFrom } from './orders.ts'
import { ownerFor, type Sent } from './own.ts'

type Leave = Omit<LeaveRequest, 'mayAct'> &
  Stepped & { state: LeaveRequestState; askedBy: number; leaveId: number | null; orderIds: number[] }

const subjectOf = (driverId: number) => ({ type: 'driver', id: driverId })
const TABLE = {
  table: 'leave_requests',
  key: 'leave_request_id',
  steps: 'leave_request_steps',
  announce: (deed: Deed, id: number, { action, reason }: Pick<Step, 'action' | 'reason'>) => announceLeave(deed, id, action, reason),
} as const

const leaveProcedure: Procedure<Leave> = {
  ...TABLE,
  lifecycle: leaveLifecycle,
  lock: (act, id) => loadLeave(act.client, { caller: act.caller, reach: act.scope }, id, 'FOR UPDATE OF q'),
  reaches: ({ caller }, { askedBy }, side) => side !== 'asker' || askedBy === caller.accountId,
  refusals: {
    notNow: { path: 'body.action', reason: 'leave.not', values: ({ state }) => ({ leaveState: state }) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    grant: { before: grant },
    refuse: {
      async before(_act, _leave, { reason }) {
        if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
        return undefined
      },
    },
    cancel: { before: end },
    recall: { before: end },
  },
  record: ({ driver, id }, { action }) => ({
    action: 'leave.step',
    subject: subjectOf(driver.driverId),
    detail: { action, leaveRequestId: id },
  }),
  stateField: 'leaveState',
}

/**
 * The trips in those days go back first, if he who decides says so; then the days are his.
 * @throws Refusal CONFLICT naming the trips that want a decision, or one that is under way
 */
async function grant(act: Act, { driver, kind, fromDay, untilDay, reason, trips, orderIds }: Leave, { data }: Step): Promise<Change> {
  const { client, today } = act
  if (untilDay < today) throw refusal('CONFLICT', 'body.action', 'leave.over')
  if (trips.length > 0) {
    const orders = trips.map(({ number }) => number ?? '〔****〕').join(' ')
    if (trips.some(({ underWay }) => underWay)) throw refusal('CONFLICT', 'body.action', 'leave.underWay', { orders })
    if (data.trips === undefined) throw refusal('CONFLICT', 'body.data.trips', 'leave.trips', { orders })
    for (const orderId of orderIds) await excuseFrom(act, orderId)
  }
  const { driverId } = driver
  await requireUnpromised(act, { driverId }, 'body.action', { fromMs: dayStartMs(fromDay), untilMs: dayStartMs(addDays(untilDay, 1)) })
  const { rows } = await client.query<{ leave_id: number }>(
    'INSERT INTO driver_leaves (driver_id, kind, from_day, until_day, note) VALUES ($1, $2, $3, $4, $5) RETURNING leave_id',
    [driverId, kind, fromDay, untilDay, reason],
  )
  await changeRow(client, { table: 'drivers', key: 'driver_id', id: driverId }, {})
  const leaveId = rows[0]!.leave_id
  return {
    set: { leave_id: leaveId },
    kept: data.trips === undefined ? {} : { leaveTrips: data.trips },
    after: { leaveId, kind, fromDay, untilDay },
  }
}

/** He is back before its last day, or does not go at all. */
async function end({ client, today }: Act, { driver, leaveId, fromDay, untilDay }: Leave): Promise<Change | undefined> {
  const left = leaveEndedOn({ fromDay, untilDay }, today)
  if (left === 'over') throw refusal('CONFLICT', 'body.action', 'leave.over')
  if (leaveId === null) return undefined
  if (left)
    await client.query('UPDATE driver_leaves SET until_day = $2, version = version + 1 WHERE leave_id = $1', [leaveId, left.untilDay])
  else await client.query('DELETE FROM driver_leaves WHERE leave_id = $1', [leaveId])
  await changeRow(client, { table: 'drivers', key: 'driver_id', id: driver.driverId }, {})
  return { before: { fromDay, untilDay }, after: left ?? { fromDay: null, untilDay: null } }
}

const columns = `q.leave_request_id, q.state, q.driver_id, d.name, d.organisation_id, o.name AS unit, q.kind, q.from_day::text AS from_day,
  q.until_day::text AS until_day, q.reason, q.asked_at, q.asked_by, q.leave_id, q.version,
  (SELECT coalesce(json_agg(json_build_object('orderId', t.order_id, 'year', t.year, 'number', t.number, 'startsAt', t.starts_at, 'endsAt', t.ends_at,
      'to', r.to_stop->>'name', 'underWay', t.state IN ('DEPARTED', 'ON_BOARD', 'HANDED_OVER'),
      'hidden', $3::int IS NULL AND EXISTS (SELECT FROM ${hiddenVehicles('$4')} h WHERE h.vehicle_id = t.vehicle_id)) ORDER BY t.starts_at), '[]')
    FROM dispatch_orders t JOIN trip_requests r USING (request_id)
    WHERE q.state = 'ASKED' AND t.driver_id = q.driver_id AND t.state IN ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER')
      AND t.starts_at < (q.until_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AND t.ends_at > q.from_day::timestamp AT TIME ZONE 'Asia/Shanghai') AS trips,
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'state', s.state, 'at', s.at, 'by', s.username, 'reason', s.reason, 'accountId', s.account_id)
      ORDER BY s.step), '[]') FROM leave_request_steps s WHERE s.leave_request_id = q.leave_request_id) AS steps`
const joins = 'leave_requests q JOIN drivers d USING (driver_id) JOIN organisations o ON o.organisation_id = d.organisation_id'
/** `$1`, `$2` the scope; `$3` the account whose own it must be (null: anybody's of the scope); `$4` what is cleared for the reader. */
const inReach = `CASE WHEN $3::int IS NULL THEN o.lft BETWEEN $1 AND $2 ELSE q.driver_id = (SELECT a.driver_id FROM accounts a WHERE a.account_id = $3) END`
const reachOf = ({ caller, reach }: Who) => [reach.lft, reach.rgt, ownerFor(caller, 'order.drive'), reach.cleared]

type TripRow = {
  orderId: number
  year: number
  number: number
  startsAt: string
  endsAt: string
  to: string
  underWay: boolean
  hidden: boolean
}
type KeptStep = LeaveRequest['steps'][number] & { accountId: number | null }
const iso = (at: string | Date): string => new Date(at).toISOString()
const leaveOf = (row: Row): Leave => {
  const steps = row.steps as KeptStep[]
  return {
    id: row.leave_request_id as number,
    leaveRequestId: row.leave_request_id as number,
    state: row.state as LeaveRequestState,
    driver: { driverId: row.driver_id as number, name: row.name as string },
    unit: { organisationId: row.organisation_id as number, name: row.unit as string },
    kind: row.kind as LeaveKind,
    fromDay: row.from_day as string,
    untilDay: row.until_day as string,
    reason: row.reason as string,
    askedAt: iso(row.asked_at as Date),
    askedBy: row.asked_by as number,
    leaveId: row.leave_id as number | null,
    orderIds: (row.trips as TripRow[]).map(({ orderId }) => orderId),
    trips: (row.trips as TripRow[]).map(({ hidden, orderId, year, number, to, startsAt, endsAt, underWay }) => ({
      ...(hidden ? { orderId: null, number: null, to: null } : { orderId, number: orderNumber(year, number), to }),
      startsAt: iso(startsAt),
      endsAt: iso(endsAt),
      underWay,
    })),
    steps: steps.map(({ accountId: _account, at, ...step }) => ({ ...step, at: iso(at) })),
    takers: steps.flatMap(({ action, accountId }): Taken[] => (accountId === null ? [] : [{ action, accountId }])),
    version: row.version as number,
  }
}

/** One in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
async function loadLeave(db: Queryable, who: Who, id: number, lock = ''): Promise<Leave> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${joins} WHERE ${inReach} AND q.leave_request_id = $5 ${lock}`, [
    ...reachOf(who),
    id,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return leaveOf(rows[0])
}

async function tell(db: Queryable, who: Who, leaves: Leave[], nowMs: number): Promise<LeaveRequest[]> {
  const actions = await listPermitted(db, leaveProcedure, who, leaves, nowMs)
  return leaves.map(({ id: _id, takers: _takers, askedBy: _askedBy, leaveId: _leaveId, orderIds: _orderIds, ...leave }, n) => ({
    ...leave,
    mayAct: leaveActions.filter((action) => (actions[n] as LeaveAction[]).includes(action)),
  }))
}

const answer = async (act: Act, id: number): Promise<LeaveRequest> => {
  const who: Who<Sight> = { caller: act.caller, reach: act.scope }
  return (await tell(act.client, who, [await loadLeave(act.client, who, id)], act.nowMs))[0]!
}

/** Those that wait first, the next to begin before the others; then the latest. */
export async function listLeaveRequests(
  db: Queryable,
  who: Who,
  { state, waiting, limit, offset }: z.output<Api['listLeaveRequests']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listLeaveRequests'>> {
  const tests = `${inReach} AND ($5::text IS NULL OR q.state = $5) AND ($6::int IS NULL OR q.state = 'ASKED' AND q.asked_by <> $6)`
  const order = (of: string) =>
    `ORDER BY ${of}state = 'ASKED' DESC, CASE WHEN ${of}state = 'ASKED' THEN ${of}from_day::text END, ${of}asked_at DESC, ${of}leave_request_id DESC`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${joins} WHERE ${tests}) n LEFT JOIN
       (SELECT ${columns} FROM ${joins} WHERE ${tests} ${order('q.')} LIMIT $7 OFFSET $8) page ON true ${order('page.')}`,
    [...reachOf(who), state ?? null, waiting ? who.caller.accountId : null, limit, offset],
  )
  const leaves = rows.filter((row) => row.leave_request_id !== null).map(leaveOf)
  const told = await tell(db, who, leaves, nowMs)
  return { total: rows[0]!.total as number, rows: told }
}

/** @throws Refusal CONFLICT for an account that is no driver's, and where he has asked for days of it already; VALIDATION_FAILED for days that are over */
export async function askLeave(act: Act, { key, kind, fromDay, untilDay, reason }: Sent<'askLeave'>): Promise<LeaveRequest> {
  const { client, caller, nowMs, today } = act
  const { rows: own } = await client.query<{ driver_id: number | null }>(
    'SELECT driver_id FROM accounts WHERE account_id = $1 FOR UPDATE',
    [caller.accountId],
  )
  const driverId = own[0]!.driver_id
  if (driverId === null) throw refusal('CONFLICT', 'body', 'leave.driver')
  const { rows: sent } = await client.query<{ id: number; same: boolean }>(
    `SELECT leave_request_id AS id, (kind, from_day, until_day, reason) = ($3, $4::date, $5::date, $6) AS same FROM leave_requests WHERE asked_by = $1 AND key = $2`,
    [caller.accountId, key, kind, fromDay, untilDay, reason],
  )
  if (sent[0]) {
    if (!sent[0].same) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return answer(act, sent[0].id)
  }
  if (untilDay < today) throw refusal('VALIDATION_FAILED', 'body.untilDay', 'time.past')
  if (isLeaveTooLong({ fromDay, untilDay }))
    throw refusal('VALIDATION_FAILED', 'body.untilDay', 'driver.leaveLong', { max: MAX_LEAVE_DAYS })
  const { rows: overlap } = await client.query(
    `SELECT FROM leave_requests WHERE driver_id = $1 AND state = 'ASKED' AND from_day <= $3::date AND until_day >= $2::date
     UNION ALL SELECT FROM driver_leaves WHERE driver_id = $1 AND from_day <= $3::date AND until_day >= $2::date LIMIT 1`,
    [driverId, fromDay, untilDay],
  )
  if (overlap.length > 0) throw refusal('CONFLICT', 'body.fromDay', 'driver.leaveOverlap')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO leave_requests (driver_id, asked_by, key, kind, from_day, until_day, reason, state, asked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'ASKED', $8) RETURNING leave_request_id AS id`,
    [driverId, caller.accountId, key, kind, fromDay, untilDay, reason, new Date(nowMs)],
  )
  const id = rows[0]!.id
  await keepStep(act, TABLE, id, { action: 'ask', to: 'ASKED', reason })
  act.record('leave.ask', subjectOf(driverId), { after: { leaveRequestId: id, kind, fromDay, untilDay }, reason })
  return answer(act, id)
}

export async function actOnLeave(act: Act, id: number, asked: Sent<'actOnLeave'>): Promise<LeaveRequest> {
  await takeStep(act, leaveProcedure, id, asked)
  return answer(act, id)
}
