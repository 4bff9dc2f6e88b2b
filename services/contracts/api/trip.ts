// What is done on the road, mostly on a phone: photos, incidents.
import { z } from 'zod'
import { incidentActions, incidentKinds } from '../../domain/incidents.ts'
import { photoSubjects } from '../../domain/orders.ts'
import { fixRefusals, MOST_FIXES_A_BATCH } from '../../domain/phoneFixes.ts'
import { positionSchema } from '../position.ts'
import { type Endpoint, id, instant, version } from './endpoint.ts'
import { orderDetailSchema } from './orders.ts'
import { doneOnPhoneSchema, orderParams, stopSchema } from './tripFields.ts'

const consentSchema = z.object({
  /** Which text is asked about now. */
  textVersion: z.int(),
  given: z.boolean(),
  /** The last one that was given, also when it was taken back or was to an older text. */
  consent: z.object({ textVersion: z.int(), givenAt: instant, withdrawnAt: instant.nullable() }).nullable(),
})

export const tripApi = {
  getTrackingConsent: {
    method: 'GET',
    path: '/tracking-consent',
    summary: 'Whether one consented to one’s phone telling where the vehicle is while an order runs',
    access: 'order.drive',
    answer: consentSchema,
  },
  setTrackingConsent: {
    method: 'PUT',
    path: '/tracking-consent',
    summary: 'Consents to a text of that version, or takes it back at once',
    access: 'order.drive',
    body: z.object({ given: z.boolean(), textVersion: z.int().min(1).max(1_000) }),
    answer: consentSchema,
  },
  sendOrderFixes: {
    method: 'POST',
    path: '/orders/:orderId/fixes',
    summary:
      'Where a driver’s phone was while his order runs; refused before departure, after return and without his consent. Sent again it is the same',
    access: 'order.drive',
    params: orderParams,
    body: z.object({
      sentAtDevice: instant,
      fixes: z
        .array(
          positionSchema.pick({ lon: true, lat: true, speedKph: true, headingDeg: true, altitudeM: true }).extend({
            /** By the phone’s clock. Under it a fix is one however often it is sent. */
            atDevice: instant,
            accuracyM: z.number().min(0).max(1_000_000),
          }),
        )
        .min(1)
        .max(MOST_FIXES_A_BATCH),
    }),
    answer: z.object({ taken: z.int(), refused: z.array(z.object({ index: z.int(), reason: z.enum(fixRefusals) })) }),
  },
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
