// What is judged before a vehicle and a driver are given to a trip: is it there, does it fit, is it free, is he fit. The database refuses once more
// (reservations): here the refusal says who has it, and from when it is free.
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import type { Booking } from '../../domain/availability.ts'
import { DAY_MS } from '../../domain/days.ts'
import type { FitnessReason } from '../../domain/driverFitness.ts'
import type { Equipment } from '../../domain/equipment.ts'
import { isAutomatic, sizeOf } from '../../domain/licence.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import { findLentAway } from '../../domain/loans.ts'
import { type Exclusion, judgeOffer, nextFree, tierWith, type Wanted } from '../../domain/ranking.ts'
import { heldFor } from '../../domain/requests.ts'
import { latestEndBefore } from '../../domain/roadChanges.ts'
import type { BodyType } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { listAllBookings, listBookings, listWhyUnavailable, type Promised } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { depart, extend, giveBack, reserve } from '../kernel/reservations.ts'
import { openVehicles } from '../kernel/sight.ts'
import type { ListDrivers } from './drivers.ts'
import { listBorrowed, listLending } from './loanRows.ts'
import { numbersOf, type Order } from './orderRows.ts'
import { tierSql, tiersByNumber } from './tiers.ts'

export type Given = { vehicleId: number; driverId: number | null; startsAtMs: number; endsAtMs: number }
/** `orderId`: whose own promise is given up for the new one; 0 = none yet. */
type Trip = {
  orderId: number
  unitId: number
  passengers: number
  withDriver: boolean
  urgent: boolean
  equipment: readonly Equipment[]
  /** It is under way: nothing is prepared any more. */
  underWay?: true
  /** Who drives already is not judged again. */
  driverStays?: boolean
}

/**
 * May these be given to the trip? Asked before anything is written: what is out of reach is answered as what is absent.
 * @returns the vehicle, and the year whose calendar is not announced, where the driver's duty hangs on it
 * @throws Refusal VALIDATION_FAILED for a vehicle or driver that is not in reach; CONFLICT with the first reason
 * why not
 */
export async function requireGivable(
  act: Act,
  listDrivers: ListDrivers,
  given: Given,
  { orderId, unitId, passengers, withDriver, urgent, equipment, underWay, driverStays = false }: Trip,
): Promise<Vehicle & { unknownYear: string | null }> {
  const { client, scope, nowMs } = act
  const { vehicleId, driverId, startsAtMs, endsAtMs } = given
  const wanted: Wanted = { startsAtMs, endsAtMs, passengers, withDriver, distanceKm: null, urgent, equipment }
  const held = underWay ? { fromMs: startsAtMs, untilMs: heldFor(given).untilMs } : heldFor(given)
  const vehicle = await findVehicle(client, scope, vehicleId, unitId, startsAtMs)
  const lending = (await listLending(client, [vehicleId], unitId, given))(vehicleId, vehicle.keeperId)
  const tier = tierWith(tiersByNumber[vehicle.tier]!, lending, given)
  const bookings = await listOthers(act, { vehicleId }, held, orderId)
  const [first] = judgeOffer({ ...vehicle, ...unasked, tier, lending, bookings }, wanted)
  if (first?.code === 'BUSY') throw refusal('CONFLICT', 'body.vehicleId', 'vehicle.busy', busyValues(bookings, wanted))
  if (first) throw refusal('CONFLICT', 'body.vehicleId', ...reasonOf(first))
  let unknownYear: string | null = null
  if (driverStays) return { ...vehicle, unknownYear }
  if (withDriver) {
    if (driverId === null) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.driverMissing')
    await holdDriver(client, driverId)
    const driverBookings = await listOthers(act, { driverId }, held, orderId)
    const [driver] = await listDrivers(client, scope, { fromMs: startsAtMs, untilMs: endsAtMs }, nowMs, { driverId, orderId, urgent })
    if (!driver) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.driverUnknown')
    if (touches(driverBookings, held)) throw refusal('CONFLICT', 'body.driverId', 'driver.busy', busyValues(driverBookings, wanted))
    const [unfit] = [...driver.judge({ size: sizeOf(vehicle), automatic: isAutomatic(vehicle.energy) }), ...driver.reasons]
    if (unfit) {
      const fit = await namesOfFit(act, listDrivers, given, vehicle, urgent)
      if (unfit.code === 'DAY_HOURS' || unfit.code === 'WEEK_HOURS')
        throw refusal('CONFLICT', 'body.driverId', `driver.${unfit.code}`, { ...inHours(unfit.detail), name: driver.name, fit })
      throw refusal('CONFLICT', 'body.driverId', 'driver.unfit', { name: driver.name, fitness: unfit.code, fit })
    }
    unknownYear = driver.unknownYear
  } else if (driverId !== null) throw refusal('VALIDATION_FAILED', 'body.driverId', 'order.noDriver')
  return { ...vehicle, unknownYear }
}

