// docs/device-protocol.md says what the code does: schema, table of fields, limits, reasons, examples, and the command to try.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { MAX_MESSAGE_BYTES, MAX_POSITIONS_PER_MESSAGE, quarantineReasons } from '../../services/contracts/position.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { driver } from '../../services/ingest/kinds/driver.ts'
import { createLocation } from '../../services/ingest/kinds/location.ts'
import { messageSchemaForDocument } from './messageSchema.ts'
import { ADCODE, secretOf, startWorld } from './world.ts'

const whole = readFileSync('docs/device-protocol.md', 'utf8')
const ofDrivers = /\n## Who drives\n[\s\S]*?(?=\n## )/.exec(whole)![0]
/** What is said of positions, and of all messages. */
const text = whole.replace(ofDrivers, '')
const blocksOf = (language: string, part = text) =>
  [...part.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'g'))].map(([, block]) => block!)
type Property = { type?: string; minimum?: number; maximum?: number }

t.test('the schema in the document is the schema in the code', async (t) => {
  t.same(JSON.parse(blocksOf('json schema')[0]!), messageSchemaForDocument())
})

t.test('the table of fields has every field with its range, and no other', async (t) => {
  const { properties, required } = (
    messageSchemaForDocument() as { $defs: { position: { properties: Record<string, Property>; required: string[] } } }
  ).$defs.position
  const rows = new Map([...text.matchAll(/^\| `(\w+)` \| (yes|no) \| ([^|]+) \| ([^|]+) \|/gm)].map(([, name, ...cells]) => [name!, cells]))
  t.same([...rows.keys()], Object.keys(properties))
  for (const [name, { type, minimum, maximum }] of Object.entries(properties)) {
    const range = minimum === undefined ? undefined : `${minimum} to ${maximum}`
    const [isRequired, documentedType, documentedRange] = rows.get(name)!
    t.equal(isRequired, required.includes(name) ? 'yes' : 'no', name)
    t.equal(documentedType, type ?? 'string or integer', name)
    if (range) t.equal(documentedRange, range, name)
  }
})

t.test('limits and reasons are named as they are', async (t) => {
  t.ok(text.includes(`array of 1 to ${MAX_POSITIONS_PER_MESSAGE} positions`))
  t.ok(text.includes(`${MAX_MESSAGE_BYTES.toLocaleString('en')} bytes`))
  t.same(
    [...text.matchAll(/^\| `([a-z-]+)` \| (?!(?:yes|no) \|)/gm)].map(([, reason]) => reason),
    quarantineReasons,
  )
})

t.test('the examples are messages that would be stored', async (t) => {
  const examples = blocksOf('json')
  t.ok(examples.length >= 2)
  const location = createLocation(() => Buffer.alloc(0))
  for (const example of examples) {
    const decoded = location.decode(Buffer.from(example))
    if (!('elements' in decoded)) t.fail(example)
    else for (const element of decoded.elements) t.hasProp(location.validate(element, Date.UTC(2030, 0, 1)), 'value')
  }
})

t.test('the example of who drives is a message that would be stored', async (t) => {
  const examples = blocksOf('json', ofDrivers)
  t.ok(examples.length >= 1)
  for (const example of examples) {
    const decoded = driver.decode(Buffer.from(example))
    if (!('elements' in decoded)) t.fail(example)
    else for (const element of decoded.elements) t.hasProp(driver.validate(element, Date.UTC(2030, 0, 1)), 'value')
  }
})

const installed = [...(process.env.PATH ?? '').split(delimiter)].some((directory) => existsSync(join(directory, 'mosquitto_pub')))
t.test('the command to try stores one position', { skip: !installed && 'mosquitto_pub is not installed' }, async (t) => {
  const { db, port } = await startWorld(t)
  const command = blocksOf('sh')[0]!
    .replaceAll('vmp/v1/ADCODE/TERMINAL_ID/up/location', locationTopic(ADCODE, 'T0001'))
    .replaceAll('TERMINAL_ID', 'T0001')
    .replace('SECRET', secretOf('T0001'))
    .replace('1883', String(port))
  await promisify(execFile)('sh', ['-c', command])
  t.match((await db.query('SELECT vehicle_id, lon_e7, speed_dkph, flags FROM positions')).rows, [
    { vehicle_id: 1, lon_e7: 1_117_519_000, speed_dkph: 425, flags: 1 },
  ])
})
