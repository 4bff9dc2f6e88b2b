// Scheduled reports: sent when they are due, once, to whoever may see them at that moment; by a real mail server that takes, refuses, is slow, or dies in the middle.
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t from 'tap'
import { oweDueReports } from '../../services/dispatch/reports/due.ts'
import { DAY_MS } from '../../services/domain/days.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

type Kept = { to: string; text: string; id: string | undefined }
const mails: Kept[] = []
/** What the server does next: `die` breaks off when the whole mail has come, before it says that it took it. */
let mood: 'take' | 'refuse' | 'later' | 'die' = 'take'
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  closeTimeout: 10,
  onAuth: ({ username, password }, _session, callback) =>
    callback(username === 'morin' && password === 'a-secret-word' ? null : new Error('no'), { user: username }),
  onRcptTo(_address, _session, callback) {
    if (mood === 'refuse') return callback(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
    if (mood === 'later') return callback(Object.assign(new Error('come back later'), { responseCode: 451 }))
    callback()
  },
  onData(stream, session, callback) {
    const parts: Buffer[] = []
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('end', () => {
      const text = Buffer.concat(parts).toString()
      mails.push({ to: session.envelope.rcptTo[0]!.address, text, id: /^Message-ID: <(.*)>/im.exec(text)?.[1] })
      // biome-ignore lint/suspicious/noExplicitAny: its connections are not in its types
      if (mood === 'die') for (const connection of (server as any).connections as Set<{ _socket: Socket }>) connection._socket.destroy()
      else callback()
    })
  },
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1')
await once(server.server, 'listening')
const port = (server.server.address() as AddressInfo).port
t.teardown(() => new Promise<void>((done) => server.close(done)))

const db = await openRegion(t)
const world = await startWorld(
  t,
  db,
  {
    'smtp-url': `smtp://127.0.0.1:${port}`,
    'smtp-from': 'morin@cars.example',
    'smtp-user': 'morin',
    'smtp-password': 'a-secret-word',
    'public-url': 'https://cars.example',
  },
  { pace: { mailSilentMs: 8_000 } },
)
const names = ['bureau_admin', 'fleet_manager', 'unit_approver', 'finance', 'applicant'] as const
const signed = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await world.signIn(name)]))) as Record<string, Signed>
const { rows: people } = await db.query<{ username: string; id: number }>('SELECT username, account_id AS id FROM accounts')
const idOf = (username: string) => people.find((person) => person.username === username)!.id

/** The clock goes on, and those who are signed in stay so. */
async function later(ms: number): Promise<void> {
  world.clock.atMs += ms
  await db.owner.query(`UPDATE sessions SET last_seen_at = $1, expires_at = $1::timestamptz + interval '1 day'`, [
    new Date(world.clock.atMs),
  ])
}
const fields = { list: 'ledger', filter: {}, format: 'csv', locale: 'zh-CN', every: 'day', onDay: 0, atMinute: 480 } as const
const reader = (username: string, byApp = true, byMail = false) => ({ accountId: idOf(username), byApp, byMail })
const make = (by: string, more: object) =>
  ask(world, 'makeReport', signed[by], { body: { ...fields, name: '台账日报', organisationId: 20, readers: [reader(by)], ...more } })
async function made(by: string, more: object): Promise<number> {
  const answer = await make(by, more)
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json().reportId
}
const deliveries = async (reportId: number) => {
  const { rows } = await db.query<{ state: string; why: string | null; channel: string; attempts: number; said: string | null }>(
    'SELECT state, why, channel, attempts, said FROM report_deliveries WHERE report_id = $1 ORDER BY delivery_id',
    [reportId],
  )
  return rows
}
/** Resolves when nothing of the report is owed any more: the time until the next attempt goes by. */
async function settled(reportId: number) {
  for (;;) {
    await db.query(`UPDATE jobs SET run_at = $1 WHERE kind = 'report.send' AND done_at IS NULL AND taken_until IS NULL`, [
      new Date(world.clock.atMs),
    ])
    const { rowCount } = await db.query(
      `SELECT FROM jobs j JOIN report_deliveries d ON d.delivery_id::text = j.key WHERE j.kind = 'report.send' AND d.report_id = $1 AND j.done_at IS NULL AND j.given_up_at IS NULL`,
      [reportId],
    )
    const rows = await deliveries(reportId)
    if (rows.length > 0 && rowCount === 0) return rows
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues?: { reason?: string; path: string }[] } }).error.issues?.map(({ reason, path }) => reason ?? path)
/** Headers with what was broken off joined again. */
const unfolded = ({ text }: Kept): string => text.replace(/\r\n\s+/g, ' ')
/** As a mail program reads the attachment: the last part. */
const attached = ({ text }: Kept): string =>
  Buffer.from([...text.matchAll(/\r\n\r\n([A-Za-z0-9+/=\r\n]+?)\r\n--/g)].at(-1)?.[1] ?? '', 'base64').toString()

