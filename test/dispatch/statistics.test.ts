// Statistics in the database: figures are what the rows behind them add up to, of today and of days gone by.
import t from 'tap'
import type { AnswerOf } from '../../services/contracts/api.ts'
import { recordAudit, system } from '../../services/dispatch/kernel/record.ts'
import { followLedger } from '../../services/dispatch/statistics/followLedger.ts'
import { type TableCode, tableCodes } from '../../services/domain/statistics/table.ts'
import { statisticsTables } from '../../services/domain/statistics/tables.ts'
import { approved, at, furnishOrders } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(`INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES
  (20, 'EMERGENCY_SUPPORT', 3, '2025-01-01', 'APPROVED', '核定'), (20, 'LAW_ENFORCEMENT', 0, '2025-01-01', 'APPROVED', '核定'),
  (30, 'OTHER_APPROVED', 1, '2025-01-01', 'APPROVED', '核定')`)
const world = await startWorld(t, db)
const [bureau, manager, finance, dispatcher, applicant, approver] = await Promise.all(
  ['bureau_admin', 'fleet_manager', 'finance', 'dispatcher', 'applicant', 'unit_approver'].map((name) => world.signIn(name)),
)

type Statistics = AnswerOf<'readStatistics'>
async function read(table: TableCode, query: object = {}, who = bureau): Promise<Statistics> {
  const answer = await ask(world, 'readStatistics', who, { params: { table }, query: { period: '2026', limit: 200, ...query } })
  if (answer.status !== 200) throw new Error(`${table}: ${answer.body}`)
  return answer.json()
}
async function open(table: TableCode, query: object = {}, who = bureau) {
  const answer = await ask(world, 'listStatisticsFacts', who, { params: { table }, query: { period: '2026', limit: 200, ...query } })
  if (answer.status !== 200) throw new Error(`${table}: ${answer.body}`)
  return answer.json()
}
const figure = ({ measures, sum }: Statistics, key: string, of: { now: (number | null)[] } = sum) =>
  of.now[measures.findIndex((measure) => measure.key === key)]
const rowOf = (told: Statistics, key: string) => told.rows.find(({ keys }) => keys[0] === key) ?? { now: told.measures.map(() => 0) }

/** A vehicle's file changes at an instant, with its record. */
async function change(vehicleId: number, column: string, field: string, before: unknown, after: unknown, when: string): Promise<void> {
  await db.owner.query(`UPDATE vehicles SET ${column} = $2 WHERE vehicle_id = $1`, [vehicleId, after])
  const record = { subject: { type: 'vehicle', id: vehicleId }, before: { [field]: before }, after: { [field]: after } }
  await recordAudit(db.owner, { atMs: Date.parse(when), actor: system, action: 'vehicle.change', ...record })
}

t.test('what the figures are made of', async () => {
  await approved(world, applicant!, approver!, { startsAt: at(2), endsAt: at(3) })
  await approved(world, applicant!, approver!, { passengers: 2, startsAt: at(5), endsAt: at(7) })
  await db.owner.query(`INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
    SELECT c, 'alarm', 202, 20, d::date, d::timestamptz, '{}', s, d::timestamptz + interval '2 days', d::timestamptz
    FROM (VALUES ('R01', '2026-02-03', 'OPEN'), ('R01', '2026-01-05', 'WITHDRAWN'), ('R07', '2025-02-03', 'CLOSED')) v(c, d, s)`)
})

/** All dimensions of a table, three at a time, and none. */
const groupings = (code: TableCode): string[] => {
  const all = statisticsTables[code].by
  return ['', ...all.flatMap((_, at) => (at % 3 === 0 ? [all.slice(at, at + 3).join()] : []))]
}

t.test('each figure of each table, by each of its dimensions, is what the rows that it opens into add up to', async (t) => {
  for (const code of tableCodes)
    for (const by of groupings(code)) {
      const told = await read(code, { by })
      const row = told.rows.at(-1)
      if (row) {
        const opened = await open(code, { by, keys: JSON.stringify(row.keys) })
        const added = opened.columns.map((_, column) => opened.rows.reduce((sum, { values }) => sum + values[column]!, 0))
        t.same(added, opened.sums, `${code} by ${by}: the rows of ${row.keys}`)
        t.same(
          opened.columns.map(({ key }) => figure(told, key, row)),
          opened.sums,
          `${code} by ${by}: ${row.keys}`,
        )
      }
      for (const [column, { key, of, atLeaf }] of statisticsTables[code].measures.entries())
        if (!of || atLeaf)
          t.equal(
            told.rows.reduce((sum, { now }) => sum + now[column]!, 0),
            told.sum.now[column],
            `${code} by ${by}: all ${key}`,
          )
    }
})

