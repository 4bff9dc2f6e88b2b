// The rows of the API table for supervision.
import type { FindingRow } from '../../contracts/api/supervision.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Queryable } from '../../platform/db.ts'
import { type ActDeps, act } from '../kernel/act.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { takeStep } from '../kernel/takeStep.ts'
import type { Call, Handlers } from '../routes.ts'
import { addAnswerPhoto, explainFinding, makeAnswerPicture, readAnswerPhoto } from './answers.ts'
import { loadFinding } from './findingRows.ts'
import { listRules, setRuleParams } from './params.ts'
import { supervisionProcedure } from './procedure.ts'
import { getFinding, listFindings, listFindingVehicles, tellFindings } from './tell.ts'
import { tryRule } from './trial.ts'

/** A reach that is one's own alone is said by the finding, not by a vehicle. */
const whoOf = ({ caller, reach }: Who<Reachable>): Who => {
  const { vehicleId: _own, ...sight } = reach
  return { caller, reach: sight }
}

async function tellOne(db: Queryable, who: Who<Reachable>, findingId: number, nowMs: number): Promise<FindingRow> {
  return (await tellFindings(db, who, [await loadFinding(db, who, findingId)], nowMs))[0]!
}

/** Each of several in an act of its own, so that one that cannot be holds up no other. @throws Refusal where there is one alone */
async function actOnFindings(deps: ActDeps, call: Call<'actOnSupervisionFindings'>): Promise<AnswerOf<'actOnSupervisionFindings'>> {
  const { findings, action, reason } = call.body
  const versions = new Map(findings.map(({ findingId, version }) => [findingId, version]))
  const answer: AnswerOf<'actOnSupervisionFindings'> = { rows: [], refused: [] }
  for (const [findingId, version] of [...versions].sort(([a], [b]) => a - b)) {
    try {
      const row = await act(deps, whoOf(call), async (step) => {
        await takeStep(step, supervisionProcedure, findingId, { action, version, reason })
        return tellOne(step.client, call, findingId, step.nowMs)
      })
      answer.rows.push(row)
    } catch (error) {
      if (!(error instanceof Refusal) || versions.size === 1) throw error
      answer.refused.push({ findingId, code: error.code, issues: error.issues ?? [] })
    }
  }
  return answer
}

export function createSupervisionHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listSupervisionFindings: (call) => listFindings(db, call, call.query, clock.nowMs()),
    listSupervisionVehicles: (call) => listFindingVehicles(db, call),
    getSupervisionFinding: (call) => getFinding(db, call, call.params.findingId, clock.nowMs()),
    actOnSupervisionFindings: (call) => actOnFindings(deps, call),
    explainSupervisionFinding: (call) =>
      act(deps, whoOf(call), async (step) => {
        await explainFinding(step, call.params.findingId, call.body)
        return tellOne(step.client, call, call.params.findingId, step.nowMs)
      }),
    async addSupervisionPhoto(call) {
      const { findingId } = call.params
      const picture = await makeAnswerPicture(db, call, findingId, call.body, clock.nowMs())
      return act(deps, whoOf(call), async (step) => {
        await addAnswerPhoto(step, findingId, call.query.key, picture)
        return tellOne(step.client, call, findingId, step.nowMs)
      })
    },
    readSupervisionPhoto: (call) => readAnswerPhoto(db, call, call.params.findingId, call.params.photoId, clock.nowMs()),
    listRules: ({ reach }) => listRules(db, reach),
    setRuleParams: (call) => act(deps, call, (step) => setRuleParams(step, call.params.rule, call.body)),
    tryRule: (call) => tryRule(db, call, call.params.rule, call.body, clock.nowMs()),
  } satisfies Partial<Handlers>
}
