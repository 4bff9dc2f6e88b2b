// What the people of the demo do: ask, decide, give, drive, pay – one step of each thing at a time.
import type { OrderDetail, OrderRow, RequestRow } from '../../contracts/api/orders.ts'
import type { Random } from '../demo/random.ts'
import { type Person, Refused } from './person.ts'
import type { CostKindOf } from './wants.ts'
import { wantOf } from './wants.ts'

export type People = Record<'applicant' | 'approver' | 'fleet' | 'dispatcher' | 'finance', Person>

/** Somebody asks for a vehicle; now and then a dispatcher does, by telephone. */
export async function askForVehicle({ applicant, fleet }: People, random: Random, nowMs: number, key: string): Promise<void> {
  const by = random.next() < 0.8 ? applicant : fleet
  await unlessRefused(by.ask('createRequest', { body: { ...wantOf(random, nowMs), key } }))
}

/** Everything that is open goes on by one step, `rounds` times over. */
export async function goOn(people: People, random: Random, rounds: number, signal: AbortSignal): Promise<void> {
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    const waiting = await people.approver.ask('listRequests', { query: { waiting: 'approval', limit: 50 } })
    for (const request of waiting.rows) await decide(people, random, request)
    const approved = await people.fleet.ask('listRequests', { query: { waiting: 'dispatch', limit: 50 } })
    for (const request of approved.rows) await give(people, random, request)
    const open = await people.fleet.ask('listOrders', { query: { open: 'true', limit: 100 } })
    for (const order of open.rows) if (random.next() < 0.6) await advance(people, random, order)
  }
}

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
async function advance(people: People, random: Random, { orderId }: OrderRow): Promise<void> {
  const order = await unlessRefused(people.fleet.ask('getOrder', { params: { orderId } }))
  if (!order) return
  const step = (by: Person, action: string, more: object = {}) =>
    unlessRefused(by.ask('actOnOrder', { params: { orderId }, body: { action, version: order.version, ...more } }))
  switch (order.state) {
    case 'DISPATCHED':
      await (random.next() < 0.92 ? step(people.fleet, 'accept') : step(people.fleet, 'decline', { reason: '车辆送检，请改派' }))
      return
    case 'ACCEPTED':
      await depart(people, random, order)
      return
    case 'DEPARTED':
      await step(people.fleet, 'board')
      return
    case 'ON_BOARD':
      await step(people.fleet, 'comeBack', {
        data: { odometerKm: Math.round((order.odometerOutKm! + random.int(6, 60)) * 10) / 10, sure: true },
      })
      return
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

/** Not before its time; and some are never needed. */
async function depart({ fleet }: People, random: Random, { orderId, version, startsAt }: OrderDetail): Promise<void> {
  if (random.next() < 0.04) {
    await unlessRefused(fleet.ask('actOnOrder', { params: { orderId }, body: { action: 'void', version, reason: '会议改期' } }))
    return
  }
  if (Date.parse(startsAt) > Date.now() + 15 * 60_000) return
  const odometerKm = random.int(30_000, 90_000)
  await unlessRefused(
    fleet.ask('actOnOrder', { params: { orderId }, body: { action: 'depart', version, data: { odometerKm, sure: true } } }),
  )
}

async function pay({ fleet, applicant }: People, random: Random, { orderId, version }: OrderDetail): Promise<void> {
  const kind = random.pick<CostKindOf>(['toll', 'parking', 'fuel'])
  const fen = random.int(5, 320) * 100
  const paid = await unlessRefused(
    fleet.ask('addOrderCost', { params: { orderId }, body: { kind, fen, at: new Date().toISOString(), version } }),
  )
  await unlessRefused(applicant.ask('actOnOrder', { params: { orderId }, body: { action: 'confirm', version: paid?.version ?? version } }))
}
