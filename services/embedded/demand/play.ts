// What the people of the demo do: ask, decide, give, drive, pay – one step of each thing at a time.
import type { VehicleLoan } from '../../contracts/api/loans.ts'
import type { OrderDetail, OrderRow } from '../../contracts/api/orders.ts'
import type { RequestRow } from '../../contracts/api/requests.ts'
import type { Errand } from '../../contracts/errands.ts'
import type { Random } from '../demo/random.ts'
import { errandOf, type Habit, presses } from './habits.ts'
import { type Person, unlessRefused } from './person.ts'
import type { CostKindOf } from './wants.ts'
import { recurrenceOf, wantOf } from './wants.ts'

/** `league`, `region`: the bureaus. */
export type People = Record<'applicant' | 'approver' | 'fleet' | 'dispatcher' | 'league' | 'region' | 'finance', Person>

/** Somebody asks for a vehicle, now and then for one that recurs; now and then a fleet manager does, by telephone. */
export async function askForVehicle(
  { applicant, fleet }: People,
  random: Random,
  nowMs: number,
  key: string,
  soon: boolean,
): Promise<void> {
  const { kind, ...trip } = wantOf(random, nowMs, soon)
  if (kind === 'pool' && random.next() < 0.03) {
    await unlessRefused(applicant.ask('createSeries', { body: { ...trip, recurrence: recurrenceOf(random), key } }))
    return
  }
  const by = random.next() < 0.8 ? applicant : fleet
  await unlessRefused(by.ask('createRequest', { body: { ...trip, kind, key } }))
}

/** Everything that is open goes on by one step, `rounds` times over. */
export async function goOn(people: People, random: Random, rounds: number, ways: Ways, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    for (const by of [people.approver, people.league, people.region]) {
      const waiting = await by.ask('listRequests', { query: { waiting: 'approval', limit: 50 } })
      const decided = by === people.approver ? waiting.rows.slice(0, -LEFT_TO_DECIDE) : waiting.rows
      for (const request of decided) if (request.approval?.mine) await decide(by, random, request)
    }
    const loans = await people.dispatcher.ask('listVehicleLoans', { query: { limit: 100 } })
    for (const loan of loans.rows) if (loan.state === 'ASKED') await answerLoan(people, random, loan)
    const approved = await people.fleet.ask('listRequests', { query: { waiting: 'dispatch', limit: 50 } })
    await share(people, random, approved.rows)
    for (const request of approved.rows) await give(people, random, request, loans.rows)
    const open = await listAll(people, { open: 'true' })
    for (const order of open) if (isDue(order, Date.now(), ways) && random.next() < 0.6) await advance(people, random, order, ways)
    const voided = await listAll(people, { state: 'VOIDED' }, 100)
    ways.tell([...open, ...voided].flatMap((order) => errandOf(ways.seed, order, ways.habitOf(order.orderId)) ?? []))
  }
}

/** How orders are kept to here: the seed, each driver's way, the driver whose phone somebody may hold, and who is told what is driven. */
export type Ways = { seed: number; habitOf(orderId: number): Habit; driverId: number | undefined; tell(errands: Errand[]): void }

/** Whoever tries the approver's account finds so many to decide: those that begin last. */
const LEFT_TO_DECIDE = 3
/** Of those that wait so many are looked at in a round. */
const LOOKED_AT = 3
const PAGE = 200
async function listAll({ fleet }: People, query: Record<string, string>, most = 2000): Promise<OrderRow[]> {
  const rows: OrderRow[] = []
  while (rows.length < most) {
    const page = await fleet.ask('listOrders', { query: { ...query, limit: Math.min(PAGE, most), offset: rows.length } })
    rows.push(...page.rows)
    if (page.rows.length === 0 || rows.length >= page.total) break
  }
  return rows
}

/** Nothing happens to one that is accepted until it is about to begin, but that it is called off; and whoever has the driver's account accepts for himself. */
const isDue = ({ state, startsAt, driver }: OrderRow, nowMs: number, { driverId }: Ways): boolean =>
  state === 'DISPATCHED'
    ? driver?.driverId !== driverId || driverId === undefined
    : state !== 'ACCEPTED' || Date.parse(startsAt) < nowMs + 30 * 60_000

