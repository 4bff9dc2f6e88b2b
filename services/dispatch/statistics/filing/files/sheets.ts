// A filing as sheets of text: what stands in the workbook and on paper alike.

import type { Filing } from '../../../../contracts/api/filing.ts'
import type { ExchangeLocale } from '../../../../contracts/exchange.ts'
import { ZONE_OFFSET_MS } from '../../../../domain/days.ts'
import { sayCheck } from '../../../../domain/filing/checks.ts'
import { sayValue } from '../../../../domain/statistics/say.ts'
import { dimensionWords, type MeasureKind } from '../../../../domain/statistics/table.ts'
import { statisticsTables } from '../../../../domain/statistics/tables.ts'
import { type Word, wordLists } from '../../../../domain/words.ts'

export type FiledSheet = { name: string; head: string[]; rows: (string | number)[][] }
export type FiledPaper = {
  title: string
  facts: [name: string, value: string][]
  sheets: FiledSheet[]
  signs: string[]
  page: (n: number, of: number) => string
  foot: string
}

const words = {
  title: ['公务用车统计填报表', 'Filing of official vehicle statistics'],
  organisation: ['填报单位', 'Organisation'],
  level: ['级次', 'Level'],
  above: ['上级', 'Above'],
  period: ['统计期', 'Period'],
  state: ['状态', 'State'],
  takenAt: ['取数时间', 'Taken at'],
  preliminary: ['预报（统计期未结束）', 'Preliminary: the period is not over'],
  hash: ['校验值 SHA-256', 'SHA-256'],
  draft: ['未填报', 'Not filed'],
  whole: ['合计', 'Total'],
  checks: ['表间审核', 'Checks'],
  severity: ['级别', 'Weight'],
  error: ['错误', 'Error'],
  warning: ['警告', 'Warning'],
  finding: ['审核结果', 'Finding'],
  explanation: ['说明', 'Explanation'],
  none: ['审核通过，无需说明', 'Nothing to say'],
  filledBy: ['填报人', 'Filled by'],
  reviewedBy: ['审核人', 'Reviewed by'],
  submittedBy: ['负责人', 'Submitted by'],
} as const satisfies Record<string, Word>

/** Money in yuan, what is no whole number to two places; nothing where there is nothing to divide by. */
const cell = (kind: MeasureKind, value: number | null): number | string =>
  value === null ? '' : kind === 'fen' ? Math.round(value) / 100 : Math.round(value * 100) / 100
const unit = (kind: MeasureKind, column: 0 | 1): string =>
  kind === 'fen' ? ['（元）', ' (yuan)'][column]! : kind === 'percent' ? ['（%）', ' (%)'][column]! : ''
const minuteOf = (instant: string): string => new Date(Date.parse(instant) + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')

export function paperOf(filing: Filing, locale: ExchangeLocale): FiledPaper {
  const column = locale === 'en' ? 1 : 0
  const say = (key: keyof typeof words) => words[key][column]
  const { organisation, told, above, period, state, steps } = filing
  const by = (action: string) => steps.findLast((step) => step.action === action)
  const sign = (action: 'fill' | 'review' | 'submit', name: 'filledBy' | 'reviewedBy' | 'submittedBy') => {
    const step = told.round === null ? undefined : by(action)
    return `${say(name)} ${step ? `${step.by} ${minuteOf(step.at).slice(0, 10)}` : ''}`
  }
  return {
    title: `${say('title')}${told.preliminary ? ` · ${say('preliminary')}` : ''}`,
    facts: [
      [say('organisation'), organisation.name],
      [say('level'), wordLists.organisationKind[organisation.kind][column]],
      [say('above'), above.join(' / ')],
      [say('period'), `${period} (${told.from} – ${told.until})`],
      [say('state'), told.round === null ? say('draft') : wordLists.filingState[state][column]],
      [say('takenAt'), minuteOf(told.takenAt)],
      [say('hash'), told.sha256 ?? say('draft')],
    ],
    sheets: [
      ...filing.tables.map(({ code, by: dimensions, measures, rows, sum }) => ({
        name: `${code} ${statisticsTables[code].words[column]}`,
        head: [
          ...dimensions.map((one) => dimensionWords[one][column]),
          ...measures.map(({ kind, words: said }) => `${said[column]}${unit(kind, column)}`),
        ],
        rows: [
          ...rows.map(({ keys, figures }) => [
            ...keys.map((key, at) => sayValue(dimensions[at]!, key, null, locale)),
            ...figures.map((figure, at) => cell(measures[at]!.kind, figure)),
          ]),
          [say('whole'), ...dimensions.slice(1).map(() => ''), ...sum.map((figure, at) => cell(measures[at]!.kind, figure))],
        ],
      })),
      {
        name: say('checks'),
        head: [say('severity'), say('finding'), say('explanation')],
        rows:
          filing.checks.length === 0
            ? [['', say('none'), '']]
            : filing.checks.map((check) => [say(check.severity), sayCheck(check, locale), check.explanation ?? '']),
      },
    ],
    signs: [sign('fill', 'filledBy'), sign('review', 'reviewedBy'), sign('submit', 'submittedBy')],
    page: (n, of) => (locale === 'en' ? `Page ${n} of ${of}` : `第 ${n} 页 共 ${of} 页`),
    foot: `${organisation.name} ${period} ${told.sha256 ?? say('draft')}`,
  }
}
