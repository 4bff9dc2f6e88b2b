// How long audit records are kept: by the security policy in force, at least; in fact for good, for nothing removes any and the database
// lets nobody. A beginning that is gone is found by the verification, for the first record names this log.
import type { AuditRetention } from '../../contracts/api/audit.ts'
import { securityLimitsSchema } from '../../domain/securityPolicy.ts'
import type { Queryable } from '../../platform/db.ts'

export async function readRetention(db: Queryable, nowMs: number): Promise<AuditRetention> {
  const { rows } = await db.query<{ effective_from: Date; limits: unknown; oldest: Date | null }>(
    `SELECT effective_from, limits, (SELECT at FROM public.audit_log ORDER BY seq LIMIT 1) AS oldest FROM security_policies
     WHERE effective_from <= $1 ORDER BY effective_from DESC, policy_id DESC LIMIT 1`,
    [new Date(nowMs)],
  )
  const { effective_from: from, limits, oldest } = rows[0]!
  return {
    keepDays: securityLimitsSchema.parse(limits).auditKeepDays,
    effectiveFrom: from.toISOString(),
    oldestAt: oldest?.toISOString() ?? null,
  }
}
