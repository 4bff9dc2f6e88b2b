// A thing with states: its table (domain/lifecycle.ts) says who may take which step when, a `Procedure` where it is kept and what its steps do.
// One function takes a step, whoever's: the row is locked, the step judged, its effects run, the row changed, the step kept and recorded.
import type { AuditAction } from '../../contracts/auditActions.ts'
import type { ErrorCode } from '../../contracts/errors.ts'
import { Refusal } from '../../contracts/errors.ts'
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import {
  findDue,
  judgeStep,
  type Lifecycle,
  permits,
  permittedActions,
  type Side,
  type Standing,
  stateAt,
  type Times,
} from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, type ActDeps, actAs, type Deed, requireVersion } from './act.ts'
import { type Caller, may, type Who } from './caller.ts'
import { changeRow } from './changeRow.ts'
import { listSamePerson } from './persons.ts'
import { type AuditSubject, system } from './record.ts'

/** A row of a procedure, as far as the kernel looks at it. */
export type Stepped = {
  id: number
  state: string
  version: number
  /** Everybody who took a step, and who began it, in whatever round: no other account of the same person takes one that is `notBy` it. */
  takers: readonly Taken[]
  /** For a table with steps of the clock. */
  times?: Times
}
export type Taken = { action: string; accountId: number }

/** A step that is being taken. `data`: what was brought with it. */
export type Step = { action: string; from: string; to: string; reason: string; data: Readonly<Record<string, unknown>> }

/**
 * What a step does beside changing the state: columns of the row, what is kept with the step (of what it needs, plain values are anyway),
 * what its record says.
 */
export type Change = { set?: Record<string, unknown>; kept?: object; before?: object; after?: object; detail?: object }

/** What a step does, in its transaction: before the row is changed, where it may yet refuse, and after. */
export type Effect<R, A extends Deed = Act> = {
  before?(act: A, row: R, step: Step): Promise<Change | undefined>
  after?(act: A, row: R, step: Step): Promise<void>
}

export type Procedure<R extends Stepped> = {
  lifecycle: Lifecycle<string>
  /** Its table, with the columns state and version, and the key. */
  table: string
  key: string
  /** The table of the steps taken, with the key and the columns that `keepStep` writes. Without it the row itself says who took which. */
  steps?: string
  /** The row, locked; where many want it at once, `seen` may be refused before all of it is read. @throws Refusal NOT_FOUND out of reach */
  lock(act: Act, id: number, seen?: number): Promise<R>
  /** Rows of which a step of the clock may be due and not written down; and one of them, locked, for the clock, which reaches everything. */
  listDue?(db: Queryable, nowMs: number): Promise<number[]>
  lockDue?(deed: Deed, id: number): Promise<R | undefined>
  /** Does the caller reach that side of it? Without it whoever could lock the row reaches all sides. */
  reaches?(who: Who, row: R, side: Side | undefined): boolean
  refusals: {
    notNow: { path: string; reason: RefusalReason; values?(row: R): RefusalValues }
    samePerson: { code: ErrorCode; path: string; reason: RefusalReason }
  }
  /** By action; none: nothing beside the change of state. */
  effects: Readonly<Record<string, Effect<R>>>
  /** The same of steps of the clock, which are nobody's and have no reach. */
  effectsOfClock?: Readonly<Record<string, Effect<R, Deed>>>
  /** Columns that every step sets, by where it leads. */
  set?(row: R, step: Step, kept: object, deed: Deed): Record<string, unknown>
  /** Its record; the states, and what the effect says, are added. */
  record(row: R, step: Step, set: Readonly<Record<string, unknown>>): { action: AuditAction; subject: AuditSubject; detail?: object }
  /** What the state is called in records about a subject that has another of its own. */
  stateField?: string
}

/** Where a procedure keeps its steps. */
type Kept = Pick<Procedure<never>, 'steps' | 'key'>

/** The step that somebody asks for. `version`: what he saw of the row. */
export type Asked<R> = {
  action: string | ((row: R) => string)
  version?: number
  reason: string
  data?: Readonly<Record<string, unknown>>
}

/**
 * Takes a step on the row `id`, for the caller of the act.
 * @returns the row as it was, and what was set on it
 * @throws Refusal FORBIDDEN; NOT_FOUND; CHANGED_MEANWHILE when it is no longer what was seen; VALIDATION_FAILED for what is missing; as the
 * procedure says, not now or not by this person
 */
