// Other systems that are told what happens (the bureau's gateway of short messages, say): one's own organisation's, and those below.
import { z } from 'zod'
import { webhookKinds } from '../../domain/notifications.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

export const webhookStates = ['active', 'failing', 'off'] as const

/** What suppliers call kinds are services; here they are events. */
const chosen = {
  error:
    '“推送事件”须从可推送的事件中选取，至少一项，留空（null）为全部 / “Events”: at least one of those that can be told; null for all of them',
}
const fields = {
  name: z.string().trim().min(1).max(60),
  url: z.url().max(1_000),
  /** null: of everything that may be told, what is added later as well. */
  kinds: z.array(z.enum(webhookKinds, chosen), chosen).min(1, chosen).max(webhookKinds.length, chosen).nullable(),
}
const webhookSchema = z.object({
  webhookId: z.int(),
  organisation: z.object({ organisationId: z.int(), name: z.string() }),
  ...fields,
  state: z.enum(webhookStates),
  /** Since when nothing was taken. */
  failingSince: instant.nullable(),
  version,
})
export type Webhook = z.infer<typeof webhookSchema>

const deliverySchema = z.object({
  deliveryId: z.int(),
  /** The event's, the same however often it is sent. */
  key: z.string(),
  /** `test`: sent to see whether it is taken. */
  kind: z.string(),
  owedAt: instant,
  attempts: z.int(),
  triedAt: instant.nullable(),
  /** What was answered last; null: not reached, or not tried yet. */
  status: z.int().nullable(),
  answer: z.string().nullable(),
  outcome: z.enum(['owed', 'taken', 'given-up']),
})
export type Delivery = z.infer<typeof deliverySchema>

const params = z.object({ webhookId: id })
/** Said once: who signs with it must be able to read it, so it is kept sealed, and is shown to nobody again. */
const issued = z.object({ webhookId: z.int(), secret: z.string() })

export const webhooksApi = {
  listWebhooks: {
    method: 'GET',
    path: '/webhooks',
    summary: 'Other systems that are told what happens, within reach',
    access: 'webhook.manage',
    answer: z.object({ rows: z.array(webhookSchema) }),
  },
  makeWebhook: {
    method: 'POST',
    path: '/webhooks',
    summary: 'Has another system told of the events of an organisation; its secret is in this answer alone',
    access: 'webhook.manage',
    body: z.object({ ...fields, organisationId: id }),
    answer: issued,
  },
  changeWebhook: {
    method: 'PUT',
    path: '/webhooks/:webhookId',
    summary: 'Changes its address or what it is told, or switches it off and on again',
    access: 'webhook.manage',
    params,
    body: z.object({ ...fields, on: z.boolean(), version }),
    answer: z.object({ version }),
  },
  renewWebhookSecret: {
    method: 'POST',
    path: '/webhooks/:webhookId/secret',
    summary: 'Gives it another secret; what is sent from now on is signed with that',
    access: 'webhook.manage',
    params,
    body: z.object({ version }),
    answer: issued,
  },
  testWebhook: {
    method: 'POST',
    path: '/webhooks/:webhookId/test',
    summary: 'Sends it something to see whether it is taken; what was answered is in the list of deliveries',
    access: 'webhook.manage',
    params,
    answer: z.object({ deliveryId: z.int() }),
  },
  listDeliveries: {
    method: 'GET',
    path: '/webhooks/:webhookId/deliveries',
    summary: 'What was sent to it, the newest first, and what was answered',
    access: 'webhook.manage',
    params,
    query: z.object({ limit: pageSize, offset }),
    answer: page(deliverySchema),
  },
} as const satisfies Record<string, Endpoint>
