// The ledger's rows as the values of a sheet's columns: by key for a check, by number for an export.
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import type { Kind, Value } from './kinds.ts'
import type { Existing, Sheet } from './sheet.ts'
import { instantSql } from './timeKinds.ts'

/** Days and instants leave the database as text: a Date would be an instant in some time zone, and has no microseconds. */
const asText: Partial<Record<Kind['sql'], (read: string) => string>> = {
  date: (read) => `${read}::text`,
  timestamptz: instantSql,
  'text[]': (read) => `array_to_string(${read}, ',')`,
}

const readSql = (sheet: Sheet): string =>
  sheet.columns
    .map(({ key, sql, readSql: read = `t.${sql}`, kind }) => {
      return `${asText[kind.sql]?.(read) ?? read} AS "${key}"`
    })
    .join(', ')

const columnOf = (sheet: Sheet, key: string) => sheet.columns.find((column) => column.key === key)!

/** Joins `own`, the organisation whose row it is. What is nobody's belongs to the root, which is numbered from 1. */
export const ownerJoin = (sheet: Sheet): string => `LEFT JOIN organisations own ON own.organisation_id = ${sheet.owner}`
export const inScope = (lft: string, rgt: string): string => `coalesce(own.lft BETWEEN ${lft}::int AND ${rgt}::int, ${lft}::int = 1)`

/** Is the row's vehicle, where it has one, open to the reader? */
export const isRowOpen = ({ vehicle }: Sheet, cleared: string): string =>
  vehicle ? `NOT EXISTS (SELECT FROM ${hiddenVehicles(cleared)} h WHERE h.vehicle_id = ${vehicle})` : `${cleared}::int[] IS NOT NULL`

const valuesOf = (sheet: Sheet, row: Row): Record<string, Value> =>
  Object.fromEntries(sheet.columns.map(({ key }) => [key, row[key] as Value]))

/** Values of the key's columns joined; no column of a key holds U+001F. */
export const keyOf = (sheet: Sheet, values: Record<string, Value>): string =>
  sheet.key.map((key) => String(values[key] ?? '')).join('\u001f')

/** Rows with these keys, whoever they belong to. One that is out of sight is as good as another scope's. */
export async function findExisting(
  db: Queryable,
  sheet: Sheet,
  scope: Sight,
  candidates: readonly Record<string, Value>[],
): Promise<Map<string, Existing>> {
  const keys = sheet.key.map((key) => columnOf(sheet, key))
  const { rows } = await db.query(
    `SELECT t.${sheet.id} AS "#id", t.version AS "#version", ${inScope('$1', '$2')} AND ${isRowOpen(sheet, '$3')} AS "#inScope", ${readSql(sheet)}
     FROM (SELECT DISTINCT * FROM unnest(${keys.map(({ kind }, k) => `$${k + 4}::${kind.sql}[]`).join(', ')}) AS k (${keys.map((_key, k) => `k${k}`).join(', ')})) k
     JOIN ${sheet.table} t ON ${keys.map(({ sql, readSql }, k) => `(${readSql ?? `t.${sql}`}) = k.k${k}`).join(' AND ')} ${sheet.same ? `AND ${sheet.same}` : ''}
     ${ownerJoin(sheet)}`,
    [scope.lft, scope.rgt, scope.cleared, ...keys.map(({ key }) => candidates.map((values) => values[key]))],
  )
  return new Map(
    rows.map((row) => {
      const values = valuesOf(sheet, row)
      return [
        keyOf(sheet, values),
        { id: row['#id'] as number, version: row['#version'] as number, inScope: row['#inScope'] as boolean, values },
      ]
    }),
  )
}

/** Which of these values of a unique column stand in the ledger, and on which row. */
export async function findTaken(db: Queryable, sheet: Sheet, key: string, values: readonly Value[]): Promise<Map<Value, number | string>> {
  const { sql, kind } = columnOf(sheet, key)
  const { rows } = await db.query<{ value: Value; id: number | string }>(
    `SELECT t.${sql} AS value, t.${sheet.id} AS id FROM ${sheet.table} t WHERE t.${sql} = ANY($1::${kind.sql}[])`,
    [values],
  )
  return new Map(rows.map(({ value, id }) => [value, id]))
}

export async function readRows(db: Queryable, sheet: Sheet, ids: readonly (number | string)[]): Promise<Record<string, Value>[]> {
  const { rows } = await db.query(`SELECT t.${sheet.id} AS "#id", ${readSql(sheet)} FROM ${sheet.table} t WHERE t.${sheet.id} = ANY($1)`, [
    ids,
  ])
  const byId = new Map(rows.map((row) => [row['#id'], valuesOf(sheet, row)]))
  return ids.map((id) => byId.get(id)).filter((values) => values !== undefined)
}