async function decide(by: Person, random: Random, request: RequestRow): Promise<void> {
  // Some wait, so that there is always one to decide.
  if (random.next() < 0.25) return
  const { requestId, version, ratifyBy } = request
  if (ratifyBy !== null) {
    // A few are looked at when it is late, which stays on record.
    if (requestId % 5 === 0 && Date.now() < Date.parse(ratifyBy)) return
    await unlessRefused(by.ask('ratifyRequest', { params: { requestId }, body: { version, reason: '情况属实，同意补批' } }))
    return
  }
  const [action, reason] = random.weighted([
    [['approve', ''], 86],
    [['giveBack', '请补充乘车人员名单'], 8],
    [['reject', '可乘坐公共交通前往'], 6],
  ] as const)
  await unlessRefused(by.ask('actOnRequest', { params: { requestId }, body: { action, reason, version } }))
}

async function answerLoan({ dispatcher }: People, random: Random, { loanId, version }: VehicleLoan): Promise<void> {
  if (random.next() < 0.3) return
  const [action, reason] = random.weighted([
    [['consent', '同意借用'], 8],
    [['refuse', '该车当日已有安排'], 2],
  ] as const)
  await unlessRefused(dispatcher.ask('actOnVehicleLoan', { params: { loanId }, body: { action, reason, version } }))
}

/** Some that go the same way are asked whether they go together; most of those asked will. */
async function share({ fleet, applicant }: People, random: Random, waiting: readonly RequestRow[]): Promise<void> {
  for (const { requestId } of waiting.slice(0, LOOKED_AT)) {
    const found = await unlessRefused(fleet.ask('listRideSuggestions', { params: { requestId }, query: { most: 1 } }))
    const [best] = found?.rows ?? []
    if (best) await unlessRefused(fleet.ask('proposeRide', { body: { firstId: best.firstId, requestId: best.requestId } }))
  }
  for (const by of [applicant, fleet]) {
    const asked = await by.ask('listRides', { query: { waiting: 'own', limit: 20 } })
    for (const { rideId, version } of asked.rows)
      await unlessRefused(by.ask('actOnRide', { params: { rideId }, body: { action: random.next() < 0.85 ? 'agree' : 'refuse', version } }))
  }
}

/** A vehicle of the own unit or its pool; now and then one is borrowed for it; and where there is none, one is leased. */
async function give(people: People, random: Random, request: RequestRow, loans: readonly VehicleLoan[]): Promise<void> {
  const { requestId, version, kind, startsAt, endsAt, unit } = request
  if (kind === 'pool' && random.next() < 0.25) return
  const own = loans.find(
    ({ borrower, from, until }) => borrower.organisationId === unit.organisationId && from === startsAt && until === endsAt,
  )
  if (own?.state === 'ASKED') return
  const lent = own?.state === 'CONSENTED' ? own.vehicle?.vehicleId : undefined
  if (kind === 'pool' && !own && random.next() < 0.05) {
    await borrow(people, random, request)
    return
  }
  // Some rather lease, and some do where there is none; the others wait.
  const dear = kind === 'pool' && requestId % 25 === 3
  for (const by of [people.fleet, people.dispatcher]) {
    const query: Record<string, number> = lent === undefined ? { most: 3 } : { most: 3, vehicleId: lent }
    const found = await unlessRefused(by.ask('listCandidates', { params: { requestId }, query }))
    const pair = found?.pairs[0]
    const offer = found?.leases.offers[0]
    if (pair && !dear) {
      const given = { vehicleId: pair.vehicle.vehicleId, driverId: pair.driver?.driverId ?? null, version }
      if (await unlessRefused(by.ask('dispatchRequest', { params: { requestId }, body: given }))) return
    } else if (offer && (dear || (by === people.dispatcher && requestId % 4 === 0))) {
      const lease = { supplierId: offer.supplier.supplierId, bodyType: offer.bodyType, agreedFen: offer.priceFen }
      const given = { vehicleId: null, driverId: null, lease, version }
      if (await unlessRefused(by.ask('dispatchRequest', { params: { requestId }, body: given }))) return
    }
  }
}

