// The tables of statistics, T1–T8: what is counted by which dimensions, and how each figure comes about. Law and words; the facts are in dispatch/statistics.
import { bookedKinds } from '../costBook.ts'
import type { Capability } from '../permissions.ts'
import { wordLists } from '../words.ts'
import type { Measure, MeasureKind, StatisticsTable, Sums, TableCode } from './table.ts'

type Pair = readonly [zh: string, en: string]
const counted = (key: string, words: Pair, formula: Pair, kind: MeasureKind = 'count'): Measure => ({ key, words, kind, formula })
const share = (key: string, words: Pair, part: string, whole: string, formula: Pair): Measure => ({
  ...{ key, words, kind: 'percent', formula },
  of: (sums) => quotient(sums, part, whole, 100),
})
const mean = (key: string, words: Pair, kind: MeasureKind, part: string, whole: string, formula: Pair): Measure => ({
  ...{ key, words, kind, formula },
  of: (sums) => quotient(sums, part, whole, 1),
})
/** null where there is nothing to divide by. */
const quotient = (sums: Sums, part: string, whole: string, scale: number): number | null =>
  sums[whole] && sums[part] !== null ? ((sums[part] ?? 0) * scale) / sums[whole] : null

const place = ['league', 'banner', 'unit'] as const
const fleet = counted(
  'vehicles',
  ['车辆', 'Vehicles'],
  ['期末在册车辆（已处置的除外）', 'In the ledger at the end of the period, those disposed of left out'],
)

/** How each movement of T6 weighs in its balance, which is nothing where opening, closing and what happened agree. */
export const balance = { opening: -1, added: -1, received: -1, givenAway: 1, disposed: 1, closing: 1 } as const
export type Movement = keyof typeof balance
/** What T6 leaves unexplained. */
const unexplained = (sums: Sums): number =>
  Object.entries(balance).reduce((sum, [movement, weight]) => sum + weight * (sums[movement] ?? 0), 0)

/** Whose facts they are: whoever may not see the facts is not told their sums. */
export const neededFor: Record<TableCode, Capability> = {
  T1: 'ledger.view',
  T2: 'ledger.view',
  T3: 'ledger.view',
  T4: 'request.view',
  T5: 'cost.view',
  T6: 'ledger.view',
  T7: 'ledger.view',
  T8: 'finding.view',
}

/** What figures are divided by or added up from, and no figures of their own: a figure that is computed opens into these too. */
export const partsOf: Partial<Record<TableCode, readonly Measure[]>> = {
  T2: [counted('originKnown', ['已登记来源', 'Origin known'], ['来源已登记的车辆', 'Vehicles whose origin is on file'])],
  T4: [
    counted('approvalMin', ['审批用时（分）', 'Approval (min)'], ['提交至审批同意', 'From sending in to approval'], 'minutes'),
    counted('approvedTimed', ['计时的审批', 'Approvals timed'], ['紧急用车除外', 'Emergencies left out']),
    counted('dispatchMin', ['派车用时（分）', 'Dispatch (min)'], ['审批同意至派车', 'From approval to the order'], 'minutes'),
    counted('dispatchedTimed', ['计时的派车', 'Orders timed'], ['先批后派', 'Approved before they were given']),
  ],
  T5: [counted('vehicles', ['车辆', 'Vehicles'], ['期末在册车辆', 'In the ledger at the end of the period'])],
  T8: [counted('closedDays', ['办结用时（天）', 'Days to close'], ['提示至办结', 'From raising to closing'], 'days')],
}

