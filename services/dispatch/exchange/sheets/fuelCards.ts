// 加油卡: 一车一卡.

import { wordLists } from '../../../domain/words.ts'
import { choice, date, money, reference, text, type Value } from '../kinds.ts'
import type { Candidate, CheckContext, Complaint, Sheet } from '../sheet.ts'
import { refused, words } from '../words.ts'

export const fuelCards: Sheet = {
  subject: 'fuelCards',
  name: words('加油卡', 'Fuel cards'),
  view: 'ledger.view',
  table: 'fuel_cards',
  id: 'fuel_card_id',
  subjectType: 'fuel-card',
  key: ['cardNo'],
  owner: 't.organisation_id',
  vehicle: 't.vehicle_id',
  order: 't.organisation_id, t.card_no',
  columns: [
    {
      key: 'cardNo',
      heading: words('卡号', 'Card no.'),
      kind: text(30, { pattern: /^[0-9A-Z-]{4,30}$/, takes: words('4 至 30 位数字或字母', '4 to 30 digits or letters') }),
      sql: 'card_no',
      required: true,
      masked: { clearFor: ['bureau_admin', 'finance'], mask: (cardNo) => `**** ${cardNo.slice(-4)}` },
      example: '0000000000000000',
    },
    {
      key: 'supplier',
      heading: words('发卡单位', 'Supplier'),
      kind: reference(words('定点供应商名称', 'Name of a designated supplier')),
      sql: 'supplier_id',
      refers: 'supplier',
      required: true,
      example: '示例加油站',
    },
    {
      key: 'unit',
      heading: words('持卡单位', 'Unit'),
      kind: reference(words('单位全路径或机构编码', 'Full path or code of a unit')),
      sql: 'organisation_id',
      refers: 'unit',
      required: true,
      example: '示例市/示例区/示例单位',
    },
    {
      key: 'vehicle',
      heading: words('对应车辆', 'Vehicle'),
      kind: reference(words('号牌号码', 'Plate')),
      sql: 'vehicle_id',
      refers: 'vehicle',
      unique: true,
      example: '蒙A·00000',
    },
    {
      key: 'state',
      heading: words('状态', 'State'),
      kind: choice(wordLists.cardState),
      sql: 'state',
      whenNew: 'active',
      fixed: words('在加油卡页面变更', 'It is changed on the page of fuel cards'),
      example: '正常',
    },
    {
      key: 'dayLimit',
      heading: words('日限额（元）', 'Day limit (yuan)'),
      kind: money('元', 1_000_000),
      sql: 'day_limit_fen',
      example: '500',
    },
    {
      key: 'monthLimit',
      heading: words('月限额（元）', 'Month limit (yuan)'),
      kind: money('元', 10_000_000),
      sql: 'month_limit_fen',
      example: '3000',
    },
    { key: 'validUntil', heading: words('有效期至', 'Valid until'), kind: date, sql: 'valid_until', example: '2027-12-31' },
  ],
  judge({ row, values }): Complaint[] {
    const complaints: Complaint[] = []
    if (values.state === 'cancelled' && values.vehicle != null)
      complaints.push({ row, column: 'vehicle', message: words('已注销的卡不能对应车辆', 'A cancelled card has no vehicle') })
    if (values.dayLimit != null && values.monthLimit != null && values.dayLimit > values.monthLimit)
      complaints.push({ row, column: 'dayLimit', message: refused('card.limits') })
    return complaints
  },
  judgeAll: judgeBindings,
}

/** A card is issued for fuel, and bound to a vehicle that takes fuel and is still there. */
async function judgeBindings(candidates: Candidate[], { db }: CheckContext): Promise<Complaint[]> {
  const { rows: vehicles } = await db.query<{ id: number; electric: boolean; disposed: boolean }>(
    `SELECT vehicle_id AS id, energy = 'electric' AS electric, state = 'DISPOSED' AS disposed FROM vehicles WHERE vehicle_id = ANY($1::int[])`,
    [candidates.map(({ values }) => values.vehicle)],
  )
  const { rows: suppliers } = await db.query<{ id: number }>(`SELECT supplier_id AS id FROM suppliers WHERE 'fuel' = ANY(kinds)`)
  const vehicleOf = new Map(vehicles.map((row) => [row.id, row]))
  const fuel = new Set<Value>(suppliers.map(({ id }) => id))
  return candidates.flatMap(({ row, values, existing }) => {
    const complaints: Complaint[] = []
    const vehicle = existing?.values.vehicle === values.vehicle ? undefined : vehicleOf.get(values.vehicle as number)
    if (vehicle?.electric) complaints.push({ row, column: 'vehicle', message: refused('card.vehicleEnergy') })
    if (vehicle?.disposed) complaints.push({ row, column: 'vehicle', message: refused('state.disposed') })
    if (existing?.values.supplier !== values.supplier && !fuel.has(values.supplier!))
      complaints.push({ row, column: 'supplier', message: refused('supplier.noFuel') })
    return complaints
  })
}
