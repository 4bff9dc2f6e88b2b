// A monthly letter on paper, in the form of filings: its facts, findings by rule and state, what waits for an answer, use and costs.
import type { ExchangeLocale } from '../../../contracts/exchange.ts'
import { bookedKinds, isRunning } from '../../../domain/costBook.ts'
import { ZONE_OFFSET_MS } from '../../../domain/days.ts'
import { statisticsTables } from '../../../domain/statistics/tables.ts'
import { plateAsPrinted } from '../../../domain/vehicle.ts'
import { type Word, wordLists, wordOf } from '../../../domain/words.ts'
import type { FiledPaper } from '../filing/files/sheets.ts'
import type { StoredLetter } from './letter.ts'

const words = {
  title: ['公务用车监督月报', 'Monthly letter of supervision'],
  to: ['送达单位', 'To'],
  month: ['月份', 'Month'],
  number: ['编号', 'No.'],
  madeAt: ['制发时间', 'Made at'],
  found: ['已告知的监督线索', 'Findings that were told'],
  waiting: ['其中待说明', 'Of them, waiting for an answer'],
  note: ['说明', 'Note'],
  suspected: [
    '未经核实的均为疑似情形，核实前请如实说明；涉密车辆不在此列',
    'What is not verified is a suspicion; please answer before it is. Nothing of sensitive vehicles',
  ],
  byRule: ['一、线索按规则和状态', '1. Findings by rule and state'],
  rule: ['规则', 'Rule'],
  state: ['办理状态', 'State'],
  count: ['件数', 'Findings'],
  answers: ['二、待说明事项', '2. What waits for an answer'],
  day: ['发生日', 'Day'],
  plate: ['号牌号码', 'Plate'],
  unit: ['单位', 'Unit'],
  until: ['请于此日前说明', 'Answer by'],
  use: ['三、本月用车', '3. Use of the month'],
  costs: ['四、本月运行费用', '4. Running costs of the month'],
  item: ['项目', 'Item'],
  value: ['数值', 'Figure'],
  yuan: ['金额（元）', 'Yuan'],
  total: ['合计', 'Total'],
  none: ['无', 'None'],
  madeBy: ['制发人', 'Made by'],
  received: ['签收人', 'Received by'],
} as const satisfies Record<string, Word>

export function letterPaper({ number, madeBy, madeAt, sha256, body }: StoredLetter, locale: ExchangeLocale): FiledPaper {
  const column = locale === 'en' ? 1 : 0
  const say = (key: keyof typeof words) => words[key][column]
  const { organisation, month, findings, use, costs } = body
  const counted = new Map<string, number>()
  for (const { rule, state } of findings) counted.set(`${rule} ${state}`, (counted.get(`${rule} ${state}`) ?? 0) + 1)
  const waiting = findings.filter(({ answerBy }) => answerBy !== null)
  const yuan = (fen: number | null | undefined) => Math.round(fen ?? 0) / 100
  const shown = ['requests', 'approved', 'dispatched', 'trips', 'passengers', 'km', 'hours']
  const none = (width: number) => [[say('none'), ...Array.from({ length: width - 1 }, () => '')]]
  const running = bookedKinds.filter(isRunning)
  return {
    title: `${say('title')} ${number}`,
    facts: [
      [say('to'), organisation.name],
      [say('month'), month],
      [say('number'), number],
      [say('madeAt'), new Date(madeAt.getTime() + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')],
      [say('found'), String(findings.length)],
      [say('waiting'), String(waiting.length)],
      [say('note'), say('suspected')],
    ],
    sheets: [
      {
        name: say('byRule'),
        head: [say('rule'), say('state'), say('count')],
        rows:
          counted.size === 0
            ? none(3)
            : [...counted].map(([key, n]) => {
                const [rule, state] = key.split(' ') as [string, string]
                return [wordOf('rule', rule, locale) ?? rule, wordOf('supervisionState', state, locale) ?? state, n]
              }),
      },
      {
        name: say('answers'),
        head: [say('unit'), say('plate'), say('rule'), say('day'), say('until')],
        rows:
          waiting.length === 0
            ? none(5)
            : waiting.map(({ unit, plate, rule, day, answerBy }) => [
                unit,
                plateAsPrinted(plate),
                wordOf('rule', rule, locale) ?? rule,
                day,
                answerBy!,
              ]),
      },
      {
        name: say('use'),
        head: [say('item'), say('value')],
        rows: statisticsTables.T4.measures
          .filter(({ key }) => shown.includes(key))
          .map(({ key, words: called }) => [called[column], Math.round((use[key] ?? 0) * 10) / 10]),
      },
      {
        name: say('costs'),
        head: [say('item'), say('yuan')],
        rows: [
          ...running.filter((kind) => costs[kind]).map((kind) => [wordLists.costKind[kind][column], yuan(costs[kind])]),
          [say('total'), yuan(costs.running)],
        ],
      },
    ],
    signs: [`${say('madeBy')} ${madeBy}`, say('received')],
    page: (n, of) => (locale === 'en' ? `Page ${n} of ${of}` : `第 ${n} 页 共 ${of} 页`),
    foot: `${organisation.name} ${month} ${number} ${sha256}`,
  }
}
