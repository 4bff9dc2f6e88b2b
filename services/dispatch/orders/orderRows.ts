// Rows of orders: how they are read, and how they become answers.
import type { z } from 'zod'
import type { OrderDetail, OrderRow } from '../../contracts/api/orders.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { InspectionResult } from '../../domain/inspection.ts'
import { findDue, stateAt, type Times } from '../../domain/lifecycle.ts'
import { type OrderState, orderLifecycle, orderNot, orderNumber, toldStates } from '../../domain/orders.ts'
import type { CostQuestion, Share } from '../../domain/settlement.ts'
import type { BodyType } from '../../domain/vehicle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import type { Stepped } from '../kernel/procedure.ts'
import { isCalled, platePattern } from '../kernel/searchText.ts'
import { hiddenVehicles, openVehicles } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { type CostLine, listCosts, totalOf } from './costRows.ts'
import { type FormerLeg, listFormerLegs } from './formerLegs.ts'
import { type Own, ownFor } from './own.ts'
import { listSteps } from './requestRows.ts'
import { sharesOfTrip } from './sharing/rows.ts'

/** SQL: how many incidents of an order nobody has closed, and with how many faults of safety it was driven off. */
export const alertsSql = (order: string): string => `
  ((SELECT count(*) FROM order_incidents i WHERE i.order_id = ${order}.order_id AND i.state <> 'CLOSED')
   + coalesce((SELECT sum((s.data->>'unsafe')::int) FROM dispatch_order_steps s WHERE s.order_id = ${order}.order_id AND s.data ? 'unsafe'), 0))::int`

/** SQL: how many other requests travel with the one whose order it is. */
export const ridersSql = (order: string): string => `
  CASE WHEN ${order}.state IN ('DECLINED', 'VOIDED') THEN 0
    ELSE (SELECT count(*)::int FROM trip_rides s WHERE s.first_id = ${order}.request_id AND s.state = 'JOINED') END`

/** SQL: the cost lines of an order that somebody must decide about. */
const undecidedOf = (order: string): string =>
  `FROM order_costs c WHERE c.order_id = ${order}.order_id AND c.question IS NOT NULL AND c.decision IS NULL`

export const columns = `d.order_id, d.state, d.since, d.year, d.number, r.request_id, d.request_id AS first_id, r.unit_id, u.name AS unit_name, d.issuer_id, i.name AS issuer_name, d.keeper_id, h.name AS keeper_name,
  d.supplier_id, l.name AS supplier_name, d.body_type, d.agreed_fen,
  r.applicant_id, a.display_name AS applicant_name, v.vehicle_id, v.plate, v.plate_colour, d.driver_id, p.name AS driver_name, r.purpose_kind,
  r.purpose, r.from_stop, r.to_stop, d.starts_at, d.ends_at, r.passengers, d.version,
  d.state = 'VOIDED' AND (d.departed_at IS NOT NULL OR EXISTS (SELECT FROM order_track_events e WHERE e.order_id = d.order_id AND e.kind = 'depart')) AS left_voided,
  ${ridersSql('d')} AS riders, ${alertsSql('d')} AS alerts, ARRAY(SELECT DISTINCT c.question ${undecidedOf('d')} ORDER BY 1) AS asked`
/**
 * `$4` is what is cleared for the reader: the vehicle of an order is told to whoever may see it. Who goes along with another’s trip (`$3`) reads the order as
 * that of his own request: who the others are is not his to know.
 */
const along = `(SELECT s.request_id FROM trip_rides s JOIN trip_requests q ON q.request_id = s.request_id JOIN trip_requests f ON f.request_id = s.first_id
    WHERE s.first_id = d.request_id AND s.state = 'JOINED' AND q.applicant_id = $3 AND f.applicant_id <> $3 AND d.state NOT IN ('DECLINED', 'VOIDED')
    ORDER BY s.ride_id LIMIT 1)`
