// Writes a plan: all of it or nothing, in one transaction that lasts seconds. Rows are written in bulk, each change only onto the
// version that was seen; every row has its own record in the audit log, so that a vehicle's history says who imported what.
import { changedMeanwhile } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import { type ActDeps, changeLedger } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import type { Plan, PlannedRow } from './check/plan.ts'
import type { Kind, Value } from './kinds.ts'
import type { Sheet, WriteContext, Written } from './sheet.ts'

/** Rows in one statement: few round trips, and no statement that takes a second. */
const ROWS_PER_STATEMENT = 2_500

/** unique_violation, exclusion_violation, foreign_key_violation. */
const fasterStates = ['23505', '23P01', '23503']

export type Application = {
  sheet: Sheet
  plan: Plan
  importId: number
  /** For the import's own record. */
  detail: object
  /** Why, as every row's record says it. */
  purpose: string
  context: WriteContext
  /** Further work in the same transaction, before the audit log is locked. */
  before(client: Queryable): Promise<void>
}

/** @throws Refusal CONFLICT when a row is not as it was seen, or came into being meanwhile */
export async function applyPlan(
  deps: ActDeps,
  who: Who,
  { sheet, plan, importId, detail, purpose: reason, context, before }: Application,
): Promise<void> {
  const columns = writtenColumns(sheet, context)
  try {
    await changeLedger(deps, who, async ({ client, record }) => {
      await before(client)
      for (const slice of slices(plan.changed)) await letGo(client, sheet, slice)
      const written: (PlannedRow & Written)[] = []
      for (const slice of slices(plan.created))
        for (const [k, id] of (await insert(client, sheet, columns, slice)).entries()) written.push({ ...slice[k]!, id })
      for (const slice of slices(plan.changed)) await update(client, sheet, columns, slice)
      for (const planned of plan.changed) written.push({ ...planned, id: planned.existing!.id })
      const followed = (await sheet.afterWrite?.(client, context, written)) ?? []
      const cause = { type: 'import', id: importId }
      record('import.apply', cause, { detail, reason })
      for (const { id, existing, row, ...changed } of written)
        record(
          existing ? 'import.change' : 'import.create',
          { type: sheet.subjectType, id },
          { before: recorded(sheet, changed.before), after: recorded(sheet, changed.after), detail: { importId, row }, reason },
        )
      for (const { subject, ...follow } of followed)
        record('ledger.follow', subject, { ...follow, detail: { because: 'import.apply', of: cause }, reason })
    })
  } catch (error) {
    // Unique, exclusion, foreign key: someone was faster, or the ledger changed under the plan. The transaction is undone. A check or a
    // missing value is no colleague's doing but a rule that this import forgot: a defect, and told as one.
    if (fasterStates.includes((error as { code?: string }).code ?? '')) throw changedMeanwhile('body.token', 'import.changed')
    throw error
  }
}

function* slices<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) yield rows.slice(from, from + ROWS_PER_STATEMENT)
}

/** By the names that the ledger's own pages record. */
function recorded(sheet: Sheet, values: Record<string, Value>): Record<string, Value> {
  const names = new Map(sheet.columns.map(({ key, recordAs }) => [key, recordAs ?? key]))
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [names.get(key)!, value]))
}

type WrittenColumn = { sql: string; type: string; of(row: PlannedRow): unknown; onlyNew: boolean; updateSql?: string; writeSql?: string }

function writtenColumns(sheet: Sheet, context: WriteContext): WrittenColumn[] {
  return [
    ...sheet.columns
      .filter(({ later }) => !later)
      .map(({ key, sql, kind, fixed, updateSql, writeSql }) => ({
        sql,
        type: kind.sql,
        of: ({ values }: PlannedRow) => values[key],
        onlyNew: fixed !== undefined && updateSql === undefined,
        updateSql,
        writeSql,
      })),
    ...(sheet.derived ?? []).map(({ sql, type, of, onlyNew }) => ({
      sql,
      type,
      of: ({ values, row }: PlannedRow) => of(values, context, row),
      onlyNew: onlyNew ?? false,
    })),
  ]
}

/** unnest of an array of arrays would flatten it: lists travel as text. */
const parameterType = (type: string): string => (type === 'text[]' ? 'text' : type)
const fromRow = ({ sql, type, writeSql }: WrittenColumn): string =>
  writeSql ?? (type === ('text[]' satisfies Kind['sql']) ? `string_to_array(n.${sql}, ',')` : `n.${sql}`)

/** Rows of one file may hand unique values to each other, in a ring even: first all let go of what they will not keep. */
async function letGo(client: Queryable, sheet: Sheet, rows: PlannedRow[]): Promise<void> {
  for (const { key, sql } of sheet.columns.filter(({ unique }) => unique)) {
    const ids = rows.filter(({ existing, values }) => existing!.values[key] !== null && existing!.values[key] !== values[key])
    if (ids.length === 0) continue
    const type = typeof ids[0]!.existing!.id === 'number' ? 'int' : 'text'
    await client.query(`UPDATE ${sheet.table} SET ${sql} = NULL WHERE ${sheet.id} = ANY($1::${type}[])`, [
      ids.map(({ existing }) => existing!.id),
    ])
  }
}

/** The numbers of the new rows, in the order of `rows`. */
async function insert(client: Queryable, sheet: Sheet, columns: WrittenColumn[], rows: PlannedRow[]): Promise<(number | string)[]> {
  const names = columns.map(({ sql }) => sql).join(', ')
  const arrays = columns.map(({ type }, k) => `$${k + 1}::${parameterType(type)}[]`).join(', ')
  // INSERT … SELECT … ORDER BY gives its numbers, and returns its rows, in that order.
  const { rows: made } = await client.query<{ id: number | string }>(
    `INSERT INTO ${sheet.table} (${names})
     SELECT ${columns.map(fromRow).join(', ')} FROM unnest(${arrays}) WITH ORDINALITY AS n (${names}, ordinal) ORDER BY ordinal
     RETURNING ${sheet.id} AS id`,
    columns.map(({ of }) => rows.map(of)),
  )
  return made.map(({ id }) => id)
}

async function update(client: Queryable, sheet: Sheet, all: WrittenColumn[], rows: PlannedRow[]): Promise<void> {
  const columns = all.filter(({ onlyNew }) => !onlyNew)
  const names = columns.map(({ sql }) => sql).join(', ')
  const arrays = columns.map(({ type }, k) => `$${k + 3}::${parameterType(type)}[]`).join(', ')
  const idType = typeof rows[0]!.existing!.id === 'number' ? 'int' : 'text'
  const { rowCount } = await client.query(
    `UPDATE ${sheet.table} t SET ${columns.map((column) => `${column.sql} = ${column.updateSql ?? fromRow(column)}`).join(', ')}, version = t.version + 1
     FROM unnest($1::${idType}[], $2::int[], ${arrays}) AS n ("#id", "#version", ${names})
     WHERE t.${sheet.id} = n."#id" AND t.version = n."#version"`,
    [rows.map(({ existing }) => existing!.id), rows.map(({ existing }) => existing!.version), ...columns.map(({ of }) => rows.map(of))],
  )
  if (rowCount !== rows.length) throw changedMeanwhile('body.token', 'import.changed')
}
