// A shared trip as part of its order: its stops, planned and done; who has confirmed; and who bears how much.
import type { OrderDetail } from '../../../contracts/api/orders.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { orderNot } from '../../../domain/orders.ts'
import { passengerMetres } from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Act } from '../../kernel/act.ts'
import type { Who } from '../../kernel/caller.ts'
import type { Change, Step } from '../../kernel/procedure.ts'
import type { Order } from '../orderRows.ts'
import { ownerFor } from '../own.ts'
import { equipmentOf } from '../requestRows.ts'
import { listAsked, readPlan } from './rows.ts'

type Mark = { action: string; at: Date; requestIds: number[] }
async function listMarks(db: Queryable, orderId: number): Promise<Mark[]> {
  const { rows } = await db.query<{ action: string; at: Date; data: { requestId?: number; requestIds?: number[] } }>(
    `SELECT action, at, data FROM dispatch_order_steps WHERE order_id = $1 AND action IN ('pickUp', 'dropOff', 'confirmOwn', 'noShow', 'noShowAboard') ORDER BY step`,
    [orderId],
  )
  return rows.map(({ action, at, data }) => ({
    action: action === 'noShowAboard' ? 'noShow' : action,
    at,
    requestIds: data.requestIds ?? (data.requestId ? [data.requestId] : []),
  }))
}
const markOf = { board: 'pickUp', pass: '', leave: 'dropOff' } as const

export async function readSharing(db: Queryable, { caller, reach }: Who, order: Order): Promise<OrderDetail['sharing']> {
  if (order.riders === 0) return null
  const kept = await readPlan(db, order.firstId)
  if (!kept) return null
  const { plan } = kept
  const ids = plan.riders.map(({ requestId }) => requestId)
  const places = new Map((await listAsked(db, ids)).map((asked) => [asked.requestId, asked.places]))
  type Whose = { id: number; unitId: number; unitName: string; lft: number; applicantId: number; contactName: string; contactPhone: string }
  const { rows } = await db.query<Whose>(
    `SELECT q.request_id AS id, o.organisation_id AS "unitId", o.name AS "unitName", o.lft, q.applicant_id AS "applicantId", q.contact_name AS "contactName",
       q.contact_phone AS "contactPhone" FROM trip_requests q JOIN organisations o ON o.organisation_id = q.unit_id WHERE q.request_id = ANY($1::int[])`,
    [ids],
  )
  const whose = new Map(rows.map((row) => [row.id, row]))
  const marks = await listMarks(db, order.orderId)
  const doneAt = (action: string, requestId: number) => {
    const mark = marks.find((each) => each.action === action && each.requestIds.includes(requestId))
    return mark ? mark.at.toISOString() : null
  }
  const owner = ownerFor(caller, 'order.view')
  // Who drives rings those whom he picks up.
  const drives = caller.role === 'driver'
  const isMine = (requestId: number) => whose.get(requestId)!.applicantId === caller.accountId
  const people = new Map(plan.riders.map(({ requestId, passengers }) => [requestId, passengers]))
  return {
    most: plan.most,
    stops: plan.stops.map(({ requestId, n, kind, atMs, load }) => ({
      requestId,
      n,
      kind,
      place: places.get(requestId)![n]!,
      at: new Date(atMs).toISOString(),
      people: people.get(requestId)!,
      load,
      mine: isMine(requestId),
      doneAt: doneAt(markOf[kind], requestId) ?? doneAt('noShow', requestId),
      noShow: doneAt('noShow', requestId) !== null,
    })),
    riders: plan.riders.map((rider) => {
      const { unitId, unitName, lft, contactName, contactPhone } = whose.get(rider.requestId)!
      const mine = isMine(rider.requestId)
      const known = mine || drives || (owner === null && lft >= reach.lft && lft <= reach.rgt)
      return {
        requestId: rider.requestId,
        mine,
        unit: known ? { organisationId: unitId, name: unitName } : null,
        contactName: known ? contactName : null,
        contactPhone: known && (mine || drives || caller.role === 'dispatcher' || caller.role === 'fleet_manager') ? contactPhone : null,
        passengers: rider.passengers,
        directMin: rider.directMin,
        sharedMin: rider.sharedMin,
        passengerM: passengerMetres(rider),
        confirmedAt: doneAt('confirmOwn', rider.requestId),
      }
    }),
    savedKm: plan.savedKm,
  }
}

