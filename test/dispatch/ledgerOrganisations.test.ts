// Organisations: the tree keeps its numbers and its past, nothing hangs in the air, and nobody reaches beyond their subtree.
import fc from 'fast-check'
import t from 'tap'
import { addQuotas } from '../../services/dispatch/registry/organisationMerge.ts'
import { numberTree } from '../../services/dispatch/registry/tree.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db, {}, { pace: { resyncPauseMs: 1 } })
const bureau = await world.signIn('bureau')
const league = await world.signIn('bureau_admin')

const organisation = async (organisationId: number) => {
  const { rows } = (await ask(world, 'listLedgerOrganisations', bureau, { query: { closed: 'true' } })).json()
  return rows.find((row) => row.organisationId === organisationId)!
}
const reasonOf = (answer: { body: string }) =>
  (JSON.parse(answer.body) as { error: { issues?: { reason?: string; values?: Record<string, unknown> }[] } }).error.issues?.[0]

/** lft and rgt are a nested set of the parents, and every number is used once. */
async function checkTree(t: { equal(a: unknown, b: unknown): unknown; fail(why: string): unknown }): Promise<void> {
  const { rows } = await db.query<{ organisation_id: number; parent_id: number | null; lft: number; rgt: number }>(
    'SELECT organisation_id, parent_id, lft, rgt FROM organisations',
  )
  const byId = new Map(rows.map((row) => [row.organisation_id, row]))
  t.equal(new Set(rows.flatMap((row) => [row.lft, row.rgt])).size, rows.length * 2)
  for (const row of rows) {
    const parent = row.parent_id === null ? undefined : byId.get(row.parent_id)
    if (parent && !(parent.lft < row.lft && row.rgt < parent.rgt)) t.fail(`${row.organisation_id} lies outside its parent`)
  }
}

t.test('a tree numbered anew nests every child in its parent, whatever the tree', async () => {
  const trees = fc
    .array(fc.nat(), { minLength: 0, maxLength: 40 })
    .map((picks) => [
      { organisationId: 0, parentId: null as number | null, lft: 0 },
      ...picks.map((pick, i) => ({ organisationId: i + 1, parentId: (pick % (i + 1)) as number | null, lft: pick })),
    ])
  fc.assert(
    fc.property(trees, (rows) => {
      const numbers = numberTree(rows)
      const used = [...numbers.values()].flatMap(({ lft, rgt }) => [lft, rgt]).sort((a, b) => a - b)
      return (
        used.every((number, i) => number === i + 1) &&
        used.length === rows.length * 2 &&
        rows.every(({ organisationId, parentId }) => {
          if (parentId === null) return true
          const own = numbers.get(organisationId)!
          const parent = numbers.get(parentId)!
          return parent.lft < own.lft && own.rgt < parent.rgt
        })
      )
    }),
  )
})

t.test('quotas of merged units are on every day the sum of both', async () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10)
  const steps = fc.uniqueArray(fc.record({ effectiveFrom: fc.integer({ min: 0, max: 60 }).map(day), seats: fc.nat(50) }), {
    selector: (step) => step.effectiveFrom,
    maxLength: 6,
  })
  const on = (list: { effectiveFrom: string; seats: number }[], at: string) =>
    [...list].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1)).find((step) => step.effectiveFrom <= at)?.seats ?? 0
  fc.assert(
    fc.property(steps, steps, fc.integer({ min: 0, max: 60 }), (a, b, today) => {
      const sum = addQuotas(a, b, day(today))
      for (let n = today; n <= 70; n++) if (on(sum, day(n)) !== on(a, day(n)) + on(b, day(n))) return false
      return true
    }),
  )
})

t.test('a new unit stands under its parent, is seen by those above and noticed by the live picture', async (t) => {
  const made = await ask(world, 'createOrganisation', league, {
    body: { parentId: 4, kind: 'unit', name: '新城区农牧局', costCentre: 'C-01', reason },
  })
  t.match(made.json(), { parentId: 4, kind: 'unit', adcode: '150102', costCentre: 'C-01', version: 1 })
  await checkTree(t)
  const { organisationId } = made.json()
  t.ok((await organisation(organisationId)).name)
  const again = await ask(world, 'createOrganisation', league, { body: { parentId: 4, kind: 'unit', name: '新城区农牧局', reason } })
  t.equal(reasonOf(again)?.reason, 'organisation.name')
  const banner = await ask(world, 'createOrganisation', league, { body: { parentId: 20, kind: 'banner', name: '某旗', reason } })
  t.equal(reasonOf(banner)?.reason, 'organisation.tier')
  const foreign = await ask(world, 'createOrganisation', league, { body: { parentId: 3, kind: 'unit', name: '某单位', reason } })
  t.equal(foreign.code, 'NOT_FOUND')
})

