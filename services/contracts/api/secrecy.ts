// Sensitive vehicles (涉密): the register of who may see them, unmaskings for a while, and what everybody else sees.
// Whoever keeps the register sees numbers, units and names; a plate and a position are for those who are named, the keeper included.
import { z } from 'zod'
import { roles } from '../../domain/permissions.ts'
import { adcodeSchema } from '../../domain/region/region.ts'
import { FIRST_SECRET_NO, MAX_UNMASKING_HOURS, sights, unmaskingStates } from '../../domain/secrecy.ts'
import { typedUsernameSchema } from '../../domain/username.ts'
import { plateAsStored } from '../../domain/vehicle.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './endpoint.ts'

const secretNo = id.min(FIRST_SECRET_NO)
const unit = z.object({ organisationId: z.int(), name: z.string(), adcode: adcodeSchema })
const person = z.object({ username: z.string(), displayName: z.string() })
const hours = z.int().min(1).max(MAX_UNMASKING_HOURS)

const namingSchema = z.object({
  namingId: z.int(),
  secretNo: z.int(),
  account: person.extend({ role: z.enum(roles).nullable(), organisation: z.string() }),
  namedAt: instant,
  namedBy: person,
  reason: z.string(),
  /** null: until it is ended. */
  until: instant.nullable(),
  ended: z.object({ at: instant, by: person, reason: z.string() }).nullable(),
  /** In force now: neither ended nor over. */
  running: z.boolean(),
})
export type Naming = z.infer<typeof namingSchema>

const secretVehicleSchema = z.object({
  secretNo: z.int(),
  unit,
  /** What those see who are not named. */
  sight: z.enum(sights),
  /** How long an unmasking of it may last at most. */
  maxHours: z.int(),
  /** Its identity, for a reader who is named for it or looks under an unmasking. */
  vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(),
  /** Newest first, the ended ones with their end. */
  namings: z.array(namingSchema),
})
export type SecretVehicle = z.infer<typeof secretVehicleSchema>

const unmaskingSchema = z.object({
  unmaskingId: z.int(),
  /** As it was asked: a plate, or a secret number. */
  asked: z.string(),
  purpose: z.string(),
  hours: z.int(),
  askedAt: instant,
  askedBy: person.extend({ organisation: z.string() }),
  state: z.enum(unmaskingStates),
  decided: z.object({ at: instant, by: person, reason: z.string() }).nullable(),
  until: instant.nullable(),
  ended: z.object({ at: instant, by: person.nullable(), reason: z.string() }).nullable(),
})
/** While it runs, whoever asked is told which vehicle it is. Before and after, nothing but what he asked. */
const ownUnmaskingSchema = unmaskingSchema.extend({ vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable() })
export type OwnUnmasking = z.infer<typeof ownUnmaskingSchema>

/** What the one who decides is told of what was asked for. */
export const findings = ['secret', 'open', 'none', 'outOfReach'] as const
const decidableSchema = unmaskingSchema.extend({
  /** `secret`: a sensitive vehicle of the scope. `open`: a vehicle that is none. `none`: nothing of the scope is called so. `outOfReach`: the asking account's scope does not hold it. null: a request of
   *  one’s own, about which its asker learns nothing here either. */
  finding: z.enum(findings).nullable(),
  secretNo: z.int().nullable(),
  unit: unit.nullable(),
  maxHours: z.int(),
  /** false for one's own: another person decides. */
  mayDecide: z.boolean(),
})
export type DecidableUnmasking = z.infer<typeof decidableSchema>

const policySchema = z.object({
  /** null: the whole region. */
  organisation: z.object({ organisationId: z.int(), name: z.string() }).nullable(),
  effectiveFrom: z.iso.date(),
  sight: z.enum(sights),
  maxHours: z.int(),
})

const asked = z
  .string()
  .trim()
  .min(4)
  .max(20)
  .transform((text) => (/^\d+$/.test(text) ? text : plateAsStored(text)))

