// The list of terminals: by number, model or plate, by state, in a vehicle or not, silent for so many hours; a page at a time, with the total.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { contains, platePattern } from '../kernel/searchText.ts'
import { terminalsInSight, terminalsOneByOne } from '../kernel/sight.ts'
import { isUnder } from '../kernel/within.ts'
import { rowColumns, rowJoins, stateTests, terminalRowOf } from './terminalRow.ts'

export type TerminalQuery = z.output<Api['listTerminals']['query']>

const HOUR_MS = 3_600_000

type Matched = { sql: string; values: unknown[]; $: (value: unknown) => string }

/** SQL of the terminals that a filter finds in the scope. */
export function matching(scope: Sight, query: Omit<TerminalQuery, 'limit' | 'offset'>, nowMs: number): Matched {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [terminalsInSight($(scope.lft), $(scope.rgt), $(scope.cleared))]
  if (query.organisationId) tests.push(isUnder($(query.organisationId), 'o'))
  if (query.state) tests.push(stateTests[query.state])
  if (query.fitted) tests.push(`t.vehicle_id IS ${query.fitted === 'yes' ? 'NOT NULL' : 'NULL'}`)
  if (query.q) {
    const plate = platePattern(query.q)
    // Numbers are ASCII: compared as bytes they cost a third of what ILIKE does.
    const number = `lower(t.terminal_id COLLATE "C") LIKE ${$(contains(query.q.toLowerCase()))}`
    tests.push(`(${number} OR t.model ILIKE ${$(contains(query.q))} ${plate ? `OR v.plate LIKE ${$(plate)}` : ''})`)
  }
  if (query.silentHours) {
    const since = $(new Date(nowMs - query.silentHours * HOUR_MS))
    tests.push(`NOT EXISTS (SELECT FROM terminal_contacts c WHERE c.terminal_id = t.terminal_id AND c.last_at >= ${since})`)
  }
  return { sql: tests.join(' AND '), values, $ }
}

/** Nothing is asked of them, and the page is near the beginning: nearly every terminal that is looked at is on it. */
const isPlain = ({ limit: _, offset, ...asked }: TerminalQuery): boolean =>
  offset < 1_000 && Object.values(asked).every((value) => value === undefined || value === '')

/**
 * The first pages are taken in the order of the index and counted by a scan; of what is searched all is found once, for both: by the index a search
 * would look up far more than it finds. What a row costs is paid for the page alone.
 */
export async function listTerminals(db: Queryable, scope: Sight, query: TerminalQuery, nowMs: number): Promise<AnswerOf<'listTerminals'>> {
  const { sql, values, $ } = matching(scope, query, nowMs)
  const found = 'SELECT t.terminal_id, o.organisation_id'
  const order = (column: string) => `ORDER BY ${column} COLLATE "C" LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}`
  const [total, page] = isPlain(query)
    ? [sql, `page AS MATERIALIZED (${found} ${terminalsOneByOne($(scope.lft), $(scope.rgt), $(scope.cleared))} ${order('t.terminal_id')})`]
    : ['FROM found', `found AS MATERIALIZED (${found} ${sql}), page AS MATERIALIZED (SELECT * FROM found ${order('terminal_id')})`]
  const { rows } = await db.query(
    `WITH ${page}
     SELECT n.total, p.* FROM (SELECT count(*) AS total ${total}) n LEFT JOIN (
       SELECT ${rowColumns} FROM page JOIN terminals t USING (terminal_id) JOIN organisations o ON o.organisation_id = page.organisation_id ${rowJoins}) p ON true
     ORDER BY p.terminal_id COLLATE "C"`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.terminal_id !== null).map(terminalRowOf) }
}
