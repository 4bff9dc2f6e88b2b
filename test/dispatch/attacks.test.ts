// Hostile requests to every endpoint, by someone who may ask it: a clear refusal in the one shape, or an answer that harms nobody.
// Every endpoint meets values of every list, and every value meets endpoints; `npm run test:long` lets all meet all.
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { errorSchema } from '../../services/contracts/errorAnswer.ts'
import { errorCatalogue } from '../../services/contracts/errors.ts'
import { someOf } from '../harness/long.ts'
import { type Answer, beginMatrix, send, soundRequests } from './matrix/begin.ts'
import { hostileIds, hostileTexts, hostileValues, slotsOf } from './matrix/hostile.ts'
import { NOW_MS } from './region.ts'
import { ask } from './world.ts'

type Test = { fail(message: string): unknown; pass(message: string): unknown }

const matrix = await beginMatrix()
const { db, world, sites } = matrix
const sound = soundRequests(matrix)
const signedFor = (name: string) => sound.find((each) => each.name === name)!.actor.signed!

/** 2xx, or a refusal of the catalogue in its shape. The machinery's own failures are neither. */
function harmless(answer: Pick<Answer, 'status' | 'code' | 'body'>): boolean {
  if (answer.status < 300) return true
  if (answer.status >= 500 || answer.code === undefined) return false
  return (
    errorSchema.safeParse(JSON.parse(answer.body)).success &&
    errorCatalogue[answer.code as keyof typeof errorCatalogue].status === answer.status
  )
}

function judge(t: Test, answer: Pick<Answer, 'status' | 'code' | 'body'>, says: string): void {
  if (!harmless(answer)) t.fail(`${says}: ${answer.status} ${answer.body.slice(0, 200)}`)
}

const short = (value: unknown): string => JSON.stringify(value).slice(0, 60)

let asked = 0
let slots = 0
for (const { name, endpoint, actor, parts } of sound)
  t.test(`${name}: no value in any parameter gets more than a refusal or a harmless answer`, async (t) => {
    const first = asked
    for (const { path, put, textOnly } of slotsOf(endpoint, parts)) {
      const part = path.split('.')[0] as 'params' | 'query' | 'body'
      const passes = (value: unknown) => endpoint[part]!.safeParse(put(value)[part]).success
      const values = textOnly ? hostileTexts : [...hostileTexts, ...hostileValues]
      const attack = async (value: unknown) => {
        asked++
        judge(t, await send(matrix, name, actor, put(value)), `${name} ${path} = ${short(value)}`)
      }
      // Of what the schema refuses a few are enough, and every kind of them somewhere; whatever gets past it is tried.
      const refused = values.filter((value) => !passes(value))
      const few = refused.filter((_, k) => (k + asked) % Math.ceil(refused.length / 3) === 0)
      slots++
      for (const value of [...someOf(few, 5, slots), ...someOf(values.filter(passes), 24, slots)]) await db.takingBack(() => attack(value))
    }
    t.pass(`${asked - first} requests`)
  })

t.test('many of them were asked', async (t) => {
  t.ok(slots > 500 && asked > slots, `${asked} requests in ${slots} places`)
  t.comment(`${asked} requests in ${slots} places`)
})

t.test('a number that names no row is refused or not found, whatever it is made of', async (t) => {
  let turn = 0
  for (const { name, endpoint, actor, parts } of sound)
    for (const key of Object.keys(endpoint.params?.shape ?? {}).filter((each) => /(Id|seq)$/.test(each)))
      for (const id of someOf(hostileIds, 8, turn++)) {
        await db.takingBack(async () => {
          const { status, code } = await send(matrix, name, actor, { ...parts, params: { ...parts.params, [key]: id } })
          if (code !== 'NOT_FOUND' && code !== 'VALIDATION_FAILED') t.fail(`${name} ${key} = ${id}: ${status} ${code}`)
          if ((await db.changedTables()).length > 0) t.fail(`${name} ${key} = ${id} changed something`)
        })
      }
})

