// What becomes of what a driver did where there was no network: sent once, in order, and kept until the server has said yes.
import t from 'tap'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import { type OrderAction, type OrderState, orderLifecycle } from '../../services/domain/orders.ts'
import { ApiError } from '../../web/kit/api/client.ts'
import {
  type CostEntry,
  type Entry,
  isStep,
  type LeaveEntry,
  lookAhead,
  nextToSend,
  type PhoneAction,
  type PhotoEntry,
  type StepEntry,
} from '../../web/phone/outbox/entries.ts'
import { type EntryStore, type Sender, sendAll } from '../../web/phone/outbox/sendAll.ts'

const AT = '2026-03-02T04:00:00.000Z'
let n = 0
const step = (orderId: number, action: PhoneAction, data: StepEntry['data'] = {}): StepEntry => ({
  id: `entry-${++n}`,
  username: 'driver',
  orderId,
  action,
  reason: '',
  data,
  atDevice: AT,
  aside: null,
})
const cost = (orderId: number, fen: number): CostEntry => ({
  ...step(orderId, 'accept'),
  action: 'cost',
  data: { kind: 'toll', fen, note: null },
})

function storeOf(...entries: Entry[]): EntryStore & { entries: Entry[] } {
  const store = {
    entries: [...entries],
    list: async () => [...store.entries],
    async remove(id: string) {
      store.entries = store.entries.filter((entry) => entry.id !== id)
    },
    async setAside(id: string, aside: Entry['aside']) {
      store.entries = store.entries.map((entry) => (entry.id === id ? { ...entry, aside } : entry))
    },
  }
  return store
}

/** A server with some orders; `fail` says what happens instead of an answer, before or after the step has been taken. */
function serverOf(states: Record<number, OrderState>) {
  const orders = new Map(
    Object.entries(states).map(([id, state]) => [
      Number(id),
      { orderId: Number(id), state, version: 1, odometerOutKm: null, odometerBackKm: null, costs: [], steps: [] } as unknown as OrderDetail,
    ]),
  )
  const taken: string[] = []
  const keys = new Set<string>()
  const plan: { when: 'before' | 'after' | 'read'; error: unknown }[] = []
  const fault = (when: 'before' | 'after' | 'read') => {
    if (plan[0]?.when === when) throw plan.shift()!.error
  }
  const mayAct = ({ state }: OrderDetail) =>
    (['accept', 'depart', 'reach', 'board', 'arrive', 'comeBack', 'decline'] as const).filter((action) =>
      (orderLifecycle[action].from as readonly string[]).includes(state),
    )
  const find = (orderId: number): OrderDetail => {
    const order = orders.get(orderId)
    if (!order) throw new ApiError('NOT_FOUND', '')
    return { ...order, mayAct: mayAct(order), mayEnterCosts: order.state !== 'ACCEPTED' }
  }
  const keep = (order: OrderDetail, changes: Partial<OrderDetail>) =>
    orders.set(order.orderId, { ...order, ...changes, version: order.version + 1 })
  const sender: Sender = {
    whoAmI: async () => 'driver',
    async readOrder(orderId) {
      fault('read')
      return find(orderId)
    },
    async send(entry, version) {
      fault('before')
      const { orderId, id } = entry
      if (orderId === null) {
        if (!keys.has(id)) taken.push(entry.action === 'leave' ? `leave ${entry.data.fromDay}` : `${entry.action} ${entry.data.findingId}`)
        keys.add(id)
        return fault('after')
      }
      // What came under this key is there: it is answered as if it came now.
      if (keys.has(id)) return
      const order = find(orderId)
      if (!isStep(entry)) {
        keep(order, {})
        taken.push(`${orderId} ${entry.action === 'cost' ? entry.data.fen : entry.action}`)
      } else {
        const { action, data } = entry
        if (order.version !== version) throw new ApiError('CHANGED_MEANWHILE', '')
        if (!order.mayAct.includes(action)) throw new ApiError('CONFLICT', '', { issues: [{ path: '', message: '', reason: 'order.not' }] })
        keep(order, {
          state: orderLifecycle[action as OrderAction].to,
          steps: [...order.steps, { action, state: '', at: AT, by: 'driver', reason: '' }],
          ...(action === 'depart' ? { odometerOutKm: data.odometerKm! } : {}),
        })
        taken.push(`${orderId} ${action}`)
      }
      keys.add(id)
      fault('after')
    },
  }
  return { sender, taken, plan, orders }
}

t.test('everything is sent once and in the order in which it was done, each with the version read just before', async (t) => {
  const store = storeOf(
    step(1, 'accept'),
    step(1, 'depart', { odometerKm: 100 }),
    step(2, 'accept'),
    step(1, 'board'),
    cost(1, 3_500),
    cost(1, 3_500.0),
  )
  store.entries[5]!.atDevice = '2026-03-02T04:00:01.000Z'
  const server = serverOf({ 1: 'DISPATCHED', 2: 'DISPATCHED' })
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['1 accept', '1 depart', '2 accept', '1 board', '1 3500', '1 3500'])
  t.same(store.entries, [])
})

