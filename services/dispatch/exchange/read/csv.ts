// CSV as rows. Files come as UTF-8 with or without a mark, as UTF-16 from "Unicode text", and as GB 18030 from Excel and WPS.
import { parse } from 'csv-parse/sync'
import type { Cell, TableSink } from './table.ts'
import { Unreadable } from './unreadable.ts'

/** What a spreadsheet's own cell can hold. */
const MAX_CELL = 32_767

/** @throws Unreadable */
export function readCsv(bytes: Buffer, sink: TableSink): void {
  const text = decodeText(bytes)
  if (text.trim() === '') throw new Unreadable('文件是空的', 'The file is empty')
  let records: string[][]
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: 1024 * 1024,
    }) as string[][]
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number }
    if (code?.startsWith('CSV_') !== true) throw error
    throw new Unreadable(
      `第 ${lines ?? 1} 行附近的引号不成对或一行过长`,
      `Near line ${lines ?? 1} quotes do not come in pairs, or a line is too long`,
    )
  }
  for (const [k, record] of records.entries()) {
    const cells = record.map((text): Cell | undefined =>
      text === '' ? undefined : { kind: 'text', text: unguard(text.slice(0, MAX_CELL)) },
    )
    if (cells.some((cell) => cell !== undefined)) sink.row({ row: k + 1, cells })
  }
}

/** Spreadsheets run a cell that begins like a formula; our own files put an apostrophe before it, which is taken off here. */
const unguard = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

function delimiterOf(text: string): string {
  const head = text.slice(0, Math.max(0, text.search(/[\r\n]/)) || 4_096)
  const count = (mark: string) => head.split(mark).length
  return [',', '\t', ';', '，'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

/** @throws Unreadable when the bytes are in no encoding that we know, or in two at once. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode(bytes, 'utf-16le') ?? refuse()
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode(bytes, 'utf-16be') ?? refuse()
  const utf8 = decode(bytes, 'utf-8')
  if (utf8 !== undefined) return utf8
  const mixed = findMixedLine(bytes)
  if (mixed !== undefined)
    throw new Unreadable(
      `文件混用了 UTF-8 和 GB18030 两种编码（如第 ${mixed} 行），请另存为“CSV UTF-8”后重试`,
      `The file mixes UTF-8 and GB 18030 (line ${mixed}, for one); save it as “CSV UTF-8” and try again`,
    )
  return decode(bytes, 'gb18030') ?? refuse()
}

const refuse = (): never => {
  throw new Unreadable(
    '无法识别文件编码；请另存为“CSV UTF-8”或 .xlsx 后重试',
    'The encoding of the file is not known; save it as “CSV UTF-8” or .xlsx and try again',
  )
}

function decode(bytes: Buffer, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined // not of this encoding
  }
}

/**
 * In a file that is not UTF-8: the first line that is not either, when other lines plainly are – three-byte Chinese, in two lines at
 * least, because a short GB 18030 word can look like it by chance.
 */
function findMixedLine(bytes: Buffer): number | undefined {
  let chineseUtf8 = 0
  let foreign: number | undefined
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, from)
    const to = newline < 0 ? bytes.length : newline
    const text = decode(bytes.subarray(from, to), 'utf-8')
    if (text === undefined) foreign ??= line
    else if (/[\u4e00-\u9fff]/.test(text)) chineseUtf8++
    from = to + 1
  }
  return chineseUtf8 >= 2 ? foreign : undefined
}
