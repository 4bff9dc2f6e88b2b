// Many changes at once of one thing (`npm run test:long`: two hundred): none is lost, none is done twice, and the history says in order what was done.
import fc from 'fast-check'
import t from 'tap'
import { atOnce, insist, MANY } from './atOnce.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const second = await world.signIn('bureau.two')
type Answered = { status: number; code: string | undefined; body: string }
const counted = (answers: Answered[]) => {
  const tally: Record<string, number> = {}
  for (const { status, code } of answers) tally[code ?? status] = (tally[code ?? status] ?? 0) + 1
  return tally
}
const reasonOf = ({ body }: Answered) => (JSON.parse(body) as { error: { issues?: { reason?: string }[] } }).error.issues?.[0]?.reason

type Kind = {
  says: string
  /** What the change names, and its version before. */
  read: () => Promise<{ version: number; value: unknown }>
  change: (n: number, version: number) => Promise<Answered>
  /** The value that the n-th change leaves. */
  value: (n: number) => unknown
  records: { type: string; id: number; action: string; key: string }
}

const draft = async (unitId: number) => {
  const body = { unitId, category: 'EMERGENCY_SUPPORT', seats: 1, effectiveFrom: '2026-09-01', reason }
  return (await ask(world, 'draftQuota', bureau, { body })).json().quotaId
}
const quotaId = await draft(21)
const system = await world.signIn('system_admin')
const accountId = (await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'finance'`)).rows[0]!.id
const cardId = (
  await db.query<{ id: number }>(
    `WITH s AS (INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (1, '供应商', '{fuel}', '2020-01-01') RETURNING supplier_id)
     INSERT INTO fuel_cards (card_no, supplier_id, organisation_id) SELECT '622600000001', supplier_id, 20 FROM s RETURNING fuel_card_id AS id`,
  )
).rows[0]!.id

const kinds: Kind[] = [
  {
    says: 'vehicle',
    read: async () => {
      const file = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId: 202 } })).json()
      return { version: file.version, value: file.note }
    },
    change: (n, version) =>
      ask(world, 'changeVehicle', n % 2 ? bureau : second, {
        params: { vehicleId: 202 },
        body: { version, set: { note: `第 ${n} 次` }, reason },
      }),
    value: (n) => `第 ${n} 次`,
    records: { type: 'vehicle', id: 202, action: 'vehicle.change', key: 'note' },
  },
  {
    says: 'quota',
    read: async () => {
      const { version, seats } = (await ask(world, 'getQuota', bureau, { params: { quotaId } })).json()
      return { version, value: seats }
    },
    change: (n, version) => ask(world, 'changeQuota', bureau, { params: { quotaId }, body: { version, seats: 100 + n, reason } }),
    value: (n) => 100 + n,
    records: { type: 'quota', id: quotaId, action: 'quota.change', key: 'seats' },
  },
  {
    says: 'organisation',
    read: async () => {
      const row = (await ask(world, 'listLedgerOrganisations', bureau)).json().rows.find((each) => each.organisationId === 20)!
      return { version: row.version, value: row.costCentre }
    },
    change: (n, version) =>
      ask(world, 'changeOrganisation', bureau, { params: { organisationId: 20 }, body: { version, costCentre: `C${n}`, reason } }),
    value: (n) => `C${n}`,
    records: { type: 'organisation', id: 20, action: 'organisation.change', key: 'costCentre' },
  },
  {
    says: 'account',
    read: async () => {
      const { version, displayName } = (await ask(world, 'getAccount', system, { params: { accountId } })).json()
      return { version, value: displayName }
    },
    change: (n, version) =>
      ask(world, 'changeAccount', system, { params: { accountId }, body: { version, displayName: `示例 ${n}`, reason } }),
    value: (n) => `示例 ${n}`,
    records: { type: 'account', id: accountId, action: 'account.change', key: 'displayName' },
  },
  {
    says: 'driver',
    read: async () => {
      const { version, name } = (await ask(world, 'getDriver', bureau, { params: { driverId: 1 } })).json()
      return { version, value: name }
    },
    change: (n, version) => {
      const fields = { licenceNo: null, licenceClass: null, licenceIssuedOn: null, licenceExpiresOn: null }
      return ask(world, 'editDriver', bureau, { params: { driverId: 1 }, body: { ...fields, name: `示例司机${n}`, version } })
    },
    value: (n) => `示例司机${n}`,
    records: { type: 'driver', id: 1, action: 'driver.edit', key: 'name' },
  },
  {
    says: 'fuel card',
    read: async () => {
      const row = (await ask(world, 'listFuelCards', bureau)).json().rows.find((each) => each.fuelCardId === cardId)!
      return { version: row.version, value: row.dayLimitFen }
    },
    change: (n, version) =>
      ask(world, 'editFuelCard', bureau, { params: { fuelCardId: cardId }, body: { dayLimitFen: 1000 + n, state: 'active', version } }),
    value: (n) => 1000 + n,
    records: { type: 'fuel-card', id: cardId, action: 'fuel-card.edit', key: 'dayLimitFen' },
  },
]

/** Every record of the thing, oldest first. */
async function historyOf({ type, id, action, key }: Kind['records']): Promise<{ before: unknown; after: unknown }[]> {
  const { rows } = await db.query<{ body: string }>(
    'SELECT body FROM audit_log WHERE subject_type = $1 AND subject_id = $2 AND action = $3 ORDER BY seq',
    [type, String(id), action],
  )
  return rows.map(({ body }) => {
    const { before, after } = JSON.parse(body) as { before: Record<string, unknown>; after: Record<string, unknown> }
    return { before: before[key], after: after[key] }
  })
}

for (const { says, read, change, value, records } of kinds) {
  t.test(
    `${MANY} parallel changes of one ${says} that saw the same version: one is done, the others are told of the conflict`,
    async (t) => {
      const start = await read()
      const before = (await historyOf(records)).length
      const answers = await atOnce((n) => change(n, start.version))
      t.same(counted(answers), { 200: 1, CHANGED_MEANWHILE: MANY - 1 })
      const winner = answers.findIndex(({ status }) => status === 200)
      t.same(await read(), { version: start.version + 1, value: value(winner) })
      t.equal((await historyOf(records)).length, before + 1)
    },
  )

  t.test(`${MANY} parallel changes of one ${says} that look again after a conflict are all done, one after the other`, async (t) => {
    const start = await read()
    const before = (await historyOf(records)).length
    // All at once; whoever is told of the conflict looks again, four at a time.
    const first = await atOnce((n) => change(MANY + n, start.version))
    const again = first.flatMap(({ status }, n) => (status === 200 ? [] : [MANY + n]))
    t.equal(again.length, MANY - 1)
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = again.pop(); n !== undefined; ) {
          const { version } = await read()
          const answer = await insist(() => change(n as number, version))
          if (answer.status === 200) n = again.pop()
          else if (answer.code !== 'CHANGED_MEANWHILE') throw new Error(answer.body)
        }
      }),
    )
    const end = await read()
    t.equal(end.version, start.version + MANY)
    const history = (await historyOf(records)).slice(before)
    t.equal(history.length, MANY)
    let last = start.value
    for (const [k, record] of history.entries()) {
      if (record.before !== last) t.fail(`record ${k} begins with ${record.before} after ${last}`)
      last = record.after
    }
    t.equal(end.value, last)
    t.same(new Set(history.map(({ after }) => after)).size, MANY, 'each change is there once')
  })
}

t.test(`${MANY} parallel bulk changes looked at together: one is applied to all vehicles, the others to none`, async (t) => {
  const vehicleIds = [100, 301, 302]
  const versions = async () =>
    (await db.query<{ version: number }>('SELECT version FROM vehicles WHERE vehicle_id = ANY($1) ORDER BY vehicle_id', [vehicleIds])).rows
  const start = await versions()
  const set = { insuranceUntil: '2027-03-01' }
  const { token } = (await ask(world, 'previewBulk', bureau, { body: { vehicleIds, set } })).json()
  const answers = await atOnce(() => ask(world, 'applyBulk', bureau, { body: { vehicleIds, set, token, reason } }))
  t.same(counted(answers), { 200: 1, CHANGED_MEANWHILE: MANY - 1 })
  t.same(
    await versions(),
    start.map(({ version }) => ({ version: version + 1 })),
  )
})

t.test(`${MANY} parallel approvals and returns of one application: it ends in one state, by one decision`, async (t) => {
  const id = await draft(20)
  const act = (by: Signed, version: number, action: string) =>
    ask(world, 'actOnQuota', by, { params: { quotaId: id }, body: { version, action, reason } })
  await act(bureau, 1, 'submit')
  await act(second, 2, 'review')
  const answers = await atOnce((n) => act(second, 3, n % 2 ? 'approve' : 'giveBack'))
  t.same(counted(answers), { 200: 1, CHANGED_MEANWHILE: MANY - 1 })
  const winner = answers.findIndex(({ status }) => status === 200)
  const now = (await ask(world, 'getQuota', bureau, { params: { quotaId: id } })).json()
  t.match(now, { version: 4, state: winner % 2 ? 'APPROVED' : 'RETURNED' })
  const { rows } = await db.query(
    `SELECT count(*) AS n FROM audit_log WHERE subject_type = 'quota' AND subject_id = $1 AND action = 'quota.step'`,
    [String(id)],
  )
  t.same(rows, [{ n: 3 }])
})

t.test('parallel grants of one account: one role, one current grant, the others are told', async (t) => {
  const security = await world.signIn('security_admin')
  const { version } = (await ask(world, 'getAccount', security, { params: { accountId } })).json()
  const answers = await atOnce((n) =>
    ask(world, 'grantRole', security, {
      params: { accountId },
      body: { version, role: n % 2 ? 'dispatcher' : 'fleet_manager', organisationId: 20, reason },
    }),
  )
  t.same(counted(answers), { 200: 1, CHANGED_MEANWHILE: MANY - 1 })
  const winner = answers.findIndex(({ status }) => status === 200)
  const { rows } = await db.query(
    `SELECT a.role, count(g.*) AS n FROM accounts a JOIN role_grants g USING (account_id)
     WHERE a.account_id = $1 AND g.granted_at IS NOT NULL AND g.ended_at IS NULL GROUP BY a.role`,
    [accountId],
  )
  t.same(rows, [{ role: winner % 2 ? 'dispatcher' : 'fleet_manager', n: 1 }])
})

t.test('many for the last seat, by entering, transferring and changing category at once: never over the quota', async (t) => {
  await db.query(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES (20, 'SPECIAL_TECHNICAL', 1, '2020-01-01', 'APPROVED', 'x')`,
  )
  const at20 = { category: 'SPECIAL_TECHNICAL' }
  const { version: v302 } = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId: 301 } })).json()
  const answers = await atOnce<Answered>((n) => {
    if (n % 2) return ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n, at20), reason } })
    const set = { ...at20, userUnitId: 20, ownerUnitId: 20 }
    return ask(world, 'changeVehicle', second, { params: { vehicleId: 301 }, body: { version: v302, set, reason } })
  })
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.ok(answers.every(({ status }) => status === 200 || status === 409))
  const { rows } = await db.query(
    `SELECT count(*) AS n, count(quota_seat) AS seated FROM vehicles WHERE user_unit_id = 20 AND category = 'SPECIAL_TECHNICAL' AND state <> 'DISPOSED'`,
  )
  t.same(rows, [{ n: 1, seated: 1 }])
})

