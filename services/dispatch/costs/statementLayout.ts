// What the columns of a supplier's statement mean, by their headings, and what its rows say. Several layouts are known by the words that they use; a column that is
// named otherwise can be said by whoever imports. Pure.
import { dayStartMs, FIRST_DAY, ZONE_OFFSET_MS } from '../../domain/days.ts'
import { instantOf, readWrittenTime } from '../../tables/writtenTime.ts'

/** A cell as text. `rounded`: a number that was too long for a spreadsheet, which has lost its last digits. */
export type StatementCell = { text: string; rounded: boolean }
export type StatementRow = { row: number; cells: (StatementCell | undefined)[] }

export const statementFields = ['cardNo', 'at', 'clock', 'fen', 'quantity', 'station', 'product'] as const
export type StatementField = (typeof statementFields)[number]
/** Without these a row says nothing. */
const needed: readonly StatementField[] = ['cardNo', 'at', 'fen']

/** Headings, without spaces and what stands in brackets, the exacter first. */
const words: Record<StatementField, readonly RegExp[]> = {
  cardNo: [/^(加油|充电|油|副|分)?卡(片)?(号|编号|号码)$/, /^cardn(o|umber)\.?$/, /^card$/],
  // A day and its time may stand in two columns: then the day comes first.
  at: [
    /^(交易|消费|加油|充电|刷卡|结算)?日期时间$|^(transaction)?datetime$/,
    /^(交易|消费|加油|充电|刷卡)?日期$|^(transaction)?date$/,
    /^(交易|消费|加油|充电|刷卡|结算)?时间$|^(transaction)?time$/,
  ],
  clock: [/^(交易|消费|加油)?时刻$/, /^(交易|消费|加油|充电|刷卡)?时间$/, /^time$/],
  fen: [/^(实付|实收|应付|消费|交易|加油|充电|总)?金额$/, /^(amount|total|sum)$/],
  quantity: [/^(加油|交易|消费|充电)?(数量|升数|量|电量|度数)$/, /^(litres|liters|volume|quantity|kwh|energy)$/],
  station: [/^(交易|加油|充电|消费)?(网点|站点|油站|加油站|充电站|地点)(名称)?$/, /^(station|site|place)$/],
  product: [/^(油品|商品|品种|油号|交易类型|业务类型|类型)(名称)?$/, /^(product|type)$/],
}
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[([].*?[)\]]/g, '')
    .replace(/[\s:*]/g, '')
/** What a heading says it counts: 充电量(度), kWh. */
const isCurrent = (text: string): boolean => /充电|电量|度数|[(（]度[)）]|千瓦时|kwh/i.test(text)

export type Layout = { headingRow: number; headings: string[]; columns: Partial<Record<StatementField, number>> }

/** Which column is what; undefined where no row names what is needed. `said`: fields whose column, from 0, whoever imports has named. */
export function findLayout(rows: readonly StatementRow[], said: Partial<Record<StatementField, number>> = {}): Layout | undefined {
  for (const { row, cells } of rows.slice(0, 30)) {
    const headings = cells.map((cell) => cell?.text.trim() ?? '')
    const columns: Layout['columns'] = { ...said }
    for (const field of statementFields) {
      if (columns[field] !== undefined) continue
      const taken = new Set(Object.values(columns))
      for (const word of words[field]) {
        const at = headings.findIndex((heading, n) => !taken.has(n) && word.test(plain(heading)))
        if (at < 0) continue
        columns[field] = at
        break
      }
    }
    if (needed.every((field) => columns[field] !== undefined) && needed.some((field) => said[field] === undefined))
      return { headingRow: row, headings, columns }
  }
  return undefined
}

export type StatementLine = {
  row: number
  cardNo: string
  /** To the minute. */
  atMs: number
  clocked: boolean
  kind: 'fuel' | 'charge'
  fen: number
  quantity: number
  station: string
  /** Which of equal lines of this file, from 1. */
  ordinal: number
}
export const lineProblems = ['card', 'cardRounded', 'time', 'day', 'amount', 'quantity'] as const
export type LineProblem = (typeof lineProblems)[number]
export type ReadStatement = { lines: StatementLine[]; problems: { row: number; problem: LineProblem; value: string }[]; skipped: number }

