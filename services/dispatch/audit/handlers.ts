// The endpoints of the audit page.
import type { AuditFilter } from '../../contracts/api/audit.ts'
import { grantOf } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Handlers } from '../routes.ts'
import { actorOf, type Caller } from './caller.ts'
import type { AuditHeads } from './heads.ts'
import { recordAudit } from './record.ts'
import { readRetention } from './retention.ts'
import { exportLines, getAuditRecord, listAudit } from './search.ts'
import type { AuditVerification } from './verification.ts'

export type AuditDeps = { db: Database; clock: Clock; auditHeads: AuditHeads | undefined; verification: AuditVerification }
type Answered = 'listAudit' | 'getAuditRecord' | 'exportAudit' | 'getAuditVerification' | 'verifyAudit'

export function createAuditHandlers({ db, clock, auditHeads, verification }: AuditDeps): Pick<Handlers, Answered> {
  const retention = () => readRetention(db, clock.nowMs())
  return {
    listAudit: ({ caller, query }) => listAudit(db, caller, query),
    async getAuditRecord({ caller, params }) {
      const record = await getAuditRecord(db, caller, params.seq)
      return { ...record, signedAt: (await auditHeads?.findSigningTime(record.seq)) ?? null }
    },
    async exportAudit({ caller, query }) {
      // So that whoever takes the file and then the heads has two that belong together, until the next head is due.
      await auditHeads?.write()
      const to = await recordExport(db, clock, caller, query)
      const day = new Date(clock.nowMs()).toISOString().slice(0, 10)
      return { fileName: `audit-${day}.jsonl`, mediaType: 'application/x-ndjson', content: exportLines(db, caller, query, to) }
    },
    getAuditVerification: async () => ({ ...verification.read(), retention: await retention() }),
    verifyAudit: async ({ caller, body }) => ({ ...(await verification.begin(actorOf(caller), body.last)), retention: await retention() }),
  }
}

/** Puts the export on record before its first byte leaves; returns the number of the last record to export, its own. */
async function recordExport(db: Database, clock: Clock, caller: Caller, filter: AuditFilter): Promise<number> {
  return db.transaction(async (client) => {
    const detail = { filter, reach: grantOf(caller.role, 'audit.view').reach }
    await recordAudit(client, { atMs: clock.nowMs(), actor: actorOf(caller), action: 'audit.export', detail })
    const { rows } = await client.query<{ seq: number }>('SELECT max(seq) AS seq FROM public.audit_log')
    return rows[0]!.seq
  })
}
