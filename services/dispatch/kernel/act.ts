// An act: somebody's change of something, in one transaction, with the records of everything that it changed, told after its commit.
// Order of locks: the act's own lock, rows, and the audit log's lock last.
import { isDeepStrictEqual } from 'node:util'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { changedMeanwhile } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { actorOf, type Caller, type Sight, underUnmasking, type Who } from './caller.ts'
import { Notes } from './notes.ts'
import { type AuditEntry, type AuditSubject, recordAuditMany } from './record.ts'

/** Every change of the ledger holds this lock: a quota's count, a seat, the numbers of the tree are read and written by nobody else meanwhile. */
export const LEDGER_LOCK = 5_150_001
const ATTEMPTS = 4

export type ActDeps = {
  db: Database
  clock: Clock
  /** Told after each commit, never of an act that was undone. */
  onDone?: () => void
}

export type Act = {
  client: Queryable
  caller: Caller
  /** Under a lock it is read in the transaction: while it was waited for, the tree may have been renumbered. */
  scope: Sight
  nowMs: number
  /** The day in the region, 2026-03-02. */
  today: string
  /** What changes beside the act's own subject; recorded when the act ends. */
  notes: Notes
  /** Keeps a record for the end of the act: whatever `work` still reads, others need not wait for it. */
  record(action: AuditAction, subject: AuditSubject, what: Recorded): void
}
type Recorded = { before?: object | null; after?: object | null; reason?: string; detail?: object }

/**
 * Runs `work` in one transaction, under the advisory lock `lock` where one is named. An act that crosses another may cost a deadlock:
 * then it is done again.
 */
export async function act<T>(deps: ActDeps, { caller, reach }: Who, work: (act: Act) => Promise<T>, lock?: number): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await deps.db.transaction(async (client) => {
        if (lock !== undefined) await client.query('SELECT pg_advisory_xact_lock($1)', [lock])
        const nowMs = deps.clock.nowMs()
        const notes = new Notes()
        const common = { atMs: nowMs, actor: actorOf(caller) }
        let cause: Pick<AuditEntry, 'purpose' | 'detail'> = {}
        const records: AuditEntry[] = []
        const result = await work({
          client,
          caller,
          scope: lock === undefined ? reach : await freshScope(client, caller, reach),
          nowMs,
          today: dayAt(nowMs),
          notes,
          record(action, subject, { reason, before, after, detail }) {
            cause = { purpose: reason, detail: { because: action, of: subject } }
            // A record about the subject's own file says all that changed in it.
            const noted = action.startsWith(`${subject.type}.`) ? notes.take(subject) : { before: {}, after: {} }
            const whole = { before: { ...before, ...noted.before }, after: { ...after, ...noted.after } }
            const under = subject.type === 'vehicle' ? underUnmasking(reach, Number(subject.id)) : {}
            records.push({ ...common, action, subject, purpose: reason, ...whole, detail: { ...detail, ...under } })
          },
        })
        await recordAuditMany(client, [...records, ...notes.takeAll().map((followed) => ({ ...common, ...cause, ...followed }))])
        return result
      })
      deps.onDone?.()
      return result
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== '40P01' && code !== '40001') || attempt === ATTEMPTS) throw error
    }
  }
}

/** A change of the ledger: there is one lock for all of them; they are people's work and rare. */
export const changeLedger = <T>(deps: ActDeps, who: Who, work: (act: Act) => Promise<T>): Promise<T> => act(deps, who, work, LEDGER_LOCK)

async function freshScope(client: Queryable, caller: Caller, reach: Sight): Promise<Sight> {
  const { rows } = await client.query<{ lft: number; rgt: number }>('SELECT lft, rgt FROM organisations WHERE organisation_id = $1', [
    caller.organisation.organisationId,
  ])
  return { ...reach, ...rows[0]! }
}

/** @throws Refusal CHANGED_MEANWHILE when the row is no longer the one that was seen */
export function requireVersion(row: { version: number }, seen: number): void {
  if (row.version !== seen) throw changedMeanwhile()
}

/** For rows that may not be there yet: `seen` null says that there was none. @throws Refusal CHANGED_MEANWHILE */
export function requireSeen(row: { version: number } | undefined, seen: number | null): void {
  if ((row?.version ?? null) !== seen) throw changedMeanwhile()
}

/** The fields of `after` that differ from `before`, from both: what the audit log keeps. */
export function difference<T extends object>(before: T, after: Partial<T>): { before: Partial<T>; after: Partial<T> } {
  const changed = (Object.keys(after) as (keyof T)[]).filter(
    (key) => after[key] !== undefined && !isDeepStrictEqual(after[key], before[key]),
  )
  const pick = (from: Partial<T>) => Object.fromEntries(changed.map((key) => [key, from[key]])) as Partial<T>
  return { before: pick(before), after: pick(after) }
}
