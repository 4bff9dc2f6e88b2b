// The kinds of columns: how a cell is read, refused and written. Reading what was written gives the same value again (round trip law).

import type { ExchangeLocale, Words } from '../../contracts/exchange.ts'
import type { RefusalReason, RefusalValues } from '../../contracts/refusals.ts'
import { ZONE_OFFSET_MS } from '../../domain/days.ts'
import { findPlateProblem, plateAsPrinted, plateAsStored } from '../../domain/vehicle.ts'
import { instantOf, isSerialDay, readWrittenTime, type WrittenTime } from '../../tables/writtenTime.ts'
import { normaliseCode, normaliseText, normaliseTime } from './normalise.ts'
import type { Cell } from './read/table.ts'
import { refused, words } from './words.ts'

export type Value = string | number | boolean | null
/** `note`: what of the cell is not kept. */
export type ReadResult = { value: Value; note?: Words } | { problem: Words }

export type Kind = {
  /** Type of the database column. */
  sql: 'text' | 'int' | 'smallint' | 'bigint' | 'double precision' | 'real' | 'date' | 'timestamptz' | 'boolean' | 'text[]'
  /** The cell's text as it is meant; where that is not what stands there, the reader is told. */
  normalise(text: string): string
  /** Reads a cell that is not blank; `text` is normalised. */
  read(text: string, cell: Cell): ReadResult
  write(value: NonNullable<Value>, locale: ExchangeLocale): string | number
  /** The words to choose from, where there is a list. */
  choices?: readonly Words[]
  /** What the column takes, for the notes of the template. */
  takes: Words
}

const sound = (value: Value): ReadResult => ({ value })
const wrong = (zh: string, en: string): ReadResult => ({ problem: words(zh, en) })

/** Words; with `form`, a code that must have it. */
export function text(max: number, form?: { pattern: RegExp; takes: Words }): Kind {
  return {
    sql: 'text',
    normalise: form ? (raw) => normaliseCode(raw).toUpperCase() : normaliseText,
    read(cell) {
      if (cell.length > max) return wrong(`最多 ${max} 个字，现有 ${cell.length} 个`, `At most ${max} characters; there are ${cell.length}`)
      if (form && !form.pattern.test(cell))
        return wrong(`“${cell}”格式不符，应为${form.takes.zh}`, `“${cell}” does not have the form: ${form.takes.en}`)
      return sound(cell)
    },
    write: (value) => String(value),
    takes: form?.takes ?? words(`文字，最多 ${max} 个字`, `Text of at most ${max} characters`),
  }
}

/** Text that a rule of the domain judges; `judge` names the sentence that refuses it. */
export function judged(
  max: number,
  judge: (value: string) => { reason: RefusalReason; values: RefusalValues } | undefined,
  takes: Words,
): Kind {
  return {
    sql: 'text',
    normalise: (raw) => normaliseCode(raw).toUpperCase(),
    read(cell) {
      if (cell.length > max) return wrong(`最多 ${max} 个字`, `At most ${max} characters`)
      const refusal = judge(cell)
      return refusal ? { problem: refused(refusal.reason, refusal.values) } : sound(cell)
    },
    write: (value) => String(value),
    takes,
  }
}

export const plate: Kind = {
  sql: 'text',
  normalise: plateAsStored,
  read(cell) {
    const problem = findPlateProblem(cell)
    return problem ? { problem: refused(problem, { plate: cell }) } : sound(cell)
  },
  write: (value) => plateAsPrinted(String(value)),
  takes: words('本区号牌，如 蒙A·D1234，间隔点可不写', 'A plate of this region such as 蒙A·D1234; the dot may be left out'),
}

export function integer(min: number, max: number): Kind {
  const range = words(`${min} 至 ${max} 的整数`, `A whole number from ${min} to ${max}`)
  return {
    sql: 'int',
    normalise: (raw) => normaliseCode(raw).replace(/(?<=\d),(?=\d{3}(\D|$))/g, ''),
    read(cell) {
      const number = /^[+-]?\d{1,12}(\.0+)?$/.test(cell) ? Number(cell) : Number.NaN
      if (number >= min && number <= max) return sound(number)
      return wrong(`“${cell}”应为 ${range.zh}`, `“${cell}” should be a whole number from ${min} to ${max}`)
    },
    write: (value) => Number(value),
    takes: range,
  }
}

/** Money in 万元 in the file, in fen (a hundredth of a yuan) in the ledger: six decimals, none of them lost. */
export function money(unit: '万元' | '元', maxYuan: number): Kind {
  const places = unit === '万元' ? 6 : 2
  const fenPerUnit = 10 ** places
  const en = unit === '万元' ? '10,000 yuan' : 'yuan'
  return {
    sql: 'bigint',
    normalise: (raw) =>
      normaliseCode(raw)
        .replace(/(?<=\d),(?=\d{3}(\D|$))/g, '')
        .replace(unit === '万元' ? /(万元|万)$/ : /元$/, ''),
    read(cell) {
      const match = /^(\d{1,9})(?:\.(\d+))?$/.exec(cell)
      const fraction = (match?.[2] ?? '').replace(/0+$/, '')
      if (!match || fraction.length > places)
        return wrong(
          `“${cell}”应为以${unit}为单位的金额，最多 ${places} 位小数`,
          `“${cell}” should be an amount in ${en} with at most ${places} decimals`,
        )
      const fen = Number(match[1]) * fenPerUnit + Number(fraction.padEnd(places, '0'))
      if (fen < 1 || fen > maxYuan * 100)
        return wrong(
          `金额应大于 0，不超过 ${maxYuan / (unit === '万元' ? 10_000 : 1)} ${unit}`,
          `The amount should be above 0 and at most ${maxYuan} yuan`,
        )
      return sound(fen)
    },
    write: (value) => Number(value) / fenPerUnit,
    takes: words(`金额，单位${unit}`, `An amount in ${en}`),
  }
}

