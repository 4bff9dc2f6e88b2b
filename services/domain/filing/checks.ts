// What is held against each other before a filing goes up: tables that say the same of the same vehicles, and cells that cannot be or that want a word. An error stops it; a
// warning wants an explanation, which is filed with it.

import { type BookedKind, bookedKinds, isRunning, isSpent } from '../costBook.ts'
import type { Sums, TableCode } from '../statistics/table.ts'
import { tableCodes } from '../statistics/table.ts'
import { statisticsTables } from '../statistics/tables.ts'
import { isSubjectToQuota, type VehicleCategory } from '../vehicle.ts'
import type { Word } from '../words.ts'
import { type FiledTable, type Snapshot, wholeOf } from './snapshot.ts'

export const checkCodes = [
  'negative',
  'parts',
  'book',
  't1t2',
  't2t3',
  't6t2',
  't6t1',
  'unexplained',
  'missing',
  'moved',
  'takenBack',
  'noKm',
  'noCosts',
  'unverified',
  'jump',
] as const
export type CheckCode = (typeof checkCodes)[number]
/** `values` stand in its sentence, in its order. */
export type Check = { code: CheckCode; severity: 'error' | 'warning'; values: readonly string[] }

const sentences: Record<CheckCode, Word> = {
  negative: ['{0} 的“{1}”为负数 {2}', '{0}: “{1}” is negative, {2}'],
  parts: ['T5 各类费用之和 {0} 元与合计 {1} 元不符', 'T5: the kinds of costs are {0} yuan, the total {1}'],
  book: ['T5 合计 {0} 元与费用账 {1} 元不符', 'T5: {0} yuan, the book of costs says {1}'],
  t1t2: ['T1 在册 {0} 辆与 T2 占编类别车辆 {1} 辆不符', 'T1: {0} in service, T2 has {1} vehicles under quota'],
  t2t3: ['T2 车辆 {0} 辆与 T3 {1} 辆不符', 'T2 has {0} vehicles, T3 has {1}'],
  t6t2: ['T6 期末 {0} 辆与 T2 {1} 辆不符', 'T6 closes with {0} vehicles, T2 has {1}'],
  t6t1: ['T6 占编类别期末 {0} 辆与 T1 在册 {1} 辆不符', 'T6 closes with {0} vehicles under quota, T1 has {1}'],
  unexplained: ['T6 有 {0} 辆未平衡，请说明', 'T6 leaves {0} unexplained'],
  missing: ['{0} 个下级单位未上报：{1}', '{0} below have handed nothing up: {1}'],
  moved: [
    '{0} 在期内变更隶属（{1} → {2}），按期末隶属统计',
    '{0} changed its place in the period ({1} → {2}); it counts where it stood at the end',
  ],
  takenBack: ['T5“{0}”为负数 {1} 元，冲销大于发生额', 'T5: “{0}” is {1} yuan, more was taken back than spent'],
  noKm: ['T4 出车 {0} 次，里程为 0', 'T4: {0} trips without a kilometre'],
  noCosts: ['T4 出车 {0} 次，T5 费用为 0', 'T4: {0} trips, and no costs in T5'],
  unverified: ['T8 线索 {0} 条，均未核实', 'T8: {0} findings, none verified'],
  jump: ['车辆由期初 {0} 辆变为 {1} 辆，变动超过 {2}%', 'Vehicles went from {0} to {1}, by more than {2} %'],
}

/** What it says, in a language. */
export const sayCheck = ({ code, values }: Pick<Check, 'code' | 'values'>, locale: 'zh-CN' | 'en'): string =>
  sentences[code][locale === 'en' ? 1 : 0].replace(/\{(\d)\}/g, (_all, at: string) => values[Number(at)] ?? '')

const JUMP_PERCENT = 20
const JUMP_LEAST = 5
const NAMED = 5

const yuan = (fen: number): string => (fen / 100).toFixed(2)
const at = (sums: Sums, key: string): number => sums[key] ?? 0
/** Of the rows whose first dimension, the category, is under quota. */
const underQuota = (table: FiledTable, key: string): number =>
  table.rows.reduce((sum, { keys, sums }) => sum + (keys[0] != null && isSubjectToQuota(keys[0] as VehicleCategory) ? at(sums, key) : 0), 0)

/** @returns errors first */
export function checkSnapshot({ tables, bookFen, missing, moved }: Snapshot): Check[] {
  const checks: Check[] = []
  const error = (code: CheckCode, ...values: (string | number)[]) => checks.push({ code, severity: 'error', values: values.map(String) })
  const warn = (code: CheckCode, ...values: (string | number)[]) => checks.push({ code, severity: 'warning', values: values.map(String) })
  const whole = Object.fromEntries(tableCodes.map((code) => [code, wholeOf(tables[code])])) as Record<TableCode, Sums>
  const differ = (code: CheckCode, one: number, other: number, say = String as (n: number) => string) =>
    one !== other && error(code, say(one), say(other))

  for (const code of tableCodes)
    for (const { key, words, of, kind } of statisticsTables[code].measures) {
      if (of) continue
      const negative = tables[code].rows.find(({ sums }) => at(sums, key) < 0)
      if (!negative) continue
      // Costs may be taken back in a later period than they were booked in.
      if (code === 'T5' && kind === 'fen') {
        if (at(whole.T5, key) < 0 && isSpent(key as BookedKind)) warn('takenBack', words[0], yuan(at(whole.T5, key)))
      } else error('negative', code, words[0], at(negative.sums, key))
    }
  const { T1, T2, T3, T4, T5, T6, T8 } = whole
  differ(
    'parts',
    bookedKinds.filter(isRunning).reduce((sum, kind) => sum + at(T5, kind), 0),
    at(T5, 'running'),
    yuan,
  )
  differ('book', at(T5, 'running'), bookFen, yuan)
  differ('t1t2', at(T1, 'inService'), underQuota(tables.T2, 'vehicles'))
  differ('t2t3', at(T2, 'vehicles'), at(T3, 'vehicles'))
  differ('t6t2', at(T6, 'closing'), at(T2, 'vehicles'))
  differ('t6t1', underQuota(tables.T6, 'closing'), at(T1, 'inService'))

  const open = statisticsTables.T6.measures.find(({ key }) => key === 'unexplained')!.of!
  const unexplained = tables.T6.rows.reduce((sum, { sums }) => sum + Math.abs(open(sums) ?? 0), 0)
  if (unexplained > 0) warn('unexplained', unexplained)
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).map(({ name }) => name)
    warn('missing', missing.length, `${named.join('、')}${missing.length > NAMED ? '…' : ''}`)
  }
  for (const { name, from, to } of moved) warn('moved', name, from ?? '—', to ?? '—')
  if (at(T4, 'trips') > 0 && at(T4, 'km') === 0) warn('noKm', at(T4, 'trips'))
  if (at(T4, 'trips') > 0 && at(T5, 'running') === 0) warn('noCosts', at(T4, 'trips'))
  if (at(T8, 'raised') > at(T8, 'withdrawn') && at(T8, 'verified') === 0) warn('unverified', at(T8, 'raised') - at(T8, 'withdrawn'))
  const [opening, closing] = [at(T6, 'opening'), at(T6, 'closing')]
  if (Math.abs(closing - opening) >= JUMP_LEAST && Math.abs(closing - opening) * 100 > opening * JUMP_PERCENT)
    warn('jump', opening, closing, JUMP_PERCENT)
  return checks.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1))
}

/** By what an explanation is found again: a sentence that says something else now wants one of its own. */
export const checkKey = ({ code, values }: Pick<Check, 'code' | 'values'>): string => [code, ...values].join(' ')
