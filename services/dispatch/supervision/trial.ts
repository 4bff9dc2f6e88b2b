// Proposed values of a rule, tried on the days before they take effect: what they would have found, and what of it those in force did not. Vehicle by
// vehicle, for no longer than a moment; whoever asks goes on where an answer ended.
import type { z } from 'zod'
import { TRIAL_VEHICLES } from '../../contracts/api/supervision.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { addDays, dayAt, daysBetween } from '../../domain/days.ts'
import type { RuleCode } from '../../domain/supervision/codes.ts'
import { paramsFor } from '../../domain/supervision/params.ts'
import { judgeDay, type Suspicion, type UnjudgedReason } from '../../domain/supervision/rule.ts'
import { rules } from '../../domain/supervision/rules.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import { openVehicles } from '../kernel/sight.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { readBook } from './book.ts'
import { readValues } from './params.ts'
import { readFacts } from './readFacts.ts'
import { withMeetings } from './rests.ts'

const BUDGET_MS = 1_500
const MOST_ROWS = 200

type Body = z.output<Api['tryRule']['body']>
type Trial = AnswerOf<'tryRule'>

/** @throws Refusal VALIDATION_FAILED as for setting them */
export async function tryRule(db: Database, { caller, reach }: Who, code: RuleCode, body: Body, nowMs: number): Promise<Trial> {
  const unit = await requireOrganisation(db, reach, body.organisationId, 'body.organisationId')
  const proposed = readValues(code, body.class, body.values)
  // A day that goes on says nothing yet.
  const until = addDays(dayAt(nowMs), -1)
  const days = daysBetween(addDays(until, 1 - body.days), until)
  const { rows: vehicles } = await db.query<{ vehicleId: number; plate: string; plateColour: 'blue'; total: number }>(
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
  const began = performance.now()
  for (const { vehicleId, plate, plateColour } of vehicles) {
    if (trial.judged > 0 && performance.now() - began > BUDGET_MS) break
    for (const day of rules[code].kind === 'state' ? [until] : days) {
      const [of] = await withMeetings(db, await readFacts(db, book, day, [vehicleId], nowMs, rules[code].fixes === true))
      if (!of) continue
      const inForce = paramsFor(book.params, code, { unitLft: of.unitLft, class: of.facts.vehicle.class }, day)
      const now = judgeDay(rules[code], of.facts, inForce.params)
      const then = judgeDay(rules[code], of.facts, proposed)
      const known = inForce.enabled ? now.suspicions : []
      for (const { why } of then.unjudged) unjudged.set(why, (unjudged.get(why) ?? 0) + 1)
      for (const suspicion of then.suspicions) {
        const fresh = !known.some((each) => meets(each, suspicion))
        trial.found++
        if (fresh) trial.fresh++
        if (trial.rows.length < MOST_ROWS) trial.rows.push({ vehicleId, plate, plateColour, ...rowOf(suspicion), fresh })
      }
      trial.gone += known.filter((each) => !then.suspicions.some((other) => meets(each, other))).length
    }
    trial.judged++
    trial.next = vehicleId
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
