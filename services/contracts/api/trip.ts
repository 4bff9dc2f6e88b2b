// What is done on the road, mostly on a phone: photos, incidents.
import { z } from 'zod'
import { incidentActions, incidentKinds } from '../../domain/incidents.ts'
import { photoSubjects } from '../../domain/orders.ts'
import { type Endpoint, id, instant, version } from './endpoint.ts'
import { orderDetailSchema } from './orders.ts'
import { doneOnPhoneSchema, orderParams, stopSchema } from './tripFields.ts'

export const tripApi = {
  addOrderPhoto: {
    method: 'POST',
    path: '/orders/:orderId/photos',
    summary: 'Adds a photo: JPEG, PNG or WebP of at most 32 MB, told by its bytes; kept upright, shrunk, and without place and device',
    access: 'order.drive',
    params: orderParams,
    query: doneOnPhoneSchema.extend({
      shows: z.enum(photoSubjects),
      /** The key of the deed that it belongs to. */
      of: z.uuid().optional(),
    }),
    upload: { maxBytes: 32 * 1024 * 1024 },
    answer: orderDetailSchema,
  },
  readOrderPhoto: {
    method: 'GET',
    path: '/orders/:orderId/photos/:photoId',
    summary: 'A photo of an order',
    access: 'order.view',
    params: orderParams.extend({ photoId: id }),
    download: true,
    answer: z.unknown(),
  },
  reportIncident: {
    method: 'POST',
    path: '/orders/:orderId/incidents',
    summary: 'Tells of an accident, a breakdown or a violation on the way',
    access: 'order.drive',
    params: orderParams,
    body: z.object({
      kind: z.enum(incidentKinds),
      text: z.string().trim().min(2).max(500),
      place: stopSchema.nullable().default(null),
      done: doneOnPhoneSchema.optional(),
    }),
    answer: orderDetailSchema,
  },
  actOnIncident: {
    method: 'POST',
    path: '/orders/:orderId/incidents/:incidentId/steps',
    summary: 'Takes a step: see, hold (keeps the vehicle back), close',
    access: 'order.dispatch',
    params: orderParams.extend({ incidentId: id }),
    body: z.object({
      action: z.enum(incidentActions),
      version,
      reason: z.string().trim().max(200).default(''),
      data: z.object({ until: instant.optional() }).default({}),
    }),
    answer: orderDetailSchema,
  },
} as const satisfies Record<string, Endpoint>
