// What is proposed by itself: to whoever dispatches, which requests go together; to whoever books, which trip that runs he could go along with. Many are
// judged by estimate; the best of them once more by the ways that the router knows.
import type { RideSuggestion } from '../../../contracts/api/sharing.ts'
import type { AnswerOf } from '../../../contracts/api.ts'
import { Refusal } from '../../../contracts/errors.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { fenOfKm } from '../../../domain/greenTravel.ts'
import { type OrderState, orderNumber } from '../../../domain/orders.ts'
import { estimateLeg } from '../../../domain/roads.ts'
import { joinTrip, savedKmOf, stopsOf } from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { TravelTimes } from '../../../platform/routing/port.ts'
import type { Act } from '../../kernel/act.ts'
import type { Who } from '../../kernel/caller.ts'
import type { OrdersDeps } from '../drivers.ts'
import { ownerFor, type Sent } from '../own.ts'
import { requireRequest } from '../requests.ts'
import { besides, fitOn, inScope, listNear, planOf, readTrip, type Trip } from './fit.ts'
import { insertRide, tellPlan } from './rides.ts'
import { type Asked, findWays, listAsked, type Plan, riderOf, type Ways, wayIn } from './rows.ts'

/** So many are judged by the ways that the router knows. */
const JUDGED = 8
const ANY_SEATS = 60

const estimates: Pick<TravelTimes, 'table'> = {
  table: async (from, to, atMs) => ({ legs: from.map((start) => to.map((end) => estimateLeg(start, end, atMs))), by: 'estimate' }),
}

type Near = Awaited<ReturnType<typeof listNear>>[number]

/** Of those that are near the ones that save most, by estimate and as if each travelled alone. */
async function likely(asked: Asked, near: readonly Near[]): Promise<Near[]> {
  const ways = await findWays(estimates, [asked, ...near])
  const judged = near.flatMap((each) => {
    const first = riderOf(each)
    const fit = joinTrip([first], stopsOf(first), riderOf(asked), wayIn(ways), ANY_SEATS)
    return 'plan' in fit && planOf(fit.plan).savedKm > 0 ? [{ each, savedKm: planOf(fit.plan).savedKm }] : []
  })
  return judged
    .sort((a, b) => b.savedKm - a.savedKm)
    .slice(0, JUDGED)
    .map(({ each }) => each)
}

