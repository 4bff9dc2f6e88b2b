// The conservation counters: received = stored + duplicate + quarantined, counted in the transaction that they speak of.
import type { Queryable } from '../platform/db.ts'
import { wrote } from '../platform/wrote.ts'
import type { Fault } from './message.ts'

const WORKER = `
INSERT INTO ingest_tally AS t (worker, minute, received, stored, duplicate, quarantined)
VALUES ($1, date_trunc('minute', $2::timestamptz), $3, $4, $5, $6)
ON CONFLICT (minute, worker) DO UPDATE SET received = t.received + excluded.received, stored = t.stored + excluded.stored,
  duplicate = t.duplicate + excluded.duplicate, quarantined = t.quarantined + excluded.quarantined`

const TERMINAL = `
INSERT INTO terminal_tally AS t (terminal_id, minute, duplicate, quarantined)
SELECT terminal_id, date_trunc('minute', $1::timestamptz), duplicate, quarantined
  FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS x(terminal_id, duplicate, quarantined)
ON CONFLICT (terminal_id, minute) DO UPDATE SET duplicate = t.duplicate + excluded.duplicate, quarantined = t.quarantined + excluded.quarantined`

export type Counts = { received: number; stored: number; duplicate: number; quarantined: number }

export async function recordTally(client: Queryable, worker: string, nowMs: number, counts: Counts): Promise<void> {
  const { received, stored, duplicate, quarantined } = counts
  const result = await client.query(WORKER, [worker, new Date(nowMs).toISOString(), received, stored, duplicate, quarantined])
  wrote(result, 1, 'the tally')
}

/** Only what is out of the ordinary has rows here: a fleet that behaves writes none. */
export async function recordTerminalTally(
  client: Queryable,
  nowMs: number,
  faults: readonly Fault[],
  duplicates: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = new Map([...duplicates].map(([terminalId, duplicate]) => [terminalId, { duplicate, quarantined: 0 }]))
  for (const { terminalId, positions } of faults) {
    if (terminalId === null) continue
    const row = rows.get(terminalId)
    if (row) row.quarantined += positions
    else rows.set(terminalId, { duplicate: 0, quarantined: positions })
  }
  if (rows.size === 0) return
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
  const result = await client.query(TERMINAL, [
    new Date(nowMs).toISOString(),
    sorted.map(([terminalId]) => terminalId),
    sorted.map(([, { duplicate }]) => duplicate),
    sorted.map(([, { quarantined }]) => quarantined),
  ])
  wrote(result, sorted.length, 'the tally of terminals')
}