t.test('whoever sets a report must see the list, and names people within reach, each once, with a way to reach them', async (t) => {
  t.equal((await make('unit_approver', {})).status, 403, 'who may not take the list along')
  t.equal((await make('applicant', {})).status, 403)
  t.same(reasonsOf(await make('fleet_manager', { readers: [reader('bureau_admin')] })), ['report.readers'], 'who is above')
  t.same(reasonsOf(await make('fleet_manager', { readers: [reader('finance'), reader('finance')] })), ['report.twice'])
  t.same(reasonsOf(await make('fleet_manager', { readers: [reader('finance', false, false)] })), ['report.noWay'])
  t.same(reasonsOf(await make('fleet_manager', { every: 'week', onDay: 8 })), ['report.onDay'])
  t.same(reasonsOf(await make('fleet_manager', { format: 'pdf' })), ['report.format'])
  t.equal((await make('fleet_manager', { filter: { nosuch: '1' } })).status, 400, 'a filter that the list does not take')
  t.equal((await make('fleet_manager', { filter: { organisationId: 'abc' } })).status, 400)
  t.same(reasonsOf(await make('fleet_manager', { list: 'statistics', filter: { table: 'T5', by: 'nosuch', period: '2026-01' } })), [
    'statistics.by',
  ])
})

t.test('an address that is none is refused, and says what is one; it is one’s own', async (t) => {
  for (const address of ['x', 'a@b', 'a@cars.example, b@cars.example', 'a@cars.example\r\nBcc: b@cars.example', ''])
    t.equal((await ask(world, 'setMailAddress', signed.finance, { body: { address } })).status, 400, address)
  t.equal((await ask(world, 'setMailAddress', signed.finance, { body: { address: 'finance@cars.example' } })).status, 200)
  t.match((await ask(world, 'listOwnReports', signed.finance, { query: {} })).json(), {
    mail: { set: true, address: 'finance@cars.example' },
  })
  t.match((await ask(world, 'listOwnReports', signed.bureau_admin, { query: {} })).json().mail.address, null)
})

