// An Excel workbook written while it is sent. Every text cell is a string, never a formula, whatever it begins with.
import { PassThrough, type Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

export type SheetColumn = { heading: string; width: number; asText: boolean; required?: boolean }

/** The bytes of the workbook; `slices` is read only as fast as they are taken. */
export function writeXlsx(
  sheetName: string,
  columns: readonly SheetColumn[],
  slices: AsyncIterable<(string | number)[][]> | Iterable<(string | number)[][]>,
  marks?: (row: number) => readonly number[],
): Readable {
  const out = new PassThrough()
  const write = async () => {
    const { default: exceljs } = await import('exceljs') // when it is first needed, as in ../template.ts
    const workbook = new exceljs.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
    const sheet = workbook.addWorksheet(sheetName, { views: [{ state: 'frozen', ySplit: 1 }] })
    sheet.columns = columns.map(({ width, asText }) => ({ width, style: asText ? { numFmt: '@' } : {} }))
    const heading = sheet.addRow(columns.map(({ heading }) => heading))
    heading.font = { bold: true }
    heading.commit()
    let number = 1
    for await (const rows of slices) {
      for (const cells of rows) {
        // Blank cells are left out: they are half of a ledger's sheet.
        const row = sheet.addRow(cells.map((cell) => (cell === '' ? undefined : cell)))
        number++
        for (const column of marks?.(number) ?? [])
          row.getCell(column).fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFD6D6' } }
        row.commit()
      }
      if (out.writableNeedDrain) await new Promise((resolve) => out.once('drain', resolve))
      // Slices may be at hand already: others must have their turn all the same.
      await setImmediate()
    }
    sheet.commit()
    await workbook.commit()
  }
  write().catch((error: Error) => out.destroy(error))
  return out
}
