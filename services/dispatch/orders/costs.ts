// Costs of an order: entered, claimed by a supplier, put right after closing, and decided by another person where that is needed.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { costStates, orderNot } from '../../domain/orders.ts'
import { fenWhenRefused, isUndecided } from '../../domain/settlement.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { isSamePerson } from '../kernel/persons.ts'
import { keepStep } from '../kernel/procedure.ts'
import { countedOf, totalOf } from './costRows.ts'
import { readingAfter } from './legs.ts'
import { once } from './onPhone.ts'
import { lockOrder, type Order } from './orderRows.ts'
import { answer, orderProcedure, subjectOf, TABLE } from './orders.ts'
import type { Sent } from './own.ts'
import { book, bringUpToDate, insertLine, judgeClaim, priceByTrack } from './settlement.ts'

/** The order, locked, as it was seen. @throws Refusal NOT_FOUND, CHANGED_MEANWHILE */
async function lockSeen(act: Act, orderId: number, version: number): Promise<Order> {
  const order = await lockOrder(act, orderId)
  requireVersion(order, version)
  return order
}

/** @throws Refusal VALIDATION_FAILED with what would be taken; CONFLICT where the order takes no costs, or only corrections that name a line */
export async function addCost(act: Act, orderId: number, { done, version, ...cost }: Sent<'addOrderCost'>): Promise<OrderDetail> {
  const order = await lockOrder(act, orderId)
  await once(act, order, 'cost', { done, content: canonicalJson(cost) }, (atMs) => {
    requireVersion(order, version)
    return enterCost(act, order, atMs === undefined ? cost : { ...cost, at: new Date(atMs).toISOString() })
  })
  return answer(act, orderId)
}

/** @returns the number of the cost */
async function enterCost(act: Act, order: Order, cost: Omit<Sent<'addOrderCost'>, 'done' | 'version'>): Promise<number> {
  const { orderId } = order
  const { nowMs } = act
  const closed = order.state === 'CLOSED'
  if (!closed && !costStates.includes(order.state)) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(order.state))
  const corrected = cost.corrects === undefined ? undefined : order.costs.find(({ costId }) => costId === cost.corrects)
  if (cost.corrects !== undefined && (!corrected || corrected.kind !== cost.kind))
    throw refusal('VALIDATION_FAILED', 'body.corrects', 'cost.corrects')
  if (closed && !corrected) throw refusal('CONFLICT', 'body.corrects', 'cost.closed')
  const atMs = Date.parse(cost.at)
  if (atMs < Date.parse(order.departedAt!) - 60_000)
    throw refusal('VALIDATION_FAILED', 'body.at', 'cost.early', { earliest: order.departedAt! })
  if (atMs > nowMs + 60_000) throw refusal('VALIDATION_FAILED', 'body.at', 'cost.late', { latest: new Date(nowMs).toISOString() })
  // What is taken back was there; what waits to be taken back is taken back already.
  const soFar = order.costs
    .filter(({ kind, question, decision }) => kind === cost.kind && !(question === 'correction' && decision === 'refused'))
    .reduce((sum, { fen }) => sum + fen, 0)
  if (soFar + cost.fen < 0) throw refusal('VALIDATION_FAILED', 'body.fen', 'cost.below', { most: soFar / 100 })
  const { claimedKm } = cost
  if (claimedKm !== undefined && (cost.kind !== 'lease' || order.lease === null))
    throw refusal('VALIDATION_FAILED', 'body.claimedKm', 'cost.notLeased')
  const basis = claimedKm === undefined ? undefined : await judgeClaim(act.client, order, claimedKm, cost.fen)
  const costId = await insertLine(act, orderId, {
    kind: cost.kind,
    fen: cost.fen,
    at: new Date(atMs),
    note: cost.note,
    source: basis ? 'invoice' : 'entered',
    ...(basis ? { basis } : {}),
    corrects: cost.corrects ?? null,
    question: closed ? 'correction' : basis?.dispute ? 'dispute' : null,
  })
  await changeRow(act.client, { ...TABLE, id: orderId }, closed ? {} : { total_fen: null })
  act.record('order.cost', subjectOf(orderId), { after: { ...cost, ...(basis?.dispute ? { dispute: basis.dispute } : {}) } })
  return costId
}

/** @throws Refusal NOT_FOUND; CONFLICT when there is nothing to decide, or by whoever entered it */
export async function decideCost(
  act: Act,
  orderId: number,
  costId: number,
  { stands, version, reason }: Sent<'decideOrderCost'>,
): Promise<OrderDetail> {
  const { client, caller, nowMs } = act
  const order = await lockSeen(act, orderId, version)
  const line = order.costs.find((each) => each.costId === costId)
  if (!line) throw new Refusal('NOT_FOUND')
  if (!isUndecided(line)) throw refusal('CONFLICT', 'params.costId', 'cost.decided')
  if (await isSamePerson(client, caller.accountId, line.enteredBy)) throw refusal('CONFLICT', 'params.costId', 'flow.samePerson')
  const decision = stands ? 'stands' : 'refused'
  await client.query('UPDATE order_costs SET decision = $2, decided_at = $3, decided_by = $4, decided_reason = $5 WHERE cost_id = $1', [
    costId,
    decision,
    new Date(nowMs),
    caller.accountId,
    reason,
  ])
  if (line.question === 'dispute' && !stands) {
    const { claimedM, trackM, priceFen } = line.basis
    const claim = { claimedM: claimedM!, claimedFen: line.fen, trackM: trackM ?? null, priceFen: priceFen ?? null }
    const fen = fenWhenRefused(line.basis.dispute!, claim, await priceByTrack(client, order, claim))
    await insertLine(act, orderId, { kind: line.kind, fen: -line.fen, source: 'invoice', corrects: costId })
    if (fen !== 0) await insertLine(act, orderId, { kind: line.kind, fen, source: 'invoice', corrects: costId })
  }
  const decided = await orderProcedure.lock(act, orderId)
  if (order.state === 'CLOSED') await book(act, decided)
  await changeRow(
    client,
    { ...TABLE, id: orderId },
    order.state === 'SETTLED' || order.state === 'CLOSED' ? { total_fen: totalOf(decided.costs) } : {},
  )
  act.record('order.cost-decide', subjectOf(orderId), {
    before: { decision: null },
    after: { decision },
    detail: { kind: line.kind, fen: line.fen },
    reason,
  })
  return answer(act, orderId)
}