/** What is kept with a step that gave a driver of whom nobody could say whether he is on duty: the year whose calendar is not announced. */
export const keptOf = (given: { unknownYear: string | null } | null): { unknownYear?: string } =>
  given?.unknownYear ? { unknownYear: given.unknownYear } : {}

/** Of two who give one driver at once the second sees what the first gave: hours are no row that the database could refuse. */
const holdDriver = (client: Queryable, driverId: number) =>
  client.query('SELECT FROM drivers WHERE driver_id = $1 FOR NO KEY UPDATE', [driverId])

/** Minutes as the hours that are told. */
const inHours = ({ day, given, minutes, limit }: FitnessReason['detail']): RefusalValues => ({
  day: day!,
  given: hoursOf(given),
  hours: hoursOf(minutes),
  mostHours: hoursOf(limit),
})
const hoursOf = (minutes: unknown): number => Math.round(Number(minutes) / 6) / 10

/** So many are named where one cannot. */
const MOST_NAMED = 3
/** The names of some who could drive it then; empty: nobody. */
async function namesOfFit(
  { client, scope, nowMs }: Act,
  listDrivers: ListDrivers,
  given: Given,
  vehicle: Vehicle,
  urgent: boolean,
): Promise<string> {
  const { startsAtMs, endsAtMs } = given
  const kind = { size: sizeOf(vehicle), automatic: isAutomatic(vehicle.energy) }
  const drivers = await listDrivers(client, scope, { fromMs: startsAtMs, untilMs: endsAtMs }, nowMs, { urgent })
  const fit = drivers.filter(({ reasons, judge }) => reasons.length === 0 && judge(kind).length === 0)
  const ids = fit.map(({ driverId }) => driverId)
  const busy = await listAllBookings(client, { vehicles: [], drivers: ids }, heldFor(given))
  return fit
    .filter(({ driverId }) => !busy.drivers.has(driverId))
    .slice(0, MOST_NAMED)
    .map(({ name }) => name)
    .join('、')
}

/** What a vehicle is ranked by, and nothing is refused for. */
const unasked = {
  kind: '',
  electric: false,
  socPct: null,
  pickUp: null,
  cutOff: false,
  ordersNear: 0,
} as const

/** Promises vehicle and driver to the order. */
export async function promise(client: Queryable, given: Given, orderId: number): Promise<void> {
  const holder = `order:${orderId}` as const
  await reserve(client, { vehicleId: given.vehicleId }, heldFor(given), holder)
  await requireNotLent(client, given, orderId)
  if (given.driverId !== null) await reserve(client, { driverId: given.driverId }, heldFor(given), holder)
}

/** Promises them to an order that is under way, from the swap on; what was held until then ends with it. */
export async function promiseOnTheWay(client: Queryable, given: Given, orderId: number): Promise<void> {
  const holder = `order:${orderId}` as const
  const span = { fromMs: given.startsAtMs, untilMs: heldFor(given).untilMs }
  await giveBack(client, holder, given.startsAtMs)
  await reserve(client, { vehicleId: given.vehicleId }, span, holder)
  await requireNotLent(client, given, orderId)
  if (given.driverId !== null) await reserve(client, { driverId: given.driverId }, span, holder)
  await depart(client, holder, given.startsAtMs)
}

/** The vehicle's file is held now: a loan that was consented to meanwhile is seen. @throws Refusal CONFLICT */
async function requireNotLent(client: Queryable, given: Given, orderId: number): Promise<void> {
  const { rows } = await client.query<{ unitId: number }>(
    'SELECT r.unit_id AS "unitId" FROM dispatch_orders d JOIN trip_requests r USING (request_id) WHERE d.order_id = $1',
    [orderId],
  )
  const { loans } = (await listLending(client, [given.vehicleId], rows[0]!.unitId, given))(given.vehicleId, 0)
  const away = findLentAway(loans, heldFor(given))
  if (away) throw refusal('CONFLICT', 'body.vehicleId', 'vehicle.lent', { to: away.borrower, until: new Date(away.untilMs).toISOString() })
}