t.test('one unit’s excess fills no other’s vacancy, whatever it is told by', async (t) => {
  for (const by of ['', 'unit', 'category', 'league']) {
    const told = await read('T1', { by })
    t.same(
      ['seats', 'emergencySeats', 'inService', 'over', 'vacant'].map((key) => figure(told, key)),
      [3, 3, 3, 2, 2],
      by,
    )
  }
})

t.test('requests are counted by the day of their trip, findings by theirs, and stand beside the year before', async (t) => {
  const used = await read('T4')
  t.same(
    ['requests', 'approved', 'dispatched', 'trips'].map((key) => figure(used, key)),
    [2, 2, 0, 0],
  )
  const found = await read('T8', { by: 'rule' })
  t.same(
    ['raised', 'withdrawn', 'closed'].map((key) => figure(found, key)),
    [2, 1, 0],
  )
  t.same(
    ['raised', 'closed', 'daysToClose'].map((key) => found.sum.yearBefore[found.measures.findIndex((one) => one.key === key)]),
    [1, 1, 2],
  )
  t.same(
    found.rows.map(({ keys }) => keys),
    [['R01'], ['R07']],
    'a row that only another period has',
  )
  t.match(found, { period: { from: '2026-01-01', until: '2026-03-02' }, open: true, yearBefore: { until: '2025-12-31' } })
})

t.test('a vehicle counts where it was when the period ended; handed on twice in a month it balances in each unit', async (t) => {
  // 21 → 20 → 21 → 20 in February, and back before today.
  await change(211, 'user_unit_id', 'userUnitId', 21, 20, '2026-02-03T02:00:00Z')
  await change(211, 'user_unit_id', 'userUnitId', 20, 21, '2026-02-10T02:00:00Z')
  await change(211, 'user_unit_id', 'userUnitId', 21, 20, '2026-02-20T02:00:00Z')
  await change(211, 'user_unit_id', 'userUnitId', 20, 21, '2026-03-01T02:00:00Z')
  const february = await read('T6', { period: '2026-02', by: 'unit' })
  const of = (unit: string) =>
    ['opening', 'received', 'givenAway', 'closing', 'unexplained'].map((key) => figure(february, key, rowOf(february, unit)))
  t.same(of('21'), [1, 1, 2, 0, 0])
  t.same(of('20'), [3, 2, 1, 4, 0])
  t.same(february.broken, [])
  t.equal(
    figure(
      await read('T2', { period: '2026-02-15', by: 'unit' }),
      'vehicles',
      rowOf(await read('T2', { period: '2026-02-15', by: 'unit' }), '21'),
    ),
    1,
  )
  t.equal(figure(await read('T2', { by: 'unit' }), 'vehicles', rowOf(await read('T2', { by: 'unit' }), '20')), 3, 'today')
})

t.test('what the log said last and what has become rows of their own say the same', async (t) => {
  const asked = () =>
    Promise.all(['2026-02-01', '2026-02-05', '2026-02-25'].map(async (period) => (await read('T2', { period, by: 'unit,class' })).rows))
  const before = await asked()
  await followLedger(db)
  await followLedger(db)
  t.equal((await db.query('SELECT FROM vehicle_field_past')).rowCount, 4)
  t.same(await asked(), before)
})

t.test('what is put into service and disposed of balances too; what no change explains is named', async (t) => {
  await change(202, 'state', 'state', 'AVAILABLE', 'DISPOSED', '2026-02-25T02:00:00Z')
  await change(201, 'in_service_on', 'inServiceOn', null, '2026-01-20', '2026-01-20T02:00:00Z')
  const year = await read('T6', { period: '2026', by: 'unit' })
  const of = (key: string) => figure(year, key, rowOf(year, '20'))
  t.same(['opening', 'disposed', 'closing'].map(of), [3, 1, 2])
  // Of 201 the file said last year that it was in service since its registration, and says today that it began this January.
  t.same(['added', 'unexplained'].map(of), [1, -1])
  t.match(year.broken, [{ vehicleId: 201, unexplained: -1 }])
  t.equal(figure(await read('T1', { period: '2026-01' }), 'inService'), 3, 'before it was disposed of')
})

t.test('who may not see the facts is not told their sums, and each reader those of his units', async (t) => {
  for (const [who, table] of [
    [finance, 'T8'],
    [finance, 'T4'],
    [dispatcher, 'T2'],
    [applicant, 'T1'],
  ] as const)
    t.equal((await ask(world, 'readStatistics', who, { params: { table }, query: { period: '2026' } })).code, 'FORBIDDEN', table)
  t.same(
    (await read('T2', { by: 'unit' }, manager)).rows.map(({ keys }) => keys),
    [['20']],
  )
  t.equal((await open('T2', {}, finance)).hidden, 0)
})

