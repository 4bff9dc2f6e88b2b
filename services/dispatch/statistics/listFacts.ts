// The rows that a cell of a table was added up from. They are the facts of the table itself, so that they add up to it.
import { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayStartMs } from '../../domain/days.ts'
import { type Dimension, isPlace } from '../../domain/statistics/table.ts'
import { partsOf } from '../../domain/statistics/tables.ts'
import type { Database, Row } from '../../platform/db.ts'
import type { Who } from '../kernel/caller.ts'
import { hiddenVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { type Asked, readAsked } from './asked.ts'
import { factsOf } from './facts.ts'
import { treeAt } from './organisationTree.ts'

type Query = z.output<Api['listStatisticsFacts']['query']>

/** @throws Refusal as `readAsked`; VALIDATION_FAILED for keys that are not as many as the dimensions, and for a measure that the table has not */
export async function listStatisticsFacts(
  db: Database,
  { caller, reach }: Who,
  code: Asked['code'],
  query: Query,
  nowMs: number,
): Promise<AnswerOf<'listStatisticsFacts'>> {
  const asked = readAsked(caller, code, query, nowMs)
  const { table, by, now } = asked
  const { measure } = query
  const keys = query.keys === undefined ? undefined : readKeys(query.keys, by.length)
  const chosen = measure === undefined ? undefined : table.measures.find(({ key }) => key === measure)
  if (measure !== undefined && !chosen)
    throw refusal('VALIDATION_FAILED', 'query.measure', 'statistics.measure', { known: table.measures.map(({ key }) => key).join(', ') })
  const columns = [...table.measures.filter(({ of }) => !of), ...(chosen?.of ? (partsOf[code] ?? []) : [])]
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const facts = factsOf(code, $, now)
  const tests = [
    ...asked.tests,
    `f.unit_id IN (SELECT organisation_id FROM organisations WHERE ${unitTestsOf($, reach, query.organisationId).join(' AND ')})`,
    // A figure that is computed opens into all that it is computed from.
    chosen && !chosen.of ? `f."${chosen.key}" <> 0` : `(${columns.map(({ key }) => `f."${key}" <> 0`).join(' OR ')})`,
  ]
  if (keys) tests.push(...(await testsOf(db, by, keys, $, dayStartMs(addDays(now.until, 1)) - 1)))
  const hidden = `f.vehicle_id IN (SELECT h.vehicle_id FROM ${hiddenVehicles($(reach.cleared))} h)`
  const sums = columns.map(({ key }) => `coalesce(sum("${key}"), 0)::float8 AS "${key}"`).join(', ')
  const { rows } = await db.query(
    `WITH found AS MATERIALIZED (SELECT f.*, coalesce(${hidden}, false) AS hidden FROM ${facts} f WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM found WHERE NOT hidden ORDER BY unit_id, at NULLS FIRST, what, id LIMIT ${$(query.limit)} OFFSET ${$(query.offset)})
     SELECT n.total, n.hidden_total, n.sums, p.*, o.name AS unit, v.plate, v.plate_colour
     FROM (SELECT count(*) FILTER (WHERE NOT hidden) AS total, count(*) FILTER (WHERE hidden) AS hidden_total,
       (SELECT row_to_json(s) FROM (SELECT ${sums} FROM found) s) AS sums FROM found) n
     LEFT JOIN page p ON true LEFT JOIN organisations o ON o.organisation_id = p.unit_id LEFT JOIN every_vehicle v ON v.vehicle_id = p.vehicle_id
     ORDER BY p.unit_id, p.at NULLS FIRST, p.what, p.id`,
    values,
  )
  const first = rows[0]!
  return {
    columns: columns.map(({ key, kind, words: [zh, en] }) => ({ key, kind, words: [zh, en] })),
    total: first.total as number,
    hidden: first.hidden_total as number,
    sums: columns.map(({ key }) => (first.sums as Record<string, number>)[key]!),
    rows: rows
      .filter((row) => row.what !== null)
      .map((row) => ({
        what: row.what as string,
        id: row.id as number | null,
        at: (row.at as Date | null)?.toISOString() ?? null,
        unit: { organisationId: row.unit_id as number, name: row.unit as string },
        vehicle: vehicleOf(row),
        values: columns.map(({ key }) => Number(row[key])),
      })),
  }
}

/** Within JSON a NUL is written with an escape, which the door does not see. */
const keysSchema = z.array(
  z
    .string()
    .refine((key) => !key.includes('\0'))
    .nullable(),
)
/** @throws Refusal VALIDATION_FAILED */
function readKeys(text: string, count: number): (string | null)[] {
  try {
    return keysSchema.length(count).parse(JSON.parse(text))
  } catch {
    throw refusal('VALIDATION_FAILED', 'query.keys', 'statistics.keys', { n: count })
  }
}

const vehicleOf = (row: Row) =>
  row.vehicle_id === null
    ? null
    : { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' }

/** SQL tests over the facts `f` for one row's keys; a place is all units that stood under it then. */
async function testsOf(
  db: Database,
  by: readonly Dimension[],
  keys: readonly (string | null)[],
  $: (value: unknown) => string,
  atMs: number,
): Promise<string[]> {
  const places = by.some(isPlace) ? await treeAt(db, new Date(atMs)) : undefined
  const { rows: units } = places ? await db.query<{ id: number }>('SELECT organisation_id AS id FROM organisations') : { rows: [] }
  return by.map((dimension, at) => {
    const key = keys[at] ?? null
    if (!isPlace(dimension)) return `f."${dimension}" IS NOT DISTINCT FROM ${$(key)}::text`
    const under = units.filter(({ id }) => {
      const place = places!(id)[dimension]
      return key === null ? place === null : place?.organisationId === Number(key)
    })
    return `f.unit_id = ANY(${$(under.map(({ id }) => id))}::int[])`
  })
}