t.test('every paged list has limits, and beyond its end the total is still told', async (t) => {
  const paged = sound.filter(({ endpoint }) => endpoint.query && 'limit' in endpoint.query.shape)
  t.ok(paged.length >= 10, `${paged.length} lists`)
  await db.takingBack(async () => {
    // What members of a case alone may read is asked by one.
    await db.query('INSERT INTO case_members (case_id, account_id, since) VALUES ($1, $2, $3)', [
      sites.own.case,
      sound.find(({ name }) => name === 'listCaseLooks')!.actor.accountId,
      new Date(NOW_MS),
    ])
    for (const { name, endpoint, actor, parts } of paged) {
      const page = (query: object) => send(matrix, name, actor, { ...parts, query: { ...parts.query, ...query } })
      for (const query of [{ limit: 0 }, { limit: -1 }, { limit: 201 }, { limit: 1e9 }, { limit: 1.5 }, { limit: 'x' }])
        t.equal((await page(query)).code, 'VALIDATION_FAILED', `${name} ${JSON.stringify(query)}`)
      t.equal((await page({ limit: 200 })).status, 200, name)
      if (!('offset' in endpoint.query!.shape)) continue
      for (const query of [{ offset: -1 }, { offset: 1_000_001 }, { offset: 0.5 }, { offset: 'x' }])
        t.equal((await page(query)).code, 'VALIDATION_FAILED', `${name} ${JSON.stringify(query)}`)
      const whole = (await page({ limit: 200, offset: 0 })).json() as { total: number }
      const beyond = (await page({ limit: 200, offset: 1_000_000 })).json() as { total: number; rows: unknown[] }
      t.same([beyond.total, beyond.rows], [whole.total, []], name)
    }
  })
})

/** What a form must not carry past its schema: whose it is, where, in which state, of which age. */
const extras: Record<string, unknown> = {
  accountId: sites.other.activeAccount,
  account_id: sites.other.activeAccount,
  username: 'somebody.else',
  role: 'system_admin',
  status: 'active',
  organisationId: sites.other.unit,
  organisation_id: sites.other.unit,
  unitId: sites.other.unit,
  unit_id: sites.other.unit,
  userUnitId: sites.other.unit,
  ownerUnitId: sites.other.unit,
  parentId: 1,
  lft: 0,
  rgt: 1_000_000,
  version: 77,
  secrecy: true,
  state: 'DISPOSED',
  quotaSeat: 1,
  quota_seat: 1,
  seats: 9_999,
  vehicleId: sites.other.vehicle,
  driverId: sites.other.driver,
  createdBy: sites.other.activeAccount,
  created_by: sites.other.activeAccount,
  decidedBy: sites.other.activeAccount,
  draftedBy: sites.other.activeAccount,
  demo: true,
  passwordHash: 'x',
  password_hash: 'x',
  mustChangePassword: false,
  step: 'open',
  search: 'x',
  purpose: '另写的事由',
  reach: { lft: 0, rgt: 1_000_000 },
  caller: { role: 'system_admin' },
}

/** The same request, with whatever its schema does not name on every level of its body. */
function stuffed(value: unknown, known: Record<string, unknown> | undefined): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Buffer.isBuffer(value)) return value
  const nested = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stuffed(each, shapeOf(known?.[key]))]))
  const more = known ? Object.fromEntries(Object.entries(extras).filter(([key]) => !(key in known))) : {}
  return { ...more, ...nested }
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (schema ?? {}) as { shape?: Record<string, unknown>; def?: { innerType?: unknown } }
  return shape ?? (def?.innerType ? shapeOf(def.innerType) : undefined)
}

/** Columns that are drawn anew each time: numbers of new rows, secrets, and the chain. */
const { rows: drawn } = await db.query<{ name: string }>(
  `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'
   UNION SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name ~ '(hash|secret|csrf)'
   UNION SELECT a.attname::text FROM pg_attribute a JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
     WHERE pg_get_expr(d.adbin, d.adrelid) LIKE 'gen_random_uuid%'`,
)
// An organisation's code is made of its number, and two acts have two numbers. What the trigger of terminals writes goes by the database's clock.
// Whose a reservation is names the number of a new order; what a bill is from, of a new renewal.
const byDatabase = [
  'holder',
  'source',
  'revision',
  'bound_since',
  'during',
  'credential_at',
  'broker_verifier',
  'registered_at',
  'written_at',
]
const notCompared = [...drawn.map(({ name }) => name), 'code', 'act', ...byDatabase]

/** The rows of what a request changed, but for what is drawn anew. */
async function contents(tables: readonly string[]): Promise<string> {
  const digests = tables.map(
    (table) =>
      `SELECT '${table} ' || md5(string_agg(line, '|' ORDER BY line)) AS digest FROM (SELECT (to_jsonb(t) - $1::text[])::text AS line FROM ${table === 'vehicles' ? 'every_vehicle' : table} t) l`,
  )
  if (digests.length === 0) return ''
  const { rows } = await db.query<{ digest: string | null }>(digests.join(' UNION ALL '), [notCompared])
  return rows.map(({ digest }) => digest).join('\n')
}

