// Quotas by file: what takes effect today or later is an application that another person approves, and no date gets round that.
import t from 'tap'
import { addLedgerPeople, reason } from '../dispatch/ledgerPeople.ts'
import { ask, openRegion, type Signed, startWorld } from '../dispatch/world.ts'
import { csv, importFile, upload } from './files.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const second = await world.signIn('bureau.two')
const [TODAY, LATER] = ['2026-03-02', '2026-04-01']

const file = (...rows: [unit: string, seats: number, from: string][]) =>
  csv(
    ['单位', '编制类别', '编制数', '生效日期', '核定依据'],
    ...rows.map(([unit, seats, from]) => [unit, '应急保障用车', seats, from, '核定文件']),
  )
const faults = async (...rows: Parameters<typeof file>) =>
  (await upload(world, bureau, 'quotas', file(...rows))).json().problems.map(({ row, column, message }) => [row, column, message.zh])
const stored = async () =>
  (
    await db.query(
      `SELECT unit_id AS unit, seats, effective_from::text AS since, state, decided_by IS NOT NULL AS decided FROM quotas ORDER BY quota_id`,
    )
  ).rows
const act = (by: Signed, quotaId: number, version: number, action: string) =>
  ask(world, 'actOnQuota', by, { params: { quotaId }, body: { version, action, reason } })

t.test(
  'a first filing of the past is approved; what begins today or later waits, and whoever brought it does not approve it',
  async (t) => {
    await importFile(world, bureau, 'quotas', file(['甲单位', 9, '2024-01-01'], ['乙单位', 5, TODAY]))
    t.same(await stored(), [
      { unit: 20, seats: 9, since: '2024-01-01', state: 'APPROVED', decided: true },
      { unit: 21, seats: 5, since: TODAY, state: 'UNIT_SUBMITTED', decided: false },
    ])
    const { quotaId } = (await db.query<{ quotaId: number }>(`SELECT max(quota_id) AS "quotaId" FROM quotas`)).rows[0]!
    t.equal((await act(bureau, quotaId, 1, 'review')).status, 200)
    const own = await act(bureau, quotaId, 2, 'approve')
    t.match([own.status, own.body], [409, /flow\.samePerson/])
    t.equal((await act(second, quotaId, 2, 'approve')).json().state, 'APPROVED')
  },
)

t.test('neither a day of the past nor the row of an approved quota changes by file what is in force, now or to come', async (t) => {
  const before = await stored()
  t.same(await faults(['甲单位', 12, '2026-03-01']), [[2, 'effectiveFrom', '生效日期不能早于今天']])
  t.match(await faults(['甲单位', 12, '2024-01-01']), [[2, 'seats', /另一人审批/]])
  t.match(await faults(['乙单位', 12, TODAY]), [[2, 'seats', /另一人审批/]])
  t.same(await stored(), before)
  await importFile(world, bureau, 'quotas', file(['甲单位', 9, '2024-01-01'], ['甲单位', 7, '2023-01-01']))
  t.match((await stored()).at(-1), { seats: 7, since: '2023-01-01', state: 'APPROVED' }, 'what has long been replaced is still filed')
})

t.test('one application a unit and category is open at a time', async (t) => {
  const open = '该单位该类别已有未办结的编制申请'
  t.same(await faults(['甲单位', 10, LATER], ['甲单位', 11, '2026-05-01']), [[3, 'effectiveFrom', open]])
  await importFile(world, bureau, 'quotas', file(['甲单位', 10, LATER]))
  t.same(await faults(['甲单位', 10, LATER]), [[2, 'effectiveFrom', open]])
})
