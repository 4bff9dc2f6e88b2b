// The time limits of a step that nobody decides: it is reminded of once, then it goes up one level. Both are steps of the system in the
// request's own history; what is told of them follows from these.
import { placeAbove } from '../../domain/approvals.ts'
import type { Queryable } from '../../platform/db.ts'
import { type ActDeps, actAs, type Deed } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep } from '../kernel/procedure.ts'
import { system } from '../kernel/record.ts'
import { placeColumns } from './chains.ts'
import { clockReader, loadChange } from './changeRows.ts'
import { keptChange } from './changes.ts'
import { loadRequest, type Request } from './requestRows.ts'
import { requestProcedure } from './requests.ts'

const AT_ONCE = 200

async function listDue(db: Queryable, now: Date): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT request_id AS id FROM trip_requests WHERE state = 'SUBMITTED' AND least(remind_at, escalate_at) <= $1
     ORDER BY least(remind_at, escalate_at) LIMIT ${AT_ONCE}`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/**
 * Writes down what the clock has brought, each request in an act of its own: one that cannot be holds up no other.
 * @returns how many there were
 * @throws what the first that failed threw, when the others are done
 */
export async function keepApprovalLimits(deps: ActDeps): Promise<number> {
  const failures: unknown[] = []
  const due = await listDue(deps.db, new Date(deps.clock.nowMs()))
  for (const requestId of due)
    await actAs(deps, system, (deed) => keepLimit(deed, requestId)).catch((error: unknown) => failures.push(error))
  const changes = await listDueChanges(deps.db, new Date(deps.clock.nowMs()))
  for (const changeId of changes)
    await actAs(deps, system, (deed) => keepLimitOfChange(deed, changeId)).catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
  return due.length + changes.length
}

async function listDueChanges(db: Queryable, now: Date): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT change_id AS id FROM order_changes WHERE state = 'ASKED' AND least(remind_at, escalate_at) <= $1
     ORDER BY least(remind_at, escalate_at) LIMIT ${AT_ONCE}`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/** A change on the road waits by the same limits as a request. */
async function keepLimitOfChange(deed: Deed, changeId: number): Promise<void> {
  const { client, nowMs } = deed
  const change = await loadChange(client, clockReader(nowMs), changeId, 'FOR UPDATE OF c')
  const { chain, chainAt, level, orderId, remindAt, escalateAt, state } = change
  const isOver = (limit: Date | null) => state === 'ASKED' && limit !== null && limit.getTime() <= nowMs
  const action = isOver(escalateAt) ? 'escalate' : isOver(remindAt) ? 'remind' : null
  if (action === null) return
  const above = action === 'escalate' ? placeAbove({ at: chainAt, level }, chain!.hasLeague) : null
  const columns = above ? placeColumns(chain!, above, nowMs, level) : action === 'escalate' ? { escalate_at: null } : { remind_at: null }
  await changeRow(client, { table: 'order_changes', key: 'change_id', id: changeId }, { ...columns })
  await keepStep(deed, keptChange, changeId, { action, to: state, reason: '' }, { level })
  deed.record('order.change-step', { type: 'order', id: orderId }, { detail: { action, changeId, level } })
}

async function keepLimit(deed: Deed, requestId: number): Promise<void> {
  const { client, nowMs } = deed
  const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }
  const request = await loadRequest(client, everywhere, { owner: null, accountId: 0, decides: false, nowMs }, requestId, 'FOR UPDATE OF r')
  const { rows } = await client.query<{ remind: Date | null; escalate: Date | null }>(
    'SELECT remind_at AS remind, escalate_at AS escalate FROM trip_requests WHERE request_id = $1',
    [requestId],
  )
  const isOver = (limit: Date | null) => request.state === 'SUBMITTED' && limit !== null && limit.getTime() <= nowMs
  if (isOver(rows[0]!.escalate)) return goUp(deed, request)
  if (isOver(rows[0]!.remind)) await write(deed, request, 'remind', { remind_at: null })
}

/** To the level above, with limits of its own; for a while the lower one may decide as well. */
async function goUp(deed: Deed, request: Request): Promise<void> {
  const above = placeAbove({ at: request.chainAt, level: request.level }, request.chain.hasLeague)
  const columns = above ? placeColumns(request.chain, above, deed.nowMs, request.level) : { escalate_at: null }
  await write(deed, request, 'escalate', columns)
}

async function write(deed: Deed, { requestId, level, state }: Request, action: 'remind' | 'escalate', columns: object): Promise<void> {
  await changeRow(deed.client, { table: 'trip_requests', key: 'request_id', id: requestId }, { ...columns })
  await keepStep(deed, requestProcedure, requestId, { action, to: state, reason: '' }, { level })
  deed.record('request.step', { type: 'request', id: requestId }, { detail: { action, level } })
}
