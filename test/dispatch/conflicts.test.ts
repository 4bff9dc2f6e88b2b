// Two things that 409 says, and never one for the other: somebody was faster, or what is on record stands in the way.
import fc from 'fast-check'
import t from 'tap'
import { errorCatalogue } from '../../services/contracts/errors.ts'
import { refusal, refusalSentence } from '../../services/contracts/refusals.ts'
import { refusalOfViolation } from '../../services/dispatch/violations.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
type Refused = { error: { code: string; message: string; issues?: { path: string; reason?: string }[] } }
const said = ({ body }: { body: string }) => {
  const { code, message, issues } = (JSON.parse(body) as Refused).error
  return { code, message, path: issues?.[0]?.path, reason: issues?.[0]?.reason }
}

t.test(
  'a taken plate, VIN or sticker is said at its field, on entering and on changing, and nobody is said to have changed anything',
  async (t) => {
    const leased = { class: 'leased', category: 'LEASED_SERVICE' }
    const held = { vin: 'LSVAA4180E2183521', stickerNo: '蒙公0001' }
    const first = await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(1, leased), plate: '蒙AB9001', ...held, reason } })
    t.equal(first.status, 200, first.body)
    const other = (await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(2, leased), plate: '蒙AB9002', reason } })).json()
    for (const [field, value, why] of [
      ['plate', '蒙AB9001', 'plate.taken'],
      ['vin', held.vin, 'vin.taken'],
      ['stickerNo', held.stickerNo, 'sticker.taken'],
    ] as const) {
      const made = said(
        await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(3, leased), plate: '蒙AB9003', [field]: value, reason } }),
      )
      const body = { version: other.version, set: { [field]: value }, reason }
      const changed = said(await ask(world, 'changeVehicle', bureau, { params: { vehicleId: other.vehicleId }, body }))
      for (const answer of [made, changed]) {
        t.match(answer, { code: 'CONFLICT', path: `body.${field}`, reason: why })
        t.notMatch(answer.message, /someone else|changed/)
        if (field !== 'vin') t.match(answer.message, value, 'it says which')
      }
    }
  },
)

t.test('who saw an old version is told so, even where the plate is taken as well', async (t) => {
  const body = { version: 99, set: { plate: '蒙AB9001' }, reason }
  t.match(said(await ask(world, 'changeVehicle', bureau, { params: { vehicleId: 201 }, body })), {
    code: 'CHANGED_MEANWHILE',
    path: 'body.version',
    reason: 'version.changed',
  })
})

t.test('names of compounds, pools, places, suppliers and accounts are taken, not changed', async (t) => {
  const shape = { type: 'circle', centre: [111.7, 40.8], radiusM: 200 } as const
  const place = { organisationId: 1, kind: 'designated_lot', name: '北停车场', shape, validFrom: '2026-01-01' } as const
  const supplier = { name: '甲加油站', kinds: ['fuel'], organisationId: 1, validFrom: '2026-01-01' }
  const account = { username: 'new.person', displayName: '新人', personNo: 'P-900', organisationId: 1, requestedRole: 'finance', reason }
  const system = await world.signIn('system_admin')
  const twice: [string, () => Promise<{ status: number; body: string }>, string][] = [
    ['compound', () => ask(world, 'createCompound', bureau, { body: { organisationId: 1, name: '东院', reason } }), 'body.name'],
    ['pool', () => ask(world, 'createPool', bureau, { body: { organisationId: 1, name: '一队', reason } }), 'body.name'],
    ['place', () => ask(world, 'createPlace', bureau, { body: place as never }), 'body.name'],
    ['supplier', () => ask(world, 'createSupplier', bureau, { body: supplier as never }), 'body.name'],
    ['account', () => ask(world, 'createAccount', system, { body: account as never }), 'body.username'],
  ]
  for (const [what, make, path] of twice) {
    const [first, second] = [await make(), await make()]
    t.equal(first.status, 200, `${what}: ${first.body}`)
    t.match(said(second), { code: 'CONFLICT', path, reason: /aken$/ }, what)
  }
})

t.test('every unique index and exclusion of the tables that people write has its sentence, or is asked for before it is hit', async (t) => {
  const { rows } = await db.query<{ name: string; kind: string }>(
    `SELECT c.relname AS name, CASE WHEN i.indisexclusion THEN '23P01' ELSE '23505' END AS kind
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary`,
  )
  t.ok(rows.length > 20)
  for (const { name, kind } of rows) {
    const refused = refusalOfViolation({ code: kind, constraint: name }, { fields: { plate: '蒙A12345' } })
    t.equal(refused?.code, 'CONFLICT', name)
    t.ok(refused?.issues?.[0]?.reason, name)
  }
})

t.test('what crosses another transaction asks to try again; what is neither is a failure and stays one', (t) => {
  for (const code of ['40001', '40P01', '55P03']) t.equal(refusalOfViolation({ code })?.code, 'UNAVAILABLE', code)
  fc.assert(
    fc.property(fc.constantFrom('23505', '23P01', '23503'), fc.string(), fc.anything(), (code, constraint, sent) => {
      const refused = refusalOfViolation({ code, constraint }, sent)
      return refused?.code === 'CONFLICT' && refused.issues?.[0]?.reason !== 'version.changed'
    }),
  )
  for (const code of ['', '42601', '23514', '23502', '57P01', 'ECONNREFUSED'])
    t.equal(refusalOfViolation({ code }), undefined, String(code))
  t.end()
})

t.test('a conflict always has its reason, and only its own code says that somebody else changed something', (t) => {
  t.match(errorCatalogue.CHANGED_MEANWHILE, { status: 409, zh: /他人/, en: /someone else/ })
  t.equal(errorCatalogue.CONFLICT.status, 409)
  t.notMatch(errorCatalogue.CONFLICT.zh, /他人|被修改/)
  t.notMatch(errorCatalogue.CONFLICT.en, /someone else|has been changed/)
  t.match(refusal('CONFLICT', 'body.plate', 'plate.taken', { plate: '蒙A12345' }).issues, [{ reason: 'plate.taken' }])
  t.match(refusalSentence('version.changed', {}, 'zh-CN'), /他人/)
  t.end()
})