t.test('one plate, one terminal and one licence number are given once, however many ask at once', async (t) => {
  const leased = { class: 'leased', category: 'LEASED_SERVICE' }
  const plates = await atOnce((n) =>
    ask(world, 'createVehicle', bureau, { body: { ...newVehicle(7000 + n, leased), plate: '蒙AB9999', reason } }),
  )
  t.same(counted(plates), { 200: 1, CONFLICT: MANY - 1 })
  t.ok(plates.every((answer) => answer.status === 200 || reasonOf(answer) === 'plate.taken'))
  const made = await Promise.all(
    Array.from({ length: 10 }, async (_, n) =>
      (await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(8000 + n, leased), reason } })).json(),
    ),
  )
  await db.query(`INSERT INTO terminals (terminal_id, vehicle_id, credential_hash) VALUES ('TFREE001', NULL, 'x')`)
  const bound = await Promise.all(
    made.map(({ vehicleId, version }) =>
      ask(world, 'bindTerminal', bureau, { params: { vehicleId }, body: { version, terminalId: 'TFREE001', reason } }),
    ),
  )
  t.same(counted(bound), { 200: 1, CONFLICT: 9 })
  t.ok(bound.every((answer) => answer.status === 200 || reasonOf(answer) === 'terminal.unavailable'))
  const drivers = await atOnce((n) => {
    const licence = { licenceNo: '150102199001011230', licenceClass: 'C1', licenceIssuedOn: '2020-01-01', licenceExpiresOn: '2030-01-01' }
    const body = { name: `示例司机${n}`, phone: '13900000000', organisationId: 20, vehicleId: null, ...licence }
    return ask(world, 'createDriver', bureau, { body })
  })
  t.same(counted(drivers), { 200: 1, CONFLICT: MANY - 1 })
  t.ok(drivers.every((answer) => answer.status === 200 || reasonOf(answer) === 'driver.licenceTaken'))
})

