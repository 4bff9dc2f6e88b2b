// What ingest could not store: listed without its bytes, which say where a vehicle was; the bytes by a look that is on record; and put
// through ingest again.
// A terminal that is in no vehicle belongs to its organisation; what names no terminal of ours is seen by the whole region alone.
import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { QuarantineReason } from '../../contracts/position.ts'
import { refusal } from '../../contracts/refusals.ts'
import { parseUplinkTopic } from '../../contracts/topics.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import { type ActDeps, act } from '../kernel/act.ts'
import { actorOf, holdsRegion, underUnmasking, type Who } from '../kernel/caller.ts'
import { type AuditEntry, recordAuditMany } from '../kernel/record.ts'
import { hiddenVehicles, openVehicles } from '../kernel/sight.ts'
import { usesOf } from '../kernel/use.ts'

/** Puts bytes on a topic with QoS 1; resolves when the broker has acknowledged them. Rejects with Refusal UNAVAILABLE without a broker. */
export type Publish = (topic: string, payload: Uint8Array) => Promise<void>

// A message is that vehicle's in which its terminal was when it came. What it holds may be older, and of another vehicle: so it is hidden
// as well from who may not know of any vehicle in which the terminal was until then.
const vehicleThen = `CASE WHEN b.vehicle_id IS NOT NULL THEN b.vehicle_id
    WHEN t.bound_since IS NULL OR t.bound_since <= q.first_at THEN t.vehicle_id END`
const inScope = `
  FROM quarantine q
  LEFT JOIN terminals t ON t.terminal_id = q.terminal_id
  LEFT JOIN terminal_past_bindings b ON b.terminal_id = q.terminal_id AND b.during @> q.first_at
  LEFT JOIN ${openVehicles('$4')} v ON v.vehicle_id = ${vehicleThen}
  LEFT JOIN organisations o ON o.organisation_id = coalesce(v.user_unit_id, t.organisation_id)
  WHERE (o.lft BETWEEN $1 AND $2 OR (o.lft IS NULL AND $3)) AND (v.vehicle_id IS NOT NULL OR (${vehicleThen}) IS NULL)
    AND NOT EXISTS (SELECT FROM terminal_past_bindings p JOIN ${hiddenVehicles('$4')} h USING (vehicle_id) WHERE p.terminal_id = q.terminal_id)`

const listed = `q.quarantine_id, q.first_at, q.last_at, q.times, q.topic, q.terminal_id, q.reason, q.detail, q.positions,
  octet_length(q.payload) AS bytes, q.replayed_at`

const scopeValues = ({ caller, reach }: Who) => [reach.lft, reach.rgt, holdsRegion(caller), reach.cleared]

export async function listQuarantine(
  db: Queryable,
  who: Who,
  query: z.output<Api['listQuarantine']['query']>,
): Promise<AnswerOf<'listQuarantine'>> {
  const matching = `${inScope} AND ($5::text IS NULL OR q.terminal_id = $5) AND ($6::text IS NULL OR q.reason = $6)`
  const values = [...scopeValues(who), query.terminalId ?? null, query.reason ?? null]
  const total = await db.query<{ total: number }>(`SELECT count(*) AS total ${matching}`, values)
  const { rows } = await db.query(`SELECT ${listed} ${matching} ORDER BY q.last_at DESC, q.quarantine_id DESC LIMIT $7 OFFSET $8`, [
    ...values,
    query.limit,
    query.offset,
  ])
  return { total: total.rows[0]!.total, rows: rows.map(rowOf) }
}

function rowOf(row: Row): AnswerOf<'listQuarantine'>['rows'][number] {
  return {
    quarantineId: row.quarantine_id as number,
    firstAt: (row.first_at as Date).toISOString(),
    lastAt: (row.last_at as Date).toISOString(),
    times: row.times as number,
    topic: row.topic as string,
    terminalId: row.terminal_id as string | null,
    reason: row.reason as QuarantineReason,
    detail: row.detail as string,
    positions: row.positions as number,
    bytesLength: row.bytes as number,
    replayedAt: row.replayed_at === null ? null : (row.replayed_at as Date).toISOString(),
  }
}

