// The endpoints of the audit page.
import type { AuditFilter } from '../../contracts/api/audit.ts'
import { dayAt } from '../../domain/days.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Caller, grantFor } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import type { Handlers } from '../routes.ts'
import type { AuditHeads } from './heads.ts'
import { readLookWeek } from './lookWeek.ts'
import { readRetention } from './retention.ts'
import { exportLines, getAuditRecord, listAudit } from './search.ts'
import type { AuditVerification } from './verification.ts'

export type AuditDeps = { db: Database; clock: Clock; auditHeads: AuditHeads | undefined; verification: AuditVerification }
type Answered = 'readLookWeek' | 'listAudit' | 'getAuditRecord' | 'exportAudit' | 'getAuditVerification' | 'verifyAudit'

export function createAuditHandlers({ db, clock, auditHeads, verification }: AuditDeps): Pick<Handlers, Answered> {
  const retention = () => readRetention(db, clock.nowMs())
  return {
    readLookWeek: (call) => {
      const nowMs = clock.nowMs()
      return readLookWeek(db, call, { ...call.query, day: call.query.day ?? dayAt(nowMs) }, nowMs)
    },
    listAudit: (call) => listAudit(db, call, call.query),
    async getAuditRecord(call) {
      const record = await getAuditRecord(db, call, call.params.seq)
      return { ...record, signedAt: (await auditHeads?.findSigningTime(record.seq)) ?? null }
    },
    async exportAudit({ caller, reach, query }) {
      // So that whoever takes the file and then the heads has two that belong together, until the next head is due.
      await auditHeads?.write()
      const to = await recordExport(db, clock, caller, query)
      const day = dayAt(clock.nowMs())
      return { fileName: `audit-${day}.jsonl`, mediaType: 'application/x-ndjson', content: exportLines(db, { caller, reach }, query, to) }
    },
    getAuditVerification: async () => ({ ...verification.read(), retention: await retention() }),
    verifyAudit: async ({ caller, body }) => ({ ...(await verification.begin(actorOf(caller), body.last)), retention: await retention() }),
  }
}

/** Puts the export on record before its first byte leaves; returns the number of the last record to export, its own. */
async function recordExport(db: Database, clock: Clock, caller: Caller, filter: AuditFilter): Promise<number> {
  const detail = { filter, reach: grantFor(caller, 'audit.view').reach }
  return recordAudit(db, { atMs: clock.nowMs(), actor: actorOf(caller), action: 'audit.export', detail })
}
