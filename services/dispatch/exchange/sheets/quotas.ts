// 编制: approved seats of a unit and category from a day on. A file alone approves what is past: the first filing of what has long been in force.
// What it says of today or later waits for another person, as what is applied for on the page (docs/decisions/0044).
import { isSubjectToQuota, type VehicleCategory } from '../../../domain/vehicle.ts'
import { wordLists } from '../../../domain/words.ts'
import type { Queryable } from '../../../platform/db.ts'
import { wrote } from '../../../platform/wrote.ts'
import { quotasInForce } from '../../kernel/quota.ts'
import { type Pair, seatWaiting } from '../../kernel/seats.ts'
import { choice, date, integer, reference, text } from '../kinds.ts'
import { followedBy } from '../seats.ts'
import type { Candidate, CheckContext, Complaint, Sheet, WriteContext, Written } from '../sheet.ts'
import { called, refused, words } from '../words.ts'

const subject = Object.fromEntries(Object.entries(wordLists.category).filter(([category]) => isSubjectToQuota(category as VehicleCategory)))

export const quotas: Sheet = {
  subject: 'quotas',
  name: words('编制', 'Quotas'),
  view: 'ledger.view',
  table: 'quotas',
  id: 'quota_id',
  subjectType: 'quota',
  key: ['unit', 'category', 'effectiveFrom'],
  owner: 't.unit_id',
  isOver: ({ effectiveFrom }, today) => effectiveFrom! < today,
  where: `t.state = 'APPROVED'`,
  same: `t.state = 'APPROVED'`,
  order: 'own.lft, t.category, t.effective_from',
  columns: [
    {
      key: 'unit',
      heading: words('单位', 'Unit'),
      kind: reference(words('单位全路径或机构编码', 'Full path or code of a unit')),
      sql: 'unit_id',
      refers: 'unit',
      required: true,
      example: '示例市/示例区/示例单位',
    },
    {
      key: 'category',
      heading: called('category'),
      kind: choice(subject),
      sql: 'category',
      required: true,
      example: '应急保障用车',
    },
    { key: 'seats', heading: words('编制数', 'Seats'), kind: integer(0, 10_000), sql: 'seats', required: true, example: '3' },
    {
      key: 'effectiveFrom',
      heading: called('effectiveFrom'),
      kind: date,
      sql: 'effective_from',
      required: true,
      note: words('今天或以后生效的，导入后须由另一人审批', 'What takes effect today or later waits for the approval of another person'),
      example: '2024-01-01',
    },
    { key: 'reason', heading: words('核定依据', 'Basis'), kind: text(200), sql: 'reason', required: true, example: '编制核定文件' },
  ],
  derived: [
    {
      sql: 'state',
      type: 'text',
      of: (values, context) => (isApplication(values, context) ? 'UNIT_SUBMITTED' : 'APPROVED'),
      onlyNew: true,
    },
    {
      sql: 'decided_by',
      type: 'int',
      of: (values, context) => (isApplication(values, context) ? null : context.accountId),
      onlyNew: true,
    },
    {
      sql: 'decided_at',
      type: 'timestamptz',
      of: (values, context) => (isApplication(values, context) ? null : new Date(context.nowMs)),
      onlyNew: true,
    },
  ],
  judge({ row, values }, references): Complaint[] {
    const unit = references.findUnit(values.unit as number)
    return unit && unit.kind !== 'unit' ? [{ row, column: 'unit', message: refused('unit.kind', { name: unit.name }) }] : []
  },
  judgeAll: async (candidates, context) => [
    ...(await requireEnoughSeats(candidates, context)),
    ...(await requireSecondPerson(candidates, context)),
  ],
  async afterWrite(client: Queryable, context: WriteContext, rows: readonly Written[]) {
    await keepSteps(client, context, rows)
    return followedBy(await seatWaiting(client, rows.map(seatedIn), context.today))
  },
}