export async function takeStep<R extends Stepped>(act: Act, procedure: Procedure<R>, id: number, asked: Asked<R>) {
  const { lifecycle, refusals } = procedure
  if (typeof asked.action === 'string') requireRight(lifecycle, asked.action, act.caller)
  const found = await procedure.lock(act, id, asked.version)
  const action = typeof asked.action === 'string' ? asked.action : asked.action(found)
  const [taken] = await takenBy(act.client, act.caller, [found.takers])
  const verdict = judgeStep(lifecycle, action, standingOf(procedure, { caller: act.caller, reach: act.scope }, found, taken!, act.nowMs))
  if (verdict === 'forbidden') throw new Refusal('FORBIDDEN')
  if (asked.version !== undefined) requireVersion(found, asked.version)
  if (verdict === 'not-now') throw notNow(procedure, found)
  if (verdict === 'same-person') throw refusal(refusals.samePerson.code, refusals.samePerson.path, refusals.samePerson.reason)
  const row = await catchUp(act, procedure, found)
  const { to, needs = [] } = lifecycle[action]!
  const data = asked.data ?? {}
  const absent = needs.find((field) => data[field] === undefined)
  if (absent) throw refusal('VALIDATION_FAILED', `body.data.${absent}`, 'flow.data', { field: absent })
  const step: Step = { action, from: row.state, to, reason: asked.reason, data }
  const change = await write(act, procedure, row, step, procedure.effects[action])
  recordStep(act, procedure, row, step, change)
  return { row, set: change.set ?? {} }
}

/**
 * A step that follows from another act, which the caller of that act is permitted: the state alone is asked, and what changes is noted.
 * @throws Refusal as the procedure says, not now
 */
export async function takeFollowingStep<R extends Stepped>(act: Act, procedure: Procedure<R>, row: R, action: string): Promise<void> {
  if (!permits(procedure.lifecycle, action, row.state)) throw notNow(procedure, row)
  const step: Step = { action, from: row.state, to: procedure.lifecycle[action]!.to, reason: '', data: {} }
  await write(act, procedure, row, step, procedure.effects[action])
  const { stateField = 'state' } = procedure
  act.notes.add(procedure.record(row, step, {}).subject, { [stateField]: step.from }, { [stateField]: step.to })
}

/**
 * Writes down the steps that the clock has taken, each row in an act of its own: one that cannot be holds up no other. They were in force without it.
 * @returns how many rows there were
 * @throws what the first that failed threw, when the others are done
 */
