// One function takes a step, whoever's: the row is locked, the step judged, its effects run, the row changed, the step kept and recorded.
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { findDue, judgeStep, type Lifecycle, permits } from '../../domain/lifecycle.ts'
import { type Act, type ActDeps, actAs, type Deed, requireVersion } from './act.ts'
import { type Caller, may } from './caller.ts'
import { changeRow } from './changeRow.ts'
import { type Change, type Effect, keepStep, type Procedure, type Step, type Stepped, standingOf, takenBy } from './procedure.ts'
import { system } from './record.ts'

/** The step that somebody asks for. `version`: what he saw of the row. `atMs`: when he took it, where that was earlier than now. */
export type Asked<R> = {
  action: string | ((row: R) => string)
  version?: number
  atMs?: number | undefined
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
  const standing = standingOf(procedure, { caller: act.caller, reach: act.scope }, found, taken!, act.nowMs)
  const verdict = judgeStep(lifecycle, action, standing)
  if (verdict === 'forbidden') throw new Refusal('FORBIDDEN')
  if (asked.version !== undefined) requireVersion(found, asked.version)
  // With what the clock has done, whether or not it is written down.
  if (verdict === 'not-now') throw notNow(procedure, { ...found, state: standing.state })
  if (verdict === 'same-person') throw refusal(refusals.samePerson.code, refusals.samePerson.path, refusals.samePerson.reason)
  // What the clock's steps did to the row is read with it.
  const row = (await catchUp(act, procedure, found)) === found ? found : await procedure.lock(act, id)
  const { to, needs = [] } = lifecycle[action]!
  const data = asked.data ?? {}
  const absent = needs.find((field) => data[field] === undefined)
  if (absent) throw refusal('VALIDATION_FAILED', `body.data.${absent}`, 'flow.data', { field: absent })
  const step: Step = { action, from: row.state, to, reason: asked.reason, data }
  // It is dated to when it was taken; the record says when it came.
  const dated = asked.atMs === undefined ? act : { ...act, nowMs: asked.atMs, today: dayAt(asked.atMs) }
  const change = await write(dated, procedure, row, step, procedure.effects[action])
  recordStep(act, procedure, row, step, change)
  return { row, set: change.set ?? {} }
}

/**
 * A step that follows from another act, which whoever does that is permitted, or from a step of the clock: the state alone is asked, and what
 * changes is noted.
 * @throws Refusal as the procedure says, not now
 */
export async function takeFollowingStep<R extends Stepped>(
  deed: Deed | Act,
  procedure: Procedure<R>,
  row: R,
  action: string,
): Promise<void> {
  if (!permits(procedure.lifecycle, action, row.state)) throw notNow(procedure, row)
  const step: Step = { action, from: row.state, to: procedure.lifecycle[action]!.to, reason: '', data: {} }
  if ('caller' in deed) await write(deed, procedure, row, step, procedure.effects[action])
  else await write(deed, procedure, row, step, procedure.effectsOfClock?.[action])
  const { stateField = 'state' } = procedure
  deed.notes.add(procedure.record(row, step, {}).subject, { [stateField]: step.from }, { [stateField]: step.to })
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

/**
 * Is this step the role's at all? Asked before anything is looked up, so that whoever has no business here learns nothing.
 * @throws Refusal FORBIDDEN
 */
export function requireRight(lifecycle: Lifecycle<string>, action: string, caller: Caller): void {
  const by = lifecycle[action]?.by
  if (by !== undefined && (by === 'system' || !may(caller, by))) throw new Refusal('FORBIDDEN')
}

const notNow = <R extends Stepped>({ refusals: { notNow } }: Procedure<R>, row: R): Refusal =>
  refusal('CONFLICT', notNow.path, notNow.reason, notNow.values?.(row) ?? {})

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
