// A trip beside its order: what was ordered and said is read here, what the track has as orders/track.ts reads it, and the law is domain/trackAgainstOrder.ts.
// It tells of a vehicle's past: each vehicle that drove is a look of its own, within a case where one is required.
import type { ComparedOrder } from '../../contracts/api/comparison.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { followLegs } from '../../domain/orderTrack.ts'
import { compareWithOrder, type OrderedPlace, type OrderedTrip } from '../../domain/trackAgainstOrder.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { may, type Reachable, type Who } from '../kernel/caller.ts'
import { findCasePeriod, recordRefusedLook } from '../kernel/caseLook.ts'
import { needsCase, recordPast } from '../kernel/pastLook.ts'
import { openVehicles } from '../kernel/sight.ts'
import { countedOf } from './costRows.ts'
import { drivenByOdometer } from './legs.ts'
import { loadOrder, type Order } from './orderRows.ts'
import { ownFor, whoOf } from './own.ts'
import { listSteps } from './requestRows.ts'
import { readSharing } from './sharing/onOrder.ts'
import { type DrivenM, type Due, findDue, readParts, type TrackPart, windowOf } from './track.ts'

type Deps = { db: Database; clock: Clock; drivenM: DrivenM }
type Asked = Who<Reachable> & { orderId: number; caseId: number | undefined; purpose: string | undefined }

/** @throws Refusal NOT_FOUND, CASE_REQUIRED, RATE_LIMITED */
export async function compareOrder({ db, clock, drivenM }: Deps, asked: Asked): Promise<ComparedOrder> {
  const { caller, orderId, caseId } = asked
  const nowMs = clock.nowMs()
  const refuse = async (why: string) => {
    if (needsCase(asked)) await recordRefusedLook(db, { caller, atMs: nowMs, caseId }, { type: 'order', id: orderId }, 'track', why)
  }
  if (needsCase(asked) && caseId === undefined) {
    await refuse('case.none')
    throw refusal('CASE_REQUIRED', 'query.caseId', 'case.none')
  }
  const who = whoOf(asked)
  const order = await loadOrder(db, who.reach, ownFor(caller, 'order.view'), orderId, nowMs).catch(async (error: unknown) => {
    if (error instanceof Refusal) await refuse(error.code)
    throw error
  })
  const due = order.heldVehicleId === null ? undefined : await findDue(db, orderId)
  const window = due && (await windowWithin(db, asked, due, nowMs))
  const looked = due && window ? vehiclesOf(due, window) : []
  for (const { vehicleId, fromMs, untilMs } of looked)
    await recordPast(
      db,
      { action: 'order.compare', part: 'track', detail: { orderId } },
      { ...asked, vehicleId, from: new Date(fromMs), to: new Date(untilMs), atMs: nowMs },
    )
  const parts = due && window && nowMs >= window.looksMs ? await readParts(db, due, window) : []
  const knownMs = parts.flatMap(({ fixes }) => fixes.at(-1)?.atMs ?? []).at(-1) ?? null
  const distanceM = due && window ? await drivenOf(db, drivenM, parts, { ...due, backByMs: window.toMs }) : null
  return {
    orderId,
    number: order.number,
    state: order.state,
    unit: order.unit,
    purpose: order.purpose,
    stops: [order.from, ...order.via, order.to],
    vehicles: await namesOf(db, who, looked),
    approvals: may(caller, 'request.view') ? (await listSteps(db, 'trip_request_steps', 'request_id', order.firstId)).steps : null,
    knownMs,
    comparison: compareWithOrder(await orderedOf(db, who, order), { legs: parts, knownMs, distanceM }),
  }
}

/** What is looked at: around the trip, as far as that lies within the case; the trip itself must. */
async function windowWithin(db: Database, { caller, caseId }: Asked, due: Due, nowMs: number) {
  const window = windowOf(due, nowMs)
  const period = caseId === undefined ? undefined : await findCasePeriod(db, caller.accountId, caseId)
  if (!period) return window
  const { beginsMs, looksMs, endsMs, toMs } = window
  return {
    ...window,
    looksMs: period.fromMs <= beginsMs ? Math.max(looksMs, period.fromMs) : looksMs,
    toMs: period.untilMs >= Math.min(endsMs, toMs) ? Math.min(toMs, period.untilMs) : toMs,
  }
}

type Looked = { vehicleId: number; fromMs: number; untilMs: number }
function vehiclesOf(due: Due, { looksMs, toMs }: { looksMs: number; toMs: number }): Looked[] {
  // Of a trip that is yet to come a moment, so that it is a look.
  const untilMs = Math.max(toMs, looksMs + 1000)
  const first = due.legs[0]?.fromMs
  return [
    ...due.legs.map((leg) => ({ vehicleId: leg.vehicleId, fromMs: leg.fromMs === first ? looksMs : leg.fromMs, untilMs: leg.untilMs })),
    { vehicleId: due.vehicleId, fromMs: due.legSinceMs ?? looksMs, untilMs: Math.max(untilMs, (due.legSinceMs ?? 0) + 1000) },
  ]
}