export const secrecyApi = {
  listSecretVehicles: {
    method: 'GET',
    path: '/secret-vehicles',
    summary: 'The register of sensitive vehicles in scope: numbers, units, and who is named',
    access: 'unmask.approve',
    query: z.object({ q: z.string().trim().max(64).optional(), organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(secretVehicleSchema),
  },
  listNameable: {
    method: 'GET',
    path: '/secret-vehicles/:secretNo/nameable',
    summary: 'Accounts that may be named for a sensitive vehicle: active, of a role that sees vehicles, and with it in scope',
    access: 'unmask.approve',
    params: z.object({ secretNo }),
    query: z.object({ q: z.string().trim().max(64).optional() }),
    answer: z.object({ rows: z.array(person.extend({ role: z.enum(roles), organisation: z.string() })) }),
  },
  nameForSecret: {
    method: 'POST',
    path: '/secret-vehicles/:secretNo/namings',
    summary: 'Name an account that may see a sensitive vehicle; never one’s own',
    access: 'unmask.approve',
    params: z.object({ secretNo }),
    body: z.object({ username: typedUsernameSchema, until: instant.nullable(), reason: purposeSchema }),
    answer: namingSchema,
  },
  endNaming: {
    method: 'POST',
    path: '/secret-namings/:namingId/end',
    summary: 'End a naming',
    access: 'unmask.approve',
    params: z.object({ namingId: id }),
    body: z.object({ reason: purposeSchema }),
    answer: namingSchema,
  },
  requestUnmasking: {
    method: 'POST',
    path: '/unmaskings',
    summary: 'Ask to see one sensitive vehicle for a while; the answer is the same whether there is such a vehicle or not',
    access: 'unmask.request',
    body: z.object({ vehicle: asked, purpose: purposeSchema, hours }),
    answer: ownUnmaskingSchema,
  },
  listOwnUnmaskings: {
    method: 'GET',
    path: '/unmaskings/own',
    summary: 'What the caller has asked for, newest first, and how many hours may be asked for',
    access: 'unmask.request',
    query: z.object({ limit: pageSize, offset }),
    answer: page(ownUnmaskingSchema).extend({ maxHours: z.int() }),
  },
  returnUnmasking: {
    method: 'POST',
    path: '/unmaskings/:unmaskingId/return',
    summary: 'Withdraw your request, or end your unmasking before its time',
    access: 'unmask.request',
    params: z.object({ unmaskingId: id }),
    body: z.object({ reason: purposeSchema }),
    answer: ownUnmaskingSchema,
  },
  listUnmaskings: {
    method: 'GET',
    path: '/unmaskings',
    summary: 'Requests from the scope: to be decided, running, and over',
    access: 'unmask.approve',
    query: z.object({ only: z.enum(['pending', 'running', 'over']).optional(), limit: pageSize, offset }),
    answer: page(decidableSchema),
  },
  approveUnmasking: {
    method: 'POST',
    path: '/unmaskings/:unmaskingId/approve',
    summary: 'Approve a request, for the hours asked or fewer; never one’s own',
    access: 'unmask.approve',
    params: z.object({ unmaskingId: id }),
    body: z.object({ hours: hours.optional(), reason: purposeSchema }),
    answer: decidableSchema,
  },
  refuseUnmasking: {
    method: 'POST',
    path: '/unmaskings/:unmaskingId/refuse',
    summary: 'Refuse a request; never one’s own',
    access: 'unmask.approve',
    params: z.object({ unmaskingId: id }),
    body: z.object({ reason: purposeSchema }),
    answer: decidableSchema,
  },
  endUnmasking: {
    method: 'POST',
    path: '/unmaskings/:unmaskingId/end',
    summary: 'End an unmasking before its time',
    access: 'unmask.approve',
    params: z.object({ unmaskingId: id }),
    body: z.object({ reason: purposeSchema }),
    answer: decidableSchema,
  },
  listSecrecyPolicies: {
    method: 'GET',
    path: '/secrecy-policies',
    summary: 'What those see who are not named, and for how long an unmasking may last, by organisation and day',
    access: 'unmask.approve',
    answer: z.object({ rows: z.array(policySchema) }),
  },
  setSecrecyPolicy: {
    method: 'POST',
    path: '/secrecy-policies',
    summary: 'Set the policy of an organisation of the scope from today or a later day on',
    access: 'unmask.approve',
    body: z.object({
      organisationId: z.int().positive().max(2_147_483_647),
      effectiveFrom: z.iso.date(),
      sight: z.enum(sights),
      maxHours: hours,
      reason: purposeSchema,
    }),
    answer: policySchema,
  },
} as const satisfies Record<string, Endpoint>
