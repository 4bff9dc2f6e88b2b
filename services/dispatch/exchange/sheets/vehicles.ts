// 车辆: one row a vehicle, known by its plate.
import { promisedStates, type VehicleState } from '../../../domain/lifecycle.ts'
import { findStandstill, findUnitProblem, findVinProblem, type JudgedFile, listFileProblems } from '../../../domain/vehicleFile.ts'
import { wordLists } from '../../../domain/words.ts'
import { isWithoutSeatSql } from '../../kernel/quota.ts'
import { choice, choices, date, integer, judged, money, plate, reference, text, yesNo } from '../kinds.ts'
import { judgeAdmission, seatVehicles } from '../seats.ts'
import type { Column, Complaint, Sheet } from '../sheet.ts'
import { judgeVehicles } from '../vehicleRules.ts'
import { called, refused, words } from '../words.ts'

const unit = reference(words('单位全路径或机构编码', 'Full path or code of a unit'))
const supplier = reference(words('定点供应商名称', 'Name of a designated supplier'))

export const plateColour: Column = {
  key: 'plateColour',
  heading: called('plateColour'),
  kind: choice(wordLists.plateColour),
  sql: 'plate_colour',
  required: true,
  example: '蓝牌',
}

/** Without a seat that it needs, or beyond the limit that counts for it (domain/standards.ts says which one does). */
const beyondSql = `(${isWithoutSeatSql('t')} OR (t.state <> 'DISPOSED' AND coalesce(
  (SELECT coalesce(t.price_fen > l.max_price_fen, false) OR coalesce(t.displacement_ml > l.max_displacement_ml, false)
   FROM standard_limits l JOIN organisations w USING (organisation_id) JOIN organisations u ON u.organisation_id = t.user_unit_id
   WHERE u.lft BETWEEN w.lft AND w.rgt AND l.category = t.category AND l.effective_from <= t.registered_on
     AND (l.body_type IS NULL OR l.body_type = t.body_type)
     AND (l.new_energy IS NULL OR l.new_energy = (t.energy IN ('electric', 'plug_in_hybrid')))
   ORDER BY w.rgt - w.lft, l.body_type IS NULL, l.new_energy IS NULL, l.effective_from DESC LIMIT 1), false)))`

