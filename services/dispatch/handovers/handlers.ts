// The rows of the API table for the book of shifts.
import { type ActDeps, act } from '../kernel/act.ts'
import type { Reachable, Who } from '../kernel/caller.ts'
import { takeStep } from '../kernel/takeStep.ts'
import type { Handlers } from '../routes.ts'
import { getShift, listHandovers, offerHandover, tellHandover } from './handovers.ts'
import { handoverProcedure } from './procedure.ts'

/** A reach that is one's own alone is said by who gives and takes, not by a vehicle. */
const whoOf = ({ caller, reach }: Who<Reachable>): Who => {
  const { vehicleId: _own, ...sight } = reach
  return { caller, reach: sight }
}

export function createHandoverHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listHandovers: (call) => listHandovers(db, call, call.query, clock.nowMs()),
    getShift: (call) => getShift(db, call, call.params.vehicleId, clock.nowMs()),
    offerHandover: (call) =>
      act(deps, whoOf(call), async (step) => tellHandover(step.client, call, await offerHandover(step, call.body), step.nowMs)),
    actOnHandover: (call) =>
      act(deps, whoOf(call), async (step) => {
        await takeStep(step, handoverProcedure, call.params.handoverId, call.body)
        return tellHandover(step.client, call, call.params.handoverId, step.nowMs)
      }),
  } satisfies Partial<Handlers>
}
