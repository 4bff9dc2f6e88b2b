// What is filed: the tables T1–T8 of an organisation and everything below it for a period, as a document that says by itself what it is. It is written as
// canonical JSON; its SHA-256 is the filing's.
import { z } from 'zod'
import { addSums, type FactDimension, figuresOf, type Sums, type TableCode, tableCodes } from '../statistics/table.ts'
import { statisticsTables } from '../statistics/tables.ts'
import { organisationKinds } from '../vehicle.ts'

/** What the rows of a filed table are of. */
export const filedBy = {
  T1: ['category'],
  T2: ['category', 'energy', 'origin'],
  T3: ['class'],
  T4: ['requestKind', 'purpose'],
  T5: ['class', 'energy'],
  T6: ['category'],
  T7: ['method'],
  T8: ['rule'],
} as const satisfies Record<TableCode, readonly FactDimension[]>

const organisation = z.object({ organisationId: z.int(), name: z.string(), kind: z.enum(organisationKinds) })
const day = z.string().meta({ format: 'date' })
const tableSchema = z.object({
  by: z.array(z.string()).describe('Dimensions of the rows'),
  rows: z.array(
    z.object({
      keys: z.array(z.string().nullable()).describe('The value of each dimension; null: not recorded'),
      sums: z.record(z.string(), z.number().nullable()).describe('Sums of facts by their name: money in fen, distance in kilometres'),
    }),
  ),
})
export const snapshotSchema = z.object({
  form: z.literal('morin-filing-1'),
  organisation: organisation.extend({ adcode: z.string().describe('GB/T 2260') }),
  above: z.array(z.string()).describe('Names of the organisations above when the period ended, the nearest first'),
  period: z.string().describe('2026, or 2026-11'),
  from: day,
  until: day.describe('The last day that is counted'),
  preliminary: z.boolean().describe('The period was not over'),
  takenAt: z.string().meta({ format: 'date-time' }),
  tables: z.object(Object.fromEntries(tableCodes.map((code) => [code, tableSchema])) as Record<TableCode, typeof tableSchema>),
  bookFen: z.int().describe('Running costs of the same days in the book of costs'),
  included: z
    .array(organisation.extend({ filingId: z.int(), round: z.int(), sha256: z.string() }))
    .describe('Filings that were added up in it'),
  missing: z.array(organisation).describe('Organisations below that had handed nothing up'),
  moved: z
    .array(organisation.extend({ from: z.string().nullable(), to: z.string().nullable() }))
    .describe('Organisations that came or went in the period; they are counted where they stood when it ended'),
  own: z.object({ rows: z.int(), sha256: z.string() }).describe('The organisation’s own rows that were added up'),
})
export type Snapshot = z.infer<typeof snapshotSchema>
export type FiledTable = z.infer<typeof tableSchema>
export type FiledTables = Snapshot['tables']

/** A row that figures were added up from: its dimensions in the order of `filedBy`, and what it adds, where that is not nothing. */
export type FiledFact = { what: string; id: number | null; vehicleId: number | null; keys: (string | null)[]; adds: Record<string, number> }
export type FiledFacts = Record<TableCode, FiledFact[]>

export const noTables = (): FiledTables =>
  Object.fromEntries(tableCodes.map((code) => [code, { by: [...filedBy[code]], rows: [] }])) as unknown as FiledTables

/** Tables of several, row by row, each row once. */
export function addTables(all: readonly FiledTables[]): FiledTables {
  const added = noTables()
  for (const code of tableCodes) {
    const rows = new Map<string, FiledTable['rows'][number]>()
    for (const tables of all)
      for (const { keys, sums } of tables[code].rows) {
        const name = JSON.stringify(keys)
        const found = rows.get(name)
        rows.set(name, { keys, sums: found ? addSums(found.sums, sums) : sums })
      }
    added[code].rows = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
  return added
}

export const wholeOf = ({ rows }: FiledTable): Sums => rows.reduce<Sums>((sums, row) => addSums(sums, row.sums), {})

/** The figures of a row, one a measure of the table. */
export const figuresOfRow = (code: TableCode, sums: Sums): (number | null)[] => figuresOf(statisticsTables[code], sums)
