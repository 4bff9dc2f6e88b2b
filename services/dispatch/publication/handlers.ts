// The rows of the API table for what is made public.
import { type ActDeps, act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { draftPublication, listPublicationRules, setPublicationRule } from './draft.ts'
import { actOnPublication, listPublications, readPublication } from './publications.ts'

export function createPublicationHandlers(deps: ActDeps) {
  const { db, clock } = deps
  return {
    listPublications: (call) => listPublications(db, call, call.query, clock.nowMs()),
    readPublication: (call) => readPublication(db, call, call.params.publicationId, clock.nowMs()),
    draftPublication: (call) =>
      act(deps, call, async (step) => {
        const id = await draftPublication(step, call.body)
        return readPublication(step.client, { caller: step.caller, reach: step.scope }, id, step.nowMs)
      }),
    actOnPublication: (call) => act(deps, call, (step) => actOnPublication(step, call.params.publicationId, call.body)),
    listPublicationRules: ({ reach }) => listPublicationRules(db, reach),
    setPublicationRule: (call) => act(deps, call, (step) => setPublicationRule(step, call.body)),
  } satisfies Partial<Handlers>
}
