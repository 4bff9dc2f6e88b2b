// What one was told: one's own, whatever one's role.
import { z } from 'zod'
import { type EventKind, eventKinds } from '../../domain/notifications.ts'
import { type Endpoint, id, instant, offset, page, pageSize } from './endpoint.ts'

const notificationSchema = z.object({
  notificationId: z.int(),
  kind: z.enum(eventKinds as [EventKind, ...EventKind[]]),
  at: instant,
  read: z.boolean(),
  /** null: it is about no trip. */
  requestId: z.int().nullable(),
  orderId: z.int().nullable(),
  /** What the sentence is made of (domain/notificationWords.ts). */
  number: z.string().nullable(),
  unit: z.string(),
  to: z.string(),
  startsAt: instant,
  endsAt: instant,
  reason: z.string(),
  /** null: none was given yet, or it is a sensitive vehicle that the reader does not see. */
  plate: z.string().nullable(),
})
export type Notification = z.infer<typeof notificationSchema>

export const notificationsApi = {
  listNotifications: {
    method: 'GET',
    path: '/notifications',
    summary: 'What one was told, the newest first, and how many of all are unread',
    access: 'signed-in',
    query: z.object({
      /** What came after this one. What was written in the minute before it comes once more: a later number may have been committed earlier. */
      since: id.optional(),
      unread: z.enum(['true']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(notificationSchema).extend({ unread: z.int() }),
  },
  readNotifications: {
    method: 'POST',
    path: '/notifications/read',
    summary: 'Marks as read: these, or all up to one',
    access: 'signed-in',
    body: z.object({ ids: z.array(id).max(200).default([]), upTo: id.optional() }),
    answer: z.object({ unread: z.int() }),
  },
  getPush: {
    method: 'GET',
    path: '/push',
    summary: 'The key with which a browser asks its push service for an endpoint; null where this installation does not push',
    access: 'signed-in',
    answer: z.object({ key: z.string().nullable() }),
  },
  registerPush: {
    method: 'POST',
    path: '/push/endpoints',
    summary: 'Where one’s browser is reached; said again at each start of the app',
    access: 'signed-in',
    body: z.object({
      endpoint: z.url({ protocol: /^https?$/ }).max(1_000),
      keys: z.object({ p256dh: z.string().regex(/^[\w-]{87}=?$/), auth: z.string().regex(/^[\w-]{22}(==)?$/) }),
      locale: z.enum(['zh-CN', 'en']).default('zh-CN'),
    }),
    answer: z.object({}),
  },
  removePush: {
    method: 'POST',
    path: '/push/endpoints/removal',
    summary: 'This browser of one’s own is not reached any more',
    access: 'signed-in',
    body: z.object({ endpoint: z.string().max(1_000) }),
    answer: z.object({}),
  },
} as const satisfies Record<string, Endpoint>
