// 车载终端: which terminals there are, and which is in which vehicle. Secrets are no part of a file: a new terminal cannot connect until one
// is issued.
import { TERMINAL_ID } from '../../../contracts/topics.ts'
import { SERVICE_USERNAME } from '../../../platform/broker/authority.ts'
import { type Kind, reference, text, type Value } from '../kinds.ts'
import { normaliseCode } from '../normalise.ts'
import type { Candidate, CheckContext, Complaint, Followed, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'

const takes = words('4 至 30 位字母、数字、下划线或连字符', '4 to 30 letters, digits, underscores or hyphens')
const terminalId: Kind = {
  sql: 'text',
  normalise: normaliseCode,
  read: (cell) =>
    TERMINAL_ID.test(cell)
      ? { value: cell }
      : { problem: words(`“${cell}”不是终端编号，应为${takes.zh}`, `“${cell}” is no terminal number: ${takes.en}`) },
  write: (value) => String(value),
  takes,
}

export const terminals: Sheet = {
  subject: 'terminals',
  name: words('车载终端', 'Terminals'),
  view: 'ledger.view',
  table: 'terminals',
  id: 'terminal_id',
  subjectType: 'terminal',
  key: ['terminalId'],
  taken: ({ terminalId }) => refused('terminal.taken', { terminal: terminalId as string }),
  owner: 'coalesce((SELECT v.user_unit_id FROM vehicles v WHERE v.vehicle_id = t.vehicle_id), t.organisation_id)',
  stays: true,
  vehicle: 't.vehicle_id',
  order: 't.terminal_id COLLATE "C"',
  columns: [
    {
      key: 'terminalId',
      heading: words('终端编号', 'Terminal no.'),
      kind: terminalId,
      sql: 'terminal_id',
      required: true,
      example: 'T00000000000',
    },
    {
      key: 'vehicle',
      heading: words('号牌号码', 'Plate'),
      kind: reference(words('所装车辆的号牌', 'Plate of the vehicle it is in')),
      sql: 'vehicle_id',
      refers: 'vehicle',
      unique: true,
      recordAs: 'vehicleId',
      note: words('留空表示未装车', 'Blank: in no vehicle'),
      example: '蒙A·00000',
    },
    {
      key: 'unit',
      heading: words('所属单位', 'Unit'),
      kind: reference(words('单位全路径或机构编码', 'Full path or code of a unit')),
      sql: 'organisation_id',
      readSql: 'CASE WHEN t.vehicle_id IS NULL THEN t.organisation_id END',
      refers: 'unit',
      recordAs: 'organisationId',
      note: words(
        '未装车的终端归谁；已装车的随车，不必填写',
        'Whose a terminal in no vehicle is; one in a vehicle goes with it: leave blank',
      ),
      example: '示例市/示例区/示例单位',
    },
    { key: 'model', heading: words('终端型号', 'Model'), kind: text(60), sql: 'model', example: '' },
    { key: 'note', heading: called('note'), kind: text(400), sql: 'note', example: '' },
  ],
  // In a vehicle it is the vehicle's unit's.
  settle(values, existing) {
    if (values.vehicle != null) values.unit = null
    else values.unit ??= existing?.values.unit ?? null
  },
  judgeAll,
  async afterWrite(client, _context, rows) {
    const moved = rows.filter(({ existing, values }) => (existing?.values.vehicle ?? null) !== values.vehicle)
    const file = (vehicle: Value | undefined, before: string | null, after: string | null): Followed[] =>
      vehicle == null
        ? []
        : [{ subject: { type: 'vehicle', id: vehicle as number }, before: { terminalId: before }, after: { terminalId: after } }]
    // Off before on: a terminal may go where another was.
    const followed = [
      ...moved.flatMap(({ id, existing }) => file(existing?.values.vehicle, String(id), null)),
      ...moved.flatMap(({ id, values }) => file(values.vehicle, null, String(id))),
    ]
    await client.query('UPDATE vehicles SET version = version + 1 WHERE vehicle_id = ANY($1::int[])', [
      [...new Set(followed.map(({ subject }) => subject.id))],
    ])
    return followed
  },
}

/** As a page that registers or fits one is refused (terminals/register.ts, registry/fitting.ts). */
async function judgeAll(candidates: Candidate[], { db, scope }: CheckContext): Promise<Complaint[]> {
  const { rows: vehicles } = await db.query<{ id: number }>(
    `SELECT vehicle_id AS id FROM vehicles WHERE vehicle_id = ANY($1::int[]) AND state = 'DISPOSED'`,
    [candidates.map(({ values }) => values.vehicle)],
  )
  const numbers = candidates.map(({ values }) => values.terminalId)
  // Of terminals too: one that differs in case alone is another to the broker, and the same to people.
  const { rows: taken } = await db.query<{ id: string }>(
    `SELECT lower(gateway_id) AS id FROM gateways WHERE lower(gateway_id) = ANY($1::text[])
     UNION ALL SELECT lower(terminal_id COLLATE "C") FROM terminals WHERE lower(terminal_id COLLATE "C") = ANY($1::text[])`,
    [numbers.map((number) => String(number).toLowerCase())],
  )
  const { rows: ended } = await db.query<{ id: string }>(
    'SELECT terminal_id AS id FROM terminals WHERE terminal_id = ANY($1::text[]) AND revoked_at IS NOT NULL',
    [numbers],
  )
  const disposed = new Set<Value>(vehicles.map(({ id }) => id))
  const names = new Set<Value>([SERVICE_USERNAME, ...taken.map(({ id }) => id)])
  const revoked = new Set<Value>(ended.map(({ id }) => id))
  const registered = new Map<string, number>()
  return candidates.flatMap(({ row, values, existing }) => {
    const terminal = values.terminalId as string
    const complaints: Complaint[] = []
    const first = registered.get(terminal.toLowerCase())
    if (!existing && first !== undefined)
      complaints.push({
        row,
        column: 'terminalId',
        message: words(`与第 ${first} 行仅大小写不同`, `The same as row ${first} but for capitals`),
      })
    else if (!existing) registered.set(terminal.toLowerCase(), row)
    // Nothing beside: a number that is out of sight has this one sentence, too.
    if (!existing && names.has(terminal.toLowerCase()))
      return complaints.concat({ row, column: 'terminalId', message: refused('terminal.taken', { terminal }), foreign: true })
    // The region's own stock is the only one that nobody has to name.
    if (!existing && values.vehicle == null && values.unit == null && scope.lft !== 1)
      complaints.push({ row, column: 'unit', message: unnamed })
    if (values.vehicle != null && values.vehicle !== existing?.values.vehicle) {
      if (disposed.has(values.vehicle)) complaints.push({ row, column: 'vehicle', message: refused('state.disposed') })
      if (revoked.has(terminal)) complaints.push({ row, column: 'vehicle', message: refused('terminal.revoked') })
    }
    return complaints
  })
}

const unnamed = words('未装车的新终端须写明所属单位', 'Say whose a new terminal is that is in no vehicle')
