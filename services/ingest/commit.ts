// One batch, one transaction: what each kind stores, quarantine, counters. Everything of a batch is there, or nothing is.
import type { Database, Queryable } from '../platform/db.ts'
import { recordQuarantine } from './quarantine.ts'
import { recordTally, recordTerminalTally } from './tally.ts'
import { type Committed, type CommittedPart, countElements, countMessages, type Part, type Work } from './work.ts'

/** Looks, in the transaction, whether the work is bound as it should be now (bind.ts). */
export type BindAnew = (client: Queryable, work: Work) => Promise<Work>
const asItIs: BindAnew = (_client, work) => Promise.resolve(work)

/** Writes the work in one transaction. Rejects with the database's error, or NotWritten where it wrote less than it was given; nothing is kept then. `nowMs` names the minute it is counted in. */
export async function commit(db: Database, worker: string, given: Work, nowMs: number, bindAnew: BindAnew = asItIs): Promise<Committed> {
  return db.transaction(async (client) => {
    const work = await bindAnew(client, given)
    // In one order of kinds: two workers that write the same tables must not lock crosswise.
    const parts = [...work.parts].sort((a, b) => (a.kind.name < b.kind.name ? -1 : 1))
    const committed: CommittedPart[] = []
    for (const part of parts) committed.push(await storePart(client, worker, part))
    await recordQuarantine(
      client,
      worker,
      parts.flatMap(({ faults }) => faults),
    )
    await recordTally(client, worker, nowMs, committed)
    await recordTerminalTally(client, nowMs, parts, committed)
    return committed
  })
}

async function storePart(client: Queryable, worker: string, part: Part): Promise<CommittedPart> {
  const { kind, readings, faults } = part
  const { duplicates, news } = readings.length > 0 ? await kind.store(client, worker, readings) : { duplicates: [], news: [] }
  return { kind, elements: countElements(part, duplicates), messages: countMessages(part, duplicates), faults, duplicates, news }
}