t.test('two moves that together would make a circle: one is done, the other is told, and the tree stays a tree', async (t) => {
  const make = async (name: string) =>
    (await ask(world, 'createOrganisation', bureau, { body: { parentId: 3, kind: 'unit', name, reason } })).json().organisationId
  const ids: number[] = []
  for (const name of ['戊单位', '己单位', '庚单位', '辛单位']) ids.push(await make(name))
  const versionOf = async (id: number) =>
    (await ask(world, 'listLedgerOrganisations', bureau)).json().rows.find((row) => row.organisationId === id)!.version
  const moves = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(moves, async (pairs) => {
      const seen = await Promise.all(ids.map(versionOf))
      const answers = await Promise.all(
        pairs.map(([child, parent], k) => {
          const body = { version: seen[child]!, parentId: ids[parent]!, reason }
          return ask(world, 'moveOrganisation', k % 2 ? bureau : second, { params: { organisationId: ids[child]! }, body })
        }),
      )
      if (!answers.every(({ status, code }) => status === 200 || code === 'CONFLICT' || code === 'CHANGED_MEANWHILE')) return false
      return isTree()
    }),
    { numRuns: 12, seed: 3 },
  )
  const [a, b] = [ids[0]!, ids[1]!]
  for (const id of [a, b])
    await ask(world, 'moveOrganisation', bureau, {
      params: { organisationId: id },
      body: { version: await versionOf(id), parentId: 3, reason },
    })
  const both = await Promise.all([
    ask(world, 'moveOrganisation', bureau, { params: { organisationId: a }, body: { version: await versionOf(a), parentId: b, reason } }),
    ask(world, 'moveOrganisation', second, { params: { organisationId: b }, body: { version: await versionOf(b), parentId: a, reason } }),
  ])
  t.same(counted(both), { 200: 1, CONFLICT: 1 })
  t.equal(reasonOf(both.find(({ status }) => status !== 200)!), 'organisation.cycle')
  t.ok(await isTree())
})

/** Every organisation hangs under the region, and the nested set says the same as the parents. */
async function isTree(): Promise<boolean> {
  const { rows } = await db.query<{ wrong: number }>(
    `WITH RECURSIVE hung AS (SELECT organisation_id FROM organisations WHERE parent_id IS NULL
       UNION ALL SELECT o.organisation_id FROM organisations o JOIN hung h ON o.parent_id = h.organisation_id)
     SELECT (SELECT count(*) FROM organisations) - (SELECT count(*) FROM hung)
          + (SELECT count(*) FROM organisations c JOIN organisations p ON p.organisation_id = c.parent_id WHERE NOT (p.lft < c.lft AND c.rgt < p.rgt))
          + (SELECT count(*) FROM organisations a JOIN organisations b ON a.lft < b.lft AND b.lft < a.rgt AND b.rgt > a.rgt) AS wrong`,
  )
  return rows[0]!.wrong === 0
}