t.test('who decides no findings is told of those alone that he was told of, in sums and in rows', async (t) => {
  const raised = async (who: typeof bureau) => {
    const { total, rows } = await open('T8', { by: 'rule' }, who)
    return [figure(await read('T8', { by: 'rule' }, who), 'raised'), total, rows.length]
  }
  for (const who of [manager, approver]) t.same(await raised(who), [0, 0, 0])
  await db.owner.query(`UPDATE supervision_findings SET told_at = since WHERE day = '2026-02-03'`)
  for (const who of [manager, approver]) t.same(await raised(who), [1, 1, 1])
  t.same(await raised(bureau), [2, 2, 2])
})

t.test('the first year that is told stands beside the one before it', async (t) => {
  for (const period of ['2000', '2000-01', '2000-02-29'])
    t.match(await read('T1', { period }), { period: { period }, sum: { before: [0, 0], yearBefore: [0, 0] } }, period)
})

t.test('whether vehicles reported is not told of a single day', async (t) => {
  const keys = ['reporting', 'reportingShare']
  for (const [period, told] of [
    ['2026-02-03', [null, null]],
    ['2026-02', [0, 0]],
  ] as const) {
    const answer = await read('T3', { period, by: 'unit' })
    t.same(
      keys.map((key) => figure(answer, key)),
      told,
      period,
    )
  }
})

t.test('what is no period, one that has not begun, and dimensions, keys and measures that there are not are refused', async (t) => {
  const refused = async (query: object) => {
    const answer = await ask(world, 'listStatisticsFacts', bureau, { params: { table: 'T1' }, query: { period: '2026', ...query } })
    const { error } = answer.json() as unknown as { error: { issues: { reason: string }[] } }
    return [answer.code, error.issues[0]?.reason]
  }
  for (const period of ['2026-13', '2026-02-30', 'now', '26', '1999', '2026-1', ''])
    t.same(await refused({ period }), ['VALIDATION_FAILED', 'statistics.period'], period)
  t.same(await refused({ period: '2026-04' }), ['VALIDATION_FAILED', 'statistics.future'])
  for (const by of ['energy', 'unit,unit', 'unit,banner,league,category', ','])
    t.same(await refused({ by }), ['VALIDATION_FAILED', 'statistics.by'], by)
  for (const keys of ['20', '["20","21"]', '{', '[20]', '["\\u0000"]'])
    t.same(await refused({ by: 'unit', keys }), ['VALIDATION_FAILED', 'statistics.keys'], keys)
  t.same(await refused({ measure: 'vehicles' }), ['VALIDATION_FAILED', 'statistics.measure'])
})

t.test('vehicles sealed over a holiday stand beside the findings, by the holiday, with what was proved of them', async (t) => {
  await db.owner.query(`
    WITH plan AS (INSERT INTO seal_plans (organisation_id, name, from_day, until_day, reason, planned_by, planned_at)
      SELECT 20, '春节', '2026-02-15', '2026-02-23', 'x', account_id, '2026-02-10' FROM accounts WHERE username = 'fleet_manager' RETURNING plan_id)
    INSERT INTO vehicle_seals (plan_id, vehicle_id, unit_id, state, since, from_at, until_at, exempt, place, proof)
    SELECT plan_id, id, 20, state, '2026-02-24', '2026-02-15', '2026-02-24', exempt, place, proof
    FROM plan, (VALUES (201, 'OVER', NULL, '院内', 'stayed'), (202, 'OVER', NULL, '院内', 'moved'), (211, 'MISSED', NULL, NULL, NULL), (100, 'EXEMPT', 'duty', NULL, NULL))
      v (id, state, exempt, place, proof)`)
  for (const by of ['holiday', 'rule']) {
    const told = await read('T8', { by })
    const keys = by === 'holiday' ? ['春节'] : [null]
    const row = told.rows.find((one) => one.keys[0] === keys[0])!
    t.same(
      ['sealed', 'sealKept', 'sealStayed', 'sealUnproved', 'sealMoved', 'raised'].map((key) => figure(told, key, row)),
      [3, 2, 1, 0, 1, 0],
    )
    const opened = await open('T8', { by, keys: JSON.stringify(keys), measure: 'sealed' })
    t.match([opened.total, opened.rows[0]], [3, { what: 'seal' }])
  }
  t.equal(figure(await read('T8', { by: 'holiday' }, manager), 'sealed'), 3, 'whoever is concerned knows of his own')
})
