// A thing with states: its table (domain/lifecycle.ts) says who may take which step when, a `Procedure` where it is kept and what its steps do.
// takeStep.ts is the one way in which a step is taken.
import type { AuditAction } from '../../contracts/auditActions.ts'
import type { ErrorCode } from '../../contracts/errors.ts'
import type { RefusalReason, RefusalValues } from '../../contracts/refusals.ts'
import { type Lifecycle, permittedActions, type Side, type Standing, stateAt, type Times } from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act, Deed } from './act.ts'
import { type Caller, may, type Who } from './caller.ts'
import { listSamePerson } from './persons.ts'
import type { AuditSubject } from './record.ts'

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
  /** Tells whoever must hear of a step that was kept. */
  announce?(deed: Deed, id: number, step: Pick<Step, 'action' | 'to' | 'reason'>, kept: object): Promise<void>
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
export type Kept = Pick<Procedure<never>, 'steps' | 'key' | 'announce'>

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

/** Keeps a step, or the beginning, in the procedure's table of steps, and announces it. */
export async function keepStep(
  deed: Deed,
  { steps, key, announce }: Kept,
  id: number,
  step: Pick<Step, 'action' | 'to' | 'reason'>,
  kept: object = {},
): Promise<void> {
  const { client, actor, actorName, nowMs } = deed
  const { action, to, reason } = step
  await client.query(
    `INSERT INTO ${steps} (${key}, step, action, state, at, account_id, username, reason, data)
     SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8 FROM ${steps} WHERE ${key} = $1`,
    [id, action, to, new Date(nowMs), actor.accountId, actorName, reason, JSON.stringify(kept)],
  )
  await announce?.(deed, id, step, kept)
}

/** How the row stands for the caller, of whose person `taken` are the steps. */
export function standingOf<R extends Stepped>(
  { lifecycle, reaches }: Procedure<R>,
  who: Who,
  row: R,
  taken: ReadonlySet<string>,
  nowMs: number,
): Standing {
  const state = row.times ? stateAt(lifecycle, row.state, row.times, nowMs) : row.state
  return { state, may: (capability) => may(who.caller, capability), reaches: (side) => reaches?.(who, row, side) ?? true, taken }
}

/** The actions of each list that the caller's person has taken, by whatever account. Takers of all lists are looked up at once. */
export async function takenBy(db: Queryable, caller: Caller, lists: readonly (readonly Taken[])[]): Promise<ReadonlySet<string>[]> {
  const takers = [...new Set(lists.flatMap((steps) => steps.map(({ accountId }) => accountId)))]
  const own = await listSamePerson(db, caller.accountId, takers)
  return lists.map((steps) => new Set(steps.filter(({ accountId }) => own.has(accountId)).map(({ action }) => action)))
}
