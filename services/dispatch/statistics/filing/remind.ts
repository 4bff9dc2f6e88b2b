// Reminds whoever is to fill a filing: when it was begun, some days before it is due, and when it is overdue.
import { dayAt } from '../../../domain/days.ts'
import { remindersBy } from '../../../domain/filing/filings.ts'
import type { Database } from '../../../platform/db.ts'
import { announceFiling } from '../../kernel/announce.ts'
import { system } from '../../kernel/record.ts'

/** In one go; the next goes on with the others. */
const MOST = 200

/** @returns how many were reminded of */
export async function remindOfFilings(db: Database, nowMs: number): Promise<number> {
  const today = dayAt(nowMs)
  const { rows } = await db.query<{ id: number; due: string; reminded: number }>(
    `SELECT f.filing_id AS id, f.due_on::text AS due, f.reminded FROM filings f
     WHERE f.state IN ('OPEN', 'RETURNED') AND f.reminded < CASE WHEN $1::date > f.due_on THEN 3 WHEN $1::date >= f.due_on - 3 THEN 2 ELSE 1 END
     ORDER BY f.due_on, f.filing_id LIMIT ${MOST}`,
    [today],
  )
  for (const { id, due, reminded } of rows)
    await db.transaction(async (client) => {
      // Another instance may be at it: one of them tells.
      const { rowCount } = await client.query('UPDATE filings SET reminded = $3 WHERE filing_id = $1 AND reminded = $2', [
        id,
        reminded,
        remindersBy(due, today),
      ])
      if (rowCount === 1) await announceFiling({ client, actor: system, nowMs }, id, 'remind', '')
    })
  return rows.length
}
