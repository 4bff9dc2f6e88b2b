// The subjects of import and export, one file each.
import type { Sheet } from './sheet.ts'
import { vehicles } from './sheets/vehicles.ts'

export const sheets: readonly Sheet[] = [vehicles]

export const sheetOf = (subject: string): Sheet => {
  const found = sheets.find((sheet) => sheet.subject === subject)
  if (!found) throw new Error(`no sheet for ${subject}`)
  return found
}
