// What bad input gets: a clear answer at the field that is wrong, and nothing half-done.
import fc from 'fast-check'
import t from 'tap'
import { findPlateProblem, plateAsStored } from '../../services/domain/vehicle.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { RewindingDatabase } from './matrix/rewind.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = new RewindingDatabase(await openRegion(t))
t.teardown(() => db.letGo())
await addLedgerPeople(db)
const world = await startWorld(t, db)
world.feed.checkLedger = () => undefined
const bureau = await world.signIn('bureau')
const second = await world.signIn('bureau.two')
const leased = { class: 'leased', category: 'LEASED_SERVICE' }
const issueOf = (body: string) =>
  (JSON.parse(body) as { error: { issues?: { path: string; reason?: string; values?: object }[] } }).error.issues?.[0]

const plateLike = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.stringMatching(/^蒙[A-Z]·?[0-9A-Z]{3,7}$/),
  fc.stringMatching(/^[京津蒙][A-Z][0-9A-Z]{5}$/),
)

t.test('whatever is no plate is refused at its field and leaves nothing; whatever is one is entered', async (t) => {
  let entered = 0
  await fc.assert(
    fc.asyncProperty(plateLike, fc.boolean(), async (plate, asChange) => {
      let right = false
      await db.takingBack(async () => {
        const answer = asChange
          ? await ask(world, 'changeVehicle', bureau, { params: { vehicleId: 201 }, body: { version: 1, set: { plate }, reason } })
          : await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(1, leased), plate, reason } })
        const changed = await db.changedTables()
        if (answer.status === 200) {
          entered++
          right = findPlateProblem(plateAsStored(plate.trim())) === null && changed.length > 0
        } else {
          const known = answer.code === 'VALIDATION_FAILED' || answer.code === 'CONFLICT'
          right = known && changed.length === 0 && /plate/.test(issueOf(answer.body)?.path ?? '')
        }
      })
      return right
    }),
    { numRuns: 300, seed: 7 },
  )
  t.ok(entered > 0, `${entered} were plates`)
})

t.test(
  'a text with a character that nobody sees is refused at its field, with the number of the character; Mongolian is text',
  async (t) => {
    const enter = (note: string) =>
      ask(world, 'changeVehicle', bureau, { params: { vehicleId: 201 }, body: { version: 1, set: { note }, reason } })
    for (const hidden of ['\u200b', '\u202e', '\u2066', '\ufeff', '\u00ad'])
      t.match(issueOf((await enter(`备注${hidden}一`)).body), {
        path: 'body.set.note',
        reason: 'text.hidden',
        values: { character: /^U\+/ },
      })
    t.equal((await enter('ᠠ\u180e ᠮ\u202fᠤᠨ')).status, 200)
  },
)

t.test('a quota below what is in service is refused with the figure, whatever the figures are', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 6 }), async (inService, seats) => {
      let right = false
      await db.takingBack(async () => {
        for (let n = 0; n < inService; n++)
          await db.query(
            `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
             VALUES ($1, $2, 'blue', 'official', 'SPECIAL_TECHNICAL', 'petrol', 'x', 'x', 5, '2020-01-01', 30, 30)`,
            [900 + n, `蒙BB09${10 + n}`],
          )
        const body = { unitId: 30, category: 'SPECIAL_TECHNICAL', seats, effectiveFrom: '2026-03-02', reason }
        const { quotaId } = (await ask(world, 'draftQuota', bureau, { body })).json()
        const act = (version: number, action: string) =>
          ask(world, 'actOnQuota', second, { params: { quotaId }, body: { version, action, reason } })
        await act(1, 'submit')
        await act(2, 'review')
        const answer = await act(3, 'approve')
        const { rows } = await db.query<{ state: string; seated: number }>(
          `SELECT state, (SELECT count(quota_seat) FROM vehicles WHERE user_unit_id = 30 AND category = 'SPECIAL_TECHNICAL') AS seated
           FROM quotas WHERE quota_id = $1`,
          [quotaId],
        )
        right =
          seats < inService
            ? issueOf(answer.body)?.reason === 'quota.belowInService' && rows[0]!.state === 'BUREAU_REVIEW' && rows[0]!.seated === 0
            : answer.status === 200 && rows[0]!.state === 'APPROVED' && rows[0]!.seated === inService
      })
      return right
    }),
    { numRuns: 30, seed: 7 },
  )
  t.pass('thirty quotas')
})

t.test(
  'an organisation is put neither under itself nor under what is below it, by move or by merger, and the tree is as it was',
  async (t) => {
    const { rows } = await db.query<{ id: number; lft: number; rgt: number }>('SELECT organisation_id AS id, lft, rgt FROM organisations')
    const list = (await ask(world, 'listLedgerOrganisations', bureau)).json().rows
    for (const upper of rows.filter(({ id }) => id !== 1))
      for (const lower of rows.filter(({ lft, rgt }) => upper.lft <= lft && rgt <= upper.rgt)) {
        const { version } = list.find(({ organisationId }) => organisationId === upper.id)!
        const params = { organisationId: upper.id }
        await db.takingBack(async () => {
          const moved = await ask(world, 'moveOrganisation', bureau, { params, body: { version, parentId: lower.id, reason } })
          t.equal(issueOf(moved.body)?.reason, 'organisation.cycle', `${upper.id} under ${lower.id}`)
          const merged = await ask(world, 'mergeOrganisation', bureau, { params, body: { version, intoId: lower.id, reason } })
          t.equal(issueOf(merged.body)?.reason, 'organisation.cycle', `${upper.id} into ${lower.id}`)
          t.same(await db.changedTables(), [])
        })
      }
  },
)

t.test('a refusal speaks the language that is asked for', async (t) => {
  const asked = async (language: string) => {
    const body = { ...newVehicle(1, { plate: '粤B12345' }), reason }
    const answer = await ask(world, 'createVehicle', bureau, { body, headers: { 'accept-language': language } })
    return JSON.parse(answer.body).error as { message: string; issues: { reason: string; message: string }[] }
  }
  for (const [language, says] of [
    ['zh-CN,zh;q=0.9,en;q=0.8', /不是本区号牌/],
    ['en-GB,en', /plate of another province/],
  ] as const)
    t.match(await asked(language), { message: says, issues: [{ reason: 'plate.province', message: says }] }, language)
})
