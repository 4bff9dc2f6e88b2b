// What a list that goes out and does not come back consists of, and the kinds of values that many of them have.
import type { Words } from '../../contracts/exchange.ts'
import type { Capability } from '../../domain/permissions.ts'
import { integer, type Kind, money, text, type Value } from './kinds.ts'

export type ReportRow = Record<string, Value>
export type ReportColumn = { key: string; heading: Words; kind: Kind }
/** `columns` may follow from what is asked for. */
export type Report = {
  name: Words
  view: Capability
  columns: readonly ReportColumn[] | ((filter: Record<string, string>) => readonly ReportColumn[])
}

export const name = text(200)
export const count = integer(0, 1_000_000)
export const yuan = money('元', 1_000_000_000)

/** Litres, kilowatt hours. */
export const measured: Kind = { ...count, write: (value) => Number(value) }
