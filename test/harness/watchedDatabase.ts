// A database that notes which committed transactions wrote something without a record in the audit log, and can be told to fail at
// the moment of recording or of committing.
import type { Database, Queryable, Row } from '../../services/platform/db.ts'

/** `record`: the record cannot be appended. `commit`: everything was done, and the transaction that holds a record is lost. */
export type Fault = 'none' | 'record' | 'commit'
export class Fault500 extends Error {}

/** Written beside what people do, and no change of theirs: each with its reason. */
const unrecordedTables: Record<string, string> = {
  sessions: 'when it was last used, and the step it is at; that it began and ended is recorded',
  sign_in_failures: 'a counter that the records of the failures speak for',
  api_tokens: 'when it was last used; that it was made or revoked is recorded, which the test asks for by name',
  imports: 'an upload and its dry run, which change nothing of the ledger',
  quarantine: 'that a message was replayed, recorded before it is',
}

const writes = /\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO)\s+(?:ONLY\s+)?(?:public\.)?([a-z_]+)/gi
/** FOR UPDATE OF, ON CONFLICT DO UPDATE SET, FOR UPDATE SKIP LOCKED. */
const noTables = new Set(['of', 'set', 'skip', 'nowait'])

const tablesWritten = (sql: string): string[] =>
  [...sql.matchAll(writes)].map(([, table]) => table!.toLowerCase()).filter((table) => !noTables.has(table))

export type WatchedDatabase = Database & {
  fault: Fault
  /** Tables that were written and committed without a record in the same transaction. */
  readonly unrecorded: string[]
  /** Statements that ran while the transaction held the lock of the audit log's chain, for which everybody else's record waits. */
  readonly underLock: string[]
  /** Called before every statement, which waits for it. */
  beforeStatement: (sql: string) => Promise<void>
}

/** What appending a record is made of. */
const appends = /audit_tail|INSERT INTO public\.audit_log|^SELECT account_id, organisation_id FROM accounts WHERE account_id = ANY/

export function watchDatabase(db: Database): WatchedDatabase {
  const unrecorded: string[] = []
  const underLock: string[] = []
  const note = (tables: Iterable<string>): void => {
    for (const table of tables) if (!(table in unrecordedTables)) unrecorded.push(table)
  }
  const watched: WatchedDatabase = {
    fault: 'none',
    unrecorded,
    underLock,
    beforeStatement: async () => undefined,
    async query<R extends Row>(text: string, values?: unknown[]) {
      await watched.beforeStatement(text)
      const result = await db.query<R>(text, values)
      note(tablesWritten(text))
      return result
    },
    async transaction(work) {
      const tables = new Set<string>()
      const result = await db.transaction(async (client) => {
        const noting: Queryable = {
          async query<R extends Row>(text: string, values?: unknown[]) {
            await watched.beforeStatement(text)
            const written = tablesWritten(text)
            if (tables.has('audit_log') && !appends.test(text)) underLock.push(text.trim().slice(0, 120))
            if (watched.fault === 'record' && written.includes('audit_log')) throw new Fault500('no record can be appended')
            const answer = await client.query<R>(text, values)
            for (const table of written) tables.add(table)
            return answer
          },
        }
        const answer = await work(noting)
        if (watched.fault === 'commit' && tables.has('audit_log')) throw new Fault500('the transaction is lost')
        return answer
      })
      if (!tables.delete('audit_log')) note(tables)
      return result
    },
    close: () => db.close(),
  }
  return watched
}