async function drivenOf(
  db: Queryable,
  drivenM: DrivenM,
  parts: readonly TrackPart[],
  due: Due & { backByMs: number },
): Promise<number | null> {
  const seen = followLegs(parts, due)
  const fromMs = seen?.depart ?? due.departedMs
  if (fromMs === null || parts.length === 0) return null
  const untilMs = seen?.comeBack ?? due.returnedMs ?? due.backByMs
  let metres = 0
  for (const { vehicleId, beganMs, endedMs } of parts) {
    const [began, ended] = [Math.max(fromMs, beganMs), Math.min(untilMs, endedMs)]
    if (ended > began) metres += await drivenM(db, vehicleId, began, ended)
  }
  return Math.round(metres)
}

async function namesOf(db: Queryable, { reach }: Who, looked: readonly Looked[]): Promise<ComparedOrder['vehicles']> {
  const { rows } = await db.query<Omit<ComparedOrder['vehicles'][number], 'fromMs' | 'untilMs'>>(
    `SELECT vehicle_id AS "vehicleId", plate, plate_colour AS "plateColour" FROM ${openVehicles('$1')} v WHERE vehicle_id = ANY($2::int[])`,
    [reach.cleared, looked.map(({ vehicleId }) => vehicleId)],
  )
  const named = new Map(rows.map((row) => [row.vehicleId, row]))
  return looked.flatMap(({ vehicleId, fromMs, untilMs }) => {
    const vehicle = named.get(vehicleId)
    return vehicle ? [{ ...vehicle, fromMs, untilMs }] : []
  })
}

const msOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant))
/** Steps that whoever drives takes. */
const driversSteps = ['depart', 'takeOver', 'reach', 'board', 'arrive', 'pickUp', 'dropOff', 'comeBack']

async function orderedOf(db: Database, who: Who, order: Order): Promise<OrderedTrip> {
  const drivers = [...order.formerLegs.map(({ driver }) => driver), order.driver].flatMap((driver) => driver ?? [])
  const { rows: steps } = await db.query<{ action: string; by: string; atMs: number; drives: boolean }>(
    `SELECT s.action, coalesce(a.display_name, s.username) AS by, (extract(epoch FROM s.at) * 1000)::float8 AS "atMs",
       coalesce(a.driver_id = ANY($2::int[]), false) AS drives
     FROM dispatch_order_steps s LEFT JOIN accounts a USING (account_id) WHERE s.order_id = $1 AND s.action = ANY($3::text[]) ORDER BY s.step`,
    [order.orderId, drivers.map(({ driverId }) => driverId), driversSteps],
  )
  const { rows: vehicles } = await db.query<{ seats: number }>(`SELECT seats FROM ${openVehicles('$1')} v WHERE vehicle_id = $2`, [
    who.reach.cleared,
    order.heldVehicleId,
  ])
  const saidAt = (...actions: string[]) => steps.find(({ action }) => actions.includes(action))?.atMs ?? null
  return {
    startsAtMs: Date.parse(order.startsAt),
    endsAtMs: Date.parse(order.endsAt),
    places: (await sharedPlaces(db, who, order)) ?? [
      placeOf(order.from, saidAt('board')),
      ...order.via.map((stop) => placeOf(stop, null)),
      placeOf(order.to, saidAt('arrive')),
    ],
    said: { departMs: msOf(order.departedAt), comeBackMs: msOf(order.returnedAt), distanceM: drivenByOdometer(order) },
    passengers: order.passengers,
    seats: vehicles[0]?.seats ?? null,
    withDriver: order.withDriver,
    driver: drivers[0]?.name ?? null,
    drove: order.departedAt === null ? [] : drivers.map(({ name }) => name),
    steppedFor: drivers.length === 0 ? [] : steps.filter(({ drives }) => !drives).map(({ action, by, atMs }) => ({ action, by, atMs })),
    costs: countedOf(order.costs).map(({ kind, fen, at }) => ({ kind, fen, atMs: Date.parse(at) })),
  }
}

const placeOf = ({ name, lon, lat }: Order['from'], saidMs: number | null): OrderedPlace => ({
  name,
  at: lon === null || lat === null ? null : [lon, lat],
  saidMs,
})

/** Of a shared trip where each gets on and off. */
async function sharedPlaces(db: Database, who: Who, order: Order): Promise<OrderedPlace[] | undefined> {
  const sharing = await readSharing(db, who, order)
  return sharing?.stops.map(({ place, doneAt }) => placeOf(place, msOf(doneAt)))
}
