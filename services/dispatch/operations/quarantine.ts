// What ingest could not store: listed with its bytes, and put through ingest again.
// Messages of terminals that the ledger does not place belong to nobody's unit: only the whole region sees them.
import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { invalidInput, Refusal } from '../../contracts/errors.ts'
import type { QuarantineReason } from '../../contracts/position.ts'
import { parseUplinkTopic } from '../../contracts/topics.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { actorOf, type Caller, holdsRegion } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { isOpen } from '../audit/sight.ts'

/** Puts bytes on a topic with QoS 1; resolves when the broker has acknowledged them. Rejects with Refusal UNAVAILABLE without a broker. */
export type Publish = (topic: string, payload: Uint8Array) => Promise<void>

const inScope = `
  FROM quarantine q
  LEFT JOIN terminals t ON t.terminal_id = q.terminal_id
  LEFT JOIN vehicles v ON v.vehicle_id = t.vehicle_id
  LEFT JOIN organisations o ON o.organisation_id = v.user_unit_id
  WHERE (o.lft BETWEEN $1 AND $2 OR (o.lft IS NULL AND $3)) AND (v.vehicle_id IS NULL OR ${isOpen('$4')})`

const scopeValues = (caller: Caller) => [caller.scope.lft, caller.scope.rgt, holdsRegion(caller), caller.scope.cleared]

export async function listQuarantine(
  db: Queryable,
  caller: Caller,
  query: z.output<Api['listQuarantine']['query']>,
): Promise<AnswerOf<'listQuarantine'>> {
  const matching = `${inScope} AND ($5::text IS NULL OR q.terminal_id = $5) AND ($6::text IS NULL OR q.reason = $6)`
  const values = [...scopeValues(caller), query.terminalId ?? null, query.reason ?? null]
  const total = await db.query<{ total: number }>(`SELECT count(*) AS total ${matching}`, values)
  const { rows } = await db.query(`SELECT q.* ${matching} ORDER BY q.last_at DESC, q.quarantine_id DESC LIMIT $7 OFFSET $8`, [
    ...values,
    query.limit,
    query.offset,
  ])
  return { total: total.rows[0]!.total, rows: rows.map(rowOf) }
}

function rowOf(row: Row): AnswerOf<'listQuarantine'>['rows'][number] {
  const payload = row.payload as Buffer
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
    bytesLength: payload.byteLength,
    text: isUtf8(payload) ? payload.toString('utf8') : null,
    base64: payload.toString('base64'),
    replayedAt: row.replayed_at === null ? null : (row.replayed_at as Date).toISOString(),
  }
}

/**
 * Publishes the stored bytes on their topic again. Behind the embedded broker the acknowledgement means stored or quarantined
 * anew; a server broker's means that ingest will get it. The record of the act is written before the act.
 * @throws Refusal NOT_FOUND, VALIDATION_FAILED (a topic that is no uplink), UNAVAILABLE
 */
export async function replayQuarantined(db: Database, publish: Publish, caller: Caller, quarantineId: number, atMs: number): Promise<void> {
  const message = await db.transaction(async (client) => {
    const { rows } = await client.query<{ topic: string; payload: Buffer }>(
      `SELECT q.topic, q.payload ${inScope} AND q.quarantine_id = $5`,
      [...scopeValues(caller), quarantineId],
    )
    if (!rows[0]) throw new Refusal('NOT_FOUND')
    if (!parseUplinkTopic(rows[0].topic))
      throw invalidInput('params.quarantineId', 'this message came on a topic that ingest does not read')
    await recordAudit(client, {
      atMs,
      actor: actorOf(caller),
      action: 'quarantine.replay',
      subject: { type: 'quarantine', id: quarantineId },
    })
    return rows[0]
  })
  await publish(message.topic, message.payload)
  await db.query('UPDATE quarantine SET replayed_at = $2 WHERE quarantine_id = $1', [quarantineId, new Date(atMs)])
}
