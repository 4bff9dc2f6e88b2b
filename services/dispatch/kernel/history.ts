// What was done with one thing, as its page shows it: newest first, a hundred at a time.
import type { LedgerHistory } from '../../contracts/api/ledger.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Who } from './caller.ts'
import { listNames } from './names.ts'
import { type HistoryEntry, listHistory } from './record.ts'
import { withoutHidden } from './sight.ts'

export const HISTORY_PAGE = 100

/** Vehicles that the reader must not know of are left out. Whether the thing itself is in his sight, the caller of this has asked. */
export async function historyOf(
  { db }: { db: Queryable },
  who: Who,
  type: string,
  id: number | string,
  beforeSeq?: number,
): Promise<LedgerHistory> {
  return sayHistory(db, who, await listHistory(db, { type, id }, { limit: HISTORY_PAGE, ...(beforeSeq ? { beforeSeq } : {}) }))
}

/** Entries as the answer has them, with the names that the reader may know. */
export async function sayHistory(db: Queryable, who: Who, all: readonly HistoryEntry[]): Promise<LedgerHistory> {
  const rows = await withoutHidden(db, who.reach, all)
  const names = await listNames(db, who, rows)
  return {
    rows: rows.map(({ seq, at, username, action, before, after, purpose }, k) => ({
      seq,
      at,
      username,
      action,
      before: (before as Record<string, unknown> | undefined) ?? null,
      after: (after as Record<string, unknown> | undefined) ?? null,
      reason: purpose ?? null,
      names: names[k]!,
    })),
  }
}
