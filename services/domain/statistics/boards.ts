// The charts of the dashboards (驾驶舱), for region, league, banner and unit alike: what each shows, from which table of statistics, so that each of its figures opens into the rows behind it. Pure.
import { bookedKinds, isRunning } from '../costBook.ts'
import type { Word } from '../words.ts'
import type { TableCode } from './table.ts'
import { statisticsTables } from './tables.ts'

/** What stands along a chart: the organisations directly below, the months of the year, years, the values of a dimension. */
export type Along = 'below' | 'months' | 'years' | 'energy' | 'rule'
export type SeriesOf = { table: TableCode; measure: string }
export type Chart = {
  words: Word
  /** Why it is looked at, and what would fill it where it is empty. */
  fills: Word
  along: Along
  form: 'bars' | 'stack' | 'lines'
  series: readonly SeriesOf[]
}

const of = (table: TableCode, ...measures: string[]): SeriesOf[] => measures.map((measure) => ({ table, measure }))

export const charts = {
  stock: {
    words: ['编制与在册车辆', 'Quota and vehicles'],
    fills: ['登记编制和车辆后显示', 'Quotas and vehicles of the ledger fill it'],
    along: 'below',
    form: 'bars',
    series: of('T1', 'seats', 'inService', 'over'),
  },
  structure: {
    words: ['车辆能源结构', 'Vehicles by energy'],
    fills: ['登记车辆后显示', 'Vehicles of the ledger fill it'],
    along: 'energy',
    form: 'bars',
    series: of('T2', 'vehicles'),
  },
  use: {
    words: ['每月用车', 'Use by month'],
    fills: ['有用车申请和派车后显示', 'Requests and orders fill it'],
    along: 'months',
    form: 'bars',
    series: of('T4', 'requests', 'dispatched', 'trips'),
  },
  cost: {
    words: ['每月运行费用', 'Running costs by month'],
    fills: ['费用入账后显示', 'Costs that are booked fill it'],
    along: 'months',
    form: 'stack',
    series: of('T5', ...bookedKinds.filter(isRunning)),
  },
  trend: {
    words: ['历年车辆与里程', 'Vehicles and distance by year'],
    fills: ['登记车辆后显示', 'Vehicles of the ledger fill it'],
    along: 'years',
    form: 'bars',
    series: [...of('T2', 'vehicles', 'newEnergy'), ...of('T4', 'km')],
  },
  findings: {
    words: ['监督线索', 'Findings by rule'],
    fills: ['规则提示疑似问题后显示', 'What rules suspect fills it'],
    along: 'rule',
    form: 'bars',
    series: of('T8', 'raised', 'verified', 'violations'),
  },
  effect: {
    words: ['集中管理成效', 'Effect of centralised management'],
    fills: ['历年数据准备完成后显示', 'Figures of the years of the plan fill it'],
    along: 'years',
    form: 'lines',
    series: [...of('T3', 'pooledShare', 'equippedShare'), ...of('T2', 'newEnergyShare', 'domesticShare'), ...of('T8', 'violationShare')],
  },
  effectCost: {
    words: ['集中管理成效：费用', 'Effect of centralised management: costs'],
    fills: ['费用入账、车辆返回后显示', 'Booked costs and returned orders fill it'],
    along: 'years',
    form: 'lines',
    series: of('T5', 'perKm', 'perVehicle'),
  },
} as const satisfies Record<string, Chart>
export type ChartName = keyof typeof charts
export const chartNames = Object.keys(charts) as [ChartName, ...ChartName[]]
export const chartOf = (name: ChartName): Chart => charts[name]

/** The years of the plan that are compared: the year and those before it. */
export const PLAN_YEARS = 5
export const yearsOf = (year: string): string[] => Array.from({ length: PLAN_YEARS }, (_, n) => String(Number(year) - PLAN_YEARS + 1 + n))
export const monthsOf = (year: string): string[] => Array.from({ length: 12 }, (_, n) => `${year}-${String(n + 1).padStart(2, '0')}`)

/** The dimension by which a table's sums are prepared, where a chart goes along one. */
export const preparedBy = { T2: 'energy', T8: 'rule' } as const satisfies Partial<Record<TableCode, string>>
/** Tables whose months are prepared beside their years. */
export const monthly: readonly TableCode[] = ['T4', 'T5']
export const preparedTables = [...new Set(chartNames.flatMap((name) => chartOf(name).series.map(({ table }) => table)))]
export const measureOf = ({ table, measure }: SeriesOf) => statisticsTables[table].measures.find(({ key }) => key === measure)!