/**
 * Promises it to the order once more, from now on, when that let go of it because nobody drove off.
 * @throws Refusal CONFLICT with who has it now, and from when it is free
 */
export async function promiseAgain(act: Pick<Act, 'client' | 'scope'>, given: Given, orderId: number, due: string): Promise<void> {
  const span = { fromMs: given.startsAtMs, untilMs: heldFor(given).untilMs }
  const promised: Promised[] = [{ vehicleId: given.vehicleId }, ...(given.driverId === null ? [] : [{ driverId: given.driverId }])]
  for (const one of promised) {
    const bookings = await listOthers(act, one, span, orderId)
    if (touches(bookings, span)) throw refusal('CONFLICT', 'body.action', 'order.released', { due, ...busyValues(bookings, given) })
    await reserve(act.client, one, span, `order:${orderId}`)
  }
}

/**
 * Who drives off before it is due has vehicle and driver from now on.
 * @throws Refusal CONFLICT with who has them until then, and from when they are free
 */
export async function requireFreeUntilDue(act: Act, order: Order): Promise<void> {
  const wanted = { startsAtMs: act.nowMs, endsAtMs: Date.parse(order.endsAt) }
  const dueMs = heldFor({ ...wanted, startsAtMs: Date.parse(order.startsAt) }).fromMs
  if (act.nowMs >= dueMs) return
  for (const { of, promised } of heldBy(order)) {
    const others = await listOthers(act, promised, { fromMs: act.nowMs }, order.orderId)
    if (touches(others, { untilMs: dueMs })) throw refusal('CONFLICT', 'body.action', `${of}.busy`, busyValues(others, wanted))
  }
}

type Out = Pick<Order, 'orderId' | 'heldVehicleId' | 'driverId' | 'startsAt' | 'endsAt'>
export type Clash = { of: 'vehicle' | 'driver'; held: string; fromMs: number; untilMs: number | null; latestMs: number }

/** What an order that is out holds. */
const heldBy = ({ heldVehicleId, driverId }: Out) => [
  ...(heldVehicleId === null ? [] : [{ of: 'vehicle' as const, promised: { vehicleId: heldVehicleId } }]),
  ...(driverId === null ? [] : [{ of: 'driver' as const, promised: { driverId } }]),
]

/** What an order that is out would meet if it ended later, and the latest end that there could be; null: nothing. */
export async function findClash(reader: Pick<Act, 'client' | 'scope'>, order: Out, endsAtMs: number): Promise<Clash | null> {
  const startsAtMs = Date.parse(order.startsAt)
  const { untilMs } = heldFor({ startsAtMs, endsAtMs })
  const clashes: Clash[] = []
  for (const { of, promised } of heldBy(order)) {
    const met = touches(await listOthers(reader, promised, { fromMs: Date.parse(order.endsAt) }, order.orderId), { untilMs })
    if (met)
      clashes.push({
        of,
        held: met.order ?? met.reason,
        fromMs: met.fromMs,
        untilMs: met.untilMs,
        latestMs: latestEndBefore(met.fromMs, startsAtMs),
      })
  }
  return clashes.sort((a, b) => a.latestMs - b.latestMs)[0] ?? null
}

/**
 * Holds what an order that is out has until a later end.
 * @throws Refusal CONFLICT with what stands in the way and until when it could go on; as `requireGivable` says of vehicle and driver
 */
export async function extendTrip(act: Act, listDrivers: ListDrivers, order: Order, endsAtMs: number): Promise<void> {
  const { client } = act
  const clash = await findClash(act, order, endsAtMs)
  if (clash) {
    const { of, held, fromMs, untilMs, latestMs } = clash
    const values = { of, held, from: iso(fromMs), until: untilMs === null ? '' : iso(untilMs), latest: iso(latestMs) }
    throw refusal('CONFLICT', 'body.action', latestMs > Date.parse(order.endsAt) ? 'change.clash' : 'change.noLonger', values)
  }
  const { heldVehicleId: vehicleId, driverId, orderId, unit, passengers, urgent, equipment } = order
  if (vehicleId === null) return
  // Who took it over on the way is judged from then on: what he and the vehicle did before is another's trip.
  const given = { vehicleId, driverId, startsAtMs: Date.parse(order.legSince ?? order.startsAt), endsAtMs }
  await requireGivable(act, listDrivers, given, {
    orderId,
    unitId: unit.organisationId,
    passengers,
    withDriver: driverId !== null,
    urgent: urgent || order.lease !== null,
    equipment,
    underWay: true,
  })
  const span = { fromMs: act.nowMs, untilMs: heldFor(given).untilMs }
  await extend(client, { vehicleId }, span, `order:${orderId}`)
  await requireNotLent(client, given, orderId)
  if (driverId !== null) await extend(client, { driverId }, span, `order:${orderId}`)
}
const iso = (ms: number): string => new Date(ms).toISOString()