export const vehicles: Sheet = {
  subject: 'vehicles',
  name: words('车辆', 'Vehicles'),
  view: 'ledger.view',
  table: 'every_vehicle',
  id: 'vehicle_id',
  subjectType: 'vehicle',
  key: ['plate'],
  owner: 't.user_unit_id',
  vehicle: 't.vehicle_id',
  order: 't.plate COLLATE "C"',
  isOver: ({ state }) => state === 'DISPOSED',
  columns: [
    { key: 'plate', heading: called('plate'), kind: plate, sql: 'plate', required: true, example: '蒙A·00000' },
    plateColour,
    { key: 'class', heading: called('class'), kind: choice(wordLists.class), sql: 'class', required: true, example: '公务用车' },
    {
      key: 'category',
      heading: called('category'),
      kind: choice(wordLists.category),
      sql: 'category',
      required: true,
      example: '应急保障用车',
    },
    { key: 'energy', heading: called('energy'), kind: choice(wordLists.energy), sql: 'energy', required: true, example: '汽油' },
    { key: 'make', heading: called('make'), kind: text(40), sql: 'make', required: true, example: '红旗' },
    { key: 'model', heading: called('model'), kind: text(60), sql: 'model', required: true, example: 'H5' },
    { key: 'seats', heading: called('seats'), kind: integer(1, 60), sql: 'seats', required: true, example: '5' },
    {
      key: 'displacementMl',
      heading: called('displacementMl'),
      kind: integer(1, 30_000),
      sql: 'displacement_ml',
      note: words('纯电动车留空', 'Blank for electric vehicles'),
      example: '1498',
    },
    {
      key: 'registeredOn',
      heading: called('registeredOn'),
      kind: date,
      sql: 'registered_on',
      required: true,
      example: '2024-05-01',
    },
    {
      key: 'ownerUnit',
      recordAs: 'ownerUnitId',
      heading: words('产权单位', 'Owner unit'),
      kind: unit,
      sql: 'owner_unit_id',
      refers: 'unit',
      required: true,
      example: '示例市/示例区/示例单位',
    },
    {
      key: 'userUnit',
      recordAs: 'userUnitId',
      heading: words('使用单位', 'User unit'),
      kind: unit,
      sql: 'user_unit_id',
      refers: 'unit',
      required: true,
      example: '示例市/示例区/示例单位',
    },
    {
      key: 'vin',
      heading: called('vin'),
      kind: judged(20, findVinProblem, words('17 位车架号', 'The 17 characters of the VIN')),
      sql: 'vin',
      unique: true,
      example: '',
    },
    { key: 'engineNo', heading: called('engineNo'), kind: text(30), sql: 'engine_no', example: '' },
    { key: 'bodyType', heading: called('bodyType'), kind: choice(wordLists.body), sql: 'body_type', example: '轿车' },
    { key: 'tankL', heading: called('tankL'), kind: integer(5, 1_000), sql: 'tank_l', example: '50' },
    {
      key: 'equipment',
      heading: called('equipment'),
      kind: choices(wordLists.equipment),
      sql: 'equipment',
      readSql: `nullif(t.equipment, '{}')`,
      writeSql: `coalesce(string_to_array(n.equipment, ','), '{}')`,
      example: '',
    },
    { key: 'origin', heading: called('origin'), kind: choice(wordLists.origin), sql: 'origin', example: '国产自主' },
    {
      key: 'price',
      recordAs: 'priceFen',
      heading: words('购置价格（万元）', 'Price (10,000 yuan)'),
      kind: money('万元', 10_000_000),
      sql: 'price_fen',
      note: words('不含车辆购置税', 'Without purchase tax'),
      example: '11.98',
    },
    { key: 'inServiceOn', heading: words('投入使用日期', 'In service on'), kind: date, sql: 'in_service_on', example: '2024-05-10' },
    { key: 'insuranceUntil', heading: words('保险到期日', 'Insured until'), kind: date, sql: 'insurance_until', example: '2027-04-30' },
    { key: 'inspectionUntil', heading: words('年检到期日', 'Inspected until'), kind: date, sql: 'inspection_until', example: '2026-05-31' },
    { key: 'stickerNo', heading: words('标识号', 'Sticker no.'), kind: text(30), sql: 'sticker_no', unique: true, example: '' },
    {
      key: 'parkingPlace',
      heading: words('停放地点', 'Parking place'),
      kind: reference(words('场所名称，重名时写 名称@机构编码', 'Name of a place, or name@code')),
      sql: 'parking_place_id',
      refers: 'place',
      recordAs: 'parkingPlaceId',
      example: '',
    },
    {
      key: 'fuelSupplier',
      recordAs: 'fuelSupplierId',
      heading: words('定点加油单位', 'Fuel supplier'),
      kind: supplier,
      sql: 'fuel_supplier_id',
      refers: 'supplier',
      example: '',
    },
    {
      key: 'repairSupplier',
      recordAs: 'repairSupplierId',
      heading: words('定点维修单位', 'Repair supplier'),
      kind: supplier,
      sql: 'repair_supplier_id',
      refers: 'supplier',
      example: '',
    },
    {
      key: 'insuranceSupplier',
      recordAs: 'insuranceSupplierId',
      heading: words('定点保险单位', 'Insurance supplier'),
      kind: supplier,
      sql: 'insurance_supplier_id',
      refers: 'supplier',
      example: '',
    },
    { key: 'secrecy', heading: words('涉密', 'Secret'), kind: yesNo, sql: 'secrecy', whenNew: false, example: '否' },
    {
      key: 'quotaSeat',
      heading: called('quotaSeat'),
      kind: integer(1, 10_000),
      sql: 'quota_seat',
      note: words('新增时可留空，由系统按编制分配', 'May be left blank: a free seat is given'),
      fixed: words('席位按编制分配', 'Seats are given by the quota'),
      updateSql: 'CASE WHEN t.user_unit_id = n.user_unit_id AND t.category = n.category THEN t.quota_seat END',
      example: '1',
    },
    {
      key: 'state',
      heading: called('state'),
      kind: choice(wordLists.vehicleState),
      sql: 'state',
      whenNew: 'AVAILABLE',
      fixed: words('状态由封存、停用、处置等流程变更', 'The state changes by its own procedures'),
      example: '可用',
    },
    {
      key: 'beyond',
      heading: words('存量超编超标', 'In stock beyond quota or standard'),
      kind: yesNo,
      sql: 'beyond',
      readSql: beyondSql,
      later: true,
      whenNew: false,
      note: words(
        '新增时填“是”：在册车辆按现状登记并标记，不因超编、超标被拒绝；已有车辆由系统判定',
        'Yes for a new row: it is in stock already, and flagged rather than refused; of vehicles in the ledger the system judges',
      ),
      example: '否',
    },
    { key: 'note', heading: called('note'), kind: text(500), sql: 'note', example: '' },
  ],
  derived: [{ sql: 'search', type: 'text', of: (values, { rules }) => rules.searchTextOf(values) }],
  settle(values, existing) {
    if (existing) values.beyond = existing.values.beyond!
    // Promised and out are said of a vehicle by its reservations; its file is that of an available one.
    if (promisedStates.includes(values.state as VehicleState)) values.state = 'AVAILABLE'
    // Who goes elsewhere leaves the seat; a free one there is given after the rows are written.
    if (existing && (values.userUnit !== existing.values.userUnit || values.category !== existing.values.category)) values.quotaSeat = null
  },
  judge({ row, values, existing }, references): Complaint[] {
    const complaints: Complaint[] = []
    const say = (column: string, message: Complaint['message']) => complaints.push({ row, column, message })
    const isChanged = (column: string) => existing === undefined || existing.values[column] !== values[column]
    for (const problem of listFileProblems(values as unknown as JudgedFile, isChanged))
      say(problem.at, refused(problem.reason, problem.values))
    for (const column of ['ownerUnit', 'userUnit'] as const) {
      // Where a vehicle stands already is not this row's doing.
      if (!isChanged(column)) continue
      const unit = references.findUnit(values[column] as number)
      const problem = unit && findUnitProblem({ ...unit, closed: false })
      if (problem) say(column, refused(problem.reason, problem.values))
    }
    const unit = existing && references.findUnit(existing.values.userUnit as number)
    const standstill = unit && findStandstill({ state: String(existing.values.state), unit: { ...unit, closed: !unit.open } })
    if (standstill) say('plate', refused(standstill.reason, standstill.values))
    if (values.class === 'leased' && values.quotaSeat != null) say('quotaSeat', refused('quota.leased'))
    return complaints
  },
  judgeAll: async (candidates, context) => [...(await judgeAdmission(candidates, context)), ...(await judgeVehicles(candidates, context))],
  afterWrite: seatVehicles,
}