export const statisticsTables: Record<TableCode, StatisticsTable> = {
  T1: {
    words: ['编制与配备', 'Quota and vehicles'],
    source: ['期末有效编制与在册车辆', 'Quotas in force and vehicles in the ledger at the end of the period'],
    by: [...place, 'category'],
    leaf: ['category'],
    measures: [
      counted('seats', ['编制数', 'Quota'], ['期末有效的批准编制', 'Approved quota in force at the end of the period']),
      counted('emergencySeats', ['其中应急保障', 'Emergency quota'], ['编制数中应急保障用车', 'Of the quota, emergency support']),
      counted(
        'inService',
        ['在册车辆', 'In service'],
        ['占用编制类别的期末在册车辆', 'Vehicles of categories under quota at the end of the period'],
      ),
      {
        ...{ key: 'over', words: ['超编', 'Over'], kind: 'count', atLeaf: true },
        formula: ['按单位、类别：在册车辆超出编制数的部分', 'By unit and category: vehicles beyond the quota'],
        of: (sums) => Math.max(0, (sums.inService ?? 0) - (sums.seats ?? 0)),
      },
      {
        ...{ key: 'vacant', words: ['空编', 'Vacant'], kind: 'count', atLeaf: true },
        formula: ['按单位、类别：编制数超出在册车辆的部分', 'By unit and category: quota beyond the vehicles'],
        of: (sums) => Math.max(0, (sums.seats ?? 0) - (sums.inService ?? 0)),
      },
    ],
  },
  T2: {
    words: ['车辆构成', 'Composition'],
    source: ['期末在册车辆', 'Vehicles in the ledger at the end of the period'],
    by: [...place, 'category', 'class', 'bodyType', 'energy', 'origin', 'ageBand', 'displacementBand', 'priceBand'],
    measures: [
      fleet,
      counted('newEnergy', ['新能源', 'New energy'], ['纯电动与插电混动', 'Electric and plug-in hybrid']),
      share('newEnergyShare', ['新能源占比', 'New energy share'], 'newEnergy', 'vehicles', ['新能源 ÷ 车辆', 'New energy ÷ vehicles']),
      counted('domestic', ['国产自主品牌', 'Domestic brands'], ['来源为国产自主', 'Of domestic origin']),
      share('domesticShare', ['自主品牌占比', 'Domestic share'], 'domestic', 'originKnown', [
        '国产自主品牌 ÷ 已登记来源的车辆',
        'Domestic brands ÷ vehicles whose origin is known',
      ]),
      counted('priceFen', ['购置价款', 'Purchase price'], ['不含购置税的登记价款合计', 'Recorded prices without purchase tax'], 'fen'),
    ],
  },
  T3: {
    words: ['车辆分布', 'Distribution'],
    source: ['期末在册车辆', 'Vehicles in the ledger at the end of the period'],
    by: [...place, 'compound', 'pool', 'class'],
    measures: [
      fleet,
      counted('pooled', ['集中管理', 'Pooled'], ['使用单位属于车队（公务用车平台）的车辆', 'Of units that belong to a motor pool']),
      share('pooledShare', ['集中管理率', 'Pooled share'], 'pooled', 'vehicles', ['集中管理 ÷ 车辆', 'Pooled ÷ vehicles']),
      counted('equipped', ['已装终端', 'With a terminal'], ['期末绑定车载终端的车辆', 'Bound to a terminal at the end of the period']),
      share('equippedShare', ['终端安装率', 'Terminal share'], 'equipped', 'vehicles', ['已装终端 ÷ 车辆', 'With a terminal ÷ vehicles']),
      counted(
        'reporting',
        ['期内上线', 'Reporting'],
        ['期内有行程或最后定位在期内的车辆，不按日统计', 'With a trip in the period, or a last position in it; not told of a single day'],
      ),
      share('reportingShare', ['上线率', 'Reporting share'], 'reporting', 'equipped', [
        '期内上线 ÷ 已装终端',
        'Reporting ÷ with a terminal',
      ]),
    ],
  },
  T4: {
    words: ['车辆使用', 'Use'],
    source: ['用车起始日在期内的申请及其派车单', 'Requests whose trip begins in the period, and their orders'],
    by: [...place, 'requestKind', 'purpose'],
    measures: [
      counted('requests', ['申请', 'Requests'], ['已提交的用车申请', 'Requests that were sent in']),
      counted('approved', ['批准', 'Approved'], ['经审批同意的申请', 'Those that were approved']),
      counted('dispatched', ['派车', 'Dispatched'], ['已派车且未作废的申请', 'Those with an order that was not voided']),
      counted('crossUnit', ['跨部门派车', 'Across units'], ['车辆属其他单位的派车', 'With another unit’s vehicle']),
      counted('shared', ['拼车', 'Shared'], ['与其他申请同乘', 'Riding along with another request']),
      counted('leased', ['租赁', 'Leased'], ['由社会租赁供应商承担', 'Driven by a supplier']),
      counted('trips', ['出车', 'Trips'], ['已返回的派车单', 'Orders that have returned']),
      counted('passengers', ['乘客人次', 'Passengers'], ['出车申请的乘车人数合计', 'Passengers of the trips']),
      counted('km', ['里程（公里）', 'Distance (km)'], ['出车与还车里程表之差', 'Odometer back less odometer out'], 'km'),
      counted('hours', ['用时（小时）', 'Hours'], ['出车至返回', 'From departure to return'], 'hours'),
      mean('approvalMinutes', ['平均审批用时（分）', 'Mean approval (min)'], 'minutes', 'approvalMin', 'approvedTimed', [
        '提交至审批同意',
        'From sending in to approval',
      ]),
      mean('dispatchMinutes', ['平均派车用时（分）', 'Mean dispatch (min)'], 'minutes', 'dispatchMin', 'dispatchedTimed', [
        '审批同意至派车',
        'From approval to the order',
      ]),
      mean('kmATrip', ['次均里程（公里）', 'Km a trip'], 'km', 'km', 'trips', ['里程 ÷ 出车', 'Distance ÷ trips']),
    ],
  },
  T5: {
    words: ['运行费用', 'Running costs'],
    source: ['期内入账的费用', 'Costs booked in the period'],
    by: [...place, 'class', 'energy'],
    measures: [
      ...bookedKinds.map((kind) =>
        counted(kind, wordLists.costKind[kind], ['期内入账，冲销为负', 'Booked in the period; what was taken back is negative'], 'fen'),
      ),
      counted(
        'running',
        ['合计', 'Total'],
        ['各类费用之和，不含购置费和处置收入', 'All kinds together but what vehicles were bought and sold for'],
        'fen',
      ),
      counted('km', ['里程（公里）', 'Distance (km)'], ['期内返回的派车单里程', 'Of orders that returned in the period'], 'km'),
      mean('perKm', ['每公里费用', 'Cost a km'], 'fen', 'running', 'km', ['合计 ÷ 里程', 'Total ÷ distance']),
      mean('perVehicle', ['车均费用', 'Cost a vehicle'], 'fen', 'running', 'vehicles', [
        '合计 ÷ 期末在册车辆',
        'Total ÷ vehicles at the end of the period',
      ]),
    ],
  },
  T6: {
    words: ['车辆变动', 'Changes'],
    source: ['期初、期末在册车辆与期内变动', 'Vehicles before and at the end of the period, and what changed in it'],
    by: [...place, 'category', 'class'],
    measures: [
      counted('opening', ['期初', 'Opening'], ['期初前一日在册车辆', 'Vehicles at the end of the day before the period']),
      counted('added', ['新增', 'Added'], ['期内投入使用', 'Put into service in the period']),
      counted('received', ['调入', 'Received'], ['使用单位变更为本单位', 'Whose using unit became this one']),
      counted('givenAway', ['调出', 'Given away'], ['使用单位由本单位变更', 'Whose using unit ceased to be this one']),
      counted('disposed', ['处置', 'Disposed of'], ['期内处置', 'Disposed of in the period']),
      counted(
        'closing',
        ['期末', 'Closing'],
        ['期末在册车辆，与编制配备一致', 'Vehicles at the end of the period, as in the other tables'],
      ),
      {
        ...{ key: 'unexplained', words: ['未平衡', 'Unexplained'], kind: 'count' },
        formula: [
          '期末 − 期初 − 新增 − 调入 + 调出 + 处置，应为 0',
          'Closing − opening − added − received + given away + disposed of: should be 0',
        ],
        of: unexplained,
      },
    ],
  },
  T7: {
    words: ['车辆处置', 'Disposals'],
    source: ['期内实施处置的车辆', 'Disposals carried out in the period'],
    by: [...place, 'method', 'category'],
    measures: [
      counted('disposals', ['处置车辆', 'Disposals'], ['期内实施处置', 'Carried out in the period']),
      counted('originalFen', ['原值', 'Original value'], ['登记价款', 'Recorded price'], 'fen'),
      counted('appraisedFen', ['评估价', 'Appraised'], ['处置前评估', 'Appraised before disposal'], 'fen'),
      counted('incomeFen', ['处置收入', 'Income'], ['实施处置时登记', 'As recorded when it was carried out'], 'fen'),
      counted('bookedFen', ['已入账收入', 'Income booked'], ['处置收入中费用账已入账的部分', 'What of it is in the book of costs'], 'fen'),
      counted('remitted', ['已上缴', 'Remitted'], ['收入已上缴的处置', 'Whose income has been remitted']),
      share('remittedShare', ['上缴率', 'Remitted share'], 'remitted', 'disposals', ['已上缴 ÷ 处置车辆', 'Remitted ÷ disposals']),
    ],
  },
  T8: {
    words: ['监督检查', 'Supervision'],
    source: ['发生日在期内的监督线索，首日在期内的节假日封存', 'Findings of days in the period, and sealings that begin in it'],
    by: [...place, 'rule', 'severity', 'supervisionState', 'holiday'],
    measures: [
      counted('raised', ['线索', 'Findings'], ['规则提示的疑似情形', 'What rules suspect']),
      counted('told', ['已告知', 'Told'], ['已告知有关人员或单位', 'Whoever is concerned was told']),
      counted('verified', ['已核实', 'Verified'], ['已核实为正常或违规', 'Verified as in order or not']),
      counted('normal', ['核实正常', 'In order'], ['最近一次核实结论为正常', 'By the last verdict']),
      counted('violations', ['核实违规', 'Violations'], ['最近一次核实结论为违规', 'By the last verdict']),
      counted('referred', ['移送', 'Referred'], ['移送纪检监察', 'To discipline inspection']),
      counted('withdrawn', ['撤销', 'Withdrawn'], ['后续数据或派车单已说明', 'Explained by later data or orders']),
      counted('closed', ['办结', 'Closed'], ['已办结', 'Closed']),
      share('verifiedShare', ['核实率', 'Verified share'], 'verified', 'raised', ['已核实 ÷ 线索', 'Verified ÷ findings']),
      share('violationShare', ['违规率', 'Violation share'], 'violations', 'verified', ['核实违规 ÷ 已核实', 'Violations ÷ verified']),
      mean('daysToClose', ['平均办结用时（天）', 'Mean days to close'], 'days', 'closedDays', 'closed', [
        '提示至办结',
        'From raising to closing',
      ]),
      counted(
        'sealed',
        ['应封存车辆', 'Vehicles to be sealed'],
        ['节假日封存计划中的车辆，不封存的除外', 'In plans of holidays, the exempt left out'],
      ),
      counted('sealKept', ['封存到位', 'Sealed'], ['其中已封存的车辆', 'Of them, those that were sealed']),
      counted('sealStayed', ['原地未动', 'Stayed'], ['期满后定位显示未动', 'Positions show that they stayed']),
      counted('sealUnproved', ['不能证明', 'Not proved'], ['期间没有足够定位，不说明违规', 'Positions are missing, which is no reproach']),
      counted('sealMoved', ['疑似移动', 'Moved, suspected'], ['期间定位在别处，须核实', 'Seen elsewhere, to be verified']),
    ],
  },
}
