// Rows of a sheet as cells of a file, in the reader's language.
import type { ExchangeLocale, Words } from '../../contracts/exchange.ts'
import { shownTo } from '../../domain/masking.ts'
import type { Role } from '../../domain/permissions.ts'
import type { SheetColumn } from '../../tables/write/xlsx.ts'
import type { Value } from './kinds.ts'
import type { References } from './references.ts'
import type { Column, Sheet } from './sheet.ts'

export const inLocale = ({ zh, en }: Words, locale: ExchangeLocale): string => (locale === 'en' ? en : zh)

export const mediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const

export function cellOf(
  column: Column,
  references: References,
  value: Value | undefined,
  locale: ExchangeLocale,
  role: Role,
): string | number {
  if (value === null || value === undefined) return ''
  if (column.refers) {
    const name = references.nameOf(column.refers, value as number)
    return column.personal ? shownTo(role, column.personal, name) : name
  }
  const written = column.kind.write(value, locale)
  if (column.masked && !column.masked.clearFor.includes(role)) return column.masked.mask(String(written))
  return column.personal ? shownTo(role, column.personal, String(written)) : written
}

/** Minutes of the day and days of the week are small numbers that are written as words. */
const figures: readonly string[] = ['int', 'bigint', 'double precision', 'real']

export const sheetColumns = ({ columns }: Sheet, locale: ExchangeLocale): SheetColumn[] =>
  columns.map(({ heading, kind, refers, required }) => ({
    heading: inLocale(heading, locale),
    width: refers === 'unit' ? 36 : kind.sql === 'int' || kind.sql === 'boolean' ? 11 : 18,
    asText: !figures.includes(kind.sql) || refers !== undefined,
    asDate: kind.sql === 'date',
    required,
  }))