/** A reading of a trip, put right. What follows from the distance is worked out anew. @throws Refusal as a reading at the time would be refused */
export async function correctOdometer(
  act: Act,
  orderId: number,
  { which, leg, odometerKm: km, sure, version, reason }: Sent<'correctOdometer'>,
): Promise<OrderDetail> {
  const { client } = act
  const order = await lockSeen(act, orderId, version)
  const column = which === 'out' ? 'odometer_out_m' : 'odometer_back_m'
  const part = partOf(order, leg)
  const beforeKm = which === 'out' ? part.outKm : part.backKm
  if (beforeKm === null) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(order.state))
  await requireBetween(act, part, which, km, sure)
  if (part.isFormer)
    await client.query(`UPDATE order_legs SET ${column} = $3 WHERE order_id = $1 AND leg = $2`, [orderId, leg, Math.round(km * 1000)])
  await changeRow(client, { ...TABLE, id: orderId }, part.isFormer ? {} : { [column]: Math.round(km * 1000) })
  await keepStep(
    act,
    orderProcedure,
    orderId,
    { action: 'correctOdometer', to: order.state, reason },
    { beforeKm, afterKm: km, ...(leg === undefined ? {} : { leg }) },
  )
  const corrected = await orderProcedure.lock(act, orderId)
  if (order.state === 'SETTLED' || order.state === 'CLOSED') {
    await bringUpToDate(act, corrected)
    const { costs } = await orderProcedure.lock(act, orderId)
    if (order.state === 'SETTLED') await changeRow(client, { ...TABLE, id: orderId }, { total_fen: totalOf(countedOf(costs)) })
  }
  const field = which === 'out' ? 'odometerOutKm' : 'odometerBackKm'
  act.record('order.odometer', subjectOf(orderId), {
    before: { [field]: beforeKm },
    after: { [field]: km },
    ...(leg === undefined ? {} : { detail: { leg } }),
    reason,
  })
  return answer(act, orderId)
}

type PartDriven = {
  vehicleId: number | null
  sinceMs: number
  untilMs: number | null
  outKm: number | null
  backKm: number | null
  isFormer: boolean
}

/** The part of the trip that a reading is of: one that is over, or what it goes on with. @throws Refusal NOT_FOUND */
function partOf(order: Order, leg: number | undefined): PartDriven {
  const former = order.formerLegs.find((each) => each.leg === leg)
  if (former) {
    const { heldVehicleId, odometerOutKm, odometerBackKm } = former
    const [sinceMs, untilMs] = [Date.parse(former.from), Date.parse(former.until)]
    return { vehicleId: heldVehicleId, sinceMs, untilMs, outKm: odometerOutKm, backKm: odometerBackKm, isFormer: true }
  }
  if (leg !== undefined && leg !== order.formerLegs.length + 1) throw new Refusal('NOT_FOUND')
  return {
    vehicleId: order.heldVehicleId,
    sinceMs: Date.parse(order.legSince ?? order.departedAt ?? order.startsAt),
    untilMs: order.returnedAt === null ? null : Date.parse(order.returnedAt),
    outKm: order.odometerOutKm,
    backKm: order.odometerBackKm,
    isFormer: false,
  }
}

/** Not less than what came before with that vehicle, not more than what came after, and no further than anybody drives. */
async function requireBetween(
  { client, nowMs }: Act,
  { vehicleId, sinceMs, untilMs, outKm, backKm }: PartDriven,
  which: 'out' | 'back',
  km: number,
  sure: boolean,
): Promise<void> {
  const { rows } = await client.query<{ before: number | null; at: Date | null; after: number | null }>(
    `SELECT b.m / 1000.0 AS before, b.at, a.m / 1000.0 AS after FROM (SELECT 1) one
     LEFT JOIN LATERAL (SELECT odometer_back_m AS m, until_at AS at FROM order_parts WHERE vehicle_id = $1
       AND odometer_back_m IS NOT NULL AND from_at < $2 ORDER BY from_at DESC LIMIT 1) b ON true
     LEFT JOIN LATERAL (SELECT odometer_out_m AS m FROM order_parts WHERE vehicle_id = $1
       AND odometer_out_m IS NOT NULL AND from_at > $2 ORDER BY from_at LIMIT 1) a ON true`,
    [vehicleId, new Date(sinceMs)],
  )
  const { before, at, after } = rows[0]!
  const earlier = which === 'back' ? { km: outKm!, atMs: sinceMs } : before === null ? null : { km: Number(before), atMs: at!.getTime() }
  readingAfter(earlier, { km, atMs: which === 'out' ? sinceMs : (untilMs ?? nowMs), sure, path: 'body.odometerKm' })
  const most = which === 'out' ? backKm : after === null ? null : Number(after)
  if (most !== null && km > most) throw refusal('VALIDATION_FAILED', 'body.odometerKm', 'odometer.beyond', { km, most })
}