t.test('the code of a league or banner is put right with that of its units, and is on record as it was', async (t) => {
  const banner = await organisation(4)
  const unit = await organisation(20)
  t.equal(unit.adcode, banner.adcode)
  const recode = (organisationId: number, version: number, adcode: string) =>
    ask(world, 'changeOrganisation', bureau, { params: { organisationId }, body: { version, adcode, reason } })
  const changed = await recode(4, banner.version, '150103')
  t.match(changed.json(), { adcode: '150103', version: banner.version + 1 }, changed.body)
  t.match(await organisation(20), { adcode: '150103', version: unit.version + 1 })
  const { rows } = (await ask(world, 'getOrganisationHistory', bureau, { params: { organisationId: 20 } })).json()
  t.match(rows[0], { before: { adcode: banner.adcode }, after: { adcode: '150103' } })
  t.equal(reasonOf(await recode(20, unit.version + 1, '150104'))?.reason, 'organisation.unitCode')
  t.equal((await recode(4, banner.version + 1, banner.adcode)).status, 200)
  t.equal((await organisation(20)).adcode, unit.adcode)
})

t.test('a renamed unit is called as it was in a report of the time before', async (t) => {
  const old = await organisation(20)
  world.clock.atMs += 60_000
  const renamed = await ask(world, 'changeOrganisation', bureau, {
    params: { organisationId: 20 },
    body: { version: old.version, name: '甲新单位', reason },
  })
  t.match(renamed.json(), { name: '甲新单位', version: old.version + 1 })
  const nameAt = async (atMs: number) =>
    (await ask(world, 'listLedgerOrganisations', bureau, { query: { asOf: new Date(atMs).toISOString() } }))
      .json()
      .rows.find((row) => row.organisationId === 20)?.name
  t.equal(await nameAt(NOW_MS), '甲单位')
  t.equal(await nameAt(world.clock.atMs + 1), '甲新单位')
  const stale = await ask(world, 'changeOrganisation', bureau, {
    params: { organisationId: 20 },
    body: { version: old.version, name: '别名单位', reason },
  })
  t.equal(stale.code, 'CHANGED_MEANWHILE')
  const history = (await ask(world, 'getOrganisationHistory', bureau, { params: { organisationId: 20 } })).json().rows
  t.match(history, [{ action: 'organisation.change', username: 'bureau', before: { name: '甲单位' }, after: { name: '甲新单位' }, reason }])
})

t.test('an organisation cannot be moved under itself, under what is below it, or out of its tier', async (t) => {
  const move = (organisationId: number, parentId: number, version: number) =>
    ask(world, 'moveOrganisation', bureau, { params: { organisationId }, body: { parentId, version, reason } })
  const { version } = await organisation(4)
  for (const parentId of [4, 20]) t.equal(reasonOf(await move(4, parentId, version))?.reason, 'organisation.cycle')
  t.equal(reasonOf(await move(1, 2, 1))?.reason, 'organisation.root')
  t.equal(reasonOf(await move(4, 1, version))?.reason, 'organisation.tier', 'a banner stands under a league')
  const preview = await ask(world, 'previewOrganisation', bureau, {
    params: { organisationId: 4 },
    query: { action: 'move', targetId: 20 },
  })
  t.match(preview.json(), { vehicles: 3, refusals: [{ reason: 'organisation.cycle' }] })
  await checkTree(t)
})

t.test('a moved unit takes vehicles and sight with it: the old league no longer sees them, the new one does', async (t) => {
  const before = (await ask(world, 'listLedger', league)).json().total
  const { version } = await organisation(21)
  const reloaded = new Promise<void>((resolve) => {
    const old = world.feed.picture
    const timer = setInterval(() => {
      if (world.feed.picture !== old) {
        clearInterval(timer)
        resolve()
      }
    }, 5)
  })
  const moved = await ask(world, 'moveOrganisation', bureau, { params: { organisationId: 21 }, body: { parentId: 3, version, reason } })
  t.match(moved.json(), { parentId: 3, adcode: '150200' })
  await checkTree(t)
  t.equal((await ask(world, 'listLedger', league)).json().total, before - 1)
  t.equal((await ask(world, 'getVehicleFile', league, { params: { vehicleId: 211 } })).code, 'NOT_FOUND')
  await reloaded
  const { ledger } = world.feed.picture
  const scope = ledger.organisations.get(3)!
  const lft = ledger.unitLft[ledger.ordinalOf.get(211)!]!
  t.ok(scope.lft <= lft && lft <= scope.rgt, 'the live picture judges by the new tree')
})

