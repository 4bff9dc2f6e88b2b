// 车载终端: which terminal is in which vehicle. Credentials are no part of a file: a new terminal cannot connect until one is issued.
import { randomBytes } from 'node:crypto'
import { TERMINAL_ID } from '../../../contracts/topics.ts'
import { type Kind, reference, type Value } from '../kinds.ts'
import { normaliseCode } from '../normalise.ts'
import type { Followed, Sheet } from '../sheet.ts'
import { words } from '../words.ts'

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
  owner: '(SELECT v.user_unit_id FROM vehicles v WHERE v.vehicle_id = t.vehicle_id)',
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
      note: words('留空表示未装车', 'Blank: in no vehicle'),
      example: '蒙A·00000',
    },
  ],
  derived: [{ sql: 'credential_hash', type: 'bytea', of: () => randomBytes(32), onlyNew: true }],
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
