// Text → rows of cells: which mark separates the cells, quotes, line ends of every kind. One law for the ledger's imports and for recorded
// tracks.
import { CsvError, parse } from 'csv-parse/sync'
import { Unreadable } from './unreadable.ts'

const DELIMITERS = [',', '\t', ';', '|', '，'] as const
const LINE_END = /\r\n|\n|\r/
/** Lines by which the delimiter is judged. */
const JUDGED_LINES = 20
const MAX_LINE_CHARACTERS = 1024 * 1024

/** `row` counts records as a spreadsheet does, `line` the lines of the text, both from 1; a quoted cell may hold line breaks. */
export type TextRow = { row: number; line: number; cells: string[] }
/** A line whose quotes do not come in pairs. */
export type BrokenLine = { line: number; broken: true }

/** Empty lines are rows of one empty cell. @throws Unreadable when quotes do not come in pairs */
export function readTextTable(text: string): TextRow[] {
  try {
    return parseText(text, delimiterOf(text))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const lines = error.lines as number | undefined
    throw new Unreadable(
      `第 ${lines ?? 1} 行附近的引号不成对或一行过长`,
      `Near line ${lines ?? 1} quotes do not come in pairs, or a line is too long`,
    )
  }
}

/** As `readTextTable`, but where a quote breaks the whole, each line is read by itself and the broken ones are named. */
export function readTextLines(text: string): (TextRow | BrokenLine)[] {
  const delimiter = delimiterOf(text)
  try {
    return parseText(text, delimiter)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return text.split(LINE_END).map((line, k) => readLine(line, k + 1, delimiter))
  }
}

function readLine(text: string, line: number, delimiter: string): TextRow | BrokenLine {
  try {
    return { row: line, line, cells: parseText(text, delimiter)[0]?.cells ?? [''] }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { line, broken: true }
  }
}

function parseText(text: string, delimiter: string): TextRow[] {
  const rows: TextRow[] = []
  parse(text, {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: MAX_LINE_CHARACTERS,
    // Only here is the line known; the parser itself need not keep the record as well.
    on_record(cells, { lines }) {
      rows.push({ row: rows.length + 1, line: lines, cells })
      return null
    },
  })
  return rows
}

/**
 * The mark that as many lines as possible have equally often; of several, the one they have more of. `sep=;` in the first line says it
 * itself, as Excel writes it.
 */
function delimiterOf(text: string): string {
  const head = text.slice(0, 64 * 1024)
  const said = /^sep=(.)(?:[\r\n]|$)/i.exec(head)?.[1]
  if (said !== undefined) return said
  const lines = head
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(LINE_END)
    .filter((line) => line.trim() !== '')
    .slice(0, JUDGED_LINES)
  let best: { mark: string; lines: number; times: number } = { mark: ',', lines: 0, times: 0 }
  for (const mark of DELIMITERS) {
    const linesOf = new Map<number, number>()
    for (const line of lines) {
      const times = line.split(mark).length - 1
      if (times > 0) linesOf.set(times, (linesOf.get(times) ?? 0) + 1)
    }
    for (const [times, count] of linesOf)
      if (count > best.lines || (count === best.lines && times > best.times)) best = { mark, lines: count, times }
  }
  return best.mark
}
