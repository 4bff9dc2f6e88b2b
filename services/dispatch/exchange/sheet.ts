// What one subject of import and export is: its columns, its key, its table, and the rules that look at more than one cell.
// A sheet is data; the walking is done in check/, apply.ts and export.ts.
import type { ExchangeSubject, Words } from '../../contracts/exchange.ts'
import type { PersonalNumber } from '../../contracts/masking.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../audit/caller.ts'
import type { Kind, Value } from './kinds.ts'
import type { ListQuestion } from './list.ts'
import type { References } from './references.ts'

export type ReferenceKind = 'unit' | 'vehicle' | 'supplier'

export type Column = {
  key: string
  heading: Words
  kind: Kind
  /** Column of the table. */
  sql: string
  required?: true
  /** Two rows never have the same value. The key's columns need not say it. */
  unique?: true
  refers?: ReferenceKind
  /** Shown by role (contracts/masking.ts). */
  personal?: PersonalNumber
  /** Set when a row is made; afterwards it changes by its own procedure, which this names. */
  fixed?: Words
  /** For a new row whose cell is blank, where the table needs something. */
  whenNew?: Value
  note?: Words
  example: string
}

/** One row of the file against one row of the ledger. */
export type Candidate = {
  row: number
  /** By column key: what the row will hold. */
  values: Record<string, Value>
  /** What the ledger holds; undefined for a new row. */
  existing: Existing | undefined
}
export type Existing = { id: number | string; version: number; inScope: boolean; values: Record<string, Value> }
export type Complaint = { row: number; column: string | null; message: Words }

export type CheckContext = { db: Queryable; scope: Scope; references: References; today: string; nowMs: number }

export type Sheet = {
  subject: ExchangeSubject
  name: Words
  table: string
  /** Column of the table that identifies a row, and the word of the audit log for such a row. */
  id: string
  subjectType: string
  columns: readonly Column[]
  /** Keys of the columns that name a row in files. */
  key: readonly string[]
  /** Key of the unit column that decides whose row it is; rows of other scopes are neither read nor written. */
  scopeBy: string
  /** Further tests a row must pass to be listed: SQL over `t`. */
  where?: string
  /** ORDER BY of the list, over `t` and `own`, its organisation. */
  order: string
  listJoins?: string
  /** The list's own filters as SQL tests. */
  listTests?(question: ListQuestion): string[]
  /** Columns of the table that follow from the others. */
  derived?: readonly {
    sql: string
    type: 'text' | 'int' | 'timestamptz' | 'bytea'
    of(values: Record<string, Value>, context: WriteContext): unknown
    onlyNew?: true
  }[]
  /** Rules over a whole row; return what is wrong. Pure. */
  judge?(candidate: Candidate, references: References, today: string): Complaint[]
  /** Rules that ask the database, once for the whole file. */
  judgeAll?(candidates: Candidate[], context: CheckContext): Promise<Complaint[]>
  /** What follows in the same transaction, such as numbering the tree. */
  afterWrite?(client: Queryable, context: WriteContext): Promise<void>
}

/** `pinyinOf` is handed in: its dictionary is large, and the thread that reads files has the sheets but not this. */
export type WriteContext = { nowMs: number; accountId: number; pinyinOf(text: string): string }
