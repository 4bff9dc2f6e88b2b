// The procedure of a finding (domain/supervision/findings.ts has the table).
import { DAY_MS } from '../../domain/days.ts'
import { ANSWER_DAYS, APPEAL_DAYS, supervisionLifecycle } from '../../domain/supervision/findings.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act, Deed } from '../kernel/act.ts'
import { grantFor, type Who } from '../kernel/caller.ts'
import type { Procedure } from '../kernel/procedure.ts'
import { columns, findingOf, loadFinding, type StoredFinding } from './findingRows.ts'
import { TABLE } from './table.ts'

const EVERYWHERE = { lft: 0, rgt: 2_147_483_647, cleared: [] as number[], unmasked: [], vehicleId: null }

export const supervisionProcedure: Procedure<StoredFinding> = {
  ...TABLE,
  lifecycle: supervisionLifecycle,
  lock: (act: Act, id) => loadFinding(act.client, { caller: act.caller, reach: { ...act.scope, vehicleId: null } }, id, 'FOR UPDATE OF f'),
  async listDue(db: Queryable, nowMs) {
    const { rows } = await db.query<{ id: number }>(
      `SELECT finding_id AS id FROM supervision_findings WHERE (state = 'NOTIFIED' AND since <= $1)
         OR (state IN ('VERIFIED_VIOLATION', 'UPHELD') AND since <= $2) ORDER BY since LIMIT 200`,
      [new Date(nowMs - ANSWER_DAYS * DAY_MS), new Date(nowMs - APPEAL_DAYS * DAY_MS)],
    )
    return rows.map(({ id }) => id)
  },
  async lockDue({ client }: Deed, id) {
    const { rows } = await client.query(
      `SELECT ${columns} FROM supervision_findings f JOIN every_vehicle v ON v.vehicle_id = f.vehicle_id JOIN organisations u ON u.organisation_id = f.unit_id
       WHERE f.finding_id = $5 AND $3::int[] IS NOT NULL FOR UPDATE OF f`,
      [EVERYWHERE.lft, EVERYWHERE.rgt, EVERYWHERE.cleared, 0, id],
    )
    return rows[0] && findingOf(rows[0])
  },
  reaches: ({ caller }: Who, { concerns, inScope }, side) =>
    side === 'asker' ? (grantFor(caller, 'finding.explain').reach === 'self' ? concerns : inScope) : inScope,
  refusals: {
    notNow: { path: 'body.action', reason: 'supervision.not', values: ({ state }) => ({ supervisionState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'supervision.samePerson' },
  },
  // A phone that sends an answer again is known by its key, which says nothing to whoever reads the record.
  effects: {
    explain: {
      before: async (_act, _row, { data: { key } }) => (key === undefined ? undefined : { kept: { key }, detail: { key: undefined } }),
    },
  },
  set: ({ state }, { to }, _kept, { nowMs }) => ({
    since: new Date(nowMs),
    escalated_at: null,
    // From the first word to whoever is concerned on he sees it.
    ...(state === 'OPEN' && to === 'NOTIFIED' ? { told_at: new Date(nowMs) } : {}),
  }),
  record: ({ id }, { action }) => ({ action: 'supervision.step', subject: { type: 'supervision-finding', id }, detail: { action } }),
  stateField: 'supervisionState',
}