t.test('leave that is asked for without a network belongs to no order, is sent once, and holds nothing up', async (t) => {
  const leave = (fromDay: string): LeaveEntry => ({
    id: `entry-${++n}`,
    username: 'driver',
    orderId: null,
    action: 'leave',
    data: { kind: 'sick', fromDay, untilDay: fromDay, reason: '门诊' },
    atDevice: AT,
    aside: null,
  })
  const store = storeOf(leave('2026-03-05'), step(1, 'accept'), leave('2026-03-09'))
  const server = serverOf({ 1: 'DISPATCHED' })
  server.plan.push({ when: 'after', error: new ApiError('OUTCOME_UNKNOWN', '') })
  t.equal(await sendAll(store, server.sender), 'later')
  t.same(server.taken, ['leave 2026-03-05', '1 accept'], 'the next leave waits for the one before it, the trip does not')
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['leave 2026-03-05', '1 accept', 'leave 2026-03-09'])
  server.plan.push({
    when: 'before',
    error: new ApiError('CONFLICT', '', { issues: [{ path: 'body.fromDay', message: '', reason: 'driver.leaveOverlap' }] }),
  })
  store.entries = [leave('2026-03-05'), leave('2026-04-01')]
  t.equal(await sendAll(store, server.sender), 'done')
  t.match(store.entries, [{ action: 'leave', aside: { code: 'CONFLICT' } }], 'what was refused is kept with its reason')
  t.equal(server.taken.at(-1), 'leave 2026-04-01')
})

t.test('whoever is not signed in any more finds everything as it was', async (t) => {
  for (const code of ['NOT_SIGNED_IN', 'PASSWORD_CHANGE_REQUIRED', 'CSRF_FAILED'] as const) {
    const store = storeOf(step(1, 'accept'), step(2, 'accept'))
    const server = serverOf({ 1: 'DISPATCHED', 2: 'DISPATCHED' })
    server.plan.push({ when: 'before', error: new ApiError(code, '') })
    t.equal(await sendAll(store, server.sender), 'stopped')
    t.same(server.taken, [])
    t.same(
      store.entries.map(({ aside }) => aside),
      [null, null],
    )
  }
})

t.test('an answer that was lost is no second step: what has arrived is found and not sent again', async (t) => {
  const store = storeOf(step(1, 'depart', { odometerKm: 100.5 }), cost(1, 800))
  const server = serverOf({ 1: 'ACCEPTED' })
  server.plan.push({ when: 'after', error: new ApiError('OFFLINE', '') })
  t.equal(await sendAll(store, server.sender), 'stopped')
  t.equal(store.entries.length, 2, 'nobody has said yes yet')
  server.plan.push({ when: 'after', error: new ApiError('OUTCOME_UNKNOWN', '') })
  t.equal(await sendAll(store, server.sender), 'later')
  t.equal(store.entries.length, 1)
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['1 depart', '1 800'])
  t.same(store.entries, [])
})

t.test('a departure that somebody else has entered is no departure of mine', async (t) => {
  const store = storeOf(step(1, 'depart', { odometerKm: 100 }))
  const server = serverOf({ 1: 'ACCEPTED' })
  await server.sender.send(step(1, 'depart', { odometerKm: 99 }), 1)
  t.equal(await sendAll(store, server.sender), 'done')
  t.match(store.entries, [{ aside: { code: 'CONFLICT', issues: [{ reason: 'order.not' }] } }])
})

t.test('two senders at the same moment send one deed and one photo', async (t) => {
  const server = serverOf({ 1: 'ACCEPTED' })
  const depart = step(1, 'depart', { odometerKm: 100 })
  const photo: PhotoEntry = { ...step(1, 'accept'), action: 'photo', data: { shows: 'departure', of: depart.id } }
  const [page, worker] = [storeOf(depart, photo), storeOf(depart, photo)]
  await Promise.all([sendAll(page, server.sender), sendAll(worker, server.sender)])
  t.same(server.taken, ['1 depart', '1 photo'])
  t.same([page.entries, worker.entries], [[], []])
})