t.test('a merged unit hands over vehicles, drivers, quota and accounts, and stays as a closed unit with its history', async (t) => {
  for (const [unit, seats] of [
    [20, 4],
    [21, 3],
  ])
    await db.query(
      `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, 'LAW_ENFORCEMENT', $2, '2020-01-01', 'APPROVED', 'x')`,
      [unit, seats],
    )
  const { version } = await organisation(20)
  const merged = await ask(world, 'mergeOrganisation', bureau, { params: { organisationId: 20 }, body: { intoId: 21, version, reason } })
  t.match(merged.json(), { mergedIntoId: 21 })
  t.ok(merged.json().closedAt)
  const person = {
    displayName: '示例',
    personNo: 'N1',
    requestedRole: 'finance',
    reason: '新任财务',
    username: 'new.finance',
    organisationId: 20,
  }
  const account = await ask(world, 'createAccount', await world.signIn('system_admin'), { body: person })
  t.equal(reasonOf(account)?.reason, 'unit.closed', 'and no account hangs there any more')
  await checkTree(t)
  const counted = await db.query(
    `SELECT (SELECT count(*) FROM vehicles WHERE user_unit_id = 20 OR owner_unit_id = 20) AS vehicles,
            (SELECT count(*) FROM drivers WHERE organisation_id = 20) AS drivers, (SELECT count(*) FROM accounts WHERE organisation_id = 20) AS accounts,
            (SELECT quota_seat FROM vehicles WHERE vehicle_id = 202) AS seat`,
  )
  t.same(counted.rows, [{ vehicles: 0, drivers: 0, accounts: 0, seat: 1 }])
  const quota = (await ask(world, 'listQuotas', bureau, { query: { organisationId: 21, category: 'LAW_ENFORCEMENT' } })).json()
  t.match(quota.rows, [{ unitId: 21, seats: 7, inService: 1, vacant: 6, over: 0 }])
  t.equal((await ask(world, 'getVehicleFile', await world.signIn('fleet_manager'), { params: { vehicleId: 211 } })).status, 200)
  const refused = await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(1), reason } })
  t.equal(reasonOf(refused)?.reason, 'unit.closed')
  t.notOk((await ask(world, 'listOrganisations', bureau)).json().rows.some((row) => row.organisationId === 20))
})

t.test('a unit that things hang on is not closed, and the refusal counts them', async (t) => {
  const { version } = await organisation(21)
  const refused = await ask(world, 'closeOrganisation', bureau, { params: { organisationId: 21 }, body: { version, reason } })
  t.match(reasonOf(refused), { reason: 'organisation.inUse', values: { vehicles: 3, drivers: 1 } })
})

t.test('units share a compound and a pool of an organisation above them, and no other', async (t) => {
  const compound = (await ask(world, 'createCompound', bureau, { body: { organisationId: 3, name: '包头市集中办公区', reason } })).json()
  const pool = (
    await ask(world, 'createPool', bureau, { body: { organisationId: 3, name: '包头市车队', compoundId: compound.compoundId, reason } })
  ).json()
  for (const organisationId of [21, 30]) {
    const { version } = await organisation(organisationId)
    const set = { version, compoundId: compound.compoundId, poolId: pool.poolId, reason }
    t.equal((await ask(world, 'changeOrganisation', bureau, { params: { organisationId }, body: set })).status, 200)
  }
  const shared = (await ask(world, 'listSharedPlaces', bureau)).json()
  t.match(shared, { compounds: [{ units: 2 }], pools: [{ units: 2, vehicles: 5 }] })
  const elsewhere = await organisation(10)
  const refused = await ask(world, 'changeOrganisation', bureau, {
    params: { organisationId: 10 },
    body: { version: elsewhere.version, poolId: pool.poolId, reason },
  })
  t.equal(reasonOf(refused)?.reason, 'compound.scope')
  const taken = await ask(world, 'createPool', bureau, { body: { organisationId: 3, name: '包头市车队', reason } })
  t.equal(reasonOf(taken)?.reason, 'name.taken')
})
