// The rows of the API table for sensitive vehicles: register, unmaskings, policy.
import { act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import type { SecrecyDeps } from './deps.ts'
import { endNaming, listNameable, nameForSecret } from './namings.ts'
import { listPolicies, setPolicy } from './policy.ts'
import { listSecretVehicles } from './register.ts'
import { decideUnmasking, listOwnUnmaskings, listUnmaskings, recordExpired, requestUnmasking, returnUnmasking } from './unmaskings.ts'

export function createSecrecyHandlers(deps: SecrecyDeps) {
  const { db, clock } = deps
  const ofSight = { db, clock, onDone: deps.onSightChanged }
  return {
    listSecretVehicles: ({ reach, query }) => listSecretVehicles(db, reach, query, clock.nowMs()),
    listNameable: ({ reach, params, query }) => listNameable(db, reach, params.secretNo, query.q),
    nameForSecret: (call) => act(ofSight, call, (step) => nameForSecret(step, call.params.secretNo, call.body)),
    endNaming: (call) => act(ofSight, call, (step) => endNaming(step, call.params.namingId, call.body.reason)),
    requestUnmasking: (call) => requestUnmasking(deps, call, call.body),
    async listOwnUnmaskings(call) {
      await recordExpired(deps)
      return listOwnUnmaskings(deps, call, call.query)
    },
    returnUnmasking: (call) => returnUnmasking(deps, call, call.params.unmaskingId, call.body.reason),
    async listUnmaskings(call) {
      await recordExpired(deps)
      return listUnmaskings(deps, call, call.query)
    },
    approveUnmasking({ caller, reach, params, body: { hours, reason } }) {
      return decideUnmasking(deps, { caller, reach }, params.unmaskingId, { action: 'approve', reason, data: { hours } })
    },
    refuseUnmasking: (call) => decideUnmasking(deps, call, call.params.unmaskingId, { action: 'refuse', ...call.body }),
    endUnmasking: (call) => decideUnmasking(deps, call, call.params.unmaskingId, { action: 'end', ...call.body }),
    listSecrecyPolicies: ({ reach }) => listPolicies(db, reach),
    setSecrecyPolicy: (call) => act({ db, clock, onDone: deps.onPolicyChanged }, call, (step) => setPolicy(step, call.body)),
  } satisfies Partial<Handlers>
}
