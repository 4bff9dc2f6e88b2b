// Dashboards are what statistics say, from prepared sums; monthly letters are made once, numbered, printed, and sent.
import t from 'tap'
import type { BoardChart } from '../../services/contracts/api/boards.ts'
import type { AnswerOf } from '../../services/contracts/api.ts'
import { prepareBoards } from '../../services/dispatch/statistics/boards.ts'
import { chartNames, chartOf } from '../../services/domain/statistics/boards.ts'
import type { TableCode } from '../../services/domain/statistics/table.ts'
import { approved, at, furnishOrders } from './ordersWorld.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(`INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES
  (20, 'EMERGENCY_SUPPORT', 3, '2025-01-01', 'APPROVED', '核定'), (30, 'OTHER_APPROVED', 1, '2025-01-01', 'APPROVED', '核定')`)
const world = await startWorld(t, db)
const names = ['bureau_admin', 'fleet_manager', 'unit_approver', 'finance', 'applicant', 'dispatcher'] as const
const signed = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await world.signIn(name)]))) as Record<
  (typeof names)[number],
  Signed
>
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues?: { reason: string }[] } }).error.issues?.map(({ reason }) => reason)
const board = async (by: Signed, query: object = {}) => {
  const answer = await ask(world, 'readBoard', by, { query: { ...query } })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}

t.test('before anything is prepared it says so', async (t) => {
  const { charts, preparedAt } = await board(signed.bureau_admin)
  t.same(
    charts.map(({ chart }) => chart),
    chartNames,
  )
  // The background may have begun.
  t.ok(preparedAt === null || charts.some(({ waiting }) => waiting))
})

t.test('each figure of each chart is the one of statistics that it opens into', async (t) => {
  await approved(world, signed.applicant, signed.unit_approver, { startsAt: at(2), endsAt: at(3) })
  await db.owner.query(`INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at, told_at)
    SELECT c, 'alarm', 202, 20, d::date, d::timestamptz, '{}', s, d::timestamptz, d::timestamptz, o::timestamptz
    FROM (VALUES ('R01', '2026-02-03', 'NOTIFIED', '2026-02-04'), ('R01', '2026-02-05', 'OPEN', NULL), ('R07', '2025-02-03', 'CLOSED', '2025-02-04')) v(c, d, s, o)`)
  await db.owner.query('DELETE FROM board_prepared')
  await prepareBoards(db, world.clock.atMs, 60_000)
  const known = new Map<string, Promise<AnswerOf<'readStatistics'>>>()
  for (const by of [signed.bureau_admin, signed.fleet_manager]) {
    const told = await board(by)
    t.ok(told.charts.every(({ waiting }) => !waiting))
    t.ok(told.charts.filter(({ filled }) => filled).length >= 4)
    for (const chart of told.charts) await compare(chart, by)
  }
  type Told = Promise<AnswerOf<'readStatistics'>>
  /** Asked once of each table and period, and told of all its measures. */
  async function asked(table: TableCode, query: object, by: Signed): Told {
    const name = JSON.stringify([table, query, by.cookie])
    const answer =
      known.get(name) ?? ask(world, 'readStatistics', by, { params: { table }, query: { ...query } }).then(({ json }) => json())
    known.set(name, answer)
    return answer
  }
  async function compare(chart: BoardChart, by: Signed): Promise<void> {
    for (const [n, { key, period, organisationId }] of chart.points.entries()) {
      if (period > '2026-03') continue
      for (const { table, measure, values } of chart.series) {
        const query = { period, by: chart.by ?? '', organisationId, limit: 200 }
        const statistics = await asked(table, query, by)
        const row = chart.by === null ? statistics.sum : (statistics.rows.find(({ keys }) => (keys[0] ?? '') === key) ?? { now: [] })
        const figure = row.now[statistics.measures.findIndex((one) => one.key === measure)]
        t.equal(
          values[n],
          figure == null ? (figure === undefined ? 0 : null) : Math.round(figure * 100) / 100,
          `${chart.chart} ${table} ${measure} ${period} ${key ?? ''}`,
        )
      }
    }
  }
})

t.test('each sees the charts of the facts that he may see, of what he reaches', async (t) => {
  t.notOk((await board(signed.finance)).charts.some(({ chart }) => chart === 'findings'))
  t.equal((await ask(world, 'readBoard', signed.applicant, { query: {} })).status, 403)
  t.equal((await ask(world, 'readBoard', signed.fleet_manager, { query: { organisationId: 4 } })).status, 404, 'what is above')
  t.equal((await board(signed.fleet_manager)).organisation.organisationId, 20)
  const raised = async (by: Signed) => {
    const { series } = (await board(by, { organisationId: 20 })).charts.find(({ chart }) => chart === 'findings')!
    return series[0]!.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  }
  t.equal(await raised(signed.bureau_admin), 2)
  t.equal(await raised(signed.fleet_manager), 1, 'what somebody told him of')
})

t.test('a year that has not begun, or that is none, is refused with those that there are', async (t) => {
  const refused = async (year: string) => reasonsOf(await ask(world, 'readBoard', signed.bureau_admin, { query: { year } }))
  t.same(await refused('2027'), ['statistics.future'])
  for (const year of ['2021', '2026-03', 'x', '9999999']) t.same(await refused(year), ['board.year'], year)
  t.ok(
    chartNames.every((name) => chartOf(name).fills.length === 2),
    'an empty chart says what would fill it',
  )
})

t.test('a letter is made once of a month that is over, numbered, with what the unit was told of', async (t) => {
  const make = (by: Signed, body: object) => ask(world, 'makeLetter', by, { body })
  t.equal((await make(signed.fleet_manager, { organisationId: 20, month: '2026-02' })).status, 403)
  t.same(reasonsOf(await make(signed.bureau_admin, { organisationId: 20, month: '2026-03' })), ['letter.notOver'])
  for (const month of ['1999-12', '2026-13'])
    t.same(reasonsOf(await make(signed.bureau_admin, { organisationId: 20, month })), ['letter.month'], month)
  t.equal((await make(signed.bureau_admin, { organisationId: 1, month: '2026-02' })).status, 400, 'above')
  const letter = (await make(signed.bureau_admin, { organisationId: 20, month: '2026-02' })).json()
  t.match(letter, { number: /2026.*1/, findings: 1, waiting: 1, organisation: { organisationId: 20 } })
  t.same(reasonsOf(await make(signed.bureau_admin, { organisationId: 20, month: '2026-02' })), ['letter.stands'])
  const next = (await make(signed.bureau_admin, { organisationId: 21, month: '2026-02' })).json()
  t.not(next.number, letter.number)
  await db.owner.query('UPDATE organisations SET closed_at = now() WHERE organisation_id = 21')
  t.same(reasonsOf(await make(signed.bureau_admin, { organisationId: 21, month: '2026-01' })), ['unit.closed'])
  const pdf = await ask(world, 'downloadLetter', signed.fleet_manager, {
    params: { letterId: letter.letterId },
    query: { locale: 'zh-CN' },
  })
  t.match(pdf.body.slice(0, 5), '%PDF-')
  t.equal((await ask(world, 'downloadLetter', signed.fleet_manager, { params: { letterId: next.letterId }, query: {} })).status, 404)
  t.equal((await ask(world, 'listLetters', signed.finance, { query: {} })).status, 403)
  t.equal((await ask(world, 'listLetters', signed.unit_approver, { query: {} })).json().total, 1)
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 202')
  t.match(
    (await ask(world, 'listLetters', signed.unit_approver, { query: {} })).json().rows[0],
    { findings: 0 },
    'what has become sensitive since',
  )
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
})

t.test('a scheduled report sends the letter of the month before, and says where there is none', async (t) => {
  const { rows } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'unit_approver'`)
  const fields = {
    name: '监督月报',
    list: 'letters',
    filter: { organisationId: '20' },
    format: 'pdf',
    locale: 'zh-CN',
    onDay: 1,
    atMinute: 480,
  }
  const readers = [{ accountId: rows[0]!.id, byApp: true, byMail: false }]
  const sent = async (more: object) => {
    const made = await ask(world, 'makeReport', signed.unit_approver, {
      body: { ...fields, ...more, readers, organisationId: 20 } as never,
    })
    t.equal(made.status, 200, made.body)
    const { reportId } = made.json()
    await ask(world, 'sendReport', signed.unit_approver, { params: { reportId } })
    for (;;) {
      const { rows: found } = await db.query<{ state: string; why: string | null }>(
        'SELECT state, why FROM report_deliveries WHERE report_id = $1',
        [reportId],
      )
      if (found[0]!.state !== 'owed') return found[0]!
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  t.match(await sent({ every: 'month' }), { state: 'sent' })
  t.match(await sent({ every: 'day', onDay: 0 }), { state: 'refused', why: 'noLetter' }, 'of March there is none')
  t.same(
    reasonsOf(
      await ask(world, 'makeReport', signed.unit_approver, {
        body: { ...fields, every: 'month', format: 'csv', readers, organisationId: 20 } as never,
      }),
    ),
    ['report.format'],
  )
})
