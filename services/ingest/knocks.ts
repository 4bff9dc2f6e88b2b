// Who came to the door and was not let in, or sends faster than it may: gathered in memory, written about once a second in one statement,
// and bounded in both places, so that a flood of names costs next to nothing. Never a secret: a name that cannot be a terminal's number is not kept, for a secret given
// in the name's place is longer than any number. Best effort: what cannot be written is forgotten.
import { TERMINAL_ID } from '../contracts/topics.ts'
import { SERVICE_USERNAME } from '../platform/broker/authority.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Fault } from './message.ts'

export type KnockReason = 'unknown' | 'secret' | 'none' | 'revoked' | 'gateway' | 'pace'
type Knock = { name: string; why: KnockReason; firstMs: number; lastMs: number; times: number; cameBy: string }

/** New names that are heard in one second; of more than these the others are not: an honest one comes again. */
const HEARD_AT_ONCE = 1_000
/** Rows that are kept. */
export const KNOCKS_KEPT = 10_000
const MAX_CAME_BY = 100

// One that was registered meanwhile is unknown no more.
const WRITE = `
INSERT INTO terminal_knocks AS k (name, why, first_at, last_at, times, came_by)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::text[]) AS n(name, why, first_at, last_at, times, came_by)
 WHERE n.why NOT IN ('unknown', 'gateway') OR NOT EXISTS (SELECT FROM terminals t WHERE t.terminal_id = n.name)
ON CONFLICT (name, why) DO UPDATE SET last_at = greatest(k.last_at, excluded.last_at), times = k.times + excluded.times, came_by = excluded.came_by`

const OLDEST_LEAVE = `
DELETE FROM terminal_knocks WHERE (name, why) IN (SELECT name, why FROM terminal_knocks ORDER BY last_at DESC, name, why OFFSET ${KNOCKS_KEPT})`

export type Knocks = {
  /** Somebody gave this name and was not let in; or was, and is read no further for a while. */
  note(name: string, why: KnockReason, cameBy: string): void
  /** What a gateway said for terminals that are not there, or were revoked. */
  noteFaults(faults: readonly Fault[]): void
  /** It was let in: that it was not is done with. How it behaves inside is not. */
  forget(name: string): void
  /** Writes what was gathered. */
  write(): Promise<void>
}

/** `known` are the names that have knocked before. */
export async function createKnocks(db: Database, clock: Clock): Promise<Knocks> {
  const { rows } = await db.query<{ name: string }>('SELECT DISTINCT name FROM terminal_knocks')
  // Nearly all who are let in never knocked: only for these is there anything to forget.
  const knocked = new Set(rows.map(({ name }) => name))
  let gathered = new Map<string, Knock>()
  let forgotten = new Set<string>()

  function note(name: string, why: KnockReason, cameBy: string): void {
    if (!TERMINAL_ID.test(name)) return
    const key = `${why} ${name}`
    const nowMs = clock.nowMs()
    const sofar = gathered.get(key)
    if (!sofar && gathered.size >= HEARD_AT_ONCE) return
    const { firstMs, times } = sofar ?? { firstMs: nowMs, times: 0 }
    gathered.set(key, { name, why, firstMs, lastMs: nowMs, times: times + 1, cameBy: cameBy.slice(0, MAX_CAME_BY) })
  }

  return {
    note,
    noteFaults(faults) {
      for (const { message, terminalId, reason } of faults) {
        if (terminalId === null || message.from === undefined || message.from === SERVICE_USERNAME) continue
        if (reason === 'unknown-terminal') note(terminalId, 'gateway', message.from)
        if (reason === 'terminal-revoked') note(terminalId, 'revoked', message.from)
      }
    },
    forget(name) {
      for (const [key, knock] of gathered) if (knock.name === name && knock.why !== 'pace') gathered.delete(key)
      if (knocked.delete(name)) forgotten.add(name)
    },
    async write() {
      if (forgotten.size > 0) {
        const names = [...forgotten]
        forgotten = new Set()
        await db.query(`DELETE FROM terminal_knocks WHERE name = ANY($1::text[]) AND why <> 'pace'`, [names])
      }
      if (gathered.size === 0) return
      const knocks = [...gathered.values()].sort((a, b) => (`${a.name} ${a.why}` < `${b.name} ${b.why}` ? -1 : 1))
      gathered = new Map()
      await db.query(WRITE, [
        knocks.map(({ name }) => name),
        knocks.map(({ why }) => why),
        knocks.map(({ firstMs }) => new Date(firstMs).toISOString()),
        knocks.map(({ lastMs }) => new Date(lastMs).toISOString()),
        knocks.map(({ times }) => times),
        knocks.map(({ cameBy }) => cameBy),
      ])
      for (const { name } of knocks) knocked.add(name)
      await db.query(OLDEST_LEAVE)
      // Names that have left the table since stay here until they are as many again: forgetting one that is not there does no harm.
      if (knocked.size > 2 * KNOCKS_KEPT) for (const name of [...knocked].slice(0, knocked.size - KNOCKS_KEPT)) knocked.delete(name)
    },
  }
}