export const joins = `dispatch_orders d JOIN trip_requests r USING (request_id) JOIN organisations u ON u.organisation_id = r.unit_id
  JOIN organisations i ON i.organisation_id = d.issuer_id JOIN accounts a ON a.account_id = r.applicant_id
  LEFT JOIN organisations h ON h.organisation_id = d.keeper_id LEFT JOIN suppliers l ON l.supplier_id = d.supplier_id
  LEFT JOIN drivers p ON p.driver_id = d.driver_id LEFT JOIN ${openVehicles('$4')} v ON v.vehicle_id = d.vehicle_id`
const joinsFor = (own: Own | null): string =>
  own?.alone
    ? joins.replace(
        'JOIN trip_requests r USING (request_id)',
        `LEFT JOIN LATERAL ${along} along ON true JOIN trip_requests r ON r.request_id = coalesce(along.request_id, d.request_id)`,
      )
    : joins
/** What the account `$3` asked for, drives, or drove a part of. */
const isOwn = `(r.applicant_id = $3 OR d.driver_id = (SELECT driver_id FROM accounts WHERE account_id = $3)
  OR EXISTS (SELECT FROM order_legs g JOIN accounts f ON f.driver_id = g.driver_id WHERE g.order_id = d.order_id AND f.account_id = $3))`
/** Of what is his own, what he drove a part of that is over, and nothing else. */
const isFormer = 'r.applicant_id <> $3 AND d.driver_id IS DISTINCT FROM (SELECT driver_id FROM accounts WHERE account_id = $3)'
/** A part that is over was driven with a vehicle that the reader does not see. */
const hasHiddenLeg = `EXISTS (SELECT FROM order_legs g JOIN ${hiddenVehicles('$4')} h ON h.vehicle_id = g.vehicle_id WHERE g.order_id = d.order_id)`
/**
 * `$1`, `$2`: the scope, in which the unit that travels is or the one whose vehicle it is. An order whose vehicle is sensitive and not the reader's to see
 * is not there (decision 0089) but for whoever asked for it or drives it. `own` null: the system, which takes its steps whatever they are of.
 */
export const inReach = (
  own: Own | null,
): string => `(u.lft BETWEEN $1 AND $2 OR EXISTS (SELECT FROM vehicles w JOIN organisations k ON k.organisation_id = w.user_unit_id
    WHERE (w.vehicle_id = d.vehicle_id OR w.vehicle_id IN (SELECT g.vehicle_id FROM order_legs g WHERE g.order_id = d.order_id))
      AND k.lft BETWEEN $1 AND $2)
  OR d.state NOT IN ('DECLINED', 'VOIDED') AND EXISTS (SELECT FROM trip_rides s JOIN trip_requests q ON q.request_id = s.request_id
    JOIN organisations x ON x.organisation_id = q.unit_id WHERE s.first_id = d.request_id AND s.state = 'JOINED' AND x.lft BETWEEN $1 AND $2))
  AND ${own === null ? '$3::int IS NULL' : own.alone ? isOwn : `((d.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL) AND NOT ${hasHiddenLeg} OR ${isOwn})`}`

/** What an order may have beside its row. Most have little of it: what is there is said with the row, and nothing else is asked for. */
const parts = {
  costs: 'order_costs',
  legs: 'order_legs',
  changes: 'order_changes',
  rating: 'order_ratings',
  photos: 'order_photos',
  incidents: 'order_incidents',
  deeds: 'order_deeds',
} as const
export type OrderPart = keyof typeof parts
const partsThere = Object.entries(parts)
  .map(([part, table]) => `SELECT '${part}' WHERE EXISTS (SELECT FROM ${table} x WHERE x.order_id = d.order_id)`)
  .join(' UNION ALL ')

/** As stored: `vehicleId` is what it holds, whoever reads. */
export type Order = Omit<
  OrderDetail,
  | 'track'
  | 'sharing'
  | 'inspections'
  | 'photos'
  | 'incidents'
  | 'deeds'
  | 'mayAct'
  | 'mayEnterCosts'
  | 'mayCorrectCosts'
  | 'mayCorrectOdometer'
  | 'mayMove'
  | 'changes'
  | 'mayAskChange'
  | 'rating'
  | 'mayRateUntil'
  | 'mayFollow'
  | 'companions'
  | 'maySwap'
  | 'costs'
  | 'settlement'
  | 'legs'