/** For the time of the trip, from some neighbour. */
async function borrow({ fleet }: People, random: Random, { unit, startsAt, endsAt, passengers }: RequestRow): Promise<void> {
  const span = { borrowerId: unit.organisationId, from: startsAt, until: endsAt }
  const { rows } = await fleet.ask('listLendable', { query: { ...span, class: 'official', seats: passengers + 1, limit: 100 } })
  const theirs = rows.filter(({ free }) => free)
  if (theirs.length === 0) return
  const { vehicleId } = random.pick(theirs)
  await unlessRefused(fleet.ask('askVehicleLoan', { body: { ...span, vehicleId, reason: '本单位车辆周转不开' } }))
}

/** The next step, taken by whoever's it is; drivers without a telephone of the demo have it taken by their fleet manager. */
async function advance(people: People, random: Random, { orderId }: OrderRow, ways: Ways): Promise<void> {
  const order = await unlessRefused(people.fleet.ask('getOrder', { params: { orderId } }))
  if (!order) return
  const habit = ways.habitOf(orderId)
  const step = (by: Person, action: string, more: object = {}) =>
    unlessRefused(by.ask('actOnOrder', { params: { orderId }, body: { action, version: order.version, ...more } }))
  switch (order.state) {
    case 'DISPATCHED':
      await (random.next() < 0.92 ? step(people.fleet, 'accept') : step(people.fleet, 'decline', { reason: '车辆送检，请改派' }))
      return
    case 'ACCEPTED':
    case 'RELEASED':
      // Some are never needed.
      if (random.next() < 0.02) await step(people.fleet, 'void', { reason: '会议改期' })
      else if (presses('depart', ways.seed, order, habit, Date.now()))
        await step(people.fleet, 'depart', { data: { odometerKm: await readOdometer(people, order), sure: true } })
      return
    case 'DEPARTED':
      if (order.sharing) await markStop(people, order)
      else if (random.next() < 0.04) await tellIncident(people, random, orderId)
      // Those who look at their telephone say that they are there.
      else if (order.track?.pickedUpAt && habit === 'exact' && !order.steps.some(({ action }) => action === 'reach'))
        await step(people.fleet, 'reach')
      else await step(people.fleet, 'board')
      return
    case 'HANDED_OVER':
      await step(people.fleet, 'takeOver', { data: { odometerKm: await readOdometer(people, order), sure: true } })
      return
    case 'ON_BOARD': {
      if (order.sharing && (await markStop(people, order))) return
      if (!presses('comeBack', ways.seed, order, habit, Date.now())) return changeOnRoad(people, order)
      const out = order.odometerOutKm!
      const km = habit === 'hasty' ? out + random.int(6, 60) : Math.max(out, await readOdometer(people, order))
      await step(people.fleet, 'comeBack', { data: { odometerKm: habit === 'misreads' ? km + random.int(20, 90) : km, sure: true } })
      return
    }
    case 'RETURNED':
      await pay(people, random, order)
      return
    case 'CONFIRMED':
      await step(people.fleet, 'settle')
      return
    case 'SETTLED':
      await close(people, random, order)
  }
}

/** Of a shared trip: who gets on or off next. @returns whether there was anybody */
async function markStop({ fleet }: People, { orderId, version, sharing }: OrderDetail): Promise<boolean> {
  const next = sharing!.stops.find(({ kind, doneAt }) => kind !== 'pass' && doneAt === null)
  if (!next) return false
  const action = next.kind === 'board' ? 'pickUp' : 'dropOff'
  await unlessRefused(fleet.ask('actOnOrder', { params: { orderId }, body: { action, version, data: { requestId: next.requestId } } }))
  return true
}

async function tellIncident({ fleet, dispatcher }: People, random: Random, orderId: number): Promise<void> {
  const [kind, text] = random.pick([
    ['breakdown', '轮胎扎钉，已更换备胎，继续行驶'],
    ['accident', '停车场内轻微剐蹭，无人员受伤，已报保险'],
    ['other', '道路结冰封闭，绕行'],
  ] as const)
  const told = await unlessRefused(fleet.ask('reportIncident', { params: { orderId }, body: { kind, text } }))
  const incident = told?.incidents.at(-1)
  if (!incident || random.next() < 0.3) return
  const [action, reason] = random.pick([
    ['see', ''],
    ['close', '已处理完毕'],
  ] as const)
  const { incidentId, version } = incident
  await unlessRefused(dispatcher.ask('actOnIncident', { params: { orderId, incidentId }, body: { action, reason, version } }))
}

