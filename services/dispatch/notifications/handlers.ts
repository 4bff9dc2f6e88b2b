// The rows of the API table for what one was told.
import { act } from '../kernel/act.ts'
import type { Handlers } from '../routes.ts'
import { listNotifications, readNotifications } from './own.ts'
import { type PushDeps, pushKeyOf, registerPush, removePush } from './push.ts'
import { changeWebhook, listDeliveries, listWebhooks, makeWebhook, renewSecret, testWebhook } from './webhooks.ts'

export function createNotificationHandlers(deps: PushDeps) {
  const { db, clock } = deps
  return {
    listNotifications: ({ caller, reach, query }) => listNotifications(db, { caller, reach }, query),
    readNotifications: ({ caller, body }) => readNotifications(db, caller.accountId, body, clock.nowMs()),
    getPush: async () => ({ key: pushKeyOf(deps) }),
    async registerPush({ caller, body }) {
      await registerPush(deps, caller.accountId, body)
      return {}
    },
    async removePush({ caller, body }) {
      await removePush(db, caller.accountId, body.endpoint)
      return {}
    },
    listWebhooks: ({ reach }) => listWebhooks(db, reach),
    makeWebhook: (call) => act(deps, call, (step) => makeWebhook(step, deps, call.body)),
    changeWebhook: (call) => act(deps, call, (step) => changeWebhook(step, deps, call.params.webhookId, call.body)),
    renewWebhookSecret: (call) => act(deps, call, (step) => renewSecret(step, deps, call.params.webhookId, call.body.version)),
    testWebhook: (call) => act(deps, call, (step) => testWebhook(step, call.params.webhookId)),
    listDeliveries: ({ reach, params, query }) => listDeliveries(db, reach, params.webhookId, query),
  } satisfies Partial<Handlers>
}
