// Cases (案卷): within them an inspector looks at the past of vehicles. Whoever is no member of one is told that there is none.
import { z } from 'zod'
import { caseActions, caseStates, caseVehicleActions, caseVehicleStates, MAX_CASE_MEMBERS, MAX_CASE_VEHICLES } from '../../domain/cases.ts'
import { typedUsernameSchema } from '../../domain/username.ts'
import { plateColourSchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

const step = z.object({ action: z.string(), state: z.string(), at: instant, by: z.string(), reason: z.string() })
const period = { from: instant, until: instant }
const caseRowSchema = z.object({
  caseId: z.int(),
  /** 案〔2026〕0007 */
  number: z.string(),
  state: z.enum(caseStates),
  purpose: z.string(),
  basis: z.string(),
  ...period,
  openedBy: z.string(),
  openedAt: instant,
  vehicles: z.int(),
  /** Of these, how many wait for a second person. */
  waiting: z.int(),
  members: z.int(),
  version,
  mayAct: z.array(z.enum(caseActions)),
})
export type CaseRow = z.infer<typeof caseRowSchema>

const caseVehicleSchema = z.object({
  caseVehicleId: z.int(),
  state: z.enum(caseVehicleStates),
  /** null: a sensitive vehicle that the reader does not see (any more). */
  vehicle: z
    .object({
      vehicleId: z.int(),
      plate: z.string(),
      plateColour: plateColourSchema,
      class: vehicleClassSchema,
      unit: z.string(),
    })
    .nullable(),
  /** The period that a second person released; null where none had to, or has. */
  released: z.object(period).nullable(),
  steps: z.array(step),
  version,
  mayAct: z.array(z.enum(caseVehicleActions)),
})
export type CaseVehicle = z.infer<typeof caseVehicleSchema>

const caseMemberSchema = z.object({ memberId: z.int(), username: z.string(), displayName: z.string(), since: instant })
const caseSchema = caseRowSchema.extend({
  vehicleRows: z.array(caseVehicleSchema),
  memberRows: z.array(caseMemberSchema),
  steps: z.array(step),
})
export type Case = z.infer<typeof caseSchema>

const caseParams = z.object({ caseId: id })
const basis = z.string().trim().min(2).max(200)

export const casesApi = {
  listCases: {
    method: 'GET',
    path: '/cases',
    summary: 'The cases that the caller is a member of, the latest first',
    access: 'case.keep',
    query: z.object({
      state: z.enum(caseStates).optional(),
      /** A fragment of number, purpose, basis or of a plate in it. */
      q: z.string().trim().max(64).optional(),
      vehicleId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(caseRowSchema),
  },
  openCase: {
    method: 'POST',
    path: '/cases',
    summary: 'Opens a case: why, on what basis, which vehicles, which period. Whoever opens it is its first member',
    access: 'case.keep',
    body: z.object({
      purpose: purposeSchema,
      basis,
      ...period,
      vehicleIds: z.array(id).max(MAX_CASE_VEHICLES).default([]),
      members: z.array(typedUsernameSchema).max(MAX_CASE_MEMBERS).default([]),
    }),
    answer: caseSchema,
  },
  getCase: {
    method: 'GET',
    path: '/cases/:caseId',
    summary: 'A case with its vehicles, members and steps',
    access: 'case.keep',
    params: caseParams,
    answer: caseSchema,
  },
  changeCase: {
    method: 'PUT',
    path: '/cases/:caseId',
    summary: 'Changes purpose, basis or period. What a second person released stays released for the period of then',
    access: 'case.keep',
    params: caseParams,
    body: z.object({ version, purpose: purposeSchema, basis, ...period, reason: purposeSchema }),
    answer: caseSchema,
  },
  actOnCase: {
    method: 'POST',
    path: '/cases/:caseId/steps',
    summary: 'Takes a step: close, reopen. Nothing is looked at within a closed case',
    access: 'case.keep',
    params: caseParams,
    body: z.object({ action: z.enum(caseActions), version, reason: purposeSchema }),
    answer: caseSchema,
  },
  addCaseVehicles: {
    method: 'POST',
    path: '/cases/:caseId/vehicles',
    summary: 'Puts vehicles into a case; of some classes a second person must release them before they are looked at',
    access: 'case.keep',
    params: caseParams,
    body: z.object({ vehicleIds: z.array(id).min(1).max(MAX_CASE_VEHICLES), reason: purposeSchema }),
    answer: caseSchema,
  },
  actOnCaseVehicle: {
    method: 'POST',
    path: '/case-vehicles/:caseVehicleId/steps',
    summary: 'Takes a step: release, refuse (by a second person), askAgain, takeOut',
    access: 'case.keep',
    params: z.object({ caseVehicleId: id }),
    body: z.object({ action: z.enum(caseVehicleActions), version, reason: purposeSchema }),
    answer: caseVehicleSchema,
  },
  listCaseReleases: {
    method: 'GET',
    path: '/case-vehicles/waiting',
    summary:
      'Vehicles of the scope that wait in cases for a second person’s release, the oldest first; of the case its number, purpose, basis and period',
    access: 'case.release',
    query: z.object({ limit: pageSize, offset }),
    answer: page(
      caseVehicleSchema.extend({
        number: z.string(),
        purpose: z.string(),
        basis: z.string(),
        ...period,
        addedBy: z.string(),
        addedAt: instant,
      }),
    ),
  },
  listCaseNameable: {
    method: 'GET',
    path: '/cases/:caseId/nameable',
    summary: 'People who may become members of a case, by name',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ q: z.string().trim().max(64).optional() }),
    answer: z.object({ rows: z.array(z.object({ username: z.string(), displayName: z.string(), organisation: z.string() })) }),
  },
  addCaseMember: {
    method: 'POST',
    path: '/cases/:caseId/members',
    summary: 'Makes somebody a member of a case',
    access: 'case.keep',
    params: caseParams,
    body: z.object({ username: typedUsernameSchema, reason: purposeSchema }),
    answer: caseSchema,
  },
  endCaseMember: {
    method: 'POST',
    path: '/cases/:caseId/members/:memberId/end',
    summary: 'Ends a membership; the last member stays',
    access: 'case.keep',
    params: caseParams.extend({ memberId: id }),
    body: z.object({ reason: purposeSchema }),
    answer: z.object({}),
  },
  listCaseLooks: {
    method: 'GET',
    path: '/cases/:caseId/looks',
    summary: 'Who looked at what within a case, the latest first',
    access: 'case.keep',
    params: caseParams,
    query: z.object({ limit: pageSize, offset }),
    answer: page(
      z.object({
        /** As its record in the audit log names it; null: a question of who was where. */
        lookId: z.int().nullable(),
        askId: z.int().nullable(),
        at: instant,
        by: z.string(),
        /** null: a sensitive vehicle that the reader does not see, or a question of none. */
        plate: z.string().nullable(),
        /** What of a vehicle, or the kind of question. */
        part: z.string(),
        /** What a question was told; null: nothing has left, or it is a look at a vehicle. */
        rows: z.int().nullable(),
        ...period,
      }),
    ),
  },
} as const satisfies Record<string, Endpoint>
