// What the people of the demo do: ask, decide, give, drive, pay – one step of each thing at a time.
import type { OrderDetail, OrderRow, RequestRow } from '../../contracts/api/orders.ts'
import type { Errand } from '../../contracts/errands.ts'
import type { Random } from '../demo/random.ts'
import { errandOf, type Habit, presses } from './habits.ts'
import { type Person, Refused } from './person.ts'
import type { CostKindOf } from './wants.ts'
import { wantOf } from './wants.ts'

export type People = Record<'applicant' | 'approver' | 'fleet' | 'dispatcher' | 'finance', Person>

/** Somebody asks for a vehicle; now and then a dispatcher does, by telephone. */
export async function askForVehicle(
  { applicant, fleet }: People,
  random: Random,
  nowMs: number,
  key: string,
  soon: boolean,
): Promise<void> {
  const by = random.next() < 0.8 ? applicant : fleet
  await unlessRefused(by.ask('createRequest', { body: { ...wantOf(random, nowMs, soon), key } }))
}

/** Everything that is open goes on by one step, `rounds` times over. */
export async function goOn(people: People, random: Random, rounds: number, ways: Ways, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    const waiting = await people.approver.ask('listRequests', { query: { waiting: 'approval', limit: 50 } })
    for (const request of waiting.rows) await decide(people, random, request)
    const approved = await people.fleet.ask('listRequests', { query: { waiting: 'dispatch', limit: 50 } })
    for (const request of approved.rows) await give(people, random, request)
    const open = await listAll(people, { open: 'true' })
    for (const order of open) if (isDue(order, Date.now()) && random.next() < 0.6) await advance(people, random, order, ways)
    const voided = await listAll(people, { state: 'VOIDED' }, 100)
    ways.tell([...open, ...voided].flatMap((order) => errandOf(ways.seed, order, ways.habitOf(order.orderId)) ?? []))
  }
}

/** How orders are kept to here: the seed, each driver's way, and who is told what is driven. */
export type Ways = { seed: number; habitOf(orderId: number): Habit; tell(errands: Errand[]): void }

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

/** Nothing happens to one that is accepted until it is about to begin, but that it is called off. */
const isDue = ({ state, startsAt }: OrderRow, nowMs: number): boolean => state !== 'ACCEPTED' || Date.parse(startsAt) < nowMs + 30 * 60_000

/** What is refused was another's, or is not to be: nothing else stops for it. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

async function decide({ approver }: People, random: Random, request: RequestRow): Promise<void> {
  // Some wait, so that there is always one to decide.
  if (random.next() < 0.25) return
  const { requestId, version } = request
  if (request.ratifyBy !== null) {
    await unlessRefused(approver.ask('ratifyRequest', { params: { requestId }, body: { version, reason: '情况属实，同意补批' } }))
    return
  }
  const [action, reason] = random.weighted([
    [['approve', ''], 86],
    [['giveBack', '请补充乘车人员名单'], 8],
    [['reject', '可乘坐公共交通前往'], 6],
  ] as const)
  await unlessRefused(approver.ask('actOnRequest', { params: { requestId }, body: { action, reason, version } }))
}

async function give({ fleet, dispatcher }: People, random: Random, { requestId, version, kind }: RequestRow): Promise<void> {
  if (kind === 'pool' && random.next() < 0.25) return
  for (const by of [fleet, dispatcher]) {
    const found = await unlessRefused(by.ask('listCandidates', { params: { requestId }, query: { most: 3 } }))
    const pair = found?.pairs[0]
    if (!pair) continue
    const given = await unlessRefused(
      by.ask('dispatchRequest', {
        params: { requestId },
        body: { vehicleId: pair.vehicle.vehicleId, driverId: pair.driver?.driverId ?? null, version },
      }),
    )
    if (given) return
  }
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
      // Those who look at their telephone say that they are there.
      if (order.track?.pickedUpAt && habit === 'exact' && !order.steps.some(({ action }) => action === 'reach'))
        await step(people.fleet, 'reach')
      else await step(people.fleet, 'board')
      return
    case 'ON_BOARD': {
      if (!presses('comeBack', ways.seed, order, habit, Date.now())) return
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
      await step(people.finance, 'close')
  }
}

/** What the dashboard shows, which the terminal tells as well; and no less than was typed before. */
async function readOdometer({ fleet }: People, { vehicle, odometerOutKm }: OrderDetail): Promise<number> {
  const seen = vehicle && (await unlessRefused(fleet.ask('getVehicle', { params: { vehicleId: vehicle.vehicleId } })))
  return Math.max(odometerOutKm ?? 0, Math.round((seen?.last?.odometerM ?? 0) / 100) / 10)
}

async function pay({ fleet, applicant }: People, random: Random, { orderId, version }: OrderDetail): Promise<void> {
  const kind = random.pick<CostKindOf>(['toll', 'parking', 'fuel'])
  const fen = random.int(5, 320) * 100
  const paid = await unlessRefused(
    fleet.ask('addOrderCost', { params: { orderId }, body: { kind, fen, at: new Date().toISOString(), version } }),
  )
  await unlessRefused(applicant.ask('actOnOrder', { params: { orderId }, body: { action: 'confirm', version: paid?.version ?? version } }))
}