t.test(
  'signed out, a server that fell over, a refusal: what waits is counted until it is gone, and what does not depend still goes',
  async (t) => {
    const [e1, e2, e3, e4] = [step(1, 'accept'), cost(1, 200), cost(1, 300), step(1, 'depart', { odometerKm: 100 })]
    const store = storeOf(e1, e2, e3, e4)
    const server = serverOf({ 1: 'DISPATCHED' })
    const waits = () => store.entries.filter(({ aside }) => !aside).length
    server.plan.push({ when: 'before', error: new ApiError('NOT_SIGNED_IN', '') })
    t.equal(await sendAll(store, server.sender), 'stopped')
    t.equal(waits(), 4)
    const refusal = { path: 'body.at', message: '', reason: 'cost.late' }
    const send = server.sender.send.bind(server.sender)
    const answers = new Map<string, Error>([
      [e2.id, new ApiError('INTERNAL', '')],
      [e3.id, new ApiError('VALIDATION_FAILED', '', { issues: [refusal] })],
    ])
    server.sender.send = async (entry, version) => {
      const error = answers.get(entry.id)
      if (entry === e2) answers.delete(e2.id)
      if (error) throw error
      return send(entry, version)
    }
    t.equal(await sendAll(store, server.sender), 'later')
    t.equal(waits(), 3)
    t.equal(await sendAll(store, server.sender), 'done')
    t.same(server.taken, ['1 accept', '1 200', '1 depart'])
    t.match(store.entries, [{ id: e3.id, aside: { code: 'VALIDATION_FAILED', issues: [refusal] } }])
  },
)

t.test('a server that has fallen over keeps one order waiting, not the others, and not for ever', async (t) => {
  const store = storeOf(step(1, 'accept'), step(1, 'depart', { odometerKm: 1 }), step(2, 'accept'))
  const server = serverOf({ 1: 'DISPATCHED', 2: 'DISPATCHED' })
  server.plan.push({ when: 'before', error: new ApiError('INTERNAL', '') })
  t.equal(await sendAll(store, server.sender), 'later')
  t.same(server.taken, ['2 accept'])
  t.equal(store.entries.length, 2)
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['2 accept', '1 accept', '1 depart'])
})

t.test('whoever was overtaken reads again and sends again; the fourth time it waits', async (t) => {
  const store = storeOf(step(1, 'accept'))
  const server = serverOf({ 1: 'DISPATCHED' })
  const overtaken = { when: 'before', error: new ApiError('CHANGED_MEANWHILE', '') } as const
  server.plan.push(overtaken, overtaken)
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['1 accept'])
  const patient = storeOf(step(1, 'depart', { odometerKm: 1 }))
  server.plan.push(overtaken, overtaken, overtaken)
  t.equal(await sendAll(patient, server.sender), 'later')
  t.equal(patient.entries.length, 1)
})

t.test('what is refused is set aside with its reason, and holds up what was done after it of the same order alone', async (t) => {
  const store = storeOf(step(1, 'depart', { odometerKm: 5 }), step(1, 'board'), step(2, 'accept'), cost(3, 100), step(3, 'board'))
  const server = serverOf({ 1: 'ACCEPTED', 2: 'DISPATCHED', 3: 'DEPARTED' })
  const far = { path: 'body.data.odometerKm', message: '', reason: 'odometer.far' }
  server.plan.push({ when: 'before', error: new ApiError('VALIDATION_FAILED', '', { issues: [far] }) })
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['2 accept', '3 100', '3 board'])
  t.match(store.entries, [
    { action: 'depart', aside: { issues: [far] } },
    { action: 'board', aside: null },
  ])
  // Put right in its old place, it goes, and what waited behind it.
  store.entries = store.entries.map((entry) => ({ ...entry, aside: null }))
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken.slice(3), ['1 depart', '1 board'])
})

t.test(
  'signed out, fallen over, refused and taken: each answer keeps, tries again, sets aside or lets go, and only that one',
  async (t) => {
    const [e1, e2, e3, e4] = [cost(1, 100), cost(1, 200), cost(1, 300), cost(1, 400)]
    const store = storeOf(e1, e2, e3, e4)
    const server = serverOf({ 1: 'DEPARTED' })
    const left = () => store.entries.map(({ id, aside }) => [id, aside?.code ?? null])
    server.plan.push({ when: 'before', error: new ApiError('NOT_SIGNED_IN', '') })
    t.equal(await sendAll(store, server.sender), 'stopped')
    t.same(
      left(),
      [e1, e2, e3, e4].map(({ id }) => [id, null]),
      '401: all are kept',
    )
    const send = server.sender.send
    const answers: Record<string, (ApiError | null)[]> = {
      [e2.id]: [new ApiError('INTERNAL', ''), null],
      [e3.id]: [new ApiError('VALIDATION_FAILED', '', { issues: [{ path: 'body.fen', message: '', reason: 'cost.most' }] })],
    }
    const sender: Sender = {
      ...server.sender,
      async send(entry, version) {
        const answer = answers[entry.id]?.shift()
        if (answer) throw answer
        return send(entry, version)
      },
    }
    t.equal(await sendAll(store, sender), 'later', 'after 500 it is tried again, and nobody says that all is sent')
    t.same(
      left(),
      [e2, e3, e4].map(({ id }) => [id, null]),
    )
    t.equal(await sendAll(store, sender), 'done')
    t.same(left(), [[e3.id, 'VALIDATION_FAILED']], '422: set aside with its reason, and the one behind it went')
    t.same(server.taken, ['1 100', '1 200', '1 400'])
  },
)

