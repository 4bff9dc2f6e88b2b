// A look at a vehicle's past within a case: by a member, of a vehicle in it that need not wait for a second person, within its period. What does
// not stand within one is refused, and the refusal is on record: an inspection that is turned away is itself something to be read later.
import { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import { type CaseState, type CaseVehicleState, caseNumber, findCaseProblem, type Span } from '../../domain/cases.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf } from './caller.ts'
import { type Look, recordLook } from './look.ts'
import { type AuditSubject, recordAudit } from './record.ts'

export type CaseLook = Omit<Look, 'purpose' | 'keep'> & { caseId: number | undefined; from: Date; to: Date }

type StandingRow = {
  year: number
  number: number
  state: CaseState
  purpose: string
  fromMs: number
  untilMs: number
  vehicleState: CaseVehicleState | null
  releasedFromMs: number | null
  releasedUntilMs: number | null
}

type RefusedLook = Pick<CaseLook, 'caller' | 'atMs' | 'caseId'> & Partial<Pick<CaseLook, 'from' | 'to'>>

/** A look that was refused is on record too, by what was asked for. */
export const recordRefusedLook = (
  db: Database,
  { caller, atMs, caseId, from, to }: RefusedLook,
  subject: AuditSubject,
  part: string,
  why: string,
): Promise<number> =>
  recordAudit(db, {
    atMs,
    actor: actorOf(caller),
    action: 'case.refused',
    subject,
    detail: { part, ...(from && { from, to }), ...(caseId === undefined ? {} : { caseId }), why },
  })

/** The period of a case of which the account is a member; undefined: he is told that there is none. */
export async function findCasePeriod(db: Database, accountId: number, caseId: number): Promise<Span | undefined> {
  const { rows } = await db.query<Span>(
    `SELECT (extract(epoch FROM lower(c.during)) * 1000)::float8 AS "fromMs", (extract(epoch FROM upper(c.during)) * 1000)::float8 AS "untilMs"
     FROM cases c JOIN case_members m ON m.case_id = c.case_id AND m.account_id = $2 AND m.ended_at IS NULL WHERE c.case_id = $1`,
    [caseId, accountId],
  )
  return rows[0]
}

/**
 * Resolves when the record is committed, with the number and the purpose of the case.
 * @throws Refusal CASE_REQUIRED with the reason, NOT_FOUND for a case of others or a vehicle out of reach; each has been recorded
 */
export async function recordCaseLook(db: Database, { caseId, from, to, detail, ...look }: CaseLook): Promise<void> {
  const { caller, vehicleId, part, atMs } = look
  const refuse = async (
    code: 'CASE_REQUIRED' | 'NOT_FOUND',
    reason: RefusalReason | undefined,
    values: RefusalValues = {},
  ): Promise<never> => {
    await recordRefusedLook(db, { caller, atMs, caseId, from, to }, { type: 'vehicle', id: vehicleId }, part, reason ?? code)
    throw reason ? refusal(code, 'query.caseId', reason, values) : new Refusal(code)
  }
  if (caseId === undefined) return refuse('CASE_REQUIRED', 'case.none')
  const { rows } = await db.query<StandingRow>(
    `SELECT c.year, c.number, c.state, c.purpose, (extract(epoch FROM lower(c.during)) * 1000)::float8 AS "fromMs",
       (extract(epoch FROM upper(c.during)) * 1000)::float8 AS "untilMs", cv.state AS "vehicleState",
       (extract(epoch FROM lower(cv.released)) * 1000)::float8 AS "releasedFromMs", (extract(epoch FROM upper(cv.released)) * 1000)::float8 AS "releasedUntilMs"
     FROM cases c JOIN case_members m ON m.case_id = c.case_id AND m.account_id = $2 AND m.ended_at IS NULL
     LEFT JOIN case_vehicles cv ON cv.case_id = c.case_id AND cv.vehicle_id = $3 AND cv.state <> 'OUT' WHERE c.case_id = $1`,
    [caseId, caller.accountId, vehicleId],
  )
  const found = rows[0]
  if (!found) return refuse('NOT_FOUND', undefined)
  const { vehicleState, releasedFromMs, releasedUntilMs, ...standing } = found
  const released = releasedFromMs === null ? null : { fromMs: releasedFromMs, untilMs: releasedUntilMs! }
  const problem = findCaseProblem(
    { ...standing, vehicle: vehicleState && { state: vehicleState, released } },
    { fromMs: from.getTime(), untilMs: to.getTime() },
  )
  if (problem) {
    const { fromMs, untilMs } = problem === 'case.releasedPeriod' && released ? released : standing
    return refuse('CASE_REQUIRED', problem, { caseFrom: new Date(fromMs).toISOString(), caseUntil: new Date(untilMs).toISOString() })
  }
  try {
    await recordLook(db, {
      ...look,
      purpose: found.purpose,
      detail: { from, to, ...detail, caseId, caseNumber: caseNumber(found.year, found.number) },
      keep: async (client) => {
        const { rows } = await client.query<{ lookId: number }>(
          `INSERT INTO case_looks (case_id, account_id, vehicle_id, part, during, at) VALUES ($1, $2, $3, $4, tstzrange($5, $6), $7)
           RETURNING look_id AS "lookId"`,
          [caseId, caller.accountId, vehicleId, part, from, to, new Date(atMs)],
        )
        return rows[0]!
      },
    })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NOT_FOUND') return refuse('NOT_FOUND', undefined)
    throw error
  }
}
