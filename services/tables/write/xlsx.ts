// An Excel workbook written while it is sent. Every text cell is a string, never a formula, whatever it begins with.
import { PassThrough, type Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type exceljs from 'exceljs'

/** `asDate`: its days, 2026-03-01, are days of the sheet, that sort and count as such; what else stands there is text. */
export type SheetColumn = { heading: string; width: number; asText: boolean; asDate?: boolean; required?: boolean }

type Slices = AsyncIterable<(string | number)[][]> | Iterable<(string | number)[][]>
type Sheet = { name: string; columns: readonly SheetColumn[]; slices: Slices; marks?: ((row: number) => readonly number[]) | undefined }

/** The bytes of the workbook; `slices` is read only as fast as they are taken. */
export const writeXlsx = (name: string, columns: readonly SheetColumn[], slices: Slices, marks?: Sheet['marks']): Readable =>
  writeWorkbook([{ name, columns, slices, marks }])

/** The same of several sheets, one after the other. */
export function writeWorkbook(sheets: readonly Sheet[]): Readable {
  const out = new PassThrough()
  const write = async () => {
    const { default: exceljs } = await import('exceljs') // when it is first needed, as in exchange/template.ts
    const workbook = new exceljs.stream.xlsx.WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false })
    for (const sheet of sheets) await writeSheet(workbook, sheet)
    await workbook.commit()
  }
  const writeSheet = async (workbook: exceljs.stream.xlsx.WorkbookWriter, { name, columns, slices, marks }: Sheet) => {
    const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
    sheet.columns = columns.map(({ width, asText, asDate }) => ({
      width,
      style: asDate ? { numFmt: 'yyyy-mm-dd' } : asText ? { numFmt: '@' } : {},
    }))
    const heading = sheet.addRow(columns.map(({ heading }) => heading))
    heading.font = { bold: true }
    heading.commit()
    let number = 1
    for await (const rows of slices) {
      for (const cells of rows) {
        // Blank cells are left out: they are half of a ledger's sheet.
        const row = sheet.addRow(cells.map((cell, at) => (cell === '' ? undefined : columns[at]?.asDate ? dayOf(cell) : cell)))
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
  }
  write().catch((error: Error) => out.destroy(error))
  return out
}

/** A day of a sheet is counted without any zone; before the first of March 1900 those counts are wrong, and it is text. */
const dayOf = (cell: string | number): Date | string | number =>
  typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell) && cell >= '1900-03-01' ? new Date(`${cell}T00:00:00Z`) : cell
