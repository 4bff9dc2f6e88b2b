// What was changed of a driver, by whom and why: read from the audit log, which is the only history there is.
import type { AnswerOf } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'

const MAX_ROWS = 200

/** Newest first. The caller has made sure that the driver is in reach. Numbers that name a person are masked in the log itself. */
export async function listDriverHistory(db: Queryable, driverId: number): Promise<AnswerOf<'listDriverHistory'>['rows']> {
  const { rows } = await db.query<{ at: Date; username: string; action: string; body: string }>(
    `SELECT at, username, action, body FROM audit_log
     WHERE subject_type = 'driver' AND subject_id = $1 AND action LIKE 'driver.%' ORDER BY seq DESC LIMIT ${MAX_ROWS}`,
    [String(driverId)],
  )
  return rows.map(({ at, username, action, body }) => {
    const {
      before = null,
      after = null,
      purpose = null,
    } = JSON.parse(body) as Record<'before' | 'after', Record<string, unknown>> & { purpose?: string }
    return { at: at.toISOString(), username, action, before, after, purpose }
  })
}
