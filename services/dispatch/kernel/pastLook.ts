// The door to a vehicle's past: within reach, no faster than the law of looks lets anybody read, within a case where whoever looks must have one; and the
// record that somebody looked, committed before anything is read.
import { type AuditAction, pastLooks } from '../../contracts/auditActions.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { daysOf, findPaceProblem, lookLawOn, type PastLooked } from '../../domain/lookLaw.ts'
import type { Database } from '../../platform/db.ts'
import { grantFor, type Reachable, type Who } from './caller.ts'
import { recordCaseLook, recordRefusedLook } from './caseLook.ts'
import { recordLook } from './look.ts'
import type { AuditSubject } from './record.ts'
import type { UsedFor } from './use.ts'

export type PastLook = Who<Reachable> & {
  vehicleId: number
  /** What is looked at: [from, to). */
  from: Date
  to: Date
  purpose?: string | undefined
  caseId: number | undefined
  atMs: number
}
/** What the record says of it. */
export type PastPart = { action: AuditAction; part: UsedFor; detail?: object }

/** What counts as a look: a file that leaves was read by one already. */
const counted = pastLooks.filter((action) => !action.startsWith('track.export') && action !== 'evidence.download')

/** Does this caller look at the past within a case alone? */
export const needsCase = ({ caller }: Pick<PastLook, 'caller'>): boolean => grantFor(caller, 'track.view').caseRequired === true

/**
 * The record says the window that was asked for: what will be found in it is not known yet.
 * @throws Refusal NOT_FOUND, CASE_REQUIRED, RATE_LIMITED (with how much it was, and when again); each that an inspection meets is on record
 */
export async function recordPast(db: Database, { action, part, detail }: PastPart, look: PastLook): Promise<void> {
  await requirePace(db, look, { type: 'vehicle', id: look.vehicleId }, part, daysOf(look.from.getTime(), look.to.getTime()))
  const { purpose, caseId, from, to, ...rest } = look
  const asked = { ...rest, action, part }
  if (caseId !== undefined || needsCase(look)) await recordCaseLook(db, { ...asked, caseId, from, to, ...(detail && { detail }) })
  else await recordLook(db, { ...asked, purpose, detail: { from, to, ...detail } })
}

/**
 * No faster than the law of looks lets anybody. Two that are asked at one instant may both pass: the limit is of people who read, not of requests.
 * @param days vehicle-days that would be looked at
 * @throws Refusal RATE_LIMITED with how much it was and when again; on record as a refused look at the subject
 */
export async function requirePace(
  db: Database,
  look: Pick<PastLook, 'caller' | 'atMs' | 'caseId'> & Partial<Pick<PastLook, 'from' | 'to'>>,
  subject: AuditSubject,
  part: string,
  days: number,
): Promise<void> {
  const { caller, atMs } = look
  const detail = `(body::json->'detail'`
  const { rows } = await db.query<PastLooked>(
    `SELECT (extract(epoch FROM at) * 1000)::float8 AS "atMs",
       CASE WHEN action = 'case.refused' THEN 0
         ELSE coalesce(extract(epoch FROM ${detail}->>'to')::timestamptz - ${detail}->>'from')::timestamptz) / 86400, 0)::float8 END AS days
     FROM audit_log WHERE username = $1 AND at > $2 AND at <= $3 AND action = ANY($4::text[]) ORDER BY at`,
    [caller.username, new Date(atMs - 3_600_000), new Date(atMs), counted],
  )
  const problem = findPaceProblem(rows, days, atMs, lookLawOn(dayAt(atMs)))
  if (!problem) return
  const { reason, most, againMs } = problem
  await recordRefusedLook(db, look, subject, part, reason)
  throw refusal('RATE_LIMITED', 'query.from', reason, { most, again: new Date(againMs).toISOString() })
}
