// Bytes → rows, by what the bytes are and never by what the file is called.

import { isUtf16 } from '../../../tables/encoding.ts'
import { Unreadable } from '../../../tables/unreadable.ts'
import { readCsv } from './csv.ts'
import type { TableSink } from './table.ts'
import { readWorkbook } from './workbook.ts'

/** @throws Unreadable */
export async function readTable(bytes: Buffer, wantedSheets: readonly string[], sink: TableSink): Promise<void> {
  if (bytes.length === 0) throw new Unreadable('文件是空的', 'The file is empty')
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06)) return readWorkbook(bytes, wantedSheets, sink)
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw new Unreadable(
      '文件是旧版 .xls 或带密码的工作簿；请取消密码并另存为 .xlsx',
      'The file is an old .xls or has a password; remove the password and save it as .xlsx',
    )
  // A PDF begins as text, and may go on as text for pages.
  if ((!isUtf16(bytes) && bytes.subarray(0, 4_096).includes(0)) || startsWith(bytes, 0x25, 0x50, 0x44, 0x46, 0x2d))
    throw new Unreadable('文件既不是 Excel 工作簿（.xlsx）也不是 CSV', 'The file is neither an Excel workbook (.xlsx) nor CSV')
  readCsv(bytes, sink)
}

const startsWith = (bytes: Buffer, ...magic: number[]): boolean => magic.every((byte, k) => bytes[k] === byte)
