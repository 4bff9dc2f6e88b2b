// How what happened leaves the house: to telephones, to other systems, to calendars.
import { createECDH, createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import { newPushKey, pushPublicKey } from '../../services/platform/crypto.ts'
import { findTargetFault, isPublicAddress, post } from '../../services/platform/outbound.ts'
import { approved, at, furnishOrders, wanted } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

/** Somebody else's server: what came is taken out one by one, and the next answers are said before. */
type Came = { path: string; headers: IncomingMessage['headers']; body: Buffer }
const came: Came[] = []
const answers: number[] = []
let wake = () => {}
const outside = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    came.push({ path: request.url!, headers: request.headers, body: Buffer.concat(parts) })
    response.writeHead(answers.shift() ?? 201).end('taken')
    wake()
  })
})
await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
t.teardown(() => outside.close())
const origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
async function next(): Promise<Came> {
  while (came.length === 0)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  return came.shift()!
}

const db = await openRegion(t)
await furnishOrders(db)
const pushKey = newPushKey()
const world = await startWorld(t, db, { 'push-key': pushKey, 'outbound-origins': origin, 'public-url': 'https://cars.example' })
const applicant = await world.signIn('applicant')
const approver = await world.signIn('unit_approver')
const dispatcher = await world.signIn('dispatcher')
const driver = await world.signIn('driver')