/** What an invoice claims too much is decided first. */
async function close({ finance }: People, random: Random, { orderId, version, costs }: OrderDetail): Promise<void> {
  const disputed = costs.find(({ question, decision }) => question === 'dispute' && decision === null)
  if (disputed) {
    const body = { stands: random.next() < 0.3, version, reason: '经核对行驶轨迹' }
    await unlessRefused(finance.ask('decideOrderCost', { params: { orderId, costId: disputed.costId }, body }))
    return
  }
  await unlessRefused(finance.ask('actOnOrder', { params: { orderId }, body: { action: 'close', version } }))
}

/** What the dashboard shows, which the terminal tells as well, and no less than was typed before; a supplier's vehicle has no terminal of ours. */
async function readOdometer({ fleet }: People, { orderId, lease, vehicle, odometerOutKm }: OrderDetail): Promise<number> {
  if (lease) return odometerOutKm === null ? 30_000 + ((orderId * 37) % 9_000) : odometerOutKm + 20 + (orderId % 60)
  const seen = vehicle && (await unlessRefused(fleet.ask('getVehicle', { params: { vehicleId: vehicle.vehicleId } })))
  return Math.max(odometerOutKm ?? 0, Math.round((seen?.last?.odometerM ?? 0) / 100) / 10)
}

const LOOKS_AFTER_MS = 8 * 60_000

/** What was paid on the way, or the supplier's invoice; then whoever travelled confirms, and some leave that to the clock. */
async function pay({ fleet, applicant }: People, random: Random, order: OrderDetail): Promise<void> {
  const { orderId, lease } = order
  const at = new Date().toISOString()
  let { version } = order
  const drivenKm = order.odometerBackKm! - order.odometerOutKm!
  const lines: object[] = lease
    ? [{ kind: 'lease', fen: lease.agreedFen || 30_000, claimedKm: Math.round(drivenKm * (random.next() < 0.2 ? 1.25 : 1)) }]
    : Array.from({ length: random.int(0, 2) }, () => ({
        kind: random.pick<CostKindOf>(['toll', 'parking', 'fuel']),
        fen: random.int(5, 320) * 100,
      }))
  for (const line of order.costs.length === 0 ? lines : []) {
    const paid = await unlessRefused(fleet.ask('addOrderCost', { params: { orderId }, body: { ...line, at, version } }))
    version = paid?.version ?? version
  }
  // Whoever travelled looks at the telephone a little later.
  const back = order.steps.findLast(({ action }) => action === 'comeBack')
  if (orderId % 10 === 0 || (back && Date.now() < Date.parse(back.at) + LOOKS_AFTER_MS)) return
  // Of a shared trip each would confirm for himself; by telephone it is done for all.
  const by = order.sharing ? fleet : applicant
  await unlessRefused(by.ask('actOnOrder', { params: { orderId }, body: { action: 'confirm', version } }))
  const stars = [5, 5, 4, 5, 3, 5, 4, 2][orderId % 8]!
  const text = stars < 3 ? '出车晚了，请提前联系' : null
  if (orderId % 4 !== 3) await unlessRefused(applicant.ask('rateOrder', { params: { orderId }, body: { stars, text, version: null } }))
}

/** Now and then the work takes longer: asked for on the road, agreed to, and made where vehicle and driver are free. */
async function changeOnRoad({ applicant, approver, dispatcher }: People, { orderId, endsAt, changes }: OrderDetail): Promise<void> {
  const [change] = changes
  if (!change) {
    if (orderId % 6 !== 1) return
    const later = new Date(Math.max(Date.parse(endsAt), Date.now()) + 3_600_000).toISOString()
    await unlessRefused(applicant.ask('askOrderChange', { params: { orderId }, body: { endsAt: later, reason: '公务尚未结束' } }))
    return
  }
  const { changeId, version, state, clash } = change
  const take = (by: Person, action: string, reason = '') =>
    unlessRefused(by.ask('actOnOrderChange', { params: { changeId }, body: { action, version, reason } }))
  if (state === 'ASKED') await take(approver, 'approve')
  if (state === 'AGREED') await (clash ? take(dispatcher, 'decline', '后续已安排其他任务') : take(dispatcher, 'make'))
}