export async function writeDownDue<R extends Stepped>(deps: ActDeps, procedure: Procedure<R>): Promise<number> {
  const due = await procedure.listDue!(deps.db, deps.clock.nowMs())
  const failures: unknown[] = []
  let written = 0
  const one = (id: number) =>
    actAs(deps, system, async (deed) => {
      const row = await procedure.lockDue!(deed, id)
      return row !== undefined && (await catchUp(deed, procedure, row)) !== row
    })
  for (const id of due) {
    try {
      if (await one(id)) written++
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return written
}

/** SQL: who took which steps of the row `row`, as a JSON array: its `takers`. */
export const takersSql = ({ steps, key }: Kept, row: string): string => `
  (SELECT coalesce(json_agg(json_build_object('action', s.action, 'accountId', s.account_id)), '[]') FROM ${steps} s
   WHERE s.${key} = ${row}.${key} AND s.account_id IS NOT NULL)`

/** The actions that are the caller's now, of each row. Takers of all rows are looked up at once. */
export async function listPermitted<R extends Stepped>(
  db: Queryable,
  procedure: Procedure<R>,
  who: Who,
  rows: readonly R[],
  nowMs: number,
): Promise<string[][]> {
  const taken = await takenBy(
    db,
    who.caller,
    rows.map(({ takers }) => takers),
  )
  return rows.map((row, n) => permittedActions(procedure.lifecycle, standingOf(procedure, who, row, taken[n]!, nowMs)))
}

/** Keeps a step, or the beginning, in the procedure's table of steps. */
export async function keepStep(
  { client, actor, actorName, nowMs }: Deed,
  { steps, key }: Kept,
  id: number,
  { action, to, reason }: Pick<Step, 'action' | 'to' | 'reason'>,
  kept: object = {},
): Promise<void> {
  await client.query(
    `INSERT INTO ${steps} (${key}, step, action, state, at, account_id, username, reason, data)
     SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8 FROM ${steps} WHERE ${key} = $1`,
    [id, action, to, new Date(nowMs), actor.accountId, actorName, reason, JSON.stringify(kept)],
  )
}

/**
 * Is this step the role's at all? Asked before anything is looked up, so that whoever has no business here learns nothing.
 * @throws Refusal FORBIDDEN
 */
function requireRight(lifecycle: Lifecycle<string>, action: string, caller: Caller): void {
  const by = lifecycle[action]?.by
  if (by !== undefined && (by === 'system' || !may(caller, by))) throw new Refusal('FORBIDDEN')
}

const notNow = <R extends Stepped>({ refusals: { notNow } }: Procedure<R>, row: R): Refusal =>
  refusal('CONFLICT', notNow.path, notNow.reason, notNow.values?.(row) ?? {})

function standingOf<R extends Stepped>(
  { lifecycle, reaches }: Procedure<R>,
  who: Who,
  row: R,
  taken: ReadonlySet<string>,
  nowMs: number,
): Standing {
  const state = row.times ? stateAt(lifecycle, row.state, row.times, nowMs) : row.state
  return { state, may: (capability) => may(who.caller, capability), reaches: (side) => reaches?.(who, row, side) ?? true, taken }
}

/** The row after the steps that the clock has taken on it, which are the system's, are written down first. */
async function catchUp<R extends Stepped>(deed: Deed, procedure: Procedure<R>, row: R): Promise<R> {
  const due = row.times && findDue(procedure.lifecycle, row.state, row.times, deed.nowMs)
  if (!due) return row
  // It is dated to when it came; the record says when it was written.
  const ofClock: Deed = { ...deed, actor: system, actorName: system.username, nowMs: due.atMs, today: dayAt(due.atMs) }
  const step: Step = { action: due.action, from: row.state, to: due.to, reason: '', data: {} }
  const change = await write(ofClock, procedure, row, step, procedure.effectsOfClock?.[due.action])
  recordStep(ofClock, procedure, row, step, change)
  return catchUp(deed, procedure, { ...row, state: due.to, version: row.version + 1, times: { ...row.times!, sinceMs: due.atMs } })
}

async function write<R extends Stepped, A extends Deed>(
  act: A,
  procedure: Procedure<R>,
  row: R,
  step: Step,
  effect: Effect<R, A> | undefined,
): Promise<Change> {
  const { table, key, steps, lifecycle } = procedure
  const change = (await effect?.before?.(act, row, step)) ?? {}
  const plain = (lifecycle[step.action]!.needs ?? []).filter((field) => typeof step.data[field] !== 'object')
  const kept = { ...Object.fromEntries(plain.map((field) => [field, step.data[field]])), ...change.kept }
  const set = { ...procedure.set?.(row, step, kept, act), ...change.set }
  await changeRow(act.client, { table, key, id: row.id }, { state: step.to, ...set })
  if (steps) await keepStep(act, procedure, row.id, step, kept)
  await effect?.after?.(act, row, step)
  return { ...change, set, kept }
}

function recordStep<R extends Stepped>(deed: Deed, procedure: Procedure<R>, row: R, step: Step, change: Change): void {
  const { stateField = 'state' } = procedure
  const { action, subject, detail } = procedure.record(row, step, change.set ?? {})
  deed.record(action, subject, {
    before: { [stateField]: step.from, ...change.before },
    after: { [stateField]: step.to, ...change.after },
    detail: { ...detail, ...change.kept, ...change.detail },
    reason: step.reason,
    by: deed.actor,
  })
}

/** The actions of each list that the caller's person has taken, by whatever account. Takers of all lists are looked up at once. */
async function takenBy(db: Queryable, caller: Caller, lists: readonly (readonly Taken[])[]): Promise<ReadonlySet<string>[]> {
  const takers = [...new Set(lists.flatMap((steps) => steps.map(({ accountId }) => accountId)))]
  const own = await listSamePerson(db, caller.accountId, takers)
  return lists.map((steps) => new Set(steps.filter(({ accountId }) => own.has(accountId)).map(({ action }) => action)))
}