let hour = 20
/** A trip of its own hour for driver 1 and his vehicle. */
async function given(vehicleId = 202, driverId = 1): Promise<OrderDetail> {
  hour += 2
  const { requestId, version } = await approved(world, applicant, approver, { startsAt: at(hour), endsAt: at(hour + 1) })
  const answer = await ask(world, 'dispatchRequest', dispatcher, { params: { requestId }, body: { vehicleId, driverId, version } })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
const voided = async ({ orderId }: OrderDetail, reason = '会议取消') => {
  const { version } = (await ask(world, 'getOrder', dispatcher, { params: { orderId } })).json()
  return ask(world, 'actOnOrder', dispatcher, { params: { orderId }, body: { action: 'void', version, reason } })
}
/** Resolves when `condition` holds of what is stored. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}

function browser() {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  return { p256dh: curve.getPublicKey().toString('base64url'), auth: randomBytes(16).toString('base64url') }
}
const register = (path: string) => ask(world, 'registerPush', driver, { body: { endpoint: `${origin}${path}`, keys: browser() } })
const endpoints = async () => (await db.query<{ n: number }>('SELECT count(*) AS n FROM push_endpoints')).rows[0]!.n

t.test('a driver is told on his telephone; an endpoint that is gone is forgotten alone, and one that is busy is tried again', async (t) => {
  const first = await given()
  t.equal(first.driverReached, false, 'whoever dispatches sees that nothing reaches him')
  t.equal((await ask(world, 'getPush', driver)).json().key, pushPublicKey(pushKey))
  t.equal((await register('/e1')).status, 200)
  t.equal((await register('/e1')).status, 200)
  t.equal(await endpoints(), 1, 'said again at each start it is one')
  const stored = await db.query<{ sealed: Buffer }>('SELECT sealed FROM push_endpoints')
  t.notMatch(stored.rows[0]!.sealed.toString('latin1'), '/e1')

  const second = await given()
  t.equal(second.driverReached, true)
  const sent = await next()
  t.match(sent, { path: '/e1', headers: { 'content-encoding': 'aes128gcm', ttl: /^\d+$/, authorization: /^vapid t=.+, k=/ } })
  t.notMatch(sent.body.toString('latin1'), '武川', 'nobody on the way reads it')

  // The telephone registers anew while a send to its old endpoint is under way.
  answers.push(410)
  await voided(first)
  t.equal((await register('/e2')).status, 200)
  t.equal((await next()).path, '/e1')
  await until(async () => (await endpoints()) === 1)
  answers.push(429, 500)
  await voided(second)
  t.equal((await next()).path, '/e2')
  for (const pause of [3_000, 9_000]) {
    await until(
      async () =>
        (await db.query('SELECT FROM jobs WHERE kind = $1 AND last_error IS NOT NULL AND taken_by IS NULL', ['push.send'])).rowCount > 0,
    )
    world.clock.atMs += pause
    t.equal((await next()).path, '/e2', 'again, later')
  }
  t.equal(await endpoints(), 1)
  const { rows } = await db.query<{ error: string | null }>(`SELECT last_error AS error FROM jobs WHERE kind = 'push.send'`)
  for (const { error } of rows) t.notMatch(error ?? '', origin, 'no address in what a job says of its failure')
  t.equal((await ask(world, 'removePush', driver, { body: { endpoint: `${origin}/e2` } })).status, 200)
  t.equal(await endpoints(), 0)
})

t.test('nobody makes this machine speak to itself: endpoints are https and public, whatever name they have', async (t) => {
  for (const [endpoint, reason] of [
    ['https://127.0.0.1/x', 'outbound.private'],
    ['https://[::ffff:10.0.0.1]/x', 'outbound.private'],
    ['https://2130706433/x', 'outbound.private'],
    ['https://localhost/x', 'outbound.private'],
    ['https://metadata.internal/x', 'outbound.private'],
    ['https://0x7f000001/x', 'outbound.private'],
    ['https://127.1/x', 'outbound.private'],
    ['https://１２７.０.０.１/x', 'outbound.private'],
    ['https://[64:ff9b::a00:1]/x', 'outbound.private'],
    ['https://localhost./x', 'outbound.private'],
    ['https://printer.local/x', 'outbound.private'],
    ['https://intranet/x', 'outbound.private'],
    ['http://push.example/x', 'outbound.https'],
    ['https://user:pass@push.example/x', 'outbound.malformed'],
  ]) {
    const refused = await ask(world, 'registerPush', driver, { body: { endpoint, keys: browser() } })
    t.match(refused.body, reason!, endpoint!)
  }
  for (const address of [
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '::1',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '0.0.0.0',
  ])
    t.notOk(isPublicAddress(address), address)
  for (const address of ['1.1.1.1', '203.0.114.1', '2606:4700::1111']) t.ok(isPublicAddress(address), address)
  t.equal(findTargetFault(`${origin}/any`, [origin]), null)
  await t.rejects(post('https://localhost.example.invalid/', { headers: {}, body: null, allowedOrigins: [] }))

  // Whoever is sent on goes nowhere.
  const asked: string[] = []
  const elsewhere = createServer((request, response) => {
    asked.push(request.url!)
    response.writeHead(302, { location: '/inner' }).end()
  }).listen(0, '127.0.0.1')
  await once(elsewhere, 'listening')
  t.teardown(() => elsewhere.close())
  const named = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
  t.match(await post(`${named}/x`, { headers: {}, body: '{}', allowedOrigins: [named] }), { status: 302 })
  t.same(asked, ['/x'])
})

t.test(
  'another system is told, signed, and again until it takes it; what it has seen of an order it tells from what is newer',
  async (t) => {
    const bureau = await world.signIn('bureau_admin')
    const fields = { name: '短信网关', url: `${origin}/hook`, kinds: ['order.dispatch', 'order.move'] }
    t.match(
      (await ask(world, 'makeWebhook', bureau, { body: { ...fields, url: 'https://10.0.0.1/', organisationId: 4 } })).body,
      'outbound.private',
    )
    const made = (await ask(world, 'makeWebhook', bureau, { body: { ...fields, organisationId: 4 } })).json()
    const params = { webhookId: made.webhookId }
    t.notMatch((await ask(world, 'listWebhooks', bureau)).body, made.secret, 'its secret is said once')
    const order = await given(203, 3)
    type Told = {
      id: string
      kind: string
      subject: { version: number }
      sequence: number
      order: { plate: string }
      recipients: { phone: string }[]
      text: { en: { title: string } }
    }
    const read = async (expected?: string): Promise<Told> => {
      const { headers, body } = await next()
      // What supervision finds of the world meanwhile is another matter.
      if (body.includes('"kind":"supervision.')) return read(expected)
      const [, time, seal] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['morin-signature']))!
      t.equal(seal, createHmac('sha256', made.secret).update(`${time}.${body}`).digest('hex'))
      const told = JSON.parse(body.toString()) as Told
      t.equal(headers['morin-delivery'], told.id)
      if (expected) t.equal(told.kind, expected)
      return told
    }
    const first = await read('order.dispatch')
    t.match(first, { order: { id: order.orderId, plate: '蒙AA0203', number: order.number }, text: { en: { title: /Vehicle given/ } } })
    t.ok(
      first.recipients.some(({ phone }) => phone === '13800001111'),
      'the contact of those who travel, for a short message',
    )

    // The change is refused once, the next one taken, and then the first comes again.
    const move = async (hours: number) => {
      const { version } = (await ask(world, 'getOrder', dispatcher, { params: { orderId: order.orderId } })).json()
      const body = { vehicleId: 203, driverId: 3, endsAt: at(hour + hours), version, reason: '' }
      return ask(world, 'moveOrder', dispatcher, { params: { orderId: order.orderId }, body })
    }
    answers.push(500)
    t.equal((await move(1.1)).status, 200)
    const older = await read('order.move')
    t.equal((await move(1.2)).status, 200)
    const newer = await read('order.move')
    const failing = async () => (await ask(world, 'listWebhooks', bureau)).json().rows[0]!
    await until(
      async () =>
        (await db.query(`SELECT FROM jobs WHERE kind = 'webhook.send' AND last_error IS NOT NULL AND taken_by IS NULL`)).rowCount === 1,
    )
    world.clock.atMs += 3_000
    const again = await read('order.move')
    t.equal(again.id, older.id, 'the same event, however often')
    t.ok(first.subject.version < older.subject.version && older.subject.version < newer.subject.version)
    t.equal(again.subject.version, older.subject.version)
    t.ok(first.sequence < older.sequence && older.sequence < newer.sequence, 'what tells of one version is in order as well')
    t.equal(again.sequence, older.sequence)
    await until(async () => (await failing()).state === 'active')
    const deliveries = (await ask(world, 'listDeliveries', bureau, { params })).json()
    t.match(deliveries.rows.at(-2), { kind: 'order.move', attempts: 2, status: 201, answer: 'taken', outcome: 'taken' })
    await ask(world, 'testWebhook', bureau, { params })
    t.equal((await db.query(`SELECT FROM audit_log WHERE action = 'webhook.test'`)).rowCount, 1)
    world.clock.atMs += 1_000
    t.match(await read(), { kind: 'test' })

    // Whoever is told of everything has no list, so that nothing that comes later is missing from it.
    const every = await failing()
    t.match(await ask(world, 'changeWebhook', bureau, { params, body: { ...fields, kinds: null, on: true, version: every.version } }), {
      status: 200,
    })
    t.match(await failing(), { kinds: null })
    const accepted = (await ask(world, 'getOrder', dispatcher, { params: { orderId: order.orderId } })).json()
    await ask(world, 'actOnOrder', dispatcher, {
      params: { orderId: order.orderId },
      body: { action: 'accept', version: accepted.version },
    })
    t.match(await read(), { kind: 'order.accept' })

    // Of a sensitive vehicle no other system is told anything.
    answers.push(500)
    await move(1.3)
    t.equal((await read('order.move')).order.plate, '蒙AA0203')
    await until(async () => (await failing()).state === 'failing')
    await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
    world.clock.atMs += 3_000
    t.same(
      Object.keys(await read('order.move')),
      ['id', 'kind', 'at', 'subject', 'sequence'],
      'nor whose trip it is, where to, and who drives',
    )
    await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203')

    // What takes nothing for three days is switched off, and whoever keeps it is told.
    await until(async () => (await db.query(`SELECT FROM jobs WHERE kind = 'webhook.send' AND done_at IS NULL`)).rowCount === 0)
    await db.owner.query(`UPDATE webhooks SET state = 'failing', failing_since = $1`, [new Date(world.clock.atMs - 73 * 3_600_000)])
    answers.push(503)
    await move(1.4)
    await read('order.move')
    await until(async () => (await failing()).state === 'off')
    t.match((await ask(world, 'listNotifications', bureau, {})).json().rows[0], { kind: 'webhook.off', to: '短信网关', requestId: null })
  },
)

t.test(
  'a calendar has the orders of whoever drives: the same UID for ever, a number that grows with changes alone, and nothing of a sensitive vehicle',
  async (t) => {
    const made = (await ask(world, 'makeFeed', driver, { body: {} })).json()
    t.match(made.url, /^https:\/\/cars\.example\/calendar\/[\w-]{32}\.ics$/)
    t.equal((await ask(world, 'makeFeed', applicant, { body: {} })).code, 'CONFLICT')
    t.equal((await ask(world, 'makeFeed', driver, { body: { vehicleId: 202 } })).code, 'VALIDATION_FAILED', 'a driver has no vehicle’s')
    const pathOf = (url: string) => new URL(url).pathname
    const read = async (url = made.url) => {
      const answer = await world.app.inject({ url: pathOf(url) })
      return { status: answer.statusCode, body: answer.body }
    }
    const order = await given(202, 1)
    const eventOf = (body: string) =>
      body
        .split('BEGIN:VEVENT')
        .find((part) => part.includes(`UID:order-${order.orderId}@`))!
        .replaceAll('\r\n ', '')
    const first = await read()
    t.match(eventOf(first.body), /SEQUENCE:0\r\n/)
    t.match(eventOf(first.body), /SUMMARY:蒙A·A0202 甲单位：武川县政府\r\n/)
    t.match(eventOf(first.body), new RegExp(`DTSTART:${at(hour).replace(/[-:]|\.000/g, '')}\r\n`))
    t.same(await read(), first, 'unchanged, letter by letter')
    const body = { vehicleId: 202, driverId: 1, startsAt: at(hour + 0.5), version: order.version, reason: '' }
    const moved = (await ask(world, 'moveOrder', dispatcher, { params: { orderId: order.orderId }, body })).json()
    t.match(eventOf((await read()).body), /SEQUENCE:1\r\n/)
    await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 202')
    const hidden = eventOf((await read()).body)
    t.match(hidden, /SUMMARY:公务用车\r\n/)
    for (const kept of ['A0202', '武川', 'LOCATION', 'DESCRIPTION']) t.notMatch(hidden, kept)
    await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
    await voided(moved)
    t.match(eventOf((await read()).body), /SEQUENCE:2\r\n[\s\S]*STATUS:CANCELLED/)

    const renewed = (await ask(world, 'renewFeed', driver, { params: { feedId: made.feedId } })).json()
    t.equal((await read()).status, 404)
    t.equal((await read(renewed.url)).status, 200)
    t.match((await ask(world, 'listFeeds', driver)).json().rows, [{ feedId: made.feedId, driver: '示例司机一', plate: null }])
    t.equal((await ask(world, 'revokeFeed', dispatcher, { params: { feedId: made.feedId } })).code, 'NOT_FOUND', 'nobody else’s')
    await ask(world, 'revokeFeed', driver, { params: { feedId: made.feedId } })
    t.equal((await read(renewed.url)).status, 404)

    const ofVehicle = (await ask(world, 'makeFeed', dispatcher, { body: { vehicleId: 203 } })).json()
    t.match((await read(ofVehicle.url)).body, 'A0203')
    await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
    t.equal((await read(ofVehicle.url)).status, 404, 'a sensitive vehicle has none')
    await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203')
  },
)

/** The events of a calendar, read strictly: every line a property, every event with what it must have. */
function eventsOf(body: string): Record<string, string>[] {
  const lines = body.replaceAll('\r\n ', '').trimEnd().split('\r\n')
  const events: Record<string, string>[] = []
  for (const line of lines) {
    const [, name, value] = /^([A-Z-]+):(.*)$/.exec(line) ?? []
    if (name === undefined) throw new Error(`no property: ${line}`)
    if (line === 'BEGIN:VEVENT') events.push({})
    else if (events.length > 0 && name !== 'END') {
      const event = events.at(-1)!
      if (name in event) throw new Error(`twice in one event: ${name}`)
      event[name] = value!
    }
  }
  for (const event of events)
    for (const name of ['UID', 'DTSTAMP', 'SEQUENCE', 'DTSTART', 'DTEND']) if (!event[name]) throw new Error(`an event without ${name}`)
  return events
}

t.test('a series is one UID: each trip says for when it was asked first, whatever becomes of it, and its number only grows', async (t) => {
  const firstAt = 24 * 20
  const stamp = (hours: number) => at(hours).replace(/[-:]|\.000/g, '')
  const fields = { ...wanted({ startsAt: at(firstAt), endsAt: at(firstAt + 1) }), recurrence: { every: 'day', times: 3 } }
  const series = (await ask(world, 'createSeries', applicant, { body: fields })).json()
  const give = async (requestId: number) => {
    const { version } = (await ask(world, 'getRequest', dispatcher, { params: { requestId } })).json()
    const answer = await ask(world, 'dispatchRequest', dispatcher, {
      params: { requestId },
      body: { vehicleId: 202, driverId: 1, version },
    })
    if (answer.status !== 200) throw new Error(answer.body)
    return answer.json()
  }
  const approve = async (requestId: number) => {
    const { version } = (await ask(world, 'getRequest', approver, { params: { requestId } })).json()
    await ask(world, 'actOnRequest', approver, { params: { requestId }, body: { action: 'approve', version } })
  }
  for (const { requestId } of series.requests) await approve(requestId)
  const [first, second] = series.requests
  await give(first!.requestId)
  const order = await give(second!.requestId)
  const { url } = (await ask(world, 'makeFeed', driver, { body: {} })).json()
  const read = async () =>
    eventsOf((await world.app.inject({ url: new URL(url).pathname })).body).filter(({ UID }) => UID === `series-${series.seriesId}@morin`)
  const found = await read()
  t.match(found, [
    { 'RECURRENCE-ID': stamp(firstAt), SEQUENCE: '0', DTSTART: stamp(firstAt) },
    { 'RECURRENCE-ID': stamp(firstAt + 24), SEQUENCE: '0', DTSTART: stamp(firstAt + 24) },
  ])
  t.equal(found.length, 2, 'the third has no vehicle, and is nobody’s yet')
  t.same(await read(), found, 'unchanged')
  const place = { vehicleId: 202, driverId: 1, startsAt: at(firstAt + 25), endsAt: at(firstAt + 26), version: order.version, reason: '' }
  t.equal((await ask(world, 'moveOrder', dispatcher, { params: { orderId: order.orderId }, body: place })).status, 200)
  const moved = { 'RECURRENCE-ID': stamp(firstAt + 24), SEQUENCE: '1', DTSTART: stamp(firstAt + 25), STATUS: 'CONFIRMED' }
  t.match(await read(), [found[0], moved])
  await voided(order)
  t.match((await read())[1], { ...moved, SEQUENCE: '2', STATUS: 'CANCELLED' })
  await give(second!.requestId)
  t.match(await read(), [found[0], { ...moved, SEQUENCE: '3', DTSTART: stamp(firstAt + 24) }], 'it stands once, as its last order says')
})
