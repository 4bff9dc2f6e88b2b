// 加油卡: 一车一卡.

import { FUEL_CARD_NO, findCardProblem } from '../../../domain/fuelCard.ts'
import type { FuelCardState } from '../../../domain/places.ts'
import { wordLists } from '../../../domain/words.ts'
import { isFuelSupplierOn } from '../../kernel/designated.ts'
import { choice, date, money, reference, text, type Value } from '../kinds.ts'
import { bringsLedger } from '../openUnits.ts'
import type { Candidate, CheckContext, Complaint, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'

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
  isOver: ({ state }) => state === 'cancelled',
  stays: true,
  order: 't.organisation_id, t.card_no',
  columns: [
    {
      key: 'cardNo',
      heading: words('卡号', 'Card no.'),
      kind: text(19, { pattern: FUEL_CARD_NO, takes: words('12 至 19 位数字', '12 to 19 digits') }),
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
      heading: called('state'),
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
  judge({ row, values, existing }): Complaint[] {
    const problem = findCardProblem(cardOf(values), existing && cardOf(existing.values))
    return problem ? [{ row, column: columnOf[problem.at], message: refused(problem.reason) }] : []
  },
  judgeAll: judgeBindings,
}

const columnOf = { state: 'state', vehicleId: 'vehicle', dayLimitFen: 'dayLimit' } as const
const cardOf = (values: Candidate['values']) => ({
  state: values.state as FuelCardState,
  vehicleId: values.vehicle as number | null,
  dayLimitFen: values.dayLimit as number | null,
  monthLimitFen: values.monthLimit as number | null,
})

/** A card is issued for fuel, and bound to a vehicle that takes fuel and is still there. */
async function judgeBindings(candidates: Candidate[], { db, scope, today }: CheckContext): Promise<Complaint[]> {
  const { rows: vehicles } = await db.query<{ id: number; electric: boolean; disposed: boolean }>(
    `SELECT vehicle_id AS id, energy = 'electric' AS electric, state = 'DISPOSED' AS disposed FROM vehicles WHERE vehicle_id = ANY($1::int[])`,
    [candidates.map(({ values }) => values.vehicle)],
  )
  const { rows: suppliers } = await db.query<{ id: number; now: boolean }>(
    `SELECT s.supplier_id AS id, ${isFuelSupplierOn('$1')} AS now FROM suppliers s WHERE 'fuel' = ANY(s.kinds)`,
    [today],
  )
  const vehicleOf = new Map(vehicles.map((row) => [row.id, row]))
  const fuel = new Map<Value, boolean>(suppliers.map(({ id, now }) => [id, now]))
  return candidates.flatMap(({ row, values, existing }) => {
    const complaints: Complaint[] = []
    const vehicle = existing?.values.vehicle === values.vehicle ? undefined : vehicleOf.get(values.vehicle as number)
    if (vehicle?.electric) complaints.push({ row, column: 'vehicle', message: refused('card.vehicleEnergy') })
    if (vehicle?.disposed) complaints.push({ row, column: 'vehicle', message: refused('state.disposed') })
    // A card of long ago outlives the designation under which it was given out; only a ledger that comes back may still bring it.
    const isOld = !existing && (values.state === 'cancelled' || bringsLedger(scope))
    if (existing?.values.supplier !== values.supplier && !(isOld ? fuel.has(values.supplier!) : fuel.get(values.supplier!)))
      complaints.push({ row, column: 'supplier', message: refused('supplier.noFuel') })
    return complaints
  })
}