const MINUTE_MS = 60_000
/** What is no purchase: money put on a card, moved, or given back. */
const NO_PURCHASE = /充值|圈存|转账|分配|汇总|退款|退货|撤销|冲正|开户|refund|top-?up|recharge/i
const TOTALS = /^(合计|小计|总计|本页小计|total|subtotal)/i

/** The lines under the headings. Totals and what is no purchase are passed over, and counted; what lies in the future, or before any figure is told of, is no purchase. */
export function readLines(rows: readonly StatementRow[], { headingRow, headings, columns }: Layout, nowMs: number): ReadStatement {
  const read: ReadStatement = { lines: [], problems: [], skipped: 0 }
  const counts = new Map<string, number>()
  const currentByHeading = isCurrent(headings.join(' '))
  for (const { row, cells } of rows) {
    if (row <= headingRow) continue
    const cellOf = (field: StatementField) => (columns[field] === undefined ? undefined : cells[columns[field]])
    const textOf = (field: StatementField): string => (cellOf(field)?.text ?? '').normalize('NFKC').trim()
    const texts = cells.map((cell) => cell?.text.trim() ?? '')
    if (texts.every((text) => text === '')) continue
    if (texts.some((text) => TOTALS.test(text)) || NO_PURCHASE.test(textOf('product'))) {
      read.skipped++
      continue
    }
    const fail = (problem: LineProblem, value: string) => read.problems.push({ row, problem, value })
    const cardNo = textOf('cardNo').replace(/[\s'-]/g, '')
    const time = timeOf(textOf('at'), textOf('clock'))
    const fen = amountOf(textOf('fen'))
    const quantity = textOf('quantity') === '' ? 0 : measureOf(textOf('quantity'))
    if (cellOf('cardNo')?.rounded) fail('cardRounded', cardNo)
    else if (!/^\d{6,24}$/.test(cardNo)) fail('card', cardNo)
    else if (time === null) fail('time', `${textOf('at')} ${textOf('clock')}`.trim())
    else if (time.atMs > nowMs || time.atMs < dayStartMs(FIRST_DAY)) fail('day', `${textOf('at')} ${textOf('clock')}`.trim())
    else if (fen === null || fen <= 0) fail('amount', textOf('fen'))
    else if (quantity === null || quantity < 0) fail('quantity', textOf('quantity'))
    else {
      const key = [cardNo, time.atMs, fen, quantity].join(' ')
      const ordinal = (counts.get(key) ?? 0) + 1
      counts.set(key, ordinal)
      const kind = isCurrent(textOf('product')) || (textOf('product') === '' && currentByHeading) ? 'charge' : 'fuel'
      read.lines.push({ row, cardNo, ...time, kind, fen, quantity, station: textOf('station').slice(0, 100), ordinal })
    }
  }
  return read
}

/** A day and its time, together or in two columns; to the minute, by the clock of the region. */
function timeOf(day: string, clock: string): { atMs: number; clocked: boolean } | null {
  const read = (clock === '' ? undefined : readWrittenTime(`${day} ${clock}`)) ?? readWrittenTime(day)
  if (!read) return null
  if (read.clock === null) return { atMs: dayStartMs(read.day), clocked: false }
  return { atMs: Math.floor(instantOf(read, ZONE_OFFSET_MS / MINUTE_MS) / MINUTE_MS) * MINUTE_MS, clocked: true }
}

const numberOf = (text: string, places: number): number | null => {
  const bare = text.replace(/[,\s]/g, '')
  return /^-?\d{1,10}(\.\d{1,6})?$/.test(bare) ? Math.round(Number(`${bare}e${places}`)) : null
}
/** 1,234.50 元, ¥300, ３００．００ */
const amountOf = (text: string): number | null => numberOf(text.replace(/^(¥|￥|rmb|cny)|(元|圆|cny|rmb)$/gi, ''), 2)
/** 45.20 升, 30L, 12.5 kWh */
const measureOf = (text: string): number | null => numberOf(text.replace(/(升|l|度|千瓦时|kwh)$/i, ''), 3)
