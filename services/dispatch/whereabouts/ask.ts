// A question about vehicles that are not known beforehand: who was where. It is on record before anything is read, and what was told before it leaves.
// Within a case where whoever asks must have one (docs/decisions/0092); what does not stand within one is refused, and that is on record too.
import { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import {
  type CaseState,
  type CaseVehicleState,
  caseNumber,
  findCaseProblem,
  findQuestionProblem,
  mayBeNamed,
  needsRelease,
  type Span,
} from '../../domain/cases.ts'
import { daysOf } from '../../domain/lookLaw.ts'
import type { PlateColour, VehicleClass } from '../../domain/vehicle.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { actorOf, grantFor, type Who } from '../kernel/caller.ts'
import { requirePace } from '../kernel/pastLook.ts'
import { recordAudit, recordAuditMany } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'
import { usesOf } from '../kernel/use.ts'

export const askKinds = ['instant', 'here', 'meetings'] as const
export type AskKind = (typeof askKinds)[number]
export type Ask = Who &
  Span & {
    kind: AskKind
    caseId: number | undefined
    purpose: string | undefined
    /** The area, the place or the vehicle that is asked about. */
    about: object
    atMs: number
  }
/** A question that is on record. */
export type Recorded = Ask & { askId: number }

type Standing = { year: number; number: number; state: CaseState; purpose: string; fromMs: number; untilMs: number }

/** @throws Refusal CASE_REQUIRED with the reason, NOT_FOUND for a case of others, RATE_LIMITED; each has been recorded */
export async function recordAsk(db: Database, ask: Ask): Promise<Recorded> {
  const { caller, kind, about, caseId, fromMs, untilMs, atMs } = ask
  const period = { from: new Date(fromMs).toISOString(), to: new Date(untilMs).toISOString() }
  const subject = { type: 'whereabouts', id: kind }
  await requirePace(db, { caller, atMs, caseId, from: new Date(fromMs), to: new Date(untilMs) }, subject, kind, daysOf(fromMs, untilMs))
  const refuse = async (code: 'CASE_REQUIRED' | 'NOT_FOUND', reason?: RefusalReason, values: RefusalValues = {}): Promise<never> => {
    const why = { part: kind, ...period, about, ...(caseId === undefined ? {} : { caseId }), why: reason ?? code }
    await recordAudit(db, { atMs, actor: actorOf(caller), action: 'case.refused', subject, detail: why })
    throw reason ? refusal(code, 'query.caseId', reason, values) : new Refusal(code)
  }
  let within: Standing | undefined
  if (caseId !== undefined || grantFor(caller, 'whereabouts.ask').caseRequired) {
    if (caseId === undefined) return refuse('CASE_REQUIRED', 'case.none')
    within = await findStanding(db, caller.accountId, caseId)
    if (!within) return refuse('NOT_FOUND')
    const problem = findQuestionProblem(within, ask)
    if (problem) {
      const ends = { caseFrom: new Date(within.fromMs).toISOString(), caseUntil: new Date(within.untilMs).toISOString() }
      return refuse('CASE_REQUIRED', problem, ends)
    }
  }
  const purpose = within?.purpose ?? ask.purpose ?? null
  const askId = await db.transaction(async (client) => {
    const { rows } = await client.query<{ askId: number }>(
      `INSERT INTO whereabouts_asks (kind, account_id, case_id, purpose, during, about, at) VALUES ($1, $2, $3, $4, tstzrange($5, $6, '[]'), $7, $8)
       RETURNING ask_id AS "askId"`,
      [kind, caller.accountId, caseId ?? null, purpose, new Date(fromMs), new Date(untilMs), JSON.stringify(about), new Date(atMs)],
    )
    const named = within ? { caseId, caseNumber: caseNumber(within.year, within.number) } : {}
    await recordAudit(client, {
      ...{ atMs, actor: actorOf(caller), action: 'whereabouts.ask', subject: { type: 'whereabouts', id: rows[0]!.askId }, purpose },
      detail: { part: kind, ...period, about, ...named },
    })
    return rows[0]!.askId
  })
  return { ...ask, purpose: purpose ?? undefined, askId }
}

async function findStanding(db: Queryable, accountId: number, caseId: number): Promise<Standing | undefined> {
  const { rows } = await db.query<Standing>(
    `SELECT c.year, c.number, c.state, c.purpose, (extract(epoch FROM lower(c.during)) * 1000)::float8 AS "fromMs",
       (extract(epoch FROM upper(c.during)) * 1000)::float8 AS "untilMs"
     FROM cases c JOIN case_members m ON m.case_id = c.case_id AND m.account_id = $2 AND m.ended_at IS NULL WHERE c.case_id = $1`,
    [caseId, accountId],
  )
  return rows[0]
}

/** What was told of a question is on record before it leaves. */
export async function recordAnswer(
  db: Database,
  ask: Recorded,
  rows: number,
  vehicleIds: readonly number[],
  withheld: number,
): Promise<void> {
  const { caller, askId, kind, atMs, purpose } = ask
  await db.transaction(async (client) => {
    await client.query('UPDATE whereabouts_asks SET rows = $2, vehicles = $3::int[] WHERE ask_id = $1', [askId, rows, vehicleIds])
    await recordAuditMany(client, [
      {
        ...{
          atMs,
          actor: actorOf(caller),
          action: 'whereabouts.answer',
          subject: { type: 'whereabouts', id: askId },
          purpose: purpose ?? null,
        },
        detail: { part: kind, rows, vehicles: vehicleIds.length, withheld },
      },
      ...usesOf(ask, vehicleIds, 'whereabouts', atMs, purpose),
    ])
  })
}

export type Named = { vehicleId: number; plate: string; plateColour: PlateColour; class: VehicleClass; unit: string; inCase: boolean }
type NamedRow = Named & { state: CaseVehicleState | null; releasedFromMs: number | null; releasedUntilMs: number | null }

/** SQL: the vehicles of a scope (`$1`–`$2`) that the reader sees (`$3`), with what the case `$4` says of them. */
export const vehiclesInSight = (more: string): string => `${openVehicles('$3')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
  LEFT JOIN case_vehicles cv ON cv.case_id = $4 AND cv.vehicle_id = v.vehicle_id AND cv.state <> 'OUT'
  ${more} o.lft BETWEEN $1 AND $2`
export const sightValues = ({ reach, caseId }: Ask): unknown[] => [reach.lft, reach.rgt, reach.cleared, caseId ?? null]

/** The vehicles in sight of the case of a question: those of which all that is asked about may be looked at, and how many must be released first. */
export async function listCaseVehicles(db: Queryable, ask: Ask): Promise<{ open: number[]; withheld: number }> {
  const { rows } = await db.query<Omit<NamedRow, keyof Named> & { vehicleId: number; state: CaseVehicleState }>(
    `SELECT v.vehicle_id AS "vehicleId", ${RELEASE_COLUMNS} FROM ${vehiclesInSight('WHERE cv.vehicle_id IS NOT NULL AND')} ORDER BY 1`,
    sightValues(ask),
  )
  const open = rows.filter(({ state, releasedFromMs, releasedUntilMs }) => {
    const released = releasedFromMs === null ? null : { fromMs: releasedFromMs, untilMs: releasedUntilMs! }
    // The case itself was judged with the question.
    return !findCaseProblem({ state: 'OPEN', fromMs: ask.fromMs, untilMs: ask.untilMs, vehicle: { state, released } }, ask)
  })
  return { open: open.map(({ vehicleId }) => vehicleId), withheld: rows.length - open.length }
}

/** Is the vehicle withheld from this answer until a second person releases it? */
export const isWithheld = (ask: Ask, row: Pick<NamedRow, 'class' | 'state' | 'releasedFromMs' | 'releasedUntilMs'>): boolean => {
  if (ask.caseId === undefined || !needsRelease(row.class)) return false
  const released = row.releasedFromMs === null ? null : { fromMs: row.releasedFromMs, untilMs: row.releasedUntilMs! }
  return !mayBeNamed(row.class, row.state && { state: row.state, released }, ask)
}
export const RELEASE_COLUMNS = `cv.state, (extract(epoch FROM lower(cv.released)) * 1000)::float8 AS "releasedFromMs",
  (extract(epoch FROM upper(cv.released)) * 1000)::float8 AS "releasedUntilMs"`

/** Of vehicles those that the answer may name, with their names; and those that wait for a second person. */
export class Sieve {
  readonly named = new Map<number, Named>()
  readonly withheld = new Set<number>()
  readonly #db: Queryable
  readonly #ask: Ask

  constructor(db: Queryable, ask: Ask) {
    this.#db = db
    this.#ask = ask
  }

  /** Those of the scope that the reader sees: named, or counted. */
  async sift(vehicleIds: readonly number[]): Promise<ReadonlySet<number>> {
    if (vehicleIds.length === 0) return new Set()
    const { rows } = await this.#db.query<NamedRow>(
      `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", v.class, o.name AS unit, cv.state IS NOT NULL AS "inCase", ${RELEASE_COLUMNS}
       FROM ${vehiclesInSight('WHERE v.vehicle_id = ANY($5::int[]) AND')}`,
      [...sightValues(this.#ask), vehicleIds],
    )
    for (const { state, releasedFromMs, releasedUntilMs, ...vehicle } of rows)
      if (isWithheld(this.#ask, { class: vehicle.class, state, releasedFromMs, releasedUntilMs })) this.withheld.add(vehicle.vehicleId)
      else this.named.set(vehicle.vehicleId, vehicle)
    return new Set(rows.map(({ vehicleId }) => vehicleId))
  }
}
