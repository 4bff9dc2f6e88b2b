// Findings in which nobody has taken the next step for too long: told once above whoever should have.
import { DAY_MS } from '../../domain/days.ts'
import { escalations } from '../../domain/supervision/findings.ts'
import { type ActDeps, actAs } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep } from '../kernel/procedure.ts'
import { system } from '../kernel/record.ts'
import { TABLE } from './table.ts'

const AT_ONCE = 200

/** @returns how many were told of */
export async function escalateFindings(deps: ActDeps): Promise<number> {
  const { db, clock } = deps
  const nowMs = clock.nowMs()
  const { rows } = await db.query<{ id: number }>(
    `SELECT f.finding_id AS id FROM supervision_findings f JOIN unnest($1::text[], $2::timestamptz[]) w (state, before) ON w.state = f.state AND f.since <= w.before
     WHERE f.state NOT IN ('CLOSED', 'WITHDRAWN') AND f.escalated_at IS NULL ORDER BY f.since LIMIT ${AT_ONCE}`,
    [escalations.map(({ state }) => state), escalations.map(({ days }) => new Date(nowMs - days * DAY_MS))],
  )
  for (const { id } of rows)
    await actAs(deps, system, async (deed) => {
      const { rows: locked } = await deed.client.query<{ state: string }>(
        'SELECT state FROM supervision_findings WHERE finding_id = $1 AND escalated_at IS NULL FOR UPDATE',
        [id],
      )
      const [found] = locked
      if (!found || !escalations.some(({ state }) => state === found.state)) return
      await changeRow(deed.client, { table: TABLE.table, key: TABLE.key, id }, { escalated_at: new Date(nowMs) })
      await keepStep(deed, TABLE, id, { action: 'escalate', to: found.state, reason: '' })
      deed.record('supervision.step', { type: 'supervision-finding', id }, { detail: { action: 'escalate' } })
    })
  return rows.length
}
