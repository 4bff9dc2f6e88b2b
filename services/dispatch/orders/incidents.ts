// Incidents on the way: told by who drives, seen and closed by who dispatches. Meanwhile the vehicle may be kept back, by a row like any promise.
import type { Incident, OrderDetail } from '../../contracts/api/orders.ts'
import type { Stop } from '../../contracts/api/tripFields.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type IncidentAction, type IncidentState, incidentActions, incidentLifecycle } from '../../domain/incidents.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { announce } from '../kernel/announce.ts'
import { listPromises, promisedRefusal } from '../kernel/availability.ts'
import type { Who } from '../kernel/caller.ts'
import { keepStep, listPermitted, type Procedure, type Step, type Stepped, takersSql } from '../kernel/procedure.ts'
import { release, reserve } from '../kernel/reservations.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { once } from './onPhone.ts'
import { lockOrder, type Order, requireToldOf } from './orderRows.ts'
import type { Sent } from './own.ts'
import { listSteps } from './requestRows.ts'

type Kept = Stepped & Omit<Incident, 'mayAct' | 'steps'> & { state: IncidentState; orderId: number; vehicleId: number }

const TABLE = { table: 'order_incidents', key: 'incident_id', steps: 'order_incident_steps' } as const
const subjectOf = (orderId: number) => ({ type: 'order', id: orderId })
const holderOf = (incidentId: number) => `incident:${incidentId}` as const