t.test('it is sent when it is due, with the rights of each reader, and the file says whose it is', async (t) => {
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 201')
  const reportId = await made('bureau_admin', { readers: [reader('bureau_admin'), reader('finance', false, true)], organisationId: 4 })
  t.equal(await oweDueReports(db, world.clock.atMs), 0, 'not yet')
  await later(DAY_MS)
  t.equal(await oweDueReports(db, world.clock.atMs), 1)
  t.equal(await oweDueReports(db, world.clock.atMs), 0, 'once')
  t.match(await settled(reportId), [
    { state: 'sent', channel: 'app' },
    { state: 'sent', channel: 'mail' },
  ])
  t.equal(mails.length, 1)
  const [mail] = mails
  t.equal(mail!.to, 'finance@cars.example')
  t.match(unfolded(mail!), /List-Unsubscribe: <https:\/\/cars\.example\/unsubscribe\//i)
  const file = attached(mail!)
  t.match(file, /MW-[0-9A-F]{12}/, 'a number that it is traced back by')
  const own = (await ask(world, 'listOwnReports', signed.bureau_admin, { query: {} })).json()
  t.match(own, { total: 1, rows: [{ channel: 'app', state: 'sent' }] })
  const read = await ask(world, 'readOwnReport', signed.bureau_admin, { params: { deliveryId: own.rows[0]!.deliveryId } })
  t.equal(read.status, 200)
  t.ok(read.body.split('\r\n').length > file.split('\r\n').length, 'the bureau reaches more than a unit’s finance')
  const { rows: hidden } = await db.owner.query<{ plate: string }>('SELECT plate FROM vehicles WHERE vehicle_id = 201')
  for (const text of [file, read.body]) t.notOk(text.includes(hidden[0]!.plate.slice(2)), 'nothing sensitive leaves')
  t.equal((await ask(world, 'readOwnReport', signed.finance, { params: { deliveryId: own.rows[0]!.deliveryId } })).status, 404)
  t.match((await ask(world, 'listNotifications', signed.bureau_admin, { query: {} })).json().rows[0], { kind: 'report.ready' })
  const { rows: logged } = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM audit_log WHERE action = 'report.send' AND subject_id = $1 AND body LIKE '%MW-%'`,
    [String(reportId)],
  )
  t.equal(logged[0]!.n, 2)
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 201')
})

t.test('after a time when nothing ran the last one is made up, once', async (t) => {
  const reportId = await made('fleet_manager', {})
  await later(9 * DAY_MS)
  await Promise.all([oweDueReports(db, world.clock.atMs), oweDueReports(db, world.clock.atMs)])
  t.match(await settled(reportId), [{ state: 'sent' }])
  await oweDueReports(db, world.clock.atMs)
  t.equal((await deliveries(reportId)).length, 1)
})

t.test('who has lost his rights, his account or his unit is sent nothing, and it says so', async (t) => {
  const reportId = await made('fleet_manager', {
    readers: [reader('finance'), reader('fleet_manager'), reader('fleet_manager', true)].slice(0, 2),
  })
  const send = async () => {
    await later(60_000)
    await ask(world, 'sendReport', signed.fleet_manager, { params: { reportId } })
    return (await settled(reportId)).slice(-2)
  }
  await db.owner.query(`UPDATE accounts SET role = 'unit_approver' WHERE username = 'finance'`)
  t.match(await send(), [
    { state: 'refused', why: 'rights' },
    { state: 'sent', why: null },
  ])
  await db.owner.query(`UPDATE accounts SET role = 'finance', status = 'disabled' WHERE username = 'finance'`)
  t.match((await send())[0], { state: 'refused', why: 'account' })
  await db.owner.query(`UPDATE accounts SET status = 'active', role_expires_at = $1 WHERE username = 'finance'`, [
    new Date(world.clock.atMs - 1),
  ])
  t.match((await send())[0], { state: 'refused', why: 'account' })
  await db.owner.query(`UPDATE accounts SET role_expires_at = NULL WHERE username = 'finance'`)
  await db.owner.query('UPDATE organisations SET closed_at = now() WHERE organisation_id = 20')
  t.match(await send(), [
    { state: 'refused', why: 'unitClosed' },
    { state: 'refused', why: 'unitClosed' },
  ])
  await db.owner.query('UPDATE organisations SET closed_at = NULL WHERE organisation_id = 20')
  const told = (await ask(world, 'listReportDeliveries', signed.fleet_manager, { params: { reportId }, query: {} })).json()
  t.match(told.rows[0], { state: 'refused', why: 'unitClosed', to: 'fleet_manager' })
  t.ok((await db.query(`SELECT FROM audit_log WHERE action = 'report.unsent' AND subject_id = $1`, [String(reportId)])).rowCount >= 4)
})

t.test(
  'a mail server that says no for good is asked once; one that says later, dies in the middle or is silent is asked again, and nothing is doubled',
  async (t) => {
    const reportId = await made('fleet_manager', { readers: [reader('finance', false, true)] })
    const send = async () => {
      await later(60_000)
      mails.length = 0
      t.equal((await ask(world, 'sendReport', signed.fleet_manager, { params: { reportId } })).json().deliveries, 1)
      t.equal(
        (await ask(world, 'sendReport', signed.fleet_manager, { params: { reportId } })).json().deliveries,
        0,
        'asked twice within a minute',
      )
    }
    const failedOnce = async () => {
      for (let n = 0; n === 0; ) {
        const { rowCount } = await db.query(
          `SELECT FROM report_deliveries WHERE report_id = $1 AND state = 'owed' AND attempts >= 1 AND said IS NOT NULL`,
          [reportId],
        )
        n = rowCount
        if (n === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    mood = 'refuse'
    await send()
    t.match(await settled(reportId), [{ state: 'failed', why: 'mailRefused', attempts: 1, said: /no such mailbox/ }])
    mood = 'later'
    await send()
    await failedOnce()
    mood = 'take'
    t.match((await settled(reportId)).at(-1), { state: 'sent', attempts: 2 })
    t.equal(mails.length, 1)
    mood = 'die'
    await send()
    await failedOnce()
    mood = 'take'
    t.match((await settled(reportId)).at(-1), { state: 'sent' })
    t.equal((await deliveries(reportId)).length, 3, 'one row for each time that it was owed')
    t.equal(new Set(mails.map(({ id }) => id)).size, 1, 'whoever gets it twice knows it again')
    t.equal((await db.query(`SELECT FROM audit_log WHERE action = 'report.send' AND subject_id = $1`, [String(reportId)])).rowCount, 2)
  },
)

t.test('a server that says nothing is waited for no longer than it may be, and without one the delivery says so', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { openMail } = await import('../../services/platform/mail.ts')
  const letter = {
    to: 'a@cars.example',
    subject: 'x',
    text: 'x',
    id: '1',
    attachment: { fileName: 'x.csv', mediaType: 'text/csv', content: Buffer.from('x') },
  }
  const faultOf = (of: ReturnType<typeof openMail>) =>
    of.send(letter).then(
      () => undefined,
      (error: Error) => error,
    )
  const mail = openMail({ url: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, from: 'a@cars.example' }, 100)
  t.match(await faultOf(mail), { permanent: false })
  const secret = openMail({ url: `smtp://127.0.0.1:${port}`, from: 'a@cars.example', user: 'morin', password: 'wrong-word' }, 1_000)
  const fault = await faultOf(secret)
  t.match(fault, { permanent: false })
  t.notOk(fault!.message.includes('wrong-word'), 'no secret is told')
})

t.test('one unsubscribes by the mail’s own link, without signing in, or on the page, and is not put back', async (t) => {
  const reportId = await made('fleet_manager', { readers: [reader('finance', true, true)] })
  await later(60_000)
  mails.length = 0
  await ask(world, 'sendReport', signed.fleet_manager, { params: { reportId } })
  await settled(reportId)
  const path = /List-Unsubscribe: <https:\/\/cars\.example(\/unsubscribe\/[^>]+)>/i.exec(unfolded(mails[0]!))![1]!
  const left = async () => (await db.query('SELECT FROM report_readers WHERE report_id = $1 AND left_at IS NOT NULL', [reportId])).rowCount
  t.equal((await world.app.inject({ method: 'GET', url: path })).statusCode, 200)
  t.equal(await left(), 0, 'looking at it changes nothing')
  t.equal(
    (await world.app.inject({ method: 'POST', url: `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}` })).statusCode,
    404,
    'another link',
  )
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  t.equal((await world.app.inject({ method: 'POST', url: path, headers: form, payload: 'List-Unsubscribe=One-Click' })).statusCode, 200)
  t.equal(await left(), 1)
  await later(60_000)
  t.equal((await ask(world, 'sendReport', signed.fleet_manager, { params: { reportId } })).json().deliveries, 0)
  const { version } = (await ask(world, 'listReports', signed.fleet_manager, { query: {} }))
    .json()
    .rows.find((row) => row.reportId === reportId)!
  const body = { ...fields, name: '台账日报', readers: [reader('finance', true, true)], on: true, version }
  t.match(
    (await ask(world, 'changeReport', signed.fleet_manager, { params: { reportId }, body })).json().readers,
    [{ left: true }],
    'whoever sets it does not put him back',
  )
  t.equal((await ask(world, 'leaveReport', signed.finance, { params: { reportId }, body: { on: true } })).status, 200)
  t.equal(await left(), 0, 'he does')
  t.equal((await ask(world, 'leaveReport', signed.applicant, { params: { reportId }, body: { on: false } })).status, 404)
})

t.test('a list of more than two thousand rows is mailed whole', async (t) => {
  await db.owner.query(
    `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
     SELECT 'R06', 'remind', 202, 20, $2::date, ($2::date + time '02:00') AT TIME ZONE 'UTC', '{"fromMs": 0, "untilMs": null, "figure": 40, "threshold": 30, "points": [], "orderIds": []}',
       'OPEN', $1, $1 FROM generate_series(1, 2351)`,
    // It tells of the day before.
    [new Date(world.clock.atMs), new Date(world.clock.atMs - DAY_MS).toISOString().slice(0, 10)],
  )
  const { total } = (await ask(world, 'listSupervisionFindings', signed.bureau_admin, { query: { rule: 'R06' } })).json()
  t.equal(total, 2_351)
  mails.length = 0
  const reportId = await made('bureau_admin', {
    ...{ list: 'findings', filter: { rule: 'R06' }, organisationId: 4, readers: [reader('bureau_admin', false, true)] },
  })
  await ask(world, 'setMailAddress', signed.bureau_admin, { body: { address: 'bureau@cars.example' } })
  await ask(world, 'sendReport', signed.bureau_admin, { params: { reportId } })
  t.match(await settled(reportId), [{ state: 'sent' }])
  const told = (await ask(world, 'listReportDeliveries', signed.bureau_admin, { params: { reportId }, query: {} })).json()
  t.match(told.rows, [{ rows: 2_351 }])
  const sent = attached(mails[0]!).trimEnd().split('\r\n')
  t.equal(sent.filter((line) => line.includes('蒙A·A0202')).length, 2_351)
})
