// What a trip is settled by: the facts that prices are worked out from, the lines that follow, and what is booked when the order is closed.
// The law is domain/settlement.ts. Lines and entries are never changed: what was wrong is taken back by another.
import type { CostBasis, OrderDetail } from '../../contracts/api/orders.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { dayAt } from '../../domain/days.ts'
import { shareFen } from '../../domain/money.ts'
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
import { findTariff, type Journey, priceOf, type Tariff } from '../../domain/tariff.ts'
import type { BodyType } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { type CostLine, countedOf } from './costRows.ts'
import { drivenByOdometer } from './legs.ts'
import type { Order } from './orderRows.ts'
import { readTrackOf } from './track.ts'

/** A part of the trip: whose vehicle went how far with whom. `leg` undefined: the whole of it. */
type Part = { leg: number | undefined; homeId: number; vehicleId: number | null; driverId: number | null; settled: Settled }
type Facts = Settled & { trackM: number | null; homeId: number; parts: Part[] }

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
  const homeOf = (keeper: number | null): number => (supplierId === null && keeper !== null ? keeper : unit.organisationId)
  const homes = [keeperId, ...order.formerLegs.map((leg) => leg.keeperId)].map(homeOf)
  const { rows } = await db.query<{ id: number; lft: number }>(
    'SELECT organisation_id AS id, lft FROM organisations WHERE organisation_id = ANY($1)',
    [homes],
  )
  const lfts = new Map(rows.map(({ id, lft }) => [id, lft]))
  const lftOf = (home: number): number => lfts.get(home) ?? unitLft
  const tariffs = await listTariffsFor(db, [...new Set([unitLft, ...homes.map(lftOf)])])
  const settledOf = (
    home: number,
    body: BodyType | null,
    driver: number | null,
    journey: Pick<Journey, 'distanceM' | 'fromMs' | 'untilMs'>,
  ) => {
    const day = dayAt(journey.fromMs)
    const at = (lft: number) => ({ lft, day, bodyType: body })
    return {
      ...journey,
      withDriver: order.withDriver,
      ownDriver: driver !== null,
      foreign: home !== unit.organisationId || order.shares.some(({ unitId }) => unitId !== home),
      invoiced: countedOf(order.costs).some(({ source }) => source === 'invoice'),
      own: supplierId === null ? findTariff(tariffs, 'own', at(lftOf(home))) : undefined,
      lease: supplierId === null ? undefined : findTariff(tariffs, 'lease', { ...at(unitLft), supplierId }),
      allowance: findTariff(tariffs, 'allowance', at(lftOf(home))),
    }
  }
  const homeId = homeOf(keeperId)
  const whole = settledOf(homeId, bodyType, order.driverId, { distanceM: drivenByOdometer(order) ?? trackM ?? 0, fromMs, untilMs })
  if (order.formerLegs.length === 0)
    return {
      ...whole,
      trackM,
      homeId,
      parts: [{ leg: undefined, homeId, vehicleId: heldVehicleId, driverId: order.driverId, settled: whole }],
    }
  const last = {
    heldVehicleId,
    driverId: order.driverId,
    keeperId,
    bodyType,
    from: order.legSince!,
    until: returnedAt,
    odometerOutKm,
    odometerBackKm,
  }
  const parts = [...order.formerLegs, last].map((leg, n): Part => {
    const distanceM = Math.round(((leg.odometerBackKm ?? 0) - (leg.odometerOutKm ?? 0)) * 1000)
    const journey = { distanceM, fromMs: Date.parse(leg.from), untilMs: Date.parse(leg.until) }
    const home = homeOf(leg.keeperId)
    return {
      leg: n + 1,
      homeId: home,
      vehicleId: leg.heldVehicleId,
      driverId: leg.driverId,
      settled: settledOf(home, leg.bodyType, leg.driverId, journey),
    }
  })
  return { ...whole, trackM, homeId, parts }
}

type Wanted = ProposedLine & { leg?: number | undefined }

/**
 * The lines that prices ask for. Of an order that was swapped on the way each one whose vehicle was used is owed for what it was used, once for the
 * way, and each driver has the allowance of his days.
 */