async function tripOrNone(db: Queryable, firstId: number): Promise<Trip | undefined> {
  try {
    return await readTrip(db, firstId)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

type Found = { near: Near; firstId: number; requestId: number; trip: Trip; plan: Plan }

/** Who goes along with whom, and how. `asked` may be of no request yet (number 0); `led`: it leads a trip itself. */
async function findFits(db: Queryable, travelTimes: TravelTimes, asked: Asked, near: readonly Near[], led: boolean): Promise<Found[]> {
  const best = await likely(asked, near)
  const pairs: { near: Near; trip: Trip; joining: Asked }[] = []
  for (const each of best) {
    // Whoever has a vehicle or companions already is the first; of two that wait it is the one that was asked about.
    const theirs = each.orderId !== null || each.leads || asked.requestId === 0
    if (theirs && led) continue
    const trip = await tripOrNone(db, theirs ? each.requestId : asked.requestId)
    if (trip) pairs.push({ near: each, trip, joining: theirs ? asked : each })
  }
  const ids = [...new Set(pairs.flatMap(({ trip, joining }) => [...trip.riders.map(({ requestId }) => requestId), joining.requestId]))]
  const all = [
    ...(await listAsked(
      db,
      ids.filter((id) => id !== 0),
    )),
    ...(ids.includes(0) ? [asked] : []),
  ]
  const [ways, known] = [await findWays(travelTimes, all), new Set(ids)]
  return pairs
    .flatMap(({ near: other, trip, joining }): Found[] => {
      const fit = fitOn(trip, riderOf(joining), ways, known)
      if (!('plan' in fit)) return []
      // What this one adds to what is saved already.
      const savedKm = Math.round((savedKmOf(fit.plan) - trip.savedKm) * 10) / 10
      const plan = { ...fit.plan, savedKm, savedFen: fenOfKm(savedKm, fit.plan.startsMs) }
      return plan.savedKm > 0 ? [{ near: other, firstId: trip.firstId, requestId: joining.requestId, trip, plan }] : []
    })
    .sort((a, b) => b.plan.savedKm - a.plan.savedKm)
}

export async function listRideSuggestions(
  { db, clock, travelTimes }: OrdersDeps,
  who: Who,
  requestId: number,
  most: number,
): Promise<AnswerOf<'listRideSuggestions'>> {
  const { caller, reach } = who
  const request = await requireRequest(db, who, requestId, clock.nowMs())
  const { rows: known } = await db.query<{ along: boolean; leads: boolean }>(
    `SELECT EXISTS (SELECT FROM trip_rides WHERE request_id = $1 AND state = 'JOINED') AS along,
       EXISTS (SELECT FROM trip_rides WHERE first_id = $1 AND state = 'JOINED') AS leads`,
    [requestId],
  )
  const { along, leads } = known[0]!
  if (along || request.kind !== 'pool' || !request.withDriver || !['APPROVED', 'DISPATCHED'].includes(request.state)) return { rows: [] }
  const led = leads || request.state === 'DISPATCHED'
  const [asked] = await listAsked(db, [requestId])
  const near = await listNear(
    db,
    { sql: inScope, values: [reach.lft, reach.rgt] },
    { startsAtMs: Date.parse(request.startsAt), not: requestId, orders: led ? 'none' : 'any' },
  )
  const found = (await findFits(db, travelTimes, asked!, near, led)).slice(0, most)
  const { rows: open } = await db.query<{ a: number; b: number }>(
    `SELECT first_id AS a, request_id AS b FROM trip_rides WHERE (first_id = $1 OR request_id = $1) AND state IN ('WISHED', 'ASKED')`,
    [requestId],
  )
  const isOpen = (one: Found) => open.some(({ a, b }) => [a, b].includes(one.near.requestId))
  const rows: RideSuggestion[] = []
  for (const one of found.filter((each) => !isOpen(each))) {
    const { near: other, trip, plan } = one
    const order = trip.order && (await numberOf(db, trip.order.orderId))
    rows.push({
      ...(await tellPlan(db, plan, { owner: ownerFor(caller, 'request.view'), reach, accountId: caller.accountId })),
      firstId: one.firstId,
      requestId: one.requestId,
      other: {
        requestId: other.requestId,
        state: other.state as RideSuggestion['other']['state'],
        unit: other.unit,
        to: other.to,
        startsAt: other.startsAt.toISOString(),
      },
      order,
      seatsLeft: order ? trip.seats - plan.most : null,
    })
  }
  return { rows }
}

async function numberOf(db: Queryable, orderId: number): Promise<NonNullable<RideSuggestion['order']>> {
  const { rows } = await db.query<{ year: number; number: number; state: OrderState }>(
    'SELECT year, number, state FROM dispatch_orders WHERE order_id = $1',
    [orderId],
  )
  const { year, number, state } = rows[0]!
  return { orderId, number: orderNumber(year, number), state }
}

type Booked = Pick<Sent<'previewRequest'>, 'from' | 'via' | 'to' | 'startsAt' | 'endsAt' | 'passengers' | 'withDriver'>
const askedOf = ({ from, via, to, passengers, startsAt, endsAt }: Booked): Asked => ({
  requestId: 0,
  places: [from, ...via, to],
  passengers,
  startsAt: new Date(startsAt),
  endsAt: new Date(endsAt),
})

/** Trips with a vehicle, of the unit or its neighbours, that whoever books could go along with; with whom is not told. */
async function findOffers(db: Queryable, travelTimes: TravelTimes, unitId: number, trip: Booked): Promise<Found[]> {
  if (!trip.withDriver || [trip.from, ...trip.via, trip.to].some(({ lon }) => lon === null)) return []
  const within = { sql: besides, values: [unitId, null] as const }
  const near = await listNear(db, within, { startsAtMs: Date.parse(trip.startsAt), not: 0, orders: 'only' })
  return findFits(db, travelTimes, askedOf(trip), near, false)
}

const SHOWN = 3
export async function listOffers(
  db: Queryable,
  travelTimes: TravelTimes,
  unitId: number,
  trip: Booked,
): Promise<AnswerOf<'previewRequest'>['shared']> {
  return (await findOffers(db, travelTimes, unitId, trip)).slice(0, SHOWN).map(({ near, trip: { order }, plan }) => {
    const own = plan.riders.find(({ requestId }) => requestId === 0)!
    return {
      orderId: order!.orderId,
      unit: near.unit.organisationId === unitId ? near.unit : null,
      pickUpAt: new Date(own.pickUpMs).toISOString(),
      dropOffAt: new Date(own.dropOffMs).toISOString(),
      directMin: own.directMin,
      sharedMin: own.sharedMin,
      savedKm: plan.savedKm,
      savedFen: plan.savedFen,
    }
  })
}

/** What was offered, and is taken with a request that is not there yet. @throws Refusal CONFLICT when it can no longer be had */
export async function requireOffer(
  deps: OrdersDeps,
  unitId: number,
  trip: Booked,
  orderId: number,
): Promise<{ firstId: number; plan: Plan }> {
  const offer = (await findOffers(deps.db, deps.travelTimes, unitId, trip)).find((each) => each.trip.order?.orderId === orderId)
  if (!offer) throw refusal('CONFLICT', 'body.shareWith', 'share.offer')
  return { firstId: offer.firstId, plan: offer.plan }
}

/** Keeps with a new request that it would share the trip that was offered. Whoever wishes it has consented. */
export async function wishRide(act: Act, requestId: number, { firstId, plan }: { firstId: number; plan: Plan }): Promise<void> {
  const named = <T extends { requestId: number }>(each: T): T => (each.requestId === 0 ? { ...each, requestId } : each)
  const of = { ...plan, riders: plan.riders.map(named), stops: plan.stops.map(named) }
  await insertRide(act, { firstId, requestId, plan: of, state: 'WISHED', consents: [requestId] })
}

/** The ways between the stops of these requests, and of which there were any to be asked for. */
export async function knowWays({ db, travelTimes, listDrivers }: OrdersDeps, ids: readonly number[]) {
  const asked = await listAsked(db, ids)
  const ways: Ways = await findWays(travelTimes, asked)
  return { ways, asked: new Set(asked.map(({ requestId }) => requestId)), listDrivers }
}
