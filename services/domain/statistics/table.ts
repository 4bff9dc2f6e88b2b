// The one shape of a table of statistics (统计报表). Facts – one a vehicle, an order, an entry – are added up by dimensions; every figure is a sum of facts, or
// computed from such sums by a formula that is said in words, so that a cell opens into the rows that made it.
import { type Word, wordLists } from '../words.ts'

export const tableCodes = ['T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8'] as const
export type TableCode = (typeof tableCodes)[number]

/** Where: by the tree of organisations as it was when the period ended. */
export const placeDimensions = ['unit', 'banner', 'league'] as const
export type PlaceDimension = (typeof placeDimensions)[number]
/** What: columns of the facts. */
export const factDimensions = [
  'category',
  'class',
  'bodyType',
  'energy',
  'origin',
  'ageBand',
  'displacementBand',
  'priceBand',
  'compound',
  'pool',
  'purpose',
  'requestKind',
  'method',
  'rule',
  'severity',
  'supervisionState',
  'holiday',
] as const
export type FactDimension = (typeof factDimensions)[number]
export const dimensions = [...placeDimensions, ...factDimensions] as const
export type Dimension = (typeof dimensions)[number]
export const isPlace = (dimension: Dimension): dimension is PlaceDimension => (placeDimensions as readonly string[]).includes(dimension)

export const measureKinds = ['count', 'fen', 'km', 'hours', 'minutes', 'days', 'percent'] as const
/** How a figure is read: money in fen, distance in kilometres, times in their unit, shares in percent. */
export type MeasureKind = (typeof measureKinds)[number]
/** Sums of facts; null: what is not told of such a period. */
export type Sums = Readonly<Record<string, number | null>>

export type Measure = {
  key: string
  words: Word
  kind: MeasureKind
  /** How it comes about. */
  formula: Word
  /** From sums. Without it the figure is the sum of the facts' column of its name. null: nothing to divide by. */
  of?: (sums: Sums) => number | null
  /** Computed for each group of `leaf` and added up, instead of once from the sums of the whole row: where one unit's excess is not another's vacancy. */
  atLeaf?: true
}

export type StatisticsTable = {
  words: Word
  /** What the facts are. */
  source: Word
  by: readonly Dimension[]
  /** Figures that are computed before they are added up are computed by these. */
  leaf?: readonly FactDimension[]
  measures: readonly Measure[]
}

/** Sums of a group of facts become the figures of a row. */
export const figuresOf = (table: StatisticsTable, sums: Sums): (number | null)[] =>
  table.measures.map(({ key, of, atLeaf }) => (of && !atLeaf ? of(sums) : sums[key] === undefined ? 0 : sums[key]))

/** The sums of a leaf with what is computed there. */
export function leafSums(table: StatisticsTable, sums: Sums): Sums {
  const computed = table.measures.filter(({ atLeaf }) => atLeaf)
  return computed.length === 0 ? sums : { ...sums, ...Object.fromEntries(computed.map(({ key, of }) => [key, of!(sums) ?? 0])) }
}

export function addSums(one: Sums, other: Sums): Sums {
  const sums: Record<string, number | null> = { ...one }
  for (const [key, value] of Object.entries(other)) sums[key] = value === null ? null : (sums[key] ?? 0) + value
  return sums
}

/** The list of `wordLists` or of `bands` whose words the values of a dimension are; null: they are organisations, compounds and pools, which have names. */
export const wordsOfDimension = {
  unit: null,
  banner: null,
  league: null,
  compound: null,
  pool: null,
  category: 'category',
  class: 'class',
  bodyType: 'body',
  energy: 'energy',
  origin: 'origin',
  ageBand: 'ageBand',
  displacementBand: 'displacementBand',
  priceBand: 'priceBand',
  purpose: 'tripPurpose',
  requestKind: 'requestKind',
  method: 'method',
  rule: 'rule',
  severity: 'supervisionSeverity',
  supervisionState: 'supervisionState',
  // As the calendar calls it.
  holiday: null,
} as const satisfies Record<Dimension, string | null>

/** What dimensions are called. */
export const dimensionWords: Record<Dimension, Word> = {
  unit: wordLists.organisationKind.unit,
  banner: wordLists.organisationKind.banner,
  league: wordLists.organisationKind.league,
  category: ['编制类别', 'Category'],
  class: ['车辆分类', 'Class'],
  bodyType: ['车型', 'Body'],
  energy: ['能源', 'Energy'],
  origin: ['来源', 'Origin'],
  ageBand: ['车龄', 'Age'],
  displacementBand: ['排量', 'Displacement'],
  priceBand: ['价格', 'Price'],
  compound: ['办公区', 'Compound'],
  pool: ['车队', 'Motor pool'],
  purpose: ['用车事由', 'Purpose'],
  requestKind: ['用车方式', 'Kind of request'],
  method: ['处置方式', 'Method'],
  rule: ['规则', 'Rule'],
  severity: ['级别', 'Weight'],
  supervisionState: ['办理状态', 'State'],
  holiday: ['封存假日', 'Holiday of sealing'],
}