function wantedOf({ parts, ...whole }: Facts): Wanted[] {
  if (parts.length === 1) return proposeLines(whole)
  const grouped = (key: (part: Part) => unknown, left: Partial<Settled>) =>
    [...new Set(parts.map(key))].flatMap((one) => {
      const group = parts.filter((part) => key(part) === one)
      const [first] = group
      const journey = {
        distanceM: group.reduce((sum, { settled }) => sum + settled.distanceM, 0),
        fromMs: first!.settled.fromMs,
        untilMs: group.at(-1)!.settled.untilMs,
      }
      return proposeLines({ ...first!.settled, ...journey, ...left }).map((line): Wanted => ({ ...line, leg: first!.leg }))
    })
  return [
    ...grouped(({ homeId }) => homeId, { allowance: undefined }),
    ...grouped(({ driverId }) => driverId, { own: undefined, lease: undefined }),
  ]
}

/** The part that a line is of: what it says itself, or the one that was driven when the money was spent. */
function partOfLine({ parts }: Facts, { basis, at }: Pick<CostLine, 'basis' | 'at'>): Part {
  const spentMs = Date.parse(at)
  return (
    parts.find(({ leg }) => leg !== undefined && leg === basis.leg) ??
    parts.find(({ settled }) => spentMs < settled.untilMs) ??
    parts.at(-1)!
  )
}

const keyOf = ({ kind, part, leg }: { kind: string; part?: string | undefined; leg?: number | undefined }) => `${kind} ${part} ${leg}`
const keyOfLine = ({ kind, basis }: CostLine) => keyOf({ kind, ...basis })

