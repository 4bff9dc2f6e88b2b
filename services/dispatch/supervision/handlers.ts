// The rows of the API table for supervision.
import type { ActDeps } from '../kernel/act.ts'
import { act } from '../kernel/act.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { takeStep } from '../kernel/takeStep.ts'
import type { Handlers } from '../routes.ts'
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

export function createSupervisionHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listSupervisionFindings: (call) => listFindings(db, call, call.query, clock.nowMs()),
    listSupervisionVehicles: (call) => listFindingVehicles(db, call),
    getSupervisionFinding: (call) => getFinding(db, call, call.params.findingId, clock.nowMs()),
    actOnSupervisionFindings: (call) =>
      act(deps, whoOf(call), async (step) => {
        const { findings, action, reason } = call.body
        const ids = [...new Set(findings.map(({ findingId }) => findingId))].sort((a, b) => a - b)
        for (const id of ids) {
          const { version } = findings.find(({ findingId }) => findingId === id)!
          await takeStep(step, supervisionProcedure, id, { action, version, reason })
        }
        const found = []
        for (const id of ids) found.push(await loadFinding(step.client, call, id))
        return { rows: await tellFindings(step.client, call, found, step.nowMs) }
      }),
    listRules: ({ reach }) => listRules(db, reach),
    setRuleParams: (call) => act(deps, call, (step) => setRuleParams(step, call.params.rule, call.body)),
    tryRule: (call) => tryRule(db, call, call.params.rule, call.body, clock.nowMs()),
  } satisfies Partial<Handlers>
}
