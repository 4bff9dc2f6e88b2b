// Messages that were not stored, with their bytes. The same bytes on the same topic for the same reason are one row that counts.
import { createHash } from 'node:crypto'
import type { Queryable } from '../platform/db.ts'
import type { Fault } from './message.ts'

const RECORD = `
INSERT INTO quarantine AS q (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at, times)
SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bytea[], $8::timestamptz[], $9::timestamptz[], $10::bigint[])
ON CONFLICT (digest, topic, reason) DO UPDATE SET last_at = excluded.last_at, times = q.times + excluded.times`

const MAX_DETAIL = 500

type Row = Fault & { digest: Buffer; times: number; lastMs: number }

/** Keeps the faults' bytes, topics and reasons. */
export async function recordQuarantine(client: Queryable, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return
  const rows = distinct(faults)
  await client.query(RECORD, [
    rows.map(({ digest }) => digest),
    rows.map(({ message }) => storable(message.topic)),
    rows.map(({ terminalId }) => terminalId),
    rows.map(({ reason }) => reason),
    rows.map(({ detail }) => storable(detail).slice(0, MAX_DETAIL)),
    rows.map(({ positions }) => positions),
    rows.map(({ message }) => Buffer.from(message.payload)),
    rows.map(({ message }) => new Date(message.receivedMs).toISOString()),
    rows.map(({ lastMs }) => new Date(lastMs).toISOString()),
    rows.map(({ times }) => times),
  ])
}

/** One row per bytes, topic and reason, in a fixed order: two workers that quarantine the same must not lock crosswise. */
function distinct(faults: readonly Fault[]): Row[] {
  const rows = new Map<string, Row>()
  for (const fault of faults) {
    const { topic, payload, receivedMs } = fault.message
    const digest = createHash('sha256').update(topic).update(payload).digest()
    const key = `${digest.toString('hex')} ${fault.reason}`
    const seen = rows.get(key)
    if (!seen) rows.set(key, { ...fault, digest, times: 1, lastMs: receivedMs })
    else {
      seen.times++
      seen.lastMs = receivedMs
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Postgres text cannot hold the character 0. */
const storable = (text: string): string => text.replaceAll('\u0000', '�')
