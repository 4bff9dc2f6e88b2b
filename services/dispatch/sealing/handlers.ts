// The rows of the API table for sealing over holidays.
import { type ActDeps, act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { getSealPlan, listSealPlans, planSeals } from './plans.ts'
import { actOnSeals, addSealPhoto, listSeals, makeSealPicture, readSealPhoto } from './seals.ts'

export function createSealingHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listSealPlans: (call) => listSealPlans(db, call, call.query),
    planSeals: (call) => act(deps, call, (step) => planSeals(step, call.body)),
    getSealPlan: (call) => getSealPlan(db, call, call.params.planId),
    listSeals: (call) => listSeals(db, call, call.query, clock.nowMs()),
    actOnSeals: (call) => act(deps, call, (step) => actOnSeals(step, call.body)),
    async addSealPhoto(call) {
      const { sealId } = call.params
      const picture = await makeSealPicture(db, call, sealId, call.body, clock.nowMs())
      return act(deps, call, (step) => addSealPhoto(step, sealId, picture))
    },
    readSealPhoto: (call) => readSealPhoto(db, call, call.params.sealId, call.params.photoId, clock.nowMs()),
  } satisfies Partial<Handlers>
}