t.test('keys that a form does not have are ignored everywhere: the same rows are written as without them', async (t) => {
  const changing = sound.filter(({ endpoint }) => endpoint.method !== 'GET' && endpoint.body)
  t.ok(changing.length > 60, `${changing.length} forms`)
  for (const { name, endpoint, actor, parts } of changing) {
    const written: string[] = []
    for (const body of [parts.body, stuffed(parts.body, endpoint.body!.shape)])
      await db.takingBack(async () => {
        const { status, code } = await send(matrix, name, actor, { ...parts, body })
        written.push(`${status} ${code}\n${await contents(await db.changedTables())}`)
      })
    if (written[0] !== written[1]) t.fail(`${name}: ${written.join('\n---\n')}`)
  }
})

t.test('prototype keys are refused before anything reads them', async (t) => {
  for (const { name, actor, parts } of sound.filter(({ endpoint }) => endpoint.body)) {
    const inner = JSON.stringify(parts.body).slice(1)
    for (const poison of ['"__proto__":{"role":"system_admin"}', '"constructor":{"prototype":{"role":"system_admin"}}'])
      await db.takingBack(async () => {
        const answer = await raw(name, actor.signed, `{${poison},${inner}`, 'application/json', parts)
        if (answer.code !== 'VALIDATION_FAILED') t.fail(`${name} ${poison}: ${answer.status} ${answer.body.slice(0, 100)}`)
        if ((await db.changedTables()).length > 0) t.fail(`${name} ${poison} changed something`)
      })
  }
  t.equal(({} as { role?: string }).role, undefined)
})

/** Bytes as they are, of any type. */
async function raw(
  name: (typeof sound)[number]['name'],
  signed: (typeof sound)[number]['actor']['signed'],
  payload: string | Buffer,
  contentType: string | undefined,
  parts: (typeof sound)[number]['parts'],
  headers: Record<string, string> = {},
) {
  const answer = await ask(world, name, signed, {
    ...parts,
    body: payload,
    headers: { ...(contentType ? { 'content-type': contentType } : {}), ...headers },
  })
  return answer as Answer
}

t.test('bodies that are no JSON, are another type, are packed, deep or huge are refused in the one shape', async (t) => {
  const deep = 30_000
  const bodies: [says: string, payload: string | Buffer, type: string | undefined, headers?: Record<string, string>][] = [
    ['nothing at all', '', 'application/json'],
    ['half a JSON', '{"reason":', 'application/json'],
    ['a list', '[1,2]', 'application/json'],
    ['a word', '"x"', 'application/json'],
    ['null', 'null', 'application/json'],
    ['deep lists', '['.repeat(deep) + ']'.repeat(deep), 'application/json'],
    ['deep objects', `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`, 'application/json'],
    ['a deep list in a field', `{"reason":${'['.repeat(deep)}${']'.repeat(deep)}}`, 'application/json'],
    ['a megabyte', `{"reason":"${'x'.repeat(1_000_000)}"}`, 'application/json'],
    ['a packed bomb', gzipSync(Buffer.alloc(5_000_000, 32)), 'application/json', { 'content-encoding': 'gzip' }],
    ['a form', 'reason=x', 'application/x-www-form-urlencoded'],
    ['parts', '--x\r\ncontent-disposition: form-data; name="reason"\r\n\r\nx\r\n--x--', 'multipart/form-data; boundary=x'],
    ['plain text', '{}', 'text/plain'],
    ['XML', '<a/>', 'application/xml'],
    ['bytes', Buffer.from('{}'), 'application/octet-stream'],
    ['no type', '{}', undefined],
    ['UTF-16', Buffer.from('{"reason":"x"}', 'utf16le'), 'application/json; charset=utf-16'],
    ['a broken type', '{}', 'application/json;;;='],
  ]
  let turn = 0
  for (const { name, endpoint, actor, parts } of sound.filter(({ endpoint }) => endpoint.body)) {
    for (const [says, payload, type, headers] of someOf(bodies, 4, turn++))
      await db.takingBack(async () => {
        const answer = await raw(name, actor.signed, payload, type, parts, headers)
        judge(t, answer, `${name} with ${says}`)
        if (answer.status < 400 && (endpoint.method !== 'POST' || says === 'a megabyte')) t.fail(`${name} took ${says}`)
      })
  }
})