t.test('a cost that is set aside holds nothing up, and what is gone from reach is set aside', async (t) => {
  const store = storeOf(cost(1, 100), step(1, 'board'), step(9, 'accept'))
  const server = serverOf({ 1: 'DEPARTED' })
  server.plan.push({ when: 'before', error: new ApiError('VALIDATION_FAILED', '') })
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['1 board'])
  t.match(store.entries, [
    { action: 'cost', aside: { code: 'VALIDATION_FAILED' } },
    { orderId: 9, aside: { code: 'NOT_FOUND' } },
  ])
})

t.test('nobody sends what another user of the phone did', async (t) => {
  const others = { ...step(1, 'accept'), username: 'driver.two' }
  const store = storeOf(others, step(2, 'accept'))
  const server = serverOf({ 1: 'DISPATCHED', 2: 'DISPATCHED' })
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['2 accept'])
  t.same(store.entries, [others])
  t.equal(nextToSend([others], 'driver', new Set()), undefined)
})

t.test('where there is no network the next step follows from what waits', async (t) => {
  const { sender } = serverOf({ 1: 'DISPATCHED' })
  const order = (await sender.readOrder(1)) as OrderDetail
  t.same(lookAhead(order, []).actions, ['accept', 'decline'])
  const day = [step(1, 'accept'), step(2, 'accept'), step(1, 'depart', { odometerKm: 100 })]
  t.match(lookAhead(order, day), {
    state: 'DEPARTED',
    actions: ['reach', 'board', 'comeBack'],
    out: { km: 100, atMs: Date.parse(AT) },
    mayEnterCosts: true,
  })
  t.match(lookAhead(order, [...day, step(1, 'board'), step(1, 'comeBack', { odometerKm: 120 })]), { state: 'RETURNED', actions: [] })
  const aside = [{ ...day[0]!, aside: { code: 'CONFLICT', issues: [] } }, day[2]!]
  t.match(lookAhead(order, aside), { state: 'DISPATCHED' }, 'what was refused has not happened, nor what came after it')
})

t.test('of a shared trip the next stop follows from what waits, and there is one after the other', async (t) => {
  const { sender } = serverOf({ 1: 'DEPARTED' })
  const stop = (requestId: number, kind: 'board' | 'leave') => ({ requestId, kind, n: 0, place: { name: '' }, doneAt: null })
  const stops = [stop(7, 'board'), stop(8, 'board'), stop(7, 'leave'), stop(8, 'leave')]
  const order = {
    ...((await sender.readOrder(1)) as OrderDetail),
    mayAct: ['pickUp', 'comeBack'],
    sharing: { stops },
  } as unknown as OrderDetail
  const next = (...entries: StepEntry[]) => {
    const { actions, stop: at } = lookAhead(order, entries)
    return [actions[0], at?.requestId]
  }
  const [on7, on8, off7, off8] = [
    step(1, 'pickUp', { requestId: 7 }),
    step(1, 'pickUp', { requestId: 8 }),
    step(1, 'dropOff', { requestId: 7 }),
    step(1, 'dropOff', { requestId: 8 }),
  ]
  t.same(next(), ['pickUp', 7])
  t.same(next(on7), ['pickUp', 8])
  t.same(next(on7, on8), ['dropOff', 7])
  t.same(next(on7, on8, off7), ['dropOff', 8])
  t.same(next(on7, on8, off7, off8), ['comeBack', undefined])
})

t.test('an answer to a finding is sent after its photos, each once, and holds no trip up', async (t) => {
  const of = { username: 'driver', orderId: null, atDevice: AT, aside: null } as const
  const store = storeOf(
    { ...of, id: 'photo-1', action: 'findingPhoto', data: { findingId: 5 } },
    { ...of, id: 'photo-2', action: 'findingPhoto', data: { findingId: 5 } },
    { ...of, id: 'answer', action: 'explain', data: { findingId: 5, text: '送检途中加油' } },
    step(1, 'accept'),
  )
  const server = serverOf({ 1: 'DISPATCHED' })
  server.plan.push({ when: 'after', error: new ApiError('OUTCOME_UNKNOWN', '') })
  t.equal(await sendAll(store, server.sender), 'later')
  t.same(server.taken, ['findingPhoto 5', '1 accept'], 'what stands behind the photo waits for it')
  t.equal(await sendAll(store, server.sender), 'done')
  t.same(server.taken, ['findingPhoto 5', '1 accept', 'findingPhoto 5', 'explain 5'])
})
