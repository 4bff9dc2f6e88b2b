// What somebody who comes to a new demo finds on the phones of its accounts within the first minute: a trip in each part of its life, the driver's own day, something to
// decide, and a trip that the applicant asks for again and again.
import { randomUUID } from 'node:crypto'
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { addDays, dayAt } from '../../domain/days.ts'
import { type Person, unlessRefused } from './person.ts'
import type { People } from './play.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const QUARTER_MS = 15 * MINUTE_MS

const home = { name: '呼和浩特市农牧局', lon: 111.7, lat: 40.82 }
const wuchuan = { name: '武川县', lon: 111.45, lat: 41.1 }
const saihan = { name: '赛罕区办公区', lon: 111.7, lat: 40.8 }
const trip = (to: typeof home, purpose: string, startsAtMs: number, hours: number) => ({
  kind: 'pool',
  purposeKind: 'fieldwork',
  purpose,
  from: home,
  to,
  startsAt: new Date(startsAtMs).toISOString(),
  endsAt: new Date(startsAtMs + hours * HOUR_MS).toISOString(),
  passengers: 2,
  contactName: '用车申请人',
  contactPhone: '10000000000',
})

/** How far each trip is taken at once; `driver`: it is the demo driver's, whose phone it is on. */
type Plan = {
  to: typeof home
  purpose: string
  startsInMs: number
  hours: number
  until: 'accept' | 'give' | 'board' | 'comeBack' | 'confirm' | 'close'
  driver?: true
}
const plans: readonly Plan[] = [
  // The driver's day: under way, still ahead, and to be accepted.
  { to: wuchuan, purpose: '下乡开展农牧业技术服务', startsInMs: 3 * MINUTE_MS, hours: 3, until: 'board', driver: true },
  { to: saihan, purpose: '接待来访调研组', startsInMs: 5 * HOUR_MS, hours: 1, until: 'accept', driver: true },
  { to: wuchuan, purpose: '赴基层开展专项检查', startsInMs: 24 * HOUR_MS, hours: 4, until: 'give', driver: true },
  // Over in no time, so that something is settled, something waits to be settled, and something waits to be confirmed.
  { to: saihan, purpose: '送取机要文件', startsInMs: 2 * MINUTE_MS, hours: 1, until: 'close' },
  { to: saihan, purpose: '参加业务培训', startsInMs: 2 * MINUTE_MS, hours: 1, until: 'confirm' },
  { to: saihan, purpose: '参加业务工作会议', startsInMs: 2 * MINUTE_MS, hours: 1, until: 'comeBack' },
]

/** So many drivers of the unit are on duty day and night: whoever comes to the demo comes at any hour. */
const ON_DUTY = 4

/** Drivers of the fleet manager's unit, by number. */
export async function listDriverIds(fleet: Person): Promise<number[]> {
  const { rows } = await fleet.ask('listDrivers', { query: { limit: 200 } })
  return rows.map(({ driverId }) => driverId).sort((a, b) => a - b)
}

async function putOnDuty(fleet: Person, nowMs: number): Promise<void> {
  const always = {
    weekdays: 127,
    startMinute: 0,
    endMinute: 1440,
    fromDay: addDays(dayAt(nowMs), -1),
    untilDay: null,
    followsCalendar: false,
  }
  for (const driverId of (await listDriverIds(fleet)).slice(0, ON_DUTY)) {
    const found = await unlessRefused(fleet.ask('getDriver', { params: { driverId } }))
    if (!found) continue
    await unlessRefused(fleet.ask('setDriverShifts', { params: { driverId }, body: { shifts: [always], version: found.version } }))
  }
}

/** Asks, approves, gives and drives all of it; what is refused is left out. */
export async function welcome(people: People, driverId: number | undefined, nowMs: number): Promise<void> {
  const { applicant, approver, fleet } = people
  await putOnDuty(fleet, nowMs)
  const quarter = Math.ceil(nowMs / QUARTER_MS) * QUARTER_MS
  const kept = trip(wuchuan, '下乡开展农牧业技术服务', nowMs, 3)
  const { startsAt: _from, endsAt: _until, kind: _kind, ...again } = kept
  await unlessRefused(applicant.ask('addFavourite', { body: { favourite: { kind: 'trip', name: '武川下乡', trip: again } } }))
  await unlessRefused(applicant.ask('addFavourite', { body: { favourite: { kind: 'place', name: '赛罕区', place: saihan } } }))
  for (const plan of plans) {
    const startsAtMs = plan.startsInMs < HOUR_MS ? Math.ceil((nowMs + plan.startsInMs) / MINUTE_MS) * MINUTE_MS : quarter + plan.startsInMs
    const body = { ...trip(plan.to, plan.purpose, startsAtMs, plan.hours), key: randomUUID() }
    const asked = await unlessRefused(applicant.ask('createRequest', { body }))
    if (!asked) continue
    const params = { requestId: asked.requestId }
    const approved = await unlessRefused(approver.ask('actOnRequest', { params, body: { action: 'approve', version: asked.version } }))
    if (!approved) continue
    const who: Record<string, number> = plan.driver && driverId ? { driverId } : {}
    const pair = (await unlessRefused(fleet.ask('listCandidates', { params, query: { most: 1, ...who } })))?.pairs[0]
    if (!pair) continue
    const given = { vehicleId: pair.vehicle.vehicleId, driverId: pair.driver?.driverId ?? null, version: approved.version }
    const order = await unlessRefused(fleet.ask('dispatchRequest', { params, body: given }))
    if (order) await drive(people, order, plan.until)
  }
  // Two wait for the approver; the play leaves him the newest (play.ts).
  for (const [to, purpose] of [[wuchuan, '赴基层开展专项检查'] as const, [saihan, '参加业务工作会议'] as const])
    await unlessRefused(applicant.ask('createRequest', { body: { ...trip(to, purpose, quarter + 6 * HOUR_MS, 2), key: randomUUID() } }))
}

async function drive({ fleet, applicant, finance }: People, given: OrderDetail, until: Plan['until']): Promise<void> {
  const { orderId } = given
  let order = given
  const steps: readonly [by: Person, action: string, more?: () => object][] = [
    [fleet, 'accept'],
    [fleet, 'depart', () => ({ data: { odometerKm: 20_000 + given.orderId, sure: true } })],
    [fleet, 'board'],
    [fleet, 'comeBack', () => ({ data: { odometerKm: 20_000 + given.orderId + 12, sure: true } })],
    [applicant, 'confirm'],
    [fleet, 'settle'],
    [finance, 'close'],
  ]
  for (const [by, action, more] of until === 'give' ? [] : steps) {
    const { version } = order
    const taken = await unlessRefused(by.ask('actOnOrder', { params: { orderId }, body: { action, version, ...more?.() } }))
    if (!taken) return
    order = taken
    if (action === until) return
    // What waits for the end of the trip to be paid is paid before it is confirmed.
    if (action === 'comeBack') {
      const toll = { kind: 'toll', fen: 1_500, at: new Date().toISOString(), version: order.version }
      order = (await unlessRefused(fleet.ask('addOrderCost', { params: { orderId }, body: toll }))) ?? order
    }
  }
}
