// The conservation counters: received = stored + duplicate + quarantined, of every kind, in elements and in messages, counted in the
// transaction that they speak of.
import type { Queryable } from '../platform/db.ts'
import { wrote } from '../platform/wrote.ts'
import type { Committed, Counts, Part } from './work.ts'

const outcomes = ['received', 'stored', 'duplicate', 'quarantined'] as const satisfies readonly (keyof Counts)[]
const counters = [...outcomes, ...outcomes.map((outcome) => `messages_${outcome}`)]

const WORKER = `
INSERT INTO ingest_tally AS t (worker, minute, kind, ${counters.join(', ')})
SELECT $1, date_trunc('minute', $2::timestamptz), n.*
  FROM unnest($3::text[], ${counters.map((_, i) => `$${i + 4}::bigint[]`).join(', ')}) AS n
ON CONFLICT (minute, worker, kind) DO UPDATE SET ${counters.map((name) => `${name} = t.${name} + excluded.${name}`).join(', ')}`

const TERMINAL = `
INSERT INTO terminal_tally AS t (terminal_id, minute, kind, stored, duplicate, quarantined)
SELECT terminal_id, date_trunc('minute', $1::timestamptz), kind, stored, duplicate, quarantined
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS x(terminal_id, kind, stored, duplicate, quarantined)
ON CONFLICT (terminal_id, minute, kind) DO UPDATE SET stored = t.stored + excluded.stored, duplicate = t.duplicate + excluded.duplicate,
  quarantined = t.quarantined + excluded.quarantined`

export async function recordTally(client: Queryable, worker: string, nowMs: number, committed: Committed): Promise<void> {
  const values = [
    committed.map(({ kind }) => kind.name),
    ...outcomes.map((outcome) => committed.map(({ elements }) => elements[outcome])),
    ...outcomes.map((outcome) => committed.map(({ messages }) => messages[outcome])),
  ]
  wrote(await client.query(WORKER, [worker, new Date(nowMs).toISOString(), ...values]), committed.length, 'the tally')
}

type TerminalCounts = { terminalId: string; kind: string; stored: number; duplicate: number; quarantined: number }

/** What became of `parts`, one by one in `committed`. Of kinds that count themselves only what is out of the ordinary has rows here: a fleet that behaves writes none. */
export async function recordTerminalTally(client: Queryable, nowMs: number, parts: readonly Part[], committed: Committed): Promise<void> {
  const rows = new Map<string, TerminalCounts>()
  const add = (terminalId: string, kind: string, what: 'stored' | 'duplicate' | 'quarantined', count: number): void => {
    const key = `${terminalId} ${kind}`
    const row = rows.get(key) ?? { terminalId, kind, stored: 0, duplicate: 0, quarantined: 0 }
    row[what] += count
    rows.set(key, row)
  }
  for (const [i, { kind, readings, faults }] of parts.entries()) {
    const { duplicates } = committed[i]!
    for (const { terminalId, elements } of faults) if (terminalId !== null) add(terminalId, kind.name, 'quarantined', elements)
    for (const { terminalId } of duplicates) add(terminalId, kind.name, 'duplicate', 1)
    if (kind.countsItself) continue
    for (const { terminalId } of readings) add(terminalId, kind.name, 'stored', 1)
    for (const { terminalId } of duplicates) add(terminalId, kind.name, 'stored', -1)
  }
  if (rows.size === 0) return
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  const result = await client.query(TERMINAL, [
    new Date(nowMs).toISOString(),
    sorted.map(({ terminalId }) => terminalId),
    sorted.map(({ kind }) => kind),
    sorted.map(({ stored }) => stored),
    sorted.map(({ duplicate }) => duplicate),
    sorted.map(({ quarantined }) => quarantined),
  ])
  wrote(result, sorted.length, 'the tally of terminals')
}
