// Lists that go out and do not come back: what is computed (quota against vehicles in service) and procedures. Their rows are the rows
// that the page's own function answers.

import type { ReportSubject, Words } from '../../contracts/exchange.ts'
import { bookedKinds } from '../../domain/costBook.ts'
import { chartNames, chartOf, measureOf } from '../../domain/statistics/boards.ts'
import { sayValue } from '../../domain/statistics/say.ts'
import { type Dimension, dimensionWords, type MeasureKind, tableCodes, wordsOfDimension } from '../../domain/statistics/table.ts'
import { statisticsTables } from '../../domain/statistics/tables.ts'
import { supervisionWords } from '../../domain/supervision/ruleWords.ts'
import { type Word, wordLists } from '../../domain/words.ts'
import { choice, choices, date, type Kind, plate } from './kinds.ts'
import { count, measured, name, type Report, type ReportColumn, yuan } from './reportKinds.ts'
import { tripReports } from './tripReports.ts'
import { words } from './words.ts'

export const columnsOf = ({ columns }: Report, filter: Record<string, string>): readonly ReportColumn[] =>
  typeof columns === 'function' ? columns(filter) : columns

const inYuan = (kind: (typeof bookedKinds)[number]): Words =>
  words(`${wordLists.costKind[kind][0]}（元）`, `${wordLists.costKind[kind][1]} (yuan)`)

/** A figure that is no whole number; money is told in yuan. */
const decimal = (of: MeasureKind): Kind => ({
  ...count,
  write: (value) => Math.round(Number(value) * (of === 'fen' ? 1 : 100)) / 100,
})
/** What stands in the row that adds up the others, in place of a value; and beside it. */
export const TOTAL = '\u0001'
export const NOTHING = '\u0002'
/** A value, or the name that it has; nothing: what is not known has its word too. */
const said = (dimension: Dimension): Kind => ({
  ...name,
  write: (value, locale) =>
    value === TOTAL
      ? locale === 'en'
        ? 'Total'
        : '合计'
      : value === NOTHING
        ? ''
        : value === ''
          ? sayValue(dimension, null, null, locale)
          : sayValue(dimension, String(value), wordsOfDimension[dimension] === null ? String(value) : null, locale),
})
/** Whether it is more than a suspicion. */
const verified: Kind = {
  ...name,
  write: (value, locale) => (value === 'true' ? (locale === 'en' ? 'verified' : '已核实') : locale === 'en' ? 'suspected' : '疑似'),
}
const pair = ([zh, en]: Word): Words => words(zh, en)
/** What a row of statistics has in a file: its dimensions, then each measure of the period, of the one before and of the same a year before. */
function statisticsColumns({ table = 'T1', by = 'unit' }: Record<string, string>): ReportColumn[] {
  const { measures, by: known } = statisticsTables[tableCodes.find((code) => code === table) ?? 'T1']
  const figures = (of: 'now' | 'before' | 'yearBefore', suffix: Word | null) =>
    measures.map(
      ({ key, words: [zh, en], kind }): ReportColumn => ({
        key: `${of}.${key}`,
        heading: words(
          `${zh}${kind === 'fen' ? '（元）' : kind === 'percent' ? '（%）' : ''}${suffix?.[0] ?? ''}`,
          `${en}${kind === 'fen' ? ' (yuan)' : kind === 'percent' ? ' (%)' : ''}${suffix ? `, ${suffix[1]}` : ''}`,
        ),
        kind: decimal(kind),
      }),
    )
  return [
    ...by
      .split(',')
      .flatMap((one) => known.filter((dimension) => dimension === one))
      .map((dimension) => ({ key: dimension, heading: pair(dimensionWords[dimension]), kind: said(dimension) })),
    ...figures('now', null),
    ...figures('before', ['上期', 'period before']),
    ...figures('yearBefore', ['上年同期', 'year before']),
  ]
}

