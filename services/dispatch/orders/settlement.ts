// What a trip is settled by: the facts that prices are worked out from, the lines that follow, and what is booked when the order is closed.
// The law is domain/settlement.ts. Lines and entries are never changed: what was wrong is taken back by another.
import type { CostBasis, OrderDetail } from '../../contracts/api/orders.ts'
import { dayAt } from '../../domain/days.ts'
import {
  type Claim,
  chargeOf,
  findDispute,
  isSpent,
  isUndecided,
  type ProposedLine,
  proposeLines,
  type Settled,
  type Share,
  type Transfer,
  transfersOf,
} from '../../domain/settlement.ts'
import { findTariff, priceOf, type Tariff } from '../../domain/tariff.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { type CostLine, countedOf } from './costRows.ts'
import type { Order } from './orderRows.ts'
import { readTrackOf } from './track.ts'

type Facts = Settled & { trackM: number | null; homeId: number }

/** The prices that may hold for either of two places of the tree. */
export async function listTariffsFor(db: Queryable, lfts: number[]): Promise<Tariff[]> {
  const { rows } = await db.query<Tariff>(
    `SELECT t.tariff_id AS "tariffId", t.kind, o.lft, o.rgt, t.supplier_id AS "supplierId", t.body_type AS "bodyType", t.effective_from::text AS "effectiveFrom",
       t.base_fen AS "baseFen", t.included_m AS "includedM", t.included_min AS "includedMin", t.km_fen AS "kmFen", t.hour_fen AS "hourFen",
       t.driver_fen AS "driverFen", t.night_fen AS "nightFen", t.away_fen AS "awayFen"
     FROM tariffs t JOIN organisations o USING (organisation_id) WHERE EXISTS (SELECT FROM unnest($1::int[]) AS at WHERE at BETWEEN o.lft AND o.rgt)`,
    [lfts],
  )
  return rows
}

/** What the settlement is worked out from; null while the trip is not over. */
async function factsOf(db: Queryable, order: Order): Promise<Facts | null> {
  const { departedAt, returnedAt, odometerOutKm, odometerBackKm, heldVehicleId, supplierId, bodyType, keeperId, unit, unitLft } = order
  if (departedAt === null || returnedAt === null) return null
  const [fromMs, untilMs] = [Date.parse(departedAt), Date.parse(returnedAt)]
  const km = heldVehicleId === null ? null : ((await readTrackOf(db, order))?.km ?? null)
  const trackM = km === null ? null : Math.round(km * 1000)
  const odometerM = odometerOutKm === null || odometerBackKm === null ? null : Math.round((odometerBackKm - odometerOutKm) * 1000)
  const homeId = supplierId === null && keeperId !== null ? keeperId : unit.organisationId
  const { rows } = await db.query<{ lft: number }>('SELECT lft FROM organisations WHERE organisation_id = $1', [homeId])
  const homeLft = rows[0]?.lft ?? unitLft
  const tariffs = await listTariffsFor(db, [homeLft, unitLft])
  const day = dayAt(fromMs)
  const at = (lft: number) => ({ lft, day, bodyType })
  return {
    distanceM: odometerM ?? trackM ?? 0,
    fromMs,
    untilMs,
    withDriver: order.withDriver,
    ownDriver: order.driverId !== null,
    foreign: homeId !== unit.organisationId || order.shares.some(({ unitId }) => unitId !== homeId),
    invoiced: countedOf(order.costs).some(({ source }) => source === 'invoice'),
    own: supplierId === null ? findTariff(tariffs, 'own', at(homeLft)) : undefined,
    lease: supplierId === null ? undefined : findTariff(tariffs, 'lease', { ...at(unitLft), supplierId }),
    allowance: findTariff(tariffs, 'allowance', at(homeLft)),
    trackM,
    homeId,
  }
}

const keyOf = ({ kind, part }: { kind: string; part?: string | undefined }) => `${kind} ${part}`

/** What the prices ask for and is not among the lines, and what is among them and they no longer ask for. */
function changesOf(facts: Facts, costs: readonly CostLine[]): { add: ProposedLine[]; takeBack: CostLine[] } {
  const wanted = proposeLines(facts)
  const standing = new Map<string, { fen: number; last: CostLine }>()
  for (const line of costs)
    if (line.source === 'tariff' && line.decision !== 'refused') {
      const key = keyOf({ kind: line.kind, part: line.basis.part })
      standing.set(key, { fen: (standing.get(key)?.fen ?? 0) + line.fen, last: line })
    }
  const add = wanted.filter((line) => standing.get(keyOf(line))?.fen !== line.fen)
  const kept = new Set(wanted.filter((line) => !add.includes(line)).map(keyOf))
  const takeBack = [...standing].flatMap(([key, { fen, last }]) => (kept.has(key) || fen === 0 ? [] : [{ ...last, fen: -fen }]))
  return { add, takeBack }
}

export type NewLine = {
  kind: CostLine['kind']
  fen: number
  source: CostLine['source']
  tariffId?: number
  basis?: CostBasis
  corrects?: number | null
  question?: CostLine['question']
  at?: Date
  note?: string | null
}

