// Sealing over a holiday (封存停驶): plans, their vehicles, and what positions prove afterwards.
import { z } from 'zod'
import { daySchema } from '../../domain/days.ts'
import { givenExempts, MAX_SEALED, sealActions, sealExempts, sealProofs, sealStates } from '../../domain/sealing.ts'
import { plateColourSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

const unit = z.object({ organisationId: z.int(), name: z.string() })
const countsSchema = z.object({
  states: z.record(z.enum(sealStates), z.int()),
  /** Of those that were to stand still. */
  proofs: z.record(z.enum(sealProofs), z.int()),
})
const planSchema = z.object({
  planId: z.int(),
  name: z.string(),
  fromDay: daySchema,
  untilDay: daySchema,
  organisation: unit,
  reason: z.string(),
  plannedAt: instant,
  plannedBy: z.string(),
  /** Of the vehicles that the reader sees. */
  ...countsSchema.shape,
})
export type SealPlan = z.infer<typeof planSchema>

const sealSchema = z.object({
  sealId: z.int(),
  planId: z.int(),
  name: z.string(),
  state: z.enum(sealStates),
  from: instant,
  until: instant,
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }),
  organisation: unit,
  exempt: z.enum(sealExempts).nullable(),
  place: z.string().nullable(),
  lon: z.number().nullable(),
  lat: z.number().nullable(),
  keyKeeper: z.string().nullable(),
  photos: z.array(z.object({ photoId: z.int(), by: z.string(), at: instant })),
  /** null: the holiday is not over, or nobody has looked yet. */
  proof: z
    .object({
      kind: z.enum(sealProofs),
      /** Of the hole, or when it was first and last seen elsewhere. */
      from: instant.nullable(),
      until: instant.nullable(),
      farM: z.int(),
      provedAt: instant,
    })
    .nullable(),
  /** The finding of its use while sealed (R03), as far as the reader may see findings. */
  findingId: z.int().nullable(),
  steps: z.array(z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })),
  version,
  mayAct: z.array(z.enum(sealActions)),
  mayAddPhoto: z.boolean(),
})
export type Seal = z.infer<typeof sealSchema>

const sealParams = z.object({ sealId: id })
export const sealingApi = {
  listSealPlans: {
    method: 'GET',
    path: '/seal-plans',
    summary: 'Plans of sealing over holidays that hold for the scope, the latest first, with how many vehicles are in which state',
    access: 'ledger.view',
    query: z.object({ limit: pageSize, offset }),
    answer: page(planSchema),
  },
  planSeals: {
    method: 'POST',
    path: '/seal-plans',
    summary:
      'Plans a holiday: every available vehicle of the organisation and of all below it is to stand still but those that are exempt. Its days must be free by the calendar',
    access: 'ledger.draft',
    body: z.object({
      organisationId: id,
      fromDay: daySchema,
      untilDay: daySchema,
      exempt: z
        .array(z.object({ vehicleId: id, why: z.enum(givenExempts) }))
        .max(MAX_SEALED)
        .default([]),
      reason: purposeSchema,
    }),
    answer: planSchema,
  },
  getSealPlan: {
    method: 'GET',
    path: '/seal-plans/:planId',
    summary: 'A plan with its counts by unit',
    access: 'ledger.view',
    params: z.object({ planId: id }),
    answer: planSchema.extend({ units: z.array(countsSchema.extend({ organisation: unit })) }),
  },
  listSeals: {
    method: 'GET',
    path: '/seals',
    summary: 'Vehicles of plans with place, key keeper, photos and proof; of one plan or one proof alone where that is said',
    access: 'ledger.view',
    query: z.object({
      planId: id.optional(),
      state: z.enum(sealStates).optional(),
      proof: z.enum(sealProofs).optional(),
      organisationId: id.optional(),
      /** A fragment of a plate. */
      q: z.string().trim().max(20).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(sealSchema),
  },
  actOnSeals: {
    method: 'POST',
    path: '/seals/steps',
    summary:
      'Takes one step on one or several, all of them or none: seal, exempt, ask to unseal, unseal, refuse. Whoever asks does not decide',
    access: 'ledger.view',
    body: z.object({
      seals: z
        .array(z.object({ sealId: id, version }))
        .min(1)
        .max(100),
      action: z.enum(sealActions),
      reason: purposeSchema,
      data: z
        .object({
          place: z.string().trim().min(2).max(100).optional(),
          lon: z.number().min(-180).max(180).optional(),
          lat: z.number().min(-90).max(90).optional(),
          keyKeeper: z.string().trim().min(2).max(50).optional(),
        })
        .default({}),
    }),
    answer: z.object({ rows: z.array(sealSchema) }),
  },
  addSealPhoto: {
    method: 'POST',
    path: '/seals/:sealId/photos',
    summary: 'Adds a photo (JPEG, PNG or WebP) of the vehicle where it stands, kept upright and without what the camera wrote beside it',
    access: 'ledger.draft',
    params: sealParams,
    upload: { maxBytes: 32 * 1024 * 1024 },
    answer: sealSchema,
  },
  readSealPhoto: {
    method: 'GET',
    path: '/seals/:sealId/photos/:photoId',
    summary: 'A photo of a sealed vehicle',
    access: 'ledger.view',
    params: sealParams.extend({ photoId: id }),
    download: true,
    answer: z.unknown(),
  },
} as const satisfies Record<string, Endpoint>