const incidentProcedure: Procedure<Kept> = {
  ...TABLE,
  lifecycle: incidentLifecycle,
  lock: async ({ client }, incidentId) => {
    const [row] = await loadIncidents(client, 'i.incident_id = $1', incidentId, 'FOR UPDATE OF i')
    if (!row) throw new Refusal('NOT_FOUND')
    return row
  },
  refusals: {
    notNow: { path: 'body.action', reason: 'incident.not', values: ({ state }) => ({ incidentState: state }) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    hold: {
      async before(act, incident, { data }) {
        const untilMs = Date.parse(data.until as string)
        await hold(act, incident, untilMs)
        const heldUntil = new Date(untilMs)
        return { set: { held_until: heldUntil }, before: { heldUntil: incident.heldUntil }, after: { heldUntil: heldUntil.toISOString() } }
      },
    },
    close: {
      async before(_act, { heldUntil }, { reason }: Step) {
        if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
        return heldUntil === null ? undefined : { set: { held_until: null }, before: { heldUntil }, after: { heldUntil: null } }
      },
      after: async ({ client }, { incidentId }) => void (await release(client, holderOf(incidentId))),
    },
  },
  record: ({ orderId, incidentId }, { action }) => ({
    action: 'order.incident-step',
    subject: subjectOf(orderId),
    detail: { action, incidentId },
  }),
  stateField: 'incidentState',
}

/**
 * Keeps the vehicle back from the end of its own trip, or from now on. @throws Refusal VALIDATION_FAILED for a time that is over; CONFLICT with
 * the trip that it is promised to by then, which is given to another first
 */
async function hold({ client, nowMs }: Act, { incidentId, orderId, vehicleId }: Kept, untilMs: number): Promise<void> {
  await release(client, holderOf(incidentId))
  const { rows } = await client.query<{ ends: Date | null }>(
    'SELECT max(upper(during)) AS ends FROM reservations WHERE vehicle_id = $1 AND holder = $2',
    [vehicleId, `order:${orderId}`],
  )
  const fromMs = Math.max(nowMs, rows[0]!.ends?.getTime() ?? nowMs)
  if (untilMs <= fromMs)
    throw refusal('VALIDATION_FAILED', 'body.data.until', 'incident.until', { earliest: new Date(fromMs).toISOString() })
  const promise = (await listPromises(client, 'vehicle', [vehicleId], nowMs, { fromMs, untilMs })).get(vehicleId)
  if (promise && promise.holder !== `order:${orderId}`) throw refusal('CONFLICT', 'body.data.until', ...promisedRefusal('vehicle', promise))
  await reserve(client, { vehicleId }, { fromMs, untilMs }, holderOf(incidentId))
}

export async function reportIncident(act: Act, orderId: number, { done, ...told }: Sent<'reportIncident'>): Promise<void> {
  const { client, caller, nowMs } = act
  const order = await lockOrder(act, orderId)
  await once(act, order, 'incident', { done, content: canonicalJson(told) }, async (atMs = nowMs) => {
    requireToldOf(order)
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO order_incidents (order_id, kind, state, text, place, at, reported_by, reported_at) VALUES ($1, $2, 'OPEN', $3, $4, $5, $6, $7)
       RETURNING incident_id AS id`,
      [orderId, told.kind, told.text, told.place && JSON.stringify(told.place), new Date(atMs), caller.accountId, new Date(nowMs)],
    )
    const incidentId = rows[0]!.id
    await announce(act, 'order.incident', { requestId: order.requestId, orderId, reason: told.text ?? '' })
    await keepStep(act, TABLE, incidentId, { action: 'report', to: 'OPEN', reason: '' })
    act.record('order.incident', subjectOf(orderId), {
      after: { incidentId, incidentKind: told.kind, text: told.text, place: told.place, at: new Date(atMs).toISOString() },
    })
    return incidentId
  })
}

export async function actOnIncident(
  act: Act,
  { orderId, incidentId }: { orderId: number; incidentId: number },
  { action, version, reason, data }: Sent<'actOnIncident'>,
): Promise<void> {
  await lockOrder(act, orderId)
  const [found] = await loadIncidents(act.client, 'i.incident_id = $1', incidentId)
  if (found?.orderId !== orderId) throw new Refusal('NOT_FOUND')
  await takeStep(act, incidentProcedure, incidentId, { action, version, reason, data })
}

export async function listIncidents(db: Queryable, who: Who, { orderId }: Order, nowMs: number): Promise<OrderDetail['incidents']> {
  const rows = await loadIncidents(db, 'i.order_id = $1', orderId)
  const permitted = await listPermitted(db, incidentProcedure, who, rows, nowMs)
  return Promise.all(
    rows.map(async ({ id: _id, takers: _takers, orderId: _order, vehicleId: _vehicle, ...incident }, n) => ({
      ...incident,
      mayAct: incidentActions.filter((action) => (permitted[n] as IncidentAction[]).includes(action)),
      steps: (await listSteps(db, 'order_incident_steps', 'incident_id', incident.incidentId)).steps,
    })),
  )
}

/** SQL: the vehicle that an order was driven with at an instant. */
const vehicleAt = (order: string, at: string): string =>
  `coalesce((SELECT g.vehicle_id FROM order_legs g WHERE g.order_id = ${order}.order_id AND ${at} <= g.until_at ORDER BY g.leg LIMIT 1), ${order}.vehicle_id)`

async function loadIncidents(db: Queryable, which: string, id: number, lock = ''): Promise<Kept[]> {
  const { rows } = await db.query<
    Pick<Kept, 'kind' | 'state' | 'text' | 'version' | 'takers'> & {
      incident_id: number
      order_id: number
      vehicle_id: number
      place: Stop | null
      at: Date
      reported_at: Date
      held_until: Date | null
      name: string
    }
  >(
    `SELECT i.incident_id, i.order_id, ${vehicleAt('d', 'i.at')} AS vehicle_id, i.kind, i.state, i.text, i.place, i.at, i.reported_at, i.held_until, i.version,
       a.display_name AS name, ${takersSql(TABLE, 'i')} AS takers
     FROM order_incidents i JOIN dispatch_orders d USING (order_id) JOIN accounts a ON a.account_id = i.reported_by
     WHERE ${which} ORDER BY i.incident_id ${lock}`,
    [id],
  )
  return rows.map(({ incident_id, order_id, vehicle_id, at, reported_at, held_until, name, ...row }) => ({
    ...row,
    id: incident_id,
    incidentId: incident_id,
    orderId: order_id,
    vehicleId: vehicle_id,
    at: at.toISOString(),
    by: name,
    reportedAt: reported_at.toISOString(),
    heldUntil: held_until?.toISOString() ?? null,
  }))
}