t.test('a parameter twice, as a list or as an object is refused or read as nothing else', async (t) => {
  let turn = 0
  for (const { name, endpoint, actor, parts } of sound) {
    for (const key of Object.keys(endpoint.query?.shape ?? {}))
      for (const query of someOf(
        [`${key}=1&${key}=2`, `${key}[]=1`, `${key}[a]=1`, `${key}[$ne]=1`, `${key}`, `%00=1`, `${key}=%ff%fe`, `${key}=%`],
        4,
        turn++,
      )) {
        const path = endpoint.path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(String(parts.params?.[param])))
        await db.takingBack(async () => {
          const answer = await world.app.inject({
            method: endpoint.method,
            url: `/api/v1${path}?${query}`,
            headers: { ...actor.signed?.headers, ...parts.headers },
            ...(parts.body === undefined ? {} : { payload: parts.body as object }),
          })
          const code = answer.statusCode >= 400 ? (answer.json() as { error?: { code?: string } }).error?.code : undefined
          judge(t, { status: answer.statusCode, code, body: answer.body }, `${name} ?${query}`)
        })
      }
  }
  for (const url of [
    '/api/v1/%',
    '/api/v1/vehicles/%E0%A4%A',
    '/api/v1//vehicles',
    '/api/v1/vehicles/..%2f..%2f',
    `/api/v1/${'a'.repeat(20_000)}`,
  ]) {
    const answer = await world.app.inject({ method: 'GET', url, headers: signedFor('listVehicles').headers! })
    t.ok(answer.statusCode >= 400 && answer.statusCode < 500, url.slice(0, 40))
    t.ok(errorSchema.safeParse(answer.json()).success, url.slice(0, 40))
  }
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const unsafeInNames = /[\u0000-\u001f"/\\:*?<>|]/

t.test('a file comes back under a name that no header, path or shell reads as anything else', async (t) => {
  const { actor, parts } = sound.find(({ name }) => name === 'addVehicleFile')!
  for (const name of hostileTexts.filter((text) => text.trim() !== '' && text.length <= 120 && !text.includes('\0')))
    await db.takingBack(async () => {
      const added = await send(matrix, 'addVehicleFile', actor, { ...parts, query: { kind: 'document', name } })
      if (added.status !== 200) {
        t.equal(added.code, 'VALIDATION_FAILED', short(name))
        return
      }
      const { fileId } = added.json() as { fileId: number }
      const read = await send(matrix, 'readVehicleFile', actor, { params: { vehicleId: sites.own.vehicle, fileId } })
      const header = String(read.headers['content-disposition'])
      t.match(header, /^attachment; filename\*=UTF-8''[\w%.~!#$&+^`|-]*$/, short(name))
      t.notMatch(decodeURIComponent(header.split("''")[1]!), unsafeInNames, short(name))
      t.equal(read.headers['set-cookie'], undefined)
      t.equal(read.headers['x-content-type-options'], 'nosniff')
    })
})

t.test('no cell of an export is taken for a formula', async (t) => {
  const { actor } = sound.find(({ name }) => name === 'createSupplier')!
  await db.takingBack(async () => {
    // Blanks at the ends are taken off: without its tab a name is another's where both say the same.
    for (const name of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=2+1+1', "'=1+1", '＝3+1+1', '＋3+1+1', '－3+1+1', '＠SUM(A3+1+1)'].map(
      (formula) => `${formula}厂`,
    )) {
      const body = { name, kinds: ['repair'], validFrom: '2026-01-01', organisationId: sites.own.unit }
      t.equal((await ask(world, 'createSupplier', actor.signed, { body })).status, 200, short(name))
    }
    const file = await ask(world, 'exportList', actor.signed, { params: { subject: 'suppliers' }, query: { format: 'csv' } })
    const cells = file.body
      .replace(/^\ufeff/, '')
      .split('\r\n')
      .flatMap((line) => line.split(','))
    t.ok(cells.some((cell) => cell.includes('1+1厂')))
    t.same(
      cells.filter((cell) => /^"?[\u200b]*[=+\-@＝＋－＠\t\r]/u.test(cell)),
      [],
    )
  })
})

t.test('after all of it the server answers as before', async (t) => {
  for (const { name, actor, parts, told } of sound)
    await db.takingBack(async () => {
      const answer = await send(matrix, name, actor, parts)
      if (told === 'OK' ? answer.status !== 200 : answer.code !== told) t.fail(`${name}: ${answer.status} ${answer.body.slice(0, 200)}`)
    })
})