const ZONE_MIN = ZONE_OFFSET_MS / 60_000
const EARLIEST_DAY = '1950-01-01'

/** A time as the ledger's files mean it, of the region's zone where none is said; undefined for what is none (services/tables). */
export function readTime(text: string): WrittenTime | undefined {
  const time = readWrittenTime(text)
  if (!time || time.offsetMin === null || time.offsetMin === ZONE_MIN) return time && time.day >= EARLIEST_DAY ? time : undefined
  const there = new Date(instantOf(time, ZONE_MIN) + ZONE_OFFSET_MS).toISOString()
  return { ...time, day: there.slice(0, 10), clock: there.slice(11, 19), offsetMin: ZONE_MIN }
}

/** Why a cell is no time, with what would be one. The same for a number in a workbook and the same digits in CSV. */
export const noTime = (text: string, { kind }: Cell, form: string): { problem: Words } => ({
  problem:
    kind === 'number' || isSerialDay(text)
      ? words(
          `“${text}”是数字，不是日期；请把单元格设为日期后重新保存，或写成 ${form}`,
          `“${text}” is a number and no date; format the cell as a date and save again, or write ${form}`,
        )
      : words(`“${text}”不是可识别的日期时间；应写成 ${form}`, `“${text}” is no date that can be read; write it as ${form}`),
})

/** A day. A time of day beside it is not kept, and that is said; midnight, which spreadsheets add, is not worth saying. */
export const date: Kind = {
  sql: 'date',
  normalise: normaliseTime,
  read(text, cell) {
    const time = readTime(text)
    if (!time) return noTime(text, cell, '2024-05-01')
    if (time.clock === null || (time.clock === '00:00:00' && !/[1-9]/.test(time.fraction))) return sound(time.day)
    return {
      value: time.day,
      note: words(`只保留日期 ${time.day}，时刻不保留`, `Only the day ${time.day} is kept, not the time of day`),
    }
  },
  write: (value) => String(value),
  takes: words('日期，如 2024-05-01', 'A date such as 2024-05-01'),
}

/** One of a list. Every spelling of either language is understood, and the code itself. */
export function choice<C extends string>(list: Record<C, readonly [zh: string, en: string, ...others: string[]]>): Kind {
  const entries = Object.entries(list) as [C, readonly [string, string, ...string[]]][]
  const known = new Map(entries.flatMap(([code, names]) => [code, ...names].map((name) => [fold(name), code] as const)))
  const offered = entries.map(([, [zh, en]]) => words(zh, en))
  return {
    sql: 'text',
    normalise: normaliseText,
    read(cell) {
      const code = known.get(fold(cell))
      if (code !== undefined) return sound(code)
      return wrong(
        `“${cell}”不在可选范围：${offered.map(({ zh }) => zh).join('、')}`,
        `“${cell}” is none of: ${offered.map(({ en }) => en).join(', ')}`,
      )
    },
    write: (value, locale) => list[value as C]?.[locale === 'en' ? 1 : 0] ?? String(value),
    choices: offered,
    takes: words(`从列表选择：${offered.map(({ zh }) => zh).join('、')}`, `One of: ${offered.map(({ en }) => en).join(', ')}`),
  }
}

const fold = (word: string): string => normaliseCode(word).toLowerCase()

/** Several of a list, separated by 、 or commas; in the list's own order. */
export function choices<C extends string>(list: Record<C, readonly [zh: string, en: string, ...others: string[]]>): Kind {
  const one = choice(list)
  const order = Object.keys(list)
  return {
    ...one,
    sql: 'text[]',
    choices: undefined,
    read(cell) {
      const found = new Set<string>()
      for (const part of cell.split(/[、,，;；/]/).filter((piece) => piece.trim() !== '')) {
        const read = one.read(part.trim(), { kind: 'text', text: part })
        if ('problem' in read) return read
        found.add(read.value as string)
      }
      return sound(order.filter((code) => found.has(code)).join(','))
    },
    write: (value, locale) =>
      String(value)
        .split(',')
        .map((code) => one.write(code, locale))
        .join(locale === 'en' ? ', ' : '、'),
    takes: words(
      `可多选，用顿号分隔：${one.choices!.map(({ zh }) => zh).join('、')}`,
      `Any of: ${one.choices!.map(({ en }) => en).join(', ')}`,
    ),
  }
}

const yes = choice({ yes: ['是', 'Yes', 'TRUE', '1', '√', 'Y'], no: ['否', 'No', 'FALSE', '0', '×', 'N'] })
export const yesNo: Kind = {
  ...yes,
  sql: 'boolean',
  read(cell, raw) {
    const read = yes.read(cell, raw)
    return 'problem' in read ? read : sound(read.value === 'yes')
  },
  write: (value, locale) => yes.write(value ? 'yes' : 'no', locale),
}

/** The name of a row of another list; what it stands for is looked up by `refers` of the column. */
export const reference = (takes: Words): Kind => ({
  sql: 'int',
  normalise: normaliseText,
  read: (cell) => (cell.length > 400 ? wrong('内容过长', 'Too long') : sound(cell)),
  write: (value) => String(value),
  takes,
})
