// The one way the ledger is changed. One lock for all changes: a quota's count, a seat, the numbers of the tree are read and written by
// nobody else meanwhile; changes are people's work and rare. Order: this lock, rows, and the audit log's lock last.
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { actorOf, type Caller, type Sight, underUnmasking } from '../audit/caller.ts'
import { type AuditEntry, type AuditSubject, recordAudit, recordAuditMany } from '../audit/record.ts'
import { Notes } from './followed.ts'

export const LEDGER_LOCK = 5_150_001
const ATTEMPTS = 4

export type LedgerDeps = {
  db: Database
  clock: Clock
  /** Told after each commit; the live picture looks whether it must load anew. */
  onChanged: () => void
}

export type LedgerChange = {
  client: Queryable
  caller: Caller
  /** Read under the lock: the tree may have been renumbered since the session was found. */
  scope: Sight
  nowMs: number
  /** The day in the region, 2026-03-02. */
  today: string
  /** What changes beside the act's own subject; recorded when the act ends. */
  notes: Notes
  record(action: AuditAction, subject: AuditSubject, what: Recorded): Promise<void>
}
type Recorded = { before?: object | null; after?: object | null; reason: string; detail?: object }

const REGION_OFFSET_MS = 8 * 3_600_000
export const dayOf = (ms: number): string => new Date(ms + REGION_OFFSET_MS).toISOString().slice(0, 10)

/** Runs `work` in one transaction under the ledger's lock. An import that crosses it may cost a deadlock: then it is done again. */
export async function changeLedger<T>(deps: LedgerDeps, caller: Caller, work: (change: LedgerChange) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await deps.db.transaction(async (client) => {
        await client.query('SELECT pg_advisory_xact_lock($1)', [LEDGER_LOCK])
        const nowMs = deps.clock.nowMs()
        const notes = new Notes()
        const common = { atMs: nowMs, actor: actorOf(caller) }
        let act: Pick<AuditEntry, 'purpose' | 'detail'> = {}
        const result = await work({
          client,
          caller,
          scope: await freshScope(client, caller),
          nowMs,
          today: dayOf(nowMs),
          notes,
          record: (action, subject, { reason, before, after, detail }) => {
            act = { purpose: reason, detail: { because: action, of: subject } }
            // A record about the subject's own file says all that changed in it.
            const noted = action.startsWith(`${subject.type}.`) ? notes.take(subject) : { before: {}, after: {} }
            const whole = { before: { ...before, ...noted.before }, after: { ...after, ...noted.after } }
            const under = subject.type === 'vehicle' ? underUnmasking(caller, Number(subject.id)) : {}
            return recordAudit(client, { ...common, action, subject, purpose: reason, ...whole, detail: { ...detail, ...under } })
          },
        })
        await recordAuditMany(
          client,
          notes.takeAll().map((followed) => ({ ...common, ...act, ...followed })),
        )
        return result
      })
      deps.onChanged()
      return result
    } catch (error) {
      const { code } = error as { code?: string }
      if ((code !== '40P01' && code !== '40001') || attempt === ATTEMPTS) throw error
    }
  }
}

async function freshScope(client: Queryable, caller: Caller): Promise<Sight> {
  const { rows } = await client.query<{ lft: number; rgt: number }>('SELECT lft, rgt FROM organisations WHERE organisation_id = $1', [
    caller.organisation.organisationId,
  ])
  return { ...caller.scope, ...rows[0]! }
}

/** @throws Refusal CONFLICT when the row is no longer the one that was seen */
export function requireVersion(row: { version: number }, seen: number): void {
  if (row.version !== seen) throw new Refusal('CONFLICT')
}

/** The fields of `after` that differ from `before`, from both: what the audit log keeps. */
export function difference<T extends object>(before: T, after: Partial<T>): { before: Partial<T>; after: Partial<T> } {
  const changed = (Object.keys(after) as (keyof T)[]).filter((key) => after[key] !== undefined && after[key] !== before[key])
  const pick = (from: Partial<T>) => Object.fromEntries(changed.map((key) => [key, from[key]])) as Partial<T>
  return { before: pick(before), after: pick(after) }
}
