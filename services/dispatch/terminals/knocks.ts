// Who came to the broker and was not let in. A number that is nobody's yet is shown to everybody who may register it; one that is
// registered is shown to those alone who see the terminal.
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { contains } from '../kernel/searchText.ts'
import { terminalsInSight } from '../kernel/sight.ts'
import { knockOf } from './terminalDetail.ts'

export async function listTerminalKnocks(
  db: Queryable,
  scope: Sight,
  query: z.output<Api['listTerminalKnocks']['query']>,
): Promise<AnswerOf<'listTerminalKnocks'>> {
  const matched = `FROM terminal_knocks k
    WHERE (NOT EXISTS (SELECT FROM terminals t WHERE t.terminal_id = k.name)
      OR EXISTS (SELECT ${terminalsInSight('$1', '$2', '$3')} AND t.terminal_id = k.name))
      AND ($4::text IS NULL OR k.name ILIKE $4)`
  const values = [scope.lft, scope.rgt, scope.cleared, query.q ? contains(query.q) : null]
  const { rows: counted } = await db.query<{ total: number }>(`SELECT count(*) AS total ${matched}`, values)
  const { rows } = await db.query(`SELECT k.* ${matched} ORDER BY k.last_at DESC, k.name, k.why LIMIT $5 OFFSET $6`, [
    ...values,
    query.limit,
    query.offset,
  ])
  return { total: counted[0]!.total, rows: rows.map((row) => ({ name: row.name as string, ...knockOf(row) })) }
}
