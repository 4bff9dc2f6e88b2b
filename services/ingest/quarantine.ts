// Messages that were not stored, with their bytes. The same bytes on the same topic for the same reason are one row that counts; of what
// the broker refused, by the same sender. The columns are called after positions, the first kind; they count elements of any.
import { createHash } from 'node:crypto'
import type { Queryable } from '../platform/db.ts'
import { wrote } from '../platform/wrote.ts'
import type { Fault } from './message.ts'

const RECORD = `
INSERT INTO quarantine AS q (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at, times, earlier_positions)
SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bytea[], $8::timestamptz[], $9::timestamptz[], $10::bigint[], $11::bigint[])
ON CONFLICT (digest, topic, reason) DO UPDATE SET last_at = excluded.last_at, times = q.times + excluded.times, positions = excluded.positions,
  earlier_positions = q.earlier_positions + q.positions + excluded.earlier_positions`

/** Held against the rows later: dispatch/operations/rowCheck.ts. */
const COUNT = `
INSERT INTO quarantine_tally AS t (worker, messages, positions) VALUES ($1, $2, $3)
ON CONFLICT (worker) DO UPDATE SET messages = t.messages + excluded.messages, positions = t.positions + excluded.positions`

const MAX_DETAIL = 500
/** Topics of ours are shorter. A longer one would not fit into the index; the digest is of the whole. */
const MAX_TOPIC = 200

type Row = Fault & { digest: Buffer; times: number; lastMs: number; earlier: number }

/** Keeps the faults' bytes, topics and reasons. @throws NotWritten when the database kept fewer: then nothing may be acknowledged */
export async function recordQuarantine(client: Queryable, worker: string, faults: readonly Fault[]): Promise<void> {
  if (faults.length === 0) return
  const rows = distinct(faults)
  const result = await client.query(RECORD, [
    rows.map(({ digest }) => digest),
    rows.map(({ message }) => storable(message.topic).slice(0, MAX_TOPIC)),
    rows.map(({ terminalId }) => terminalId),
    rows.map(({ reason }) => reason),
    rows.map(({ detail }) => storable(detail).slice(0, MAX_DETAIL)),
    rows.map(({ elements }) => elements),
    rows.map(({ message }) => Buffer.from(message.payload)),
    rows.map(({ message }) => new Date(message.receivedMs).toISOString()),
    rows.map(({ lastMs }) => new Date(lastMs).toISOString()),
    rows.map(({ times }) => times),
    rows.map(({ earlier }) => earlier),
  ])
  wrote(result, rows.length, 'the quarantine')
  const elements = faults.reduce((sum, fault) => sum + fault.elements, 0)
  wrote(await client.query(COUNT, [worker, faults.length, elements]), 1, 'the tally of the quarantine')
}

/** One row per bytes, topic and reason, in a fixed order: two workers that quarantine the same must not lock crosswise. */
function distinct(faults: readonly Fault[]): Row[] {
  const rows = new Map<string, Row>()
  for (const fault of faults) {
    const { topic, payload, receivedMs } = fault.message
    const { sender } = fault.message.refused ?? {}
    const digest = createHash('sha256')
      .update(topic)
      .update(payload)
      .update(sender ?? '')
      .digest()
    const key = `${digest.toString('hex')} ${fault.reason}`
    const seen = rows.get(key)
    if (!seen) rows.set(key, { ...fault, digest, times: 1, lastMs: receivedMs, earlier: 0 })
    else {
      seen.times++
      seen.earlier += seen.elements
      seen.elements = fault.elements
      seen.lastMs = receivedMs
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** Postgres text cannot hold the character 0. */
const storable = (text: string): string => text.replaceAll('\u0000', '�')
