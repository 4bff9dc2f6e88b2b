// Other systems: told of findings, filings and publications, signed; reading findings and figures by a token; months of data as a file.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { z } from 'zod'
import { api } from '../../services/contracts/api.ts'
import { actAs } from '../../services/dispatch/kernel/act.ts'
import { announceFiling, announcePublication, announceSupervision } from '../../services/dispatch/kernel/announce.ts'
import { system } from '../../services/dispatch/kernel/record.ts'
import { webhookKinds } from '../../services/domain/notifications.ts'
import { ask, openRegion, startWorld } from './world.ts'

type Told = {
  kind: string
  subject: { type: string; id: number }
  finding?: { rule: string; plate: string | null }
  organisation?: { id: number }
}
const came: Told[] = []
let wake = () => {}
const outside = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    came.push(JSON.parse(Buffer.concat(parts).toString()) as Told)
    response.writeHead(201).end()
    wake()
  })
})
await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
t.teardown(() => outside.close())
const origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
async function next(): Promise<Told> {
  while (came.length === 0)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  return came.shift()!
}

const db = await openRegion(t)
const world = await startWorld(t, db, { 'outbound-origins': origin })
const [bureau, finance, manager, applicant] = await Promise.all(
  ['bureau_admin', 'finance', 'fleet_manager', 'applicant'].map((name) => world.signIn(name)),
)
const one = async (sql: string, ...values: unknown[]) => (await db.query<{ id: number }>(sql, values)).rows[0]!.id
const finding = (vehicleId: number, day: string, told: string | null = null) =>
  one(
    `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at, told_at)
     VALUES ('R01', 'alarm', $1, 20, $2::date, $2::date, '{"figure": 900, "threshold": 500}', 'OPEN', $2::date, $2::date, $3) RETURNING finding_id AS id`,
    vehicleId,
    day,
    told,
  )
const announced = (id: number, action: string) =>
  actAs({ db, clock: world.clock }, system, (deed) => announceSupervision(deed, id, action, ''))
const events = async () => one('SELECT count(*)::int AS id FROM events')

t.test('of what nobody listens to nothing is written', async (t) => {
  const id = await finding(202, '2026-02-01')
  await announced(id, 'raise')
  t.equal(await events(), 0)
  for (const kind of ['supervision.raise', 'supervision.change', 'supervision.close', 'filing.submit', 'publication.publish'] as const)
    t.ok(webhookKinds.includes(kind), kind)
  t.notOk(
    webhookKinds.some((kind) => /^(leave|finding|report|webhook)\./.test(kind)),
    'what stays in the house',
  )
})

t.test('a system is told of findings raised, changed and closed, of filings and of what is made public', async (t) => {
  const body = { name: '纪检平台', url: `${origin}/hook`, organisationId: 4, kinds: null }
  t.equal((await ask(world, 'makeWebhook', bureau, { body })).status, 200)
  const id = await finding(202, '2026-02-02')
  await announced(id, 'raise')
  t.match(await next(), {
    ...{ kind: 'supervision.raise', subject: { type: 'finding', id, state: 'OPEN' }, organisation: { id: 20 } },
    finding: { rule: 'R01', figure: 900, plate: /蒙/ },
    text: { 'zh-CN': { title: /^疑似/ } },
  })
  await announced(id, 'withdraw')
  t.match(await next(), { kind: 'supervision.withdraw', subject: { id } }, 'though nobody in the house was told of it')
  t.equal(await one('SELECT count(*)::int AS id FROM notifications'), 0)
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 201')
  const secret = await finding(201, '2026-02-03')
  await announced(secret, 'raise')
  t.same(
    Object.keys(await next()).sort(),
    ['at', 'id', 'kind', 'sequence', 'subject'],
    'of a sensitive vehicle that there is one, and nothing else',
  )
  const filing = await one(
    `INSERT INTO filings (organisation_id, period, state, since, due_on) VALUES (20, '2026-01', 'FILLED', now(), '2026-02-10') RETURNING filing_id AS id`,
  )
  await actAs({ db, clock: world.clock }, system, (deed) => announceFiling(deed, filing, 'fill', ''))
  t.match(await next(), { kind: 'filing.fill', subject: { type: 'filing', id: filing }, filing: { period: '2026-01' } })
  const publication = await one(
    `INSERT INTO publications (organisation_id, month, state, since, body, sha256) VALUES (20, '2026-01', 'PUBLISHED', now(), '{}', 'x') RETURNING publication_id AS id`,
  )
  await actAs({ db, clock: world.clock }, system, (deed) => announcePublication(deed, publication, 'publish'))
  t.match(await next(), { kind: 'publication.publish', publication: { month: '2026-01', page: `/public/trips/${publication}` } })
})