/** What somebody reads of a shared trip who has his own request on it alone: what the others do on it, and what the trip costs them, is not his to know. */
export async function withoutOthers(
  db: Queryable,
  { caller }: Who,
  order: Order,
  sharing: OrderDetail['sharing'],
): Promise<Pick<OrderDetail, 'steps'> & { alone: boolean }> {
  const alone = sharing !== null && caller.role !== 'driver' && ownerFor(caller, 'order.view') !== null
  if (!alone) return { steps: order.steps, alone }
  const own = new Set(sharing.riders.flatMap(({ mine, requestId }) => (mine ? [requestId] : [])))
  const marks = await listMarks(db, order.orderId)
  const marked = marks.map(({ action }) => action)
  let n = 0
  const steps = order.steps.flatMap((step) => {
    if (ofOthers.includes(step.action)) return []
    // Marks are the steps of these actions, in their order.
    if (marked.includes(step.action === 'noShowAboard' ? 'noShow' : step.action))
      return marks[n++]!.requestIds.some((id) => own.has(id)) ? [step] : []
    return [step.action === 'confirm' && step.by !== caller.username ? { ...step, by: '' } : step]
  })
  return { steps, alone }
}
const ofOthers = ['share', 'unshare', 'handOn']

/** @throws Refusal CONFLICT for a stop that is not on this trip, is on record already, or of who has not got on */
export async function markedStop({ client }: Act, order: Order, { action, data }: Step): Promise<Change> {
  const requestId = data.requestId as number
  const kept = order.riders === 0 ? undefined : await readPlan(client, order.firstId)
  const marks = await listMarks(client, order.orderId)
  const has = (mark: string) => marks.some((each) => each.action === mark && each.requestIds.includes(requestId))
  const isOn = kept?.plan.riders.some((rider) => rider.requestId === requestId)
  if (!isOn || has(action) || has('noShow') || (action === 'dropOff' && !has('pickUp')))
    throw refusal('CONFLICT', 'body.data.requestId', 'share.stop')
  return { kept: { requestId } }
}

/** Of a shared trip it is said of whom. @throws Refusal CONFLICT for who has got on, is marked already, or is not on this trip */
export async function markedAbsent(act: Act, order: Order, step: Step): Promise<Change> {
  if (order.riders > 0) return markedStop(act, order, { ...step, action: 'pickUp' })
  if (step.action !== 'noShow' || order.steps.some(({ action }) => action === 'noShow'))
    throw refusal('CONFLICT', 'body.action', 'order.not', orderNot(order.state))
  return {}
}

/** @throws Refusal CONFLICT for who has confirmed already */
export async function confirmedOwn({ client, caller }: Act, order: Order): Promise<Change> {
  const own = await listOwnRiders(client, order, caller.accountId)
  const marks = (await listMarks(client, order.orderId)).filter(({ action }) => action === 'confirmOwn')
  if (own.every((requestId) => marks.some(({ requestIds }) => requestIds.includes(requestId))))
    throw refusal('CONFLICT', 'body.action', 'order.not', orderNot(order.state))
  return { kept: { requestIds: own } }
}

/** What a vehicle of the order needs from now on: seats on the fullest leg of those who have yet to travel, and what any of them needs aboard. */
export async function neededBy(db: Queryable, order: Order): Promise<Pick<Order, 'passengers' | 'equipment'>> {
  const kept = await readPlan(db, order.firstId)
  if (!kept) return { passengers: order.passengers, equipment: order.equipment }
  const marks = await listMarks(db, order.orderId)
  const isOver = (requestId: number) =>
    marks.some(({ action, requestIds }) => ['dropOff', 'noShow'].includes(action) && requestIds.includes(requestId))
  const people = new Map(
    kept.plan.riders.flatMap(({ requestId, passengers }) => (isOver(requestId) ? [] : [[requestId, passengers] as const])),
  )
  let [load, most] = [0, 0]
  for (const { requestId, kind } of kept.plan.stops) {
    load += kind === 'pass' ? 0 : (people.get(requestId) ?? 0) * (kind === 'board' ? 1 : -1)
    most = Math.max(most, load)
  }
  return { passengers: most, equipment: await equipmentOf(db, [...people.keys()]) }
}

/** Those of the trip that are the account's own. */
async function listOwnRiders(db: Queryable, order: Order, accountId: number): Promise<number[]> {
  const kept = await readPlan(db, order.firstId)
  if (!kept) return []
  const { rows } = await db.query<{ id: number }>(
    'SELECT request_id AS id FROM trip_requests WHERE request_id = ANY($1::int[]) AND applicant_id = $2 ORDER BY 1',
    [kept.plan.riders.map(({ requestId }) => requestId), accountId],
  )
  return rows.map(({ id }) => id)
}

/** Those who would still have to confirm when the caller has; nobody, where he confirms for all of his scope. */
export async function listUnconfirmed({ client, caller }: Act, order: Order): Promise<number[]> {
  if (order.riders === 0 || ownerFor(caller, 'request.create') === null) return []
  const kept = await readPlan(client, order.firstId)
  const [own, marks] = [await listOwnRiders(client, order, caller.accountId), await listMarks(client, order.orderId)]
  const confirmed = new Set([...own, ...marks.filter(({ action }) => action === 'confirmOwn').flatMap(({ requestIds }) => requestIds)])
  return (kept?.plan.riders ?? []).map(({ requestId }) => requestId).filter((requestId) => !confirmed.has(requestId))
}
