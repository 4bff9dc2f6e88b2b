// The rows of the API table for sensitive vehicles: register, unmaskings, policy.
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Handlers } from '../routes.ts'
import { endNaming, listNameable, nameForSecret } from './namings.ts'
import { listPolicies, setPolicy } from './policy.ts'
import { listSecretVehicles } from './register.ts'
import {
  approveUnmasking,
  endUnmasking,
  listOwnUnmaskings,
  listUnmaskings,
  recordExpired,
  refuseUnmasking,
  requestUnmasking,
  returnUnmasking,
} from './unmaskings.ts'

export type SecrecyDeps = {
  db: Database
  clock: Clock
  /** Do two accounts belong to one person? Rules about two people are about people. */
  isSamePerson(db: Queryable, accountId: number, otherId: number): Promise<boolean>
  /** Told after what someone may see has changed; open sockets look again. */
  onSightChanged(): void
  /** Told after a policy was set; the live picture looks whether it must load anew. */
  onPolicyChanged(): void
}

export function createSecrecyHandlers(deps: SecrecyDeps) {
  const { db, clock } = deps
  return {
    listSecretVehicles: ({ caller, query }) => listSecretVehicles(db, caller.scope, query, clock.nowMs()),
    listNameable: ({ caller, params, query }) => listNameable(deps, caller, params.secretNo, query.q),
    nameForSecret: ({ caller, params, body }) => nameForSecret(deps, caller, params.secretNo, body),
    endNaming: ({ caller, params, body }) => endNaming(deps, caller, params.namingId, body.reason),
    requestUnmasking: ({ caller, body }) => requestUnmasking(deps, caller, body),
    async listOwnUnmaskings({ caller, query }) {
      await recordExpired(deps, clock.nowMs())
      return listOwnUnmaskings(deps, caller, query)
    },
    returnUnmasking: ({ caller, params, body }) => returnUnmasking(deps, caller, params.unmaskingId, body.reason),
    async listUnmaskings({ caller, query }) {
      await recordExpired(deps, clock.nowMs())
      return listUnmaskings(deps, caller, query)
    },
    approveUnmasking: ({ caller, params, body }) => approveUnmasking(deps, caller, params.unmaskingId, body),
    refuseUnmasking: ({ caller, params, body }) => refuseUnmasking(deps, caller, params.unmaskingId, body.reason),
    endUnmasking: ({ caller, params, body }) => endUnmasking(deps, caller, params.unmaskingId, body.reason),
    listSecrecyPolicies: ({ caller }) => listPolicies(db, caller.scope),
    async setSecrecyPolicy({ caller, body }) {
      const policy = await setPolicy(db, caller, body, clock.nowMs())
      deps.onPolicyChanged()
      return policy
    },
  } satisfies Partial<Handlers>
}