const isApplication = (values: Candidate['values'], { today }: { today: string }): boolean => (values.effectiveFrom as string) >= today

/** Who brought an application in drafted and submitted it: approving it is another person's work. */
async function keepSteps(client: Queryable, context: WriteContext, rows: readonly Written[]): Promise<void> {
  const applied = rows.filter(({ existing, values }) => !existing && isApplication(values, context)).map(({ id }) => id)
  const result = await client.query(
    `INSERT INTO quota_steps (quota_id, action, account_id, at)
     SELECT q, s, $2, $3 FROM unnest($1::int[]) q, unnest('{draft,submit}'::text[]) s`,
    [applied, context.accountId, new Date(context.nowMs)],
  )
  wrote(result, applied.length * 2, 'steps of applications for quota')
}

/** What would be in force, now or from a day on, by one person's file: only the first filing of a unit and category may be. */
async function requireSecondPerson(candidates: Candidate[], { db, today }: CheckContext): Promise<Complaint[]> {
  const { rows: inForce } = await db.query<{ pair: string; since: string }>(
    `SELECT unit_id || ' ' || category AS pair, effective_from::text AS since FROM ${quotasInForce('$1')} q`,
    [today],
  )
  const { rows: open } = await db.query<{ pair: string }>(`SELECT unit_id || ' ' || category AS pair FROM quotas WHERE state <> 'APPROVED'`)
  const sinceOf = new Map(inForce.map(({ pair, since }) => [pair, since]))
  const applied = new Set(open.map(({ pair }) => pair))
  return candidates.flatMap(({ row, values, existing }): Complaint[] => {
    const pair = `${values.unit} ${values.category}`
    const since = sinceOf.get(pair)
    const from = values.effectiveFrom as string
    if (existing) {
      const counts = from >= today || from === since
      return counts && existing.values.seats !== values.seats ? [{ row, column: 'seats', message: refused('quota.inForce') }] : []
    }
    if (from < today) return since !== undefined && from > since ? [{ row, column: 'effectiveFrom', message: refused('quota.past') }] : []
    if (applied.has(pair)) return [{ row, column: 'effectiveFrom', message: refused('quota.open') }]
    applied.add(pair)
    return []
  })
}

const seatedIn = ({ values }: Candidate): Pair => ({ unitId: values.unit as number, category: values.category as Pair['category'] })

/** A quota that is in force today or later may not be below what is in service; one that a later row has replaced may. */
async function requireEnoughSeats(candidates: Candidate[], { db, today }: CheckContext): Promise<Complaint[]> {
  const { rows } = await db.query<{ unit_id: number; category: string; in_service: number; in_force_from: string | null }>(
    `SELECT p.unit_id, p.category,
            (SELECT count(*) FROM vehicles v WHERE v.user_unit_id = p.unit_id AND v.category = p.category AND v.state <> 'DISPOSED') AS in_service,
            (SELECT effective_from::text FROM ${quotasInForce('$3', 'AND q.unit_id = p.unit_id AND q.category = p.category')} q) AS in_force_from
     FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[]) AS u (unit_id, category)) p`,
    [candidates.map(({ values }) => values.unit), candidates.map(({ values }) => values.category), today],
  )
  const pairs = new Map(rows.map((row) => [`${row.unit_id} ${row.category}`, row]))
  for (const { values } of candidates) {
    const pair = pairs.get(`${values.unit} ${values.category}`)!
    const from = values.effectiveFrom as string
    if (from <= today && (pair.in_force_from === null || from > pair.in_force_from)) pair.in_force_from = from
  }
  return candidates.flatMap(({ row, values }) => {
    const pair = pairs.get(`${values.unit} ${values.category}`)!
    const counts = pair.in_force_from === null || (values.effectiveFrom as string) >= pair.in_force_from
    if (!counts || (values.seats as number) >= pair.in_service) return []
    return [{ row, column: 'seats', message: refused('quota.belowInService', { inService: pair.in_service }) }]
  })
}