/** A chart's table: what stands along it, then its measures. */
function boardColumns({ chart = 'stock' }: Record<string, string>): ReportColumn[] {
  const { series } = chartOf(chartNames.find((one) => one === chart) ?? 'stock')
  return [
    { key: 'point', heading: words('项目', 'Of'), kind: name },
    ...series.map((of): ReportColumn => {
      const {
        words: [zh, en],
        kind,
      } = measureOf(of)
      const unit =
        kind === 'fen' ? (['（元）', ' (yuan)'] as const) : kind === 'percent' ? (['（%）', ' (%)'] as const) : (['', ''] as const)
      return { key: `${of.table}.${of.measure}`, heading: words(`${zh}${unit[0]}`, `${en}${unit[1]}`), kind: decimal(kind) }
    }),
  ]
}

export const reports: Record<ReportSubject, Report> = {
  ...tripReports,
  boards: { name: words('驾驶舱图表', 'Dashboard'), view: 'statistics.view', columns: boardColumns },
  quotaStanding: {
    name: words('编制使用情况', 'Quota standing'),
    view: 'ledger.view',
    columns: [
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'category', heading: words('编制类别', 'Category'), kind: choice(wordLists.category) },
      { key: 'seats', heading: words('编制', 'Seats'), kind: count },
      { key: 'inService', heading: words('在用', 'In service'), kind: count },
      { key: 'over', heading: words('超编', 'Over'), kind: count },
      { key: 'vacant', heading: words('空编', 'Vacant'), kind: count },
      { key: 'openState', heading: words('在办申请', 'Application'), kind: choice(wordLists.quotaState) },
      { key: 'openSeats', heading: words('申请编制', 'Seats applied for'), kind: count },
    ],
  },
  flows: {
    name: words('购置调拨处置', 'Procedures'),
    view: 'ledger.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'kind', heading: words('业务', 'Procedure'), kind: choice(wordLists.flow) },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.flowState) },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'toUnit', heading: words('调入单位', 'Receiving unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'startedOn', heading: words('发起日期', 'Started on'), kind: date },
    ],
  },
  findings: {
    name: words('监督线索', 'Findings'),
    view: 'finding.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'rule', heading: words('规则', 'Rule'), kind: choice(wordLists.rule) },
      // What is not verified is a suspicion, in a file as well.
      { key: 'verified', heading: words('性质', 'Standing'), kind: verified },
      { key: 'severity', heading: words('级别', 'Weight'), kind: choice(wordLists.supervisionSeverity) },
      { key: 'state', heading: words('办理状态', 'State'), kind: choice(wordLists.supervisionState) },
      { key: 'from', heading: words('发生时间', 'From'), kind: name },
      { key: 'until', heading: words('结束时间', 'Until'), kind: name },
      { key: 'figure', heading: words('数值', 'Figure'), kind: measured },
      { key: 'threshold', heading: words('阈值', 'Threshold'), kind: measured },
      { key: 'figureUnit', heading: words('计量单位', 'In'), kind: choice(supervisionWords.unit) },
      // Which of several, or a place.
      { key: 'note', heading: words('情形', 'What'), kind: { ...name, write: choice(supervisionWords.note).write } },
      { key: 'endsOn', heading: words('到期日', 'Ends on'), kind: date },
      { key: 'driver', heading: words('驾驶员', 'Driver'), kind: name },
      { key: 'order', heading: words('派车单', 'Order'), kind: name },
      { key: 'raisedOn', heading: words('提示日期', 'Raised on'), kind: date },
    ],
  },
  statistics: {
    name: words('统计报表', 'Statistics'),
    view: 'statistics.view',
    columns: statisticsColumns,
  },
  costSums: {
    name: words('单车核算', 'Costs by vehicle'),
    view: 'cost.view',
    columns: [
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'supplier', heading: words('租赁供应商', 'Leased from'), kind: name },
      { key: 'month', heading: words('月份', 'Month'), kind: name },
      { key: 'orders', heading: words('派车单', 'Orders'), kind: count },
      { key: 'km', heading: words('里程（公里）', 'Distance (km)'), kind: count },
      { key: 'litres', heading: words('加油（升）', 'Fuel (L)'), kind: measured },
      { key: 'kwh', heading: words('充电（千瓦时）', 'Charging (kWh)'), kind: measured },
      ...bookedKinds.map((kind) => ({ key: kind, heading: inYuan(kind), kind: yuan })),
      { key: 'total', heading: words('合计（元）', 'Total (yuan)'), kind: yuan },
    ],
  },
  costEntries: {
    name: words('费用明细', 'Cost entries'),
    view: 'cost.view',
    columns: [
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'costCentre', heading: words('成本中心', 'Cost centre'), kind: name },
      { key: 'day', heading: words('入账日期', 'Booked on'), kind: date },
      { key: 'order', heading: words('派车单', 'Order'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'kind', heading: words('费用类别', 'Kind'), kind: choice(wordLists.costKind) },
      { key: 'amount', heading: words('金额（元）', 'Amount (yuan)'), kind: yuan },
      { key: 'other', heading: words('对方单位', 'Other side'), kind: name },
      { key: 'note', heading: words('备注', 'Note'), kind: name },
    ],
  },
  maintenanceDue: {
    name: words('保养到期', 'Maintenance due'),
    view: 'ledger.view',
    columns: [
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'item', heading: words('保养项目', 'Item'), kind: name },
      { key: 'everyKm', heading: words('间隔里程（公里）', 'Every so many km'), kind: count },
      { key: 'everyMonths', heading: words('间隔月数', 'Every so many months'), kind: count },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.dueState) },
      { key: 'lastDay', heading: words('上次保养', 'Last done'), kind: date },
      { key: 'lastKm', heading: words('上次里程（公里）', 'Odometer then (km)'), kind: count },
      { key: 'nowKm', heading: words('当前里程（公里）', 'Odometer now (km)'), kind: count },
      { key: 'dueDay', heading: words('到期日', 'Due by time'), kind: date },
      { key: 'kmLeft', heading: words('剩余里程（公里）', 'Left (km)'), kind: count },
      { key: 'expectedDay', heading: words('预计日期', 'Expected'), kind: date },
    ],
  },
  workOrders: {
    name: words('维修单', 'Work orders'),
    view: 'cost.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'kind', heading: words('维修类别', 'Kind'), kind: choice(wordLists.workKind) },
      { key: 'work', heading: words('维修内容', 'Work'), kind: name },
      { key: 'supplier', heading: words('供应商', 'Supplier'), kind: name },
      { key: 'fromDay', heading: words('送修', 'Away from'), kind: date },
      { key: 'untilDay', heading: words('取车', 'Back'), kind: date },
      { key: 'estimate', heading: words('报价（元）', 'Estimate (yuan)'), kind: yuan },
      { key: 'approved', heading: words('批准（元）', 'Approved (yuan)'), kind: yuan },
      { key: 'invoice', heading: words('发票（元）', 'Invoice (yuan)'), kind: yuan },
      { key: 'invoiceNo', heading: words('发票号', 'Invoice no.'), kind: name },
      { key: 'odometer', heading: words('里程（公里）', 'Odometer (km)'), kind: count },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.workOrderState) },
      { key: 'bill', heading: words('费用单', 'Bill'), kind: count },
      { key: 'by', heading: words('申请人', 'Asked by'), kind: name },
    ],
  },
  renewals: {
    name: words('保险年检', 'Renewals'),
    view: 'cost.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'kind', heading: words('类别', 'Kind'), kind: choice(wordLists.renewalKind) },
      { key: 'fromDay', heading: words('起始日', 'From'), kind: date },
      { key: 'untilDay', heading: words('到期日', 'Until'), kind: date },
      { key: 'gapDays', heading: words('间断天数（负数为重叠）', 'Days without cover (negative: covered twice)'), kind: measured },
      { key: 'by', heading: words('保险公司或检验机构', 'Insurer or station'), kind: name },
      { key: 'documentNo', heading: words('单据号', 'Document no.'), kind: name },
      { key: 'amount', heading: words('金额（元）', 'Amount (yuan)'), kind: yuan },
      { key: 'paidDay', heading: words('费用日期', 'Day'), kind: date },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.renewalState) },
      { key: 'recordedBy', heading: words('登记人', 'Recorded by'), kind: name },
      { key: 'note', heading: words('备注', 'Note'), kind: name },
    ],
  },
  mishaps: {
    name: words('事故违章', 'Accidents and violations'),
    view: 'cost.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'kind', heading: words('类别', 'Kind'), kind: choice(wordLists.mishapKind) },
      { key: 'time', heading: words('发生时间', 'Time'), kind: name },
      { key: 'place', heading: words('地点', 'Place'), kind: name },
      { key: 'what', heading: words('情况', 'What happened'), kind: name },
      { key: 'noticeNo', heading: words('文书编号', 'Notice no.'), kind: name },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.mishapState) },
      { key: 'order', heading: words('派车单', 'Order'), kind: name },
      { key: 'driver', heading: words('驾驶员', 'Driver'), kind: name },
      { key: 'liability', heading: words('责任', 'Liability'), kind: choice(wordLists.liability) },
      { key: 'fine', heading: words('罚款（元）', 'Fine (yuan)'), kind: yuan },
      { key: 'points', heading: words('记分', 'Points'), kind: count },
      { key: 'paidBy', heading: words('罚款承担', 'Who bears the fine'), kind: choice(wordLists.finePayer) },
      { key: 'cost', heading: words('其他费用（元）', 'Other costs (yuan)'), kind: yuan },
      { key: 'insured', heading: words('保险赔款（元）', 'Insurance payout (yuan)'), kind: yuan },
    ],
  },
  costBills: {
    name: words('费用单', 'Bills'),
    view: 'cost.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'day', heading: words('费用日期', 'Day'), kind: date },
      { key: 'kind', heading: words('费用类别', 'Kind'), kind: choice(wordLists.costKind) },
      { key: 'amount', heading: words('金额（元）', 'Amount (yuan)'), kind: yuan },
      { key: 'quantity', heading: words('数量（升、千瓦时）', 'Quantity (L, kWh)'), kind: measured },
      { key: 'supplier', heading: words('供应商', 'Supplier'), kind: name },
      { key: 'documentNo', heading: words('单据号', 'Document no.'), kind: name },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.billState) },
      { key: 'by', heading: words('登记人', 'Entered by'), kind: name },
      { key: 'note', heading: words('备注', 'Note'), kind: name },
    ],
  },
  seals: {
    name: words('封存停驶', 'Sealing'),
    view: 'ledger.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'plan', heading: words('封存计划', 'Plan'), kind: name },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'from', heading: words('开始', 'From'), kind: name },
      { key: 'until', heading: words('结束', 'Until'), kind: name },
      { key: 'state', heading: words('封存状态', 'State'), kind: choice(wordLists.sealState) },
      { key: 'exempt', heading: words('不封存原因', 'Exempt because'), kind: choice(wordLists.sealExempt) },
      { key: 'place', heading: words('停放地点', 'Where it stands'), kind: name },
      { key: 'keyKeeper', heading: words('钥匙保管人', 'Key keeper'), kind: name },
      { key: 'photos', heading: words('照片', 'Photos'), kind: count },
      { key: 'proof', heading: words('核验', 'Proof'), kind: choice(wordLists.sealProof) },
      { key: 'proofFrom', heading: words('核验起', 'Proof from'), kind: name },
      { key: 'proofUntil', heading: words('核验止', 'Proof until'), kind: name },
      { key: 'farM', heading: words('最远（米）', 'Farthest (m)'), kind: count },
    ],
  },
  handovers: {
    name: words('交接班', 'Shifts'),
    view: 'order.view',
    columns: [
      { key: 'number', heading: words('编号', 'No.'), kind: count },
      { key: 'unit', heading: words('单位', 'Unit'), kind: name },
      { key: 'plate', heading: words('号牌号码', 'Plate'), kind: plate },
      { key: 'giver', heading: words('交班人', 'From'), kind: name },
      { key: 'taker', heading: words('接班人', 'To'), kind: name },
      { key: 'state', heading: words('状态', 'State'), kind: choice(wordLists.handoverState) },
      { key: 'offered', heading: words('交班时间', 'Offered'), kind: name },
      { key: 'taken', heading: words('接班时间', 'Taken'), kind: name },
      { key: 'odometerKm', heading: words('里程表读数（公里）', 'Odometer (km)'), kind: measured },
      { key: 'fuelPct', heading: words('油量、电量（%）', 'Fuel or charge (%)'), kind: count },
      { key: 'equipment', heading: words('随车装备', 'Equipment'), kind: choices(wordLists.equipment) },
      { key: 'faults', heading: words('车况问题', 'Faults'), kind: count },
      { key: 'remarks', heading: words('备注', 'Remarks'), kind: name },
    ],
  },
}