> &
  Stepped & {
    state: OrderState
    /** The request whose order it is; who goes along reads his own in its place (`requestId`). */
    firstId: number
    heldVehicleId: number | null
    keeperId: number | null
    supplierId: number | null
    bodyType: BodyType | null
    /** As the row was read: of one that was locked, which may have been waited for, all of them. */
    has: ReadonlySet<OrderPart>
    /** Who bears it, where that is not the unit that travels alone. */
    shares: Share[]
    unitLft: number
    travellerIds: number[]
    /** An emergency that nobody has approved afterwards yet. */
    unratified: boolean
    driverId: number | null
    withDriver: boolean
    urgent: boolean
    costs: CostLine[]
    /** Since when it is driven as it is now; null: since its departure. */
    legSince: string | null
    /** The parts that are over. */
    formerLegs: FormerLeg[]
    /** Whoever reads drove a part of it that is over, and has nothing to do with the rest. */
    isFormer: boolean
  }

const iso = (at: unknown): string | null => (at as Date | null)?.toISOString() ?? null

/** The clock has taken its steps whether or not they are written down. */
const stateOf = (row: Row, nowMs: number): OrderState => stateAt(orderLifecycle, row.state as OrderState, timesOf(row as Timed), nowMs)

type Timed = { since: Date; starts_at: Date; ends_at: Date; supplier_id: number | null }
/** What a supplier drives is told of afterwards. */
const timesOf = ({ since, starts_at, ends_at, supplier_id }: Timed): Times => ({
  sinceMs: since.getTime(),
  untilMs: starts_at.getTime(),
  overMs: supplier_id === null ? ends_at.getTime() : null,
})