/** Holds what a driver drives though his order was voided, as far as nobody else has it: who does sees a trip that is in the way. */
export async function holdIfFree(client: Queryable, order: Order, nowMs: number): Promise<void> {
  const { heldVehicleId, driverId, endsAt, orderId } = order
  const span = { fromMs: nowMs, untilMs: heldFor({ startsAtMs: nowMs, endsAtMs: Date.parse(endsAt) }).untilMs }
  const promised: Promised[] = [
    ...(heldVehicleId === null ? [] : [{ vehicleId: heldVehicleId }]),
    ...(driverId === null ? [] : [{ driverId }]),
  ]
  for (const one of promised)
    if ((await listWhyUnavailable(client, one, span)).length === 0) await reserve(client, one, span, `order:${orderId}`)
}

/** So far ahead the next free time is looked for. */
const AHEAD_MS = 92 * DAY_MS

const reasons: Record<Exclude<Exclusion['code'], 'BUSY' | 'NO_ROUTE' | 'NO_DRIVER'>, RefusalReason> = {
  STATE: 'state.not',
  EQUIPMENT: 'vehicle.equipment',
  SEATS: 'vehicle.seats',
  EXPIRES: 'trip.expires',
  CHARGE: 'vehicle.charge',
  LENT: 'vehicle.lent',
  NO_LOAN: 'vehicle.noLoan',
}
const reasonOf = ({ code, detail }: Exclusion): [RefusalReason, RefusalValues] => [reasons[code as keyof typeof reasons], detail]

const touches = (bookings: readonly Named[], held: { untilMs: number }) => bookings.find(({ fromMs }) => fromMs < held.untilMs)

function busyValues(bookings: readonly Named[], wanted: Pick<Wanted, 'startsAtMs' | 'endsAtMs'>): RefusalValues {
  const { fromMs, untilMs, reason, order } = touches(bookings, heldFor(wanted))!
  const free = nextFree(wanted, bookings)
  return {
    from: new Date(fromMs).toISOString(),
    until: untilMs === null ? '' : new Date(untilMs).toISOString(),
    held: order ?? reason,
    free: free === null ? '' : new Date(free).toISOString(),
  }
}

type Vehicle = {
  vehicleId: number
  state: VehicleState
  equipment: Equipment[]
  seats: number
  bodyType: BodyType | null
  energy: string
  /** Whose it is. */
  keeperId: number
  /** As `tiersByNumber` says. */
  tier: number
  inspectionUntil: string | null
  insuranceUntil: string | null
}

async function findVehicle(client: Queryable, scope: Sight, vehicleId: number, unitId: number, fromMs: number): Promise<Vehicle> {
  const { rows } = await client.query<Vehicle>(
    `SELECT v.vehicle_id AS "vehicleId", v.user_unit_id AS "keeperId", ${tierSql('o', 'q')} AS tier, v.state, v.equipment, v.seats, v.body_type AS "bodyType", v.energy, v.inspection_until::text AS "inspectionUntil",
       v.insurance_until::text AS "insuranceUntil"
     FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id CROSS JOIN organisations q
     WHERE v.vehicle_id = $1 AND q.organisation_id = $5 AND (o.lft BETWEEN $2 AND $3 OR v.vehicle_id = ANY($6))`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared, unitId, await listBorrowed(client, scope, fromMs)],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  return rows[0]
}

/** `order`: its number, where it is the reader's to see. */
type Named = Booking & { order: string | null }

/** What it is booked for from the beginning of `held` on, and beyond it, in order; the trip's own promise is left out. */
async function listOthers(
  { client, scope }: Pick<Act, 'client' | 'scope'>,
  promised: Promised,
  held: { fromMs: number },
  orderId: number,
): Promise<Named[]> {
  const bookings = await listBookings(client, promised, { fromMs: held.fromMs, untilMs: held.fromMs + AHEAD_MS })
  const others = bookings.filter(({ holder }) => holder !== `order:${orderId}`)
  const numbers = await numbersOf(
    client,
    scope,
    others.flatMap(({ holder }) => holder ?? []),
  )
  return others.map((booking) => ({ ...booking, order: numbers.get(booking.holder ?? '') ?? null }))
}
