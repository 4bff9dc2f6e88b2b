// An act: somebody's change of something, in one transaction, with the records of everything that it changed, told after its commit.
// Order of locks: the act's own lock, rows, and the audit log's lock last.
import { isDeepStrictEqual } from 'node:util'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { changedMeanwhile } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { LEDGER_LOCK, takeLock } from '../../platform/locks.ts'
import { actorOf, type Caller, type Sight, underUnmasking, type Who } from './caller.ts'
import { Notes } from './notes.ts'
import { type AuditActor, type AuditEntry, type AuditSubject, recordAuditMany } from './record.ts'

const ATTEMPTS = 4
/** Records in one statement: an import has tens of thousands. */
const RECORDS_AT_ONCE = 2_500

export type ActDeps = {
  db: Database
  clock: Clock
  /** Told after each commit, never of an act that was undone. */
  onDone?: () => void
}

/** An act of whomever: of a person who is not in yet, of the clock, or (`Act`) of a caller. */
export type Deed = {
  client: Queryable
  actor: AuditActor
  /** The actor's name, as pages tell it. */
  actorName: string
  nowMs: number
  /** The day in the region, 2026-03-02. */
  today: string
  /** What changes beside the act's own subject; recorded when the act ends. */
  notes: Notes
  /** Keeps a record for the end of the act: whatever `work` still reads, others need not wait for it. */
  record(action: AuditAction, subject: AuditSubject | undefined, what?: Recorded): void
  /** What is told once this act has been committed, and never of an act that was undone. */
  afterCommit(tell: () => void): void
}
export type Act = Deed & {
  caller: Caller
  /** Under a lock it is read in the transaction: while it was waited for, the tree may have been renumbered. */
  scope: Sight
}
/** `by`: what the clock had done is put on record by whoever comes by. */
export type Recorded = { before?: object | null; after?: object | null; reason?: string; detail?: object; by?: AuditActor }

/**
 * Runs `work` in one transaction, under the advisory lock `lock` where one is named. An act that crosses another may cost a deadlock:
 * then it is done again.
 */
export const act = <T>(deps: ActDeps, { caller, reach }: Who, work: (act: Act) => Promise<T>, lock?: number): Promise<T> =>
  run(deps, actorOf(caller), reach, lock, async (deed) =>
    work({
      ...deed,
      actorName: caller.displayName,
      caller,
      scope: lock === undefined ? reach : await freshScope(deed.client, caller, reach),
    }),
  )

/** The act of whoever is no caller: the steps of a sign-in, what happens by the clock. */
export const actAs = <T>(deps: ActDeps, actor: AuditActor, work: (deed: Deed) => Promise<T>, lock?: number): Promise<T> =>
  run(deps, actor, undefined, lock, work)

/** A change of the ledger: there is one lock for all of them; they are people's work and rare. */
export const changeLedger = <T>(deps: ActDeps, who: Who, work: (act: Act) => Promise<T>): Promise<T> => act(deps, who, work, LEDGER_LOCK)

async function run<T>(
  { db, clock, onDone }: ActDeps,
  actor: AuditActor,
  reach: Sight | undefined,
  lock: number | undefined,
  work: (deed: Deed) => Promise<T>,
): Promise<T> {
  const told: (() => void)[] = []
  const attempt = () => {
    told.length = 0
    return db.transaction(async (client) => {
      if (lock !== undefined) await takeLock(client, lock)
      const { deed, entries } = begin(client, actor, reach, clock.nowMs())
      const result = await work({ ...deed, afterCommit: (tell) => told.push(tell) })
      const all = entries()
      for (let from = 0; from < all.length; from += RECORDS_AT_ONCE) await recordAuditMany(client, all.slice(from, from + RECORDS_AT_ONCE))
      return result
    })
  }
  const result = await tryAgain(attempt)
  for (const tell of told) tell()
  onDone?.()
  return result
}

async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt()
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== '40P01' && code !== '40001') || n === ATTEMPTS) throw error
    }
  }
}

/** What an act is given, and what of it is to be recorded in the end. */
function begin(client: Queryable, actor: AuditActor, reach: Sight | undefined, nowMs: number) {
  const notes = new Notes()
  let cause: Pick<AuditEntry, 'purpose' | 'detail'> = {}
  const records: AuditEntry[] = []
  const deed: Omit<Deed, 'afterCommit'> = {
    client,
    actor,
    actorName: actor.username,
    nowMs,
    today: dayAt(nowMs),
    notes,
    record(action, subject, { reason, before, after, detail, by = actor } = {}) {
      const common = { atMs: nowMs, actor: by }
      if (!subject) {
        records.push({ ...common, action, purpose: reason, before, after, detail })
        return
      }
      cause = { purpose: reason, detail: { because: action, of: subject } }
      // A record about the subject's own file says all that changed in it.
      const noted = action.startsWith(`${subject.type}.`) ? notes.take(subject) : { before: {}, after: {} }
      const whole = { before: { ...before, ...noted.before }, after: { ...after, ...noted.after } }
      const under = reach && subject.type === 'vehicle' ? underUnmasking(reach, Number(subject.id)) : {}
      records.push({ ...common, action, subject, purpose: reason, ...whole, detail: { ...detail, ...under } })
    },
  }
  return { deed, entries: () => [...records, ...notes.takeAll().map((followed) => ({ atMs: nowMs, actor, ...cause, ...followed }))] }
}

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
