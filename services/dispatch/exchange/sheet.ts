// What one subject of import and export is: its columns, its key, its table, and the rules that look at more than one cell.
// A sheet is data; the walking is done in check/, apply.ts and export.ts.
import type { ExchangeSubject, Words } from '../../contracts/exchange.ts'
import type { PersonalNumber } from '../../domain/masking.ts'
import type { Capability, Role } from '../../domain/permissions.ts'
import type { StandardLimit } from '../../domain/standards.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope, Sight } from '../kernel/caller.ts'
import type { Kind, Value } from './kinds.ts'
import type { ReferenceKind, References } from './references.ts'

export type Column = {
  key: string
  heading: Words
  kind: Kind
  /** Column of the table. */
  sql: string
  /** SQL over `t` that reads it, where the column alone does not say it. */
  readSql?: string
  /** SQL over `n`, the new values, that writes it where the column alone does not say it. */
  writeSql?: string
  /** Not written with the row but by `afterWrite`. */
  later?: true
  required?: true
  /** Two rows never have the same value. The key's columns need not say it. */
  unique?: true
  refers?: ReferenceKind
  /** Shown by role (domain/masking.ts). */
  personal?: PersonalNumber
  /** Shown in full to these roles only. */
  masked?: { clearFor: readonly Role[]; mask(value: string): string }
  /** Set when a row is made; afterwards it changes by its own procedure, which this names. */
  fixed?: Words
  /** What an update writes into a fixed column, SQL over `t` (the row) and `n` (its new values); by default nothing. */
  updateSql?: string
  /** The field's name in the audit log, where the ledger's own pages record it by another. */
  recordAs?: string
  /** For a new row whose cell is blank, where the table needs something. */
  whenNew?: Value
  /** For a new row of a file that has no such column, where that is not the same as a blank cell. */
  whenAbsent?: Value
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
/** `foreign`: it tells that a key is taken by what the importer does not see. */
export type Complaint = { row: number; column: string | null; message: Words; foreign?: true }

export type CheckContext = { db: Queryable; scope: Sight; references: References; today: string; nowMs: number; rules: LedgerRules }

export type Sheet = {
  subject: ExchangeSubject
  name: Words
  /** Whoever may not see the list may not have it as a file either. */
  view: Capability
  table: string
  /** Column of the table that identifies a row, and the word of the audit log for such a row. */
  id: string
  subjectType: string
  columns: readonly Column[]
  /** Keys of the columns that name a row in files. */
  key: readonly string[]
  /** Where the key of a row out of sight must not be told from others that are taken: the one sentence for all. What it tells is counted. */
  taken?(values: Record<string, Value>): Words
  /** SQL over `t`: the organisation whose row it is. Rows of other scopes are neither read nor written; nobody's are the whole region's. */
  owner: string
  /** Further tests a row must pass to be listed: SQL over `t`. */
  where?: string
  /** ORDER BY of the list, over `t` and `own`, its organisation. */
  order: string
  /** SQL over `t`: the vehicle that the row is, or belongs to; the row of a sensitive one is out of sight with it. */
  vehicle?: string
  /** Rows that are history: what they hang on may be closed since. */
  isOver?(values: Record<string, Value>, today: string): boolean
  /** Such rows stay with an organisation when it is closed. */
  stays?: true
  /** Which rows with the same key are the same row, SQL over `t`. */
  same?: string
  /** Columns of the table that follow from the others. */
  derived?: readonly Derived[]
  /** What follows for a row's own values from what changes in it, before it is compared. */
  settle?(values: Record<string, Value>, existing: Existing | undefined): void
  /** Rules over a whole row; return what is wrong. Pure. */
  judge?(candidate: Candidate, references: References, today: string): Complaint[]
  /** Rules that ask the database, once for the whole file. */
  judgeAll?(candidates: Candidate[], context: CheckContext): Promise<Complaint[]>
  /** What follows in the same transaction, such as numbering the tree. */
  afterWrite?(client: Queryable, context: WriteContext, rows: readonly Written[]): Promise<Followed[]>
}

/** A row as it was written, with its number. */
export type Written = Candidate & { id: number | string }
/** What an import changed on a row that is not in the file. */
export type Followed = { subject: { type: string; id: number | string }; before: object; after: object }

type Derived = {
  sql: string
  type: 'text' | 'int' | 'double precision' | 'timestamptz'
  of(values: Record<string, Value>, context: WriteContext, row: number): unknown
  /** Set once and never again. */
  onlyNew?: true
}

export type WriteContext = { nowMs: number; today: string; accountId: number; rules: LedgerRules }

/**
 * What the registry decides and this slice must not decide again. Handed in where the slices are put together: the thread that reads
 * files has the sheets, but needs none of this.
 */
export type LedgerRules = {
  pinyinOf(text: string): string
  searchTextOf(values: Record<string, Value>): string
  /** Numbers the whole tree anew. */
  renumber(client: Queryable): Promise<void>
  /** Sorted by which is asked first. */
  listLimits(db: Queryable): Promise<StandardLimit[]>
  policyFor(db: Queryable, unit: Scope, today: string): Promise<{ overQuota: 'refuse' | 'flag'; overStandard: 'refuse' | 'flag' }>
  /** Told after an import was written. */
  onChanged(): void
}