/** What the prices ask for and is not among the lines, and what is among them and they no longer ask for. */
function changesOf(facts: Facts, costs: readonly CostLine[]): { add: Wanted[]; takeBack: CostLine[] } {
  const wanted = wantedOf(facts)
  const standing = new Map<string, { fen: number; last: CostLine }>()
  for (const line of costs)
    if (line.source === 'tariff' && line.decision !== 'refused') {
      const key = keyOfLine(line)
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
    await insertLine(act, order.id, {
      kind,
      fen,
      source: 'tariff',
      basis: { part: basis.part, ...legIn(basis) },
      corrects: costId,
      question,
    })
  for (const { kind, fen, part, quantity, tariffId, leg } of add) {
    const corrects = takeBack.find((line) => keyOfLine(line) === keyOf({ kind, part, leg }))?.costId ?? null
    await insertLine(act, order.id, {
      kind,
      fen,
      source: 'tariff',
      tariffId,
      basis: { part, quantity, ...legIn({ leg }) },
      corrects,
      question,
    })
  }
  return question === null ? [...add, ...takeBack].filter(isSpent).reduce((sum, { fen }) => sum + fen, 0) : 0
}

const legIn = ({ leg }: { leg?: number | undefined }) => (leg === undefined ? {} : { leg })

const sharesOf = ({ shares, unit }: Order): Share[] => (shares.length > 0 ? shares : [{ unitId: unit.organisationId, weight: 1 }])

/** The settlement as it stands and as it would become; null while the trip is not over. The track of a vehicle that the reader does not see is not told. */
export async function readSettlement(db: Queryable, order: Order): Promise<OrderDetail['settlement']> {
  const facts = await factsOf(db, order)
  if (!facts) return null
  const { add, takeBack } = changesOf(facts, order.costs)
  const taken = takeBack.map(({ kind, fen, basis, at }) => ({ kind, fen, part: basis.part!, quantity: 0, basis, at }))
  const proposed = [...taken, ...add.map((line) => ({ ...line, basis: legIn(line), at: order.returnedAt! }))]
  const owed = new Map<number, number>()
  for (const { homeId, lines } of byHome(facts, [...countedOf(order.costs), ...proposed]))
    for (const [, { unitId, fen }] of transfersOf(homeId, chargeOf(lines), sharesOf(order))) owed.set(unitId, (owed.get(unitId) ?? 0) + fen)
  const names = await namesOf(db, [...owed.keys()])
  return {
    distanceM: order.odometerBackKm === null ? null : facts.distanceM,
    trackM: order.vehicle === null ? null : facts.trackM,
    proposed: proposed.map(({ kind, part, quantity, fen }) => ({ kind, part, quantity, fen })),
    charged: [...owed].map(([unitId, fen]) => ({ unit: { organisationId: unitId, name: names.get(unitId)! }, fen })),
  }
}

/** What each unit would bear, if it were settled with these shares; null while the trip is not over. */
export async function previewShares(db: Queryable, order: Order, shares: Share[]): Promise<AnswerOf<'previewShares'> | null> {
  const facts = await factsOf(db, { ...order, shares })
  const settled = await readSettlement(db, { ...order, shares })
  if (!facts || !settled) return null
  const { add, takeBack } = changesOf(facts, order.costs)
  const lines = [...countedOf(order.costs), ...takeBack, ...add.map((line) => ({ ...line, basis: legIn(line), at: order.returnedAt! }))]
  const fens = shares.map(() => 0)
  for (const { lines: used } of byHome(facts, lines))
    for (const [n, fen] of shareFen(
      chargeOf(used),
      shares.map(({ weight }) => weight),
    ).entries())
      fens[n]! += fen
  const names = await namesOf(
    db,
    shares.map(({ unitId }) => unitId),
  )
  return {
    totalFen: fens.reduce((sum, fen) => sum + fen, 0),
    shares: shares.map(({ unitId, weight }, n) => ({ unit: { organisationId: unitId, name: names.get(unitId)! }, weight, fen: fens[n]! })),
    charged: settled.charged,
  }
}

/** Lines by whose vehicle they are for. */
function byHome<L extends Pick<CostLine, 'kind' | 'fen' | 'basis' | 'at'>>(
  facts: Facts,
  lines: readonly L[],
): { homeId: number; lines: L[] }[] {
  const homes = new Map<number, L[]>(facts.parts.map(({ homeId }) => [homeId, []]))
  for (const line of lines) homes.get(partOfLine(facts, line).homeId)!.push(line)
  return [...homes].map(([homeId, of]) => ({ homeId, lines: of }))
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
  const { rows: booked } = await client.query<{ costId: number | null; unitId: number; fen: number; home: number | null }>(
    `SELECT e.cost_id AS "costId", e.unit_id AS "unitId", e.fen, h.unit_id AS home FROM cost_entries e LEFT JOIN cost_entries h ON h.entry_id = e.mirrors
     WHERE e.order_id = $1`,
    [order.id],
  )
  const known = new Set(booked.map(({ costId }) => costId))
  const entry = async (
    unitId: number,
    vehicleId: number | null,
    kind: string,
    fen: number,
    costId: number | null,
    mirrors: number | null,
  ) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO cost_entries (order_id, cost_id, unit_id, cost_centre, vehicle_id, kind, fen, day, mirrors)
       SELECT $1, $2, $3, o.cost_centre, $4, $5, $6, $7, $8 FROM organisations o WHERE o.organisation_id = $3 RETURNING entry_id AS id`,
      [order.id, costId, unitId, vehicleId, kind, fen, today, mirrors],
    )
    return rows[0]!.id
  }
  for (const line of lines)
    if (isSpent(line) && !known.has(line.costId)) {
      const { homeId, vehicleId } = partOfLine(facts, line)
      await entry(homeId, vehicleId, line.kind, line.fen, line.costId, null)
    }
  for (const { homeId, lines: used } of byHome(facts, lines)) {
    const { vehicleId } = facts.parts.find((part) => part.homeId === homeId)!
    const moved: Transfer[] = booked.filter(({ home }) => home === homeId)
    for (const [given, taken] of transfersOf(homeId, chargeOf(used), sharesOf(order), moved)) {
      const first = await entry(given.unitId, vehicleId, 'transfer', given.fen, null, null)
      await entry(taken.unitId, vehicleId, 'transfer', taken.fen, null, first)
    }
  }
}