/**
 * The bytes of one message. Who looks, why, at whose message of which reason is committed to the audit log before they are read.
 * @throws Refusal NOT_FOUND, PURPOSE_REQUIRED
 */
export async function readQuarantined(
  db: Database,
  who: Who,
  quarantineId: number,
  purpose: string | undefined,
  atMs: number,
): Promise<AnswerOf<'readQuarantined'>> {
  if (!purpose) throw new Refusal('PURPOSE_REQUIRED')
  const values = [...scopeValues(who), quarantineId]
  const { rows } = await db.query<{
    terminalId: string | null
    reason: string
    positions: number
    bytes: number
    vehicleId: number | null
  }>(
    `SELECT q.terminal_id AS "terminalId", q.reason, q.positions, octet_length(q.payload) AS bytes, v.vehicle_id AS "vehicleId"
     ${inScope} AND q.quarantine_id = $5`,
    values,
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  const { vehicleId, ...of } = rows[0]
  const under = vehicleId === null ? {} : underUnmasking(who.reach, vehicleId)
  const own: AuditEntry = {
    atMs,
    actor: actorOf(who.caller),
    action: 'quarantine.look',
    subject: { type: 'quarantine', id: quarantineId },
    purpose,
    detail: { ...of, ...under },
  }
  await recordAuditMany(db, [own, ...(vehicleId === null ? [] : usesOf(who, [vehicleId], 'quarantine', atMs, purpose))])
  const { rows: read } = await db.query<{ payload: Buffer }>(`SELECT q.payload ${inScope} AND q.quarantine_id = $5`, values)
  if (!read[0]) throw new Refusal('NOT_FOUND')
  const { payload } = read[0]
  return { quarantineId, text: isUtf8(payload) ? payload.toString('utf8') : null, base64: payload.toString('base64') }
}

/**
 * Publishes the stored bytes on their topic again. Behind the embedded broker the acknowledgement means stored or quarantined
 * anew; a server broker's means that ingest will get it. The record of the act is written before the act.
 * @throws Refusal NOT_FOUND, VALIDATION_FAILED (a topic that is no uplink, or names another terminal than the sender), UNAVAILABLE
 */
export async function replayQuarantined(deps: ActDeps, publish: Publish, who: Who, quarantineId: number): Promise<void> {
  const { message, atMs } = await act(deps, who, async ({ client, nowMs, record }) => {
    const { rows } = await client.query<{ topic: string; terminalId: string | null; payload: Buffer }>(
      `SELECT q.topic, q.terminal_id AS "terminalId", q.payload ${inScope} AND q.quarantine_id = $5`,
      [...scopeValues(who), quarantineId],
    )
    if (!rows[0]) throw new Refusal('NOT_FOUND')
    const { topic, terminalId } = rows[0]
    const uplink = parseUplinkTopic(topic)
    if (!uplink) throw refusal('VALIDATION_FAILED', 'params.quarantineId', 'quarantine.topic')
    // What one terminal said in another's name would be stored as the other's.
    if (terminalId !== null && terminalId !== uplink.terminalId) throw refusal('CONFLICT', 'params.quarantineId', 'quarantine.foreign')
    record('quarantine.replay', { type: 'quarantine', id: quarantineId })
    return { message: rows[0], atMs: nowMs }
  })
  await publish(message.topic, message.payload)
  // Of what was put through, not of the act: nothing is waited for in a transaction but the database.
  const mark = 'UPDATE quarantine SET replayed_at = $2 WHERE quarantine_id = $1'
  wrote(await deps.db.query(mark, [quarantineId, new Date(atMs)]), 1, 'the mark of a replay')
}