t.test('months of costs, trips and findings leave as one file by permission, without anything sensitive', async (t) => {
  await db.owner.query(`WITH bills AS (INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, note, state, entered_at, entered_by, key)
      SELECT 20, v, 'fuel', 100, d::date, '', 'BOOKED', d, (SELECT min(account_id) FROM accounts), gen_random_uuid()
      FROM unnest('{201,202}'::int[]) v, generate_series('2026-01-31'::timestamptz, '2026-02-01', '1 day') d RETURNING *)
    INSERT INTO cost_entries (bill_id, unit_id, vehicle_id, kind, fen, day) SELECT bill_id, unit_id, vehicle_id, kind, fen, day FROM bills`)
  const lines = async (subject: string, query: object, by = bureau) => {
    const answer = await ask(world, 'exportBulk', by, { params: { subject }, query: { ...query } })
    return answer.status === 200 ? answer.body.replace('\ufeff', '').trimEnd().split('\r\n') : answer.code
  }
  const february = await lines('costs', { from: '2026-02', until: '2026-02' })
  t.equal(february!.length, 1 + 1, 'one of two: the other is of a sensitive vehicle')
  t.equal((await lines('costs', { from: '2026-01', until: '2026-02' }))!.length, 1 + 2)
  t.equal((await lines('findings', { from: '2026-02', until: '2026-02' }))!.length, 1 + 2)
  const [, suspected] = (await lines('findings', { from: '2026-02', until: '2026-02', locale: 'en' })) as string[]
  t.match(suspected, /,suspected,/, 'what is not verified is a suspicion')
  t.match((await lines('trips', { from: '2026-02', until: '2026-02', locale: 'en' }))![0], /^No\.,Order,Unit,Plate/)
  t.equal(await lines('findings', { from: '2026-02', until: '2026-02' }, finance), 'FORBIDDEN', 'what he may not see on the page')
  t.equal((await lines('costs', { from: '2026-02', until: '2026-02' }, finance))!.length, 2)
  for (const by of [manager, applicant]) t.equal(await lines('costs', { from: '2026-02', until: '2026-02' }, by), 'FORBIDDEN')
  for (const [from, until] of [
    ['2026-13', '2026-13'],
    ['0001-01', '2026-02'],
    ['1999-12', '2000-01'],
    ['2026-02', '2026-01'],
    ['2020-01', '2026-02'],
    ['2026-02', '2027-01'],
  ])
    t.equal(await lines('costs', { from, until }), 'VALIDATION_FAILED', `${from} ${until}`)
})

t.test('what the interface is described by has examples that it would answer', async (t) => {
  for (const name of ['readStatistics', 'listSupervisionFindings'] as const) {
    const examples = api[name].answer.meta()?.examples as unknown[]
    t.equal(examples.length, 1, name)
    for (const example of examples) t.ok(api[name].answer.safeParse(example).success, name)
    t.ok(JSON.stringify(z.toJSONSchema(api[name].answer)).includes('"examples"'))
  }
  const described = (await world.app.inject({ method: 'GET', url: '/api/openapi.json' })).body
  t.match(described, '示例单位')
})