export async function insertLine({ client, caller, nowMs }: Act, orderId: number, line: NewLine): Promise<number> {
  const { kind, fen, source, tariffId = null, basis = {}, corrects = null, question = null, at = new Date(nowMs), note = null } = line
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO order_costs (order_id, kind, fen, at, note, entered_by, entered_at, source, tariff_id, basis, corrects, question)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING cost_id AS id`,
    [orderId, kind, fen, at, note, caller.accountId, new Date(nowMs), source, tariffId, JSON.stringify(basis), corrects, question],
  )
  return rows[0]!.id
}

/**
 * Brings the lines that follow from prices up to what the trip now is. Of an order that is closed they are corrections, and wait for another person.
 * @returns by how much the total that counts has changed
 */
export async function bringUpToDate(act: Act, order: Order): Promise<number> {
  const facts = await factsOf(act.client, order)
  if (!facts) return 0
  const question = order.state === 'CLOSED' ? ('correction' as const) : null
  const { add, takeBack } = changesOf(facts, order.costs)
  for (const { kind, fen, basis, costId } of takeBack)
    await insertLine(act, order.id, { kind, fen, source: 'tariff', basis: { part: basis.part }, corrects: costId, question })
  for (const { kind, fen, part, quantity, tariffId } of add) {
    const corrects = takeBack.find((line) => keyOf({ kind: line.kind, part: line.basis.part }) === keyOf({ kind, part }))?.costId ?? null
    await insertLine(act, order.id, { kind, fen, source: 'tariff', tariffId, basis: { part, quantity }, corrects, question })
  }
  return question === null ? [...add, ...takeBack].filter(isSpent).reduce((sum, { fen }) => sum + fen, 0) : 0
}

const sharesOf = ({ shares, unit }: Order): Share[] => (shares.length > 0 ? shares : [{ unitId: unit.organisationId, weight: 1 }])

/** The settlement as it stands and as it would become; null while the trip is not over. The track of a vehicle that the reader does not see is not told. */
export async function readSettlement(db: Queryable, order: Order): Promise<OrderDetail['settlement']> {
  const facts = await factsOf(db, order)
  if (!facts) return null
  const { add, takeBack } = changesOf(facts, order.costs)
  const proposed = [...takeBack.map(({ kind, fen, basis }) => ({ kind, fen, part: basis.part!, quantity: 0 })), ...add]
  const transfers = transfersOf(facts.homeId, chargeOf([...countedOf(order.costs), ...proposed]), sharesOf(order))
  const names = await namesOf(
    db,
    transfers.map(([, { unitId }]) => unitId),
  )
  return {
    distanceM: order.odometerBackKm === null ? null : facts.distanceM,
    trackM: order.vehicle === null ? null : facts.trackM,
    proposed: proposed.map(({ kind, part, quantity, fen }) => ({ kind, part, quantity, fen })),
    charged: transfers.map(([, { unitId, fen }]) => ({ unit: { organisationId: unitId, name: names.get(unitId)! }, fen })),
  }
}

async function namesOf(db: Queryable, ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await db.query<{ id: number; name: string }>(
    'SELECT organisation_id AS id, name FROM organisations WHERE organisation_id = ANY($1)',
    [ids],
  )
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** What an invoice claims beside the track and the price of what it claims. */
export async function judgeClaim(db: Queryable, order: Order, claimedKm: number, claimedFen: number): Promise<CostBasis> {
  const facts = await factsOf(db, order)
  const claimedM = Math.round(claimedKm * 1000)
  const trackM = facts?.trackM ?? null
  const priceFen = facts?.lease ? priceFor(facts, claimedM) : null
  const dispute = facts && findDispute({ claimedM, claimedFen, trackM, priceFen }, dayAt(facts.fromMs))
  return { claimedM, trackM, priceFen, ...(dispute ? { dispute } : {}) }
}

const priceFor = (facts: Facts, distanceM: number): number =>
  priceOf(facts.lease!, { ...facts, distanceM }).reduce((sum, { fen }) => sum + fen, 0)

/** The price of what the track has, where both are known. */
export async function priceByTrack(db: Queryable, order: Order, { trackM }: Pick<Claim, 'trackM'>): Promise<number | null> {
  const facts = await factsOf(db, order)
  return facts?.lease && trackM !== null ? priceFor(facts, trackM) : null
}

/**
 * Books what counts and is not booked yet: each line at the cost centre of the one whose vehicle it is, and what others owe for it as pairs of
 * transfers. What is still to be decided is not booked.
 */
export async function book({ client, today }: Act, order: Order): Promise<void> {
  const facts = await factsOf(client, order)
  if (!facts) return
  const lines = countedOf(order.costs).filter((line) => line.question !== 'correction' || !isUndecided(line))
  const { rows: booked } = await client.query<{ costId: number | null; unitId: number; fen: number }>(
    'SELECT cost_id AS "costId", unit_id AS "unitId", fen FROM cost_entries WHERE order_id = $1',
    [order.id],
  )
  const known = new Set(booked.map(({ costId }) => costId))
  const entry = async (unitId: number, kind: string, fen: number, costId: number | null, mirrors: number | null) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO cost_entries (order_id, cost_id, unit_id, cost_centre, vehicle_id, kind, fen, day, mirrors)
       SELECT $1, $2, $3, o.cost_centre, $4, $5, $6, $7, $8 FROM organisations o WHERE o.organisation_id = $3 RETURNING entry_id AS id`,
      [order.id, costId, unitId, order.heldVehicleId, kind, fen, today, mirrors],
    )
    return rows[0]!.id
  }
  for (const { costId, kind, fen } of lines)
    if (isSpent({ kind, fen }) && !known.has(costId)) await entry(facts.homeId, kind, fen, costId, null)
  const moved: Transfer[] = booked.filter(({ costId }) => costId === null)
  for (const [given, taken] of transfersOf(facts.homeId, chargeOf(lines), sharesOf(order), moved)) {
    const first = await entry(given.unitId, 'transfer', given.fen, null, null)
    await entry(taken.unitId, 'transfer', taken.fen, null, first)
  }
}
