// CSV as rows of an import: text and rows by the law of services/tables, cells as the ledger has them.
import { decodeText } from '../../../tables/encoding.ts'
import { unguardFormula } from '../../../tables/formulaGuard.ts'
import { readTextTable } from '../../../tables/textTable.ts'
import { Unreadable } from '../../../tables/unreadable.ts'
import type { Cell, TableSink } from './table.ts'

/** What a spreadsheet's own cell can hold. */
const MAX_CELL = 32_767

/** @throws Unreadable */
export function readCsv(bytes: Buffer, sink: TableSink): void {
  const text = decodeText(bytes)
  if (text.trim() === '') throw new Unreadable('文件是空的', 'The file is empty')
  for (const { row, cells } of readTextTable(text)) {
    const read = cells.map((text): Cell | undefined =>
      text === '' ? undefined : { kind: 'text', text: unguardFormula(text.slice(0, MAX_CELL)) },
    )
    if (read.some((cell) => cell !== undefined)) sink.row({ row, cells: read })
  }
}
