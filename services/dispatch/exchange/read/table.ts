// What both kinds of file come down to: rows of cells, numbered as a spreadsheet numbers them.
import type { Words } from '../../../contracts/exchange.ts'

/**
 * A cell as the file has it. `number` keeps its figure; `time` is a cell that shows a day, or a day
 * and a time of it, as text: 2024-05-01, 2024-05-01 08:30:00.
 */
export type Cell =
  | { kind: 'text'; text: string }
  | { kind: 'number'; text: string; number: number }
  | { kind: 'time'; text: string }
  | { kind: 'boolean'; text: string; value: boolean }
  /** What no figure can be read from: a formula, an error value, the covered part of a merged cell. */
  | { kind: 'bad'; text: string; why: Words }

export type TableRow = { row: number; cells: (Cell | undefined)[] }

/** Said about the file as a whole or one row of it. `wrong`: a row of data cannot be read as it was meant. */
export type TableNote = { row: number; message: Words; wrong?: true }

export type TableSink = {
  row(row: TableRow): void
  note(note: TableNote): void
}
