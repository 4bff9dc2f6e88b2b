// Proposed values of a rule, tried on the days before they take effect: what they would have found, and what of it those in force did not. Vehicle by
// vehicle, some at a time and for no longer than a moment; whoever asks goes on where an answer ended.
import type { z } from 'zod'
import { TRIAL_VEHICLES } from '../../contracts/api/supervision.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { addDays, dayAt, daysBetween } from '../../domain/days.ts'
import type { RuleCode } from '../../domain/supervision/codes.ts'
import { type InForce, paramsFor } from '../../domain/supervision/params.ts'
import { judgeDay, type Suspicion, suspect, type UnjudgedReason } from '../../domain/supervision/rule.ts'
import { rules } from '../../domain/supervision/rules.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { readBook } from './book.ts'
import { readValues } from './params.ts'
import { readFactsOfDays, type VehicleFacts } from './readFacts.ts'
import { withMeetings } from './rests.ts'

const BUDGET_MS = 1_500
/** Read at once: all their days, and of a rule that asks for moments of the track, which are many, fewer. */
const AT_ONCE = 25
const WITH_FIXES_AT_ONCE = 2
const MOST_ROWS = 200

type Body = z.output<Api['tryRule']['body']>
type Trial = AnswerOf<'tryRule'>
type Tried = Pick<Trial['rows'][number], 'vehicleId' | 'plate' | 'plateColour'>

/** @throws Refusal VALIDATION_FAILED as for setting them */
export async function tryRule(db: Database, { caller, reach }: Who, code: RuleCode, body: Body, nowMs: number): Promise<Trial> {
  const unit = await requireOrganisation(db, reach, body.organisationId, 'body.organisationId')
  const proposed = readValues(code, body.class, body.values)
  // A day that goes on says nothing yet.
  const until = addDays(dayAt(nowMs), -1)
  const days = daysBetween(addDays(until, 1 - body.days), until)
  const { rows: vehicles } = await db.query<Tried & { total: number }>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", count(*) OVER () AS total
     FROM ${openVehicles('$3')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE o.lft BETWEEN $1 AND $2 AND v.state <> 'DISPOSED' AND ($5::text IS NULL OR v.class = $5) AND v.vehicle_id > $4 ORDER BY v.vehicle_id LIMIT ${TRIAL_VEHICLES}`,
    [unit.lft, unit.rgt, reach.cleared, body.after, body.class],
  )
  await recordAudit(db, {
    ...{ atMs: nowMs, actor: actorOf(caller), action: 'rule.try', subject: { type: 'organisation', id: unit.organisationId } },
    detail: { rule: code, days: body.days, after: body.after },
  })
  const book = await readBook(db, addDays(days[0]!, -3), addDays(until, 3))
  const trial: Trial = { vehicles: vehicles[0]?.total ?? 0, judged: 0, next: null, found: 0, fresh: 0, gone: 0, unjudged: [], rows: [] }
  const unjudged = new Map<UnjudgedReason, number>()
  // As if they had held all the time: what a nearer organisation, or its class, has of its own goes on holding.
  const held = {
    paramsId: 0,
    code,
    lft: unit.lft,
    rgt: unit.rgt,
    class: body.class,
    effectiveFrom: days[0]!,
    enabled: true,
    params: proposed,
  }
  const others = book.params.filter((row) => row.code !== code || row.lft !== unit.lft || row.class !== body.class)
  const tryDay = ({ unitLft, facts }: VehicleFacts, vehicle: Tried): void => {
    const whose = { unitLft, class: facts.vehicle.class }
    const judgeBy = ({ enabled, params }: InForce) => (enabled ? judgeDay(rules[code], facts, params) : suspect([]))
    const known = judgeBy(paramsFor(book.params, code, whose, facts.day)).suspicions
    const then = judgeBy(paramsFor([...others, held], code, whose, facts.day))
    for (const { why } of then.unjudged) unjudged.set(why, (unjudged.get(why) ?? 0) + 1)
    for (const suspicion of then.suspicions) {
      const fresh = !known.some((each) => meets(each, suspicion))
      trial.found++
      if (fresh) trial.fresh++
      if (trial.rows.length < MOST_ROWS) trial.rows.push({ ...vehicle, ...rowOf(suspicion), fresh })
    }
    trial.gone += known.filter((each) => !then.suspicions.some((other) => meets(each, other))).length
  }
  const began = performance.now()
  const withFixes = rules[code].fixes === true
  const asked = rules[code].kind === 'state' ? [until] : days
  const atOnce = withFixes ? WITH_FIXES_AT_ONCE : AT_ONCE
  for (let n = 0; n < vehicles.length; n += atOnce) {
    if (n > 0 && performance.now() - began > BUDGET_MS) break
    const some = vehicles.slice(n, n + atOnce).map(({ total: _total, ...vehicle }) => vehicle)
    const read = await readFactsOfDays(
      db,
      book,
      asked,
      some.map(({ vehicleId }) => vehicleId),
      nowMs,
      withFixes,
    )
    const met: VehicleFacts[][] = []
    for (const ofDay of read) met.push(rules[code].meetings ? await withMeetings(db, ofDay) : ofDay)
    for (const vehicle of some) {
      const facts = met.flatMap((ofDay) => ofDay.find(({ vehicleId }) => vehicleId === vehicle.vehicleId) ?? [])
      for (const of of facts) tryDay(of, vehicle)
      trial.judged++
      trial.next = vehicle.vehicleId
    }
  }
  if (trial.judged >= trial.vehicles) trial.next = null
  return { ...trial, unjudged: [...unjudged].map(([why, count]) => ({ why, count })) }
}

const endOf = ({ untilMs }: Suspicion): number => untilMs ?? Number.POSITIVE_INFINITY
const meets = (a: Suspicion, b: Suspicion): boolean => a.fromMs <= endOf(b) && b.fromMs <= endOf(a)
const rowOf = ({ fromMs, untilMs, figure }: Suspicion) => ({
  from: new Date(fromMs).toISOString(),
  until: untilMs === null ? null : new Date(untilMs).toISOString(),
  figure,
})