export const rowOf = (row: Row, nowMs: number): OrderRow => ({
  orderId: row.order_id as number,
  number: orderNumber(row.year as number, row.number as number),
  state: stateOf(row, nowMs),
  requestId: row.request_id as number,
  unit: { organisationId: row.unit_id as number, name: row.unit_name as string },
  issuer: { organisationId: row.issuer_id as number, name: row.issuer_name as string },
  applicant: { accountId: row.applicant_id as number, name: row.applicant_name as string },
  vehicle:
    row.vehicle_id === null
      ? null
      : { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
  keeper:
    row.keeper_id === null || row.supplier_id !== null
      ? null
      : { organisationId: row.keeper_id as number, name: row.keeper_name as string },
  lease:
    row.supplier_id === null
      ? null
      : {
          supplier: { supplierId: row.supplier_id as number, name: row.supplier_name as string },
          bodyType: row.body_type as BodyType | null,
          agreedFen: row.agreed_fen as number | null,
        },
  driver: row.driver_id === null ? null : { driverId: row.driver_id as number, name: row.driver_name as string },
  purposeKind: row.purpose_kind as OrderRow['purposeKind'],
  purpose: row.purpose as string,
  from: row.from_stop as OrderRow['from'],
  to: row.to_stop as OrderRow['to'],
  startsAt: iso(row.starts_at)!,
  endsAt: iso(row.ends_at)!,
  passengers: row.passengers as number,
  riders: row.riders as number,
  alerts: row.alerts as number,
  leftVoided: row.left_voided as boolean,
  toApprove: [...(row.state === 'SETTLED' ? (['settlement'] as const) : []), ...(row.asked as CostQuestion[])],
  version: row.version as number,
})

/** The numbers of the orders among these holders of promises, such as order:12, as far as the reader sees their vehicles; by holder. */
export async function numbersOf(
  db: Queryable,
  { cleared }: Pick<Sight, 'cleared'>,
  holders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const ids = holders.flatMap((holder) => (holder.startsWith('order:') ? [Number(holder.slice('order:'.length))] : []))
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<{ id: number; year: number; number: number }>(
    `SELECT d.order_id AS id, d.year, d.number FROM dispatch_orders d WHERE d.order_id = ANY($1)
       AND NOT EXISTS (SELECT FROM ${hiddenVehicles('$2')} h WHERE h.vehicle_id = d.vehicle_id)`,
    [ids, cleared],
  )
  return new Map(rows.map(({ id, year, number }) => [`order:${id}`, orderNumber(year, number)]))
}

export async function listOrders(
  db: Queryable,
  scope: Sight,
  own: Own,
  query: z.output<Api['listOrders']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listOrders'>> {
  const values: unknown[] = [scope.lft, scope.rgt, own.accountId, scope.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [inReach(own)]
  if (query.q) {
    const plate = platePattern(query.q)
    const called = ['r.purpose', "r.to_stop->>'name'", 'u.name', 'p.name'].map((name) => isCalled($, name, query.q!))
    tests.push(`(${[...called, ...(plate ? [`v.plate LIKE ${$(plate)}`] : [])].join(' OR ')})`)
  }
  if (query.state) tests.push(`d.state = ${$(query.state)}`)
  if (query.open)
    tests.push(
      `(d.state NOT IN ('CLOSED', 'DECLINED', 'VOIDED', 'EXPIRED') OR d.state = 'VOIDED' AND d.departed_at IS NOT NULL AND d.returned_at IS NULL)`,
    )
  if (query.waiting) tests.push(`(d.state = 'SETTLED' OR EXISTS (SELECT ${undecidedOf('d')}))`)
  if (query.vehicleId)
    tests.push(
      `(v.vehicle_id = ${$(query.vehicleId)} OR EXISTS (SELECT FROM order_legs g JOIN ${openVehicles('$4')} x ON x.vehicle_id = g.vehicle_id
         WHERE g.order_id = d.order_id AND g.vehicle_id = ${$(query.vehicleId)}))`,
    )
  if (query.organisationId) tests.push(isUnder(`${$(query.organisationId)}::bigint`, 'u'))
  if (query.from) tests.push(`greatest(d.ends_at, d.returned_at) > ${$(new Date(query.from))}`)
  if (query.until) tests.push(`least(d.starts_at, d.departed_at) < ${$(new Date(query.until))}`)
  const where = tests.join(' AND ')
  // What waits is worked off from the oldest; everything else is looked for from the newest.
  const order = (of: string) =>
    query.waiting ? `ORDER BY ${of}.since, ${of}.order_id` : `ORDER BY ${of}.starts_at DESC, ${of}.order_id DESC`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${joinsFor(own)} WHERE ${where}) n LEFT JOIN
       (SELECT ${columns} FROM ${joinsFor(own)} WHERE ${where} ${order('d')} LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) page
     ON true ${order('page')}`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.order_id !== null).map((row) => rowOf(row, nowMs)) }
}

/** An order in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
export async function loadOrder(db: Queryable, scope: Sight, own: Own | null, orderId: number, nowMs: number, lock = ''): Promise<Order> {
  const { rows } = await db.query(
    `SELECT ${columns}, r.via, r.travellers, r.traveller_ids, r.starts_at AS asked_starts_at, r.ends_at AS asked_ends_at, r.ratified_at, r.contact_name, r.contact_phone, coalesce(d.note, r.note) AS note, p.phone AS driver_phone,
       EXISTS (SELECT FROM push_endpoints e JOIN accounts h USING (account_id) WHERE h.driver_id = d.driver_id AND h.status = 'active') AS driver_reached,
       d.departed_at, d.returned_at, d.odometer_out_m, d.odometer_back_m, d.vehicle_id AS held_vehicle_id, d.shares, d.leg_since, r.equipment,
       ${own?.alone ? isFormer : 'false'} AS is_former, r.with_driver, r.kind, u.lft AS unit_lft, ${lock === '' ? `ARRAY(${partsThere})` : 'NULL'} AS has
     FROM ${joinsFor(own)} WHERE ${inReach(own)} AND d.order_id = $5 ${lock}`,
    [scope.lft, scope.rgt, own?.accountId ?? null, scope.cleared, orderId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  const has = new Set((row.has as OrderPart[] | null) ?? (Object.keys(parts) as OrderPart[]))
  const costs = has.has('costs') ? await listCosts(db, orderId) : []
  return {
    ...rowOf(row, nowMs),
    // What is stored: the clock's steps are written down before anybody's.
    state: row.state as OrderState,
    id: orderId,
    times: timesOf(row as Timed),
    firstId: row.first_id as number,
    heldVehicleId: row.held_vehicle_id as number | null,
    keeperId: row.keeper_id as number | null,
    supplierId: row.supplier_id as number | null,
    bodyType: row.body_type as BodyType | null,
    // What was said when it was settled; else, of a shared trip, by the ways of those who travelled.
    shares:
      (row.shares as Share[]).length > 0 || row.riders === 0 ? (row.shares as Share[]) : await sharesOfTrip(db, row.first_id as number),
    withDriver: row.with_driver as boolean,
    urgent: row.kind === 'emergency',
    unratified: row.kind === 'emergency' && row.ratified_at === null,
    asked: { startsAt: iso(row.asked_starts_at)!, endsAt: iso(row.asked_ends_at)! },
    travellerIds: row.traveller_ids as number[],
    equipment: row.equipment as Order['equipment'],
    driverId: row.driver_id as number | null,
    unitLft: row.unit_lft as number,
    has,
    via: row.via as Order['via'],
    travellers: row.travellers as string | null,
    contactName: row.contact_name as string,
    contactPhone: row.contact_phone as string,
    note: row.note as string | null,
    driverPhone: row.driver_phone as string | null,
    driverReached: row.driver_id === null ? null : (row.driver_reached as boolean),
    departedAt: iso(row.departed_at),
    returnedAt: iso(row.returned_at),
    odometerOutKm: kmOf(row.odometer_out_m),
    odometerBackKm: kmOf(row.odometer_back_m),
    legSince: iso(row.leg_since),
    formerLegs: has.has('legs') ? await listFormerLegs(db, orderId, scope) : [],
    isFormer: row.is_former as boolean,
    costs,
    totalFen: totalOf(costs),
    ...(await listSteps(db, 'dispatch_order_steps', 'order_id', orderId)),
  }
}

/** An order in reach, locked. @throws Refusal NOT_FOUND */
export const lockOrder = ({ client, scope, caller, nowMs }: Act, orderId: number): Promise<Order> =>
  loadOrder(client, scope, ownFor(caller, 'order.view'), orderId, nowMs, 'FOR UPDATE OF d')

/** @throws Refusal CONFLICT before it is accepted, and when its costs are settled */
export function requireToldOf({ state }: Order): void {
  if (!toldStates.includes(state)) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(state))
}

/** As its vehicle was found, at departure and at return. */
export async function listInspections(db: Queryable, orderId: number): Promise<OrderDetail['inspections']> {
  const { rows } = await db.query<{
    action: 'depart' | 'takeOver' | 'comeBack'
    at: Date
    data: { energyPct?: number; inspection?: InspectionResult[] }
  }>(
    `SELECT action, at, data FROM dispatch_order_steps WHERE order_id = $1 AND action IN ('depart', 'takeOver', 'comeBack') AND data ?| '{energyPct,inspection}'
     ORDER BY step`,
    [orderId],
  )
  return rows.map(({ action, at, data }) => ({
    action,
    at: at.toISOString(),
    energyPct: data.energyPct ?? null,
    results: data.inspection ?? [],
  }))
}

const kmOf = (metres: unknown): number | null => (metres === null ? null : Number(metres) / 1000)

/** Orders of which a step of the clock may be due. */
export async function listOrdersDue(db: Queryable, nowMs: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number; state: OrderState } & Timed>(
    `SELECT order_id AS id, state, since, starts_at, ends_at, supplier_id FROM dispatch_orders
     WHERE state IN ('DISPATCHED', 'RETURNED') AND since < $1 OR state = 'ACCEPTED' AND starts_at < $1 OR state = 'RELEASED' AND ends_at <= $1
       AND supplier_id IS NULL ORDER BY since LIMIT 500`,
    [new Date(nowMs)],
  )
  return rows.filter((row) => findDue(orderLifecycle, row.state, timesOf(row), nowMs) !== undefined).map(({ id }) => id)
}
