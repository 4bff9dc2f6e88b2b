// The ledger: organisations and what they share, one file a vehicle, and the flows that bring, move and dispose of vehicles.
import { z } from 'zod'
import { equipments } from '../../domain/equipment.ts'
import { disposalMethods, flowActions, flowKinds, flowStates, vehicleLifecycle, vehicleStates } from '../../domain/lifecycle.ts'
import { adcodeSchema } from '../../domain/region/region.ts'
import { bodyTypes, organisationKinds, vehicleOrigins } from '../../domain/vehicle.ts'
import { energyTypeSchema, plateColourSchema, vehicleCategorySchema, vehicleClassSchema } from '../../domain/vehicleSchemas.ts'
import { TERMINAL_ID } from '../topics.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema } from './endpoint.ts'

/** What a change must name: the version it saw, and why. */
const change = { version: z.int().positive(), reason: purposeSchema }
const numberOf = z.int().positive().max(2_147_483_647)
const day = z.iso.date()
const name = z.string().trim().min(2).max(80)
const unitRef = z.object({ organisationId: z.int(), name: z.string() })
const MAX_PRICE_FEN = 10_000_000_00

export const historySchema = z.object({
  rows: z.array(
    z.object({
      seq: z.number(),
      at: instant,
      username: z.string(),
      action: z.string(),
      before: z.record(z.string(), z.unknown()).nullable(),
      after: z.record(z.string(), z.unknown()).nullable(),
      reason: z.string().nullable(),
      /** The names of what the record speaks of by number, as `kind:number`; without one = not for this reader. */
      names: z.record(z.string(), z.string()),
    }),
  ),
})
export type LedgerHistory = z.infer<typeof historySchema>
/** Newest first, a hundred at a time; `beforeSeq` is the last number of the page before. */
export const historyQuery = z.object({ beforeSeq: z.coerce.number().int().positive().optional() })

const ledgerOrganisationSchema = z.object({
  organisationId: z.int(),
  parentId: z.int().nullable(),
  kind: z.enum(organisationKinds),
  adcode: adcodeSchema,
  name: z.string(),
  costCentre: z.string().nullable(),
  compoundId: z.int().nullable(),
  poolId: z.int().nullable(),
  closedAt: instant.nullable(),
  mergedIntoId: z.int().nullable(),
  version: z.int(),
})
export type LedgerOrganisation = z.infer<typeof ledgerOrganisationSchema>

const sharedPlace = { organisationId: z.int(), name: z.string(), version: z.int() }
const compoundSchema = z.object({ compoundId: z.int(), placeId: z.int().nullable(), units: z.int(), ...sharedPlace })
const poolSchema = z.object({ poolId: z.int(), compoundId: z.int().nullable(), units: z.int(), vehicles: z.int(), ...sharedPlace })

const impactSchema = z.object({
  vehicles: z.int(),
  drivers: z.int(),
  accounts: z.int(),
  quotaSeats: z.int(),
  organisations: z.int(),
  /** Why it will be refused; empty when it may go ahead. */
  refusals: z.array(
    z.object({ reason: z.string(), message: z.string(), values: z.record(z.string(), z.string().or(z.number())).optional() }),
  ),
})

/** What is written into a vehicle's file; judged further where a schema cannot. */
const vehicleFieldsSchema = z.object({
  plate: z.string().trim().min(1).max(16),
  plateColour: plateColourSchema,
  class: vehicleClassSchema,
  category: vehicleCategorySchema,
  energy: energyTypeSchema,
  make: z.string().trim().min(1).max(40),
  model: z.string().trim().min(1).max(60),
  seats: z.int().min(1).max(60),
  displacementMl: z.int().min(1).max(30_000).nullable(),
  registeredOn: day,
  ownerUnitId: numberOf,
  userUnitId: numberOf,
  vin: z.string().trim().toUpperCase().max(20).nullable(),
  engineNo: z.string().trim().min(1).max(30).nullable(),
  bodyType: z.enum(bodyTypes).nullable(),
  equipment: z.array(z.enum(equipments)).max(equipments.length),
  /** What its tank holds, litres. */
  tankL: z.int().min(5).max(1_000).nullable(),
  origin: z.enum(vehicleOrigins).nullable(),
  priceFen: z.int().min(1).max(MAX_PRICE_FEN).nullable(),
  inServiceOn: day.nullable(),
  insuranceUntil: day.nullable(),
  inspectionUntil: day.nullable(),
  stickerNo: z.string().trim().min(1).max(30).nullable(),
  parkingPlaceId: numberOf.nullable(),
  fuelSupplierId: numberOf.nullable(),
  repairSupplierId: numberOf.nullable(),
  insuranceSupplierId: numberOf.nullable(),
  secrecy: z.boolean(),
  note: z.string().trim().max(500).nullable(),
})
export type VehicleFields = z.infer<typeof vehicleFieldsSchema>
export type VehicleField = keyof VehicleFields

/** Optional at registration; the rest must be said. */
const optional = {
  vin: true,
  engineNo: true,
  bodyType: true,
  equipment: true,
  tankL: true,
  origin: true,
  priceFen: true,
  inServiceOn: true,
  insuranceUntil: true,
  inspectionUntil: true,
  stickerNo: true,
  parkingPlaceId: true,
  fuelSupplierId: true,
  repairSupplierId: true,
  insuranceSupplierId: true,
  secrecy: true,
  note: true,
  displacementMl: true,
} as const
export const newVehicleSchema = vehicleFieldsSchema.partial(optional)
export type NewVehicle = z.infer<typeof newVehicleSchema>

/** Changed by a transfer between units, or put right by the bureau; everything else the unit keeps itself. */
export const bureauFields: readonly VehicleField[] = ['class', 'category', 'ownerUnitId', 'userUnitId', 'secrecy']

const excessSchema = z.object({ what: z.enum(['price', 'displacement']), value: z.number(), limit: z.number() })

const ledgerRowSchema = z.object({
  vehicleId: z.int(),
  plate: z.string(),
  plateColour: plateColourSchema,
  class: vehicleClassSchema,
  category: vehicleCategorySchema,
  state: z.enum(vehicleStates),
  energy: energyTypeSchema,
  make: z.string(),
  model: z.string(),
  bodyType: z.enum(bodyTypes).nullable(),
  origin: z.enum(vehicleOrigins).nullable(),
  priceFen: z.number().nullable(),
  displacementMl: z.int().nullable(),
  registeredOn: day,
  insuranceUntil: day.nullable(),
  inspectionUntil: day.nullable(),
  quotaSeat: z.int().nullable(),
  overQuota: z.boolean(),
  overStandard: z.boolean(),
  userUnit: unitRef,
  version: z.int(),
})
export type LedgerRow = z.infer<typeof ledgerRowSchema>

const fileSchema = z.object({
  fileId: z.int(),
  kind: z.enum(['photo', 'document']),
  name: z.string(),
  contentType: z.string(),
  bytes: z.int(),
  addedAt: instant,
  addedBy: z.string(),
})
export type VehicleAttachment = z.infer<typeof fileSchema>

const vehicleFileSchema = vehicleFieldsSchema.extend({
  vehicleId: z.int(),
  state: z.enum(vehicleStates),
  quotaSeat: z.int().nullable(),
  overQuota: z.boolean(),
  excess: z.array(excessSchema),
  userUnit: unitRef,
  ownerUnit: unitRef,
  parkingPlace: z.string().nullable(),
  /** Names of the designated suppliers. */
  suppliers: z.object({ fuel: z.string().nullable(), repair: z.string().nullable(), insurance: z.string().nullable() }),
  terminalId: z.string().nullable(),
  /** Since when the terminal is in the vehicle; null = as far back as is known, or there is none. */
  terminalSince: instant.nullable(),
  pastPlates: z.array(z.object({ plate: z.string(), until: instant })),
  files: z.array(fileSchema),
  openFlow: z.object({ flowId: z.int(), kind: z.enum(flowKinds), state: z.string() }).nullable(),
  version: z.int(),
})
export type VehicleFile = z.infer<typeof vehicleFileSchema>

/** What the list of the ledger is cut by. */
const ledgerFilter = {
  q: z.string().trim().max(64).optional(),
  organisationId: id.optional(),
  class: vehicleClassSchema.optional(),
  category: vehicleCategorySchema.optional(),
  energy: energyTypeSchema.optional(),
  origin: z.enum(vehicleOrigins).optional(),
  state: z.enum(vehicleStates).optional(),
  over: z.enum(['quota', 'standard']).optional(),
  /** Insurance or inspection runs out within so many days, or has. */
  expiresInDays: z.coerce.number().int().min(0).max(365).optional(),
}

/** Fields that may be set on many vehicles at once. */
const bulkSchema = z
  .object({
    userUnitId: numberOf,
    parkingPlaceId: numberOf.nullable(),
    state: z.enum(['SUSPENDED', 'AVAILABLE']),
    insuranceUntil: day.nullable(),
    inspectionUntil: day.nullable(),
  })
  .partial()
  .refine((set) => Object.values(set).some((value) => value !== undefined), '请至少填写一项 / name at least one field')
export type BulkChange = z.infer<typeof bulkSchema>
/** Chosen one by one, or moved to another unit: each is judged on its own. */
export const MAX_BULK = 200
/** Everything that a filter finds. */
export const MAX_BULK_FOUND = 5_000
/** Either vehicles by number, or all that the ledger's list finds by this filter. */
const bulkTarget = {
  vehicleIds: z.array(numberOf).min(1).max(MAX_BULK).optional(),
  filter: z.strictObject(ledgerFilter).optional(),
}
const oneTarget = ({ vehicleIds, filter }: { vehicleIds?: unknown; filter?: unknown }) =>
  (vehicleIds === undefined) !== (filter === undefined)
const ONE_TARGET = '请指明车辆或筛选条件，二者选一 / name vehicles or a filter, one of the two'

const flowSchema = z.object({
  flowId: z.int(),
  kind: z.enum(flowKinds),
  state: z.string(),
  open: z.boolean(),
  unit: unitRef,
  toUnit: unitRef.nullable(),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string(), plateColour: plateColourSchema }).nullable(),
  data: z.record(z.string(), z.unknown()),
  startedAt: instant,
  version: z.int(),
})
export type Flow = z.infer<typeof flowSchema>
const flowDetailSchema = flowSchema.extend({
  /** What the caller may do now, in the order of the lifecycle table. */
  mayAct: z.array(z.string()),
  steps: z.array(
    z.object({
      action: z.string(),
      state: z.string(),
      at: instant,
      username: z.string(),
      reason: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
})
export type FlowDetail = z.infer<typeof flowDetailSchema>

/** What steps bring with them; each step's own needs are said in the server's table of steps. */
const flowDataSchema = z
  .object({
    vehicle: newVehicleSchema,
    priceFen: z.int().min(1).max(MAX_PRICE_FEN),
    contractNo: z.string().trim().min(1).max(60),
    appraisedFen: z.int().min(0).max(MAX_PRICE_FEN),
    financeDocumentNo: z.string().trim().min(1).max(60),
    method: z.enum(disposalMethods),
    incomeFen: z.int().min(0).max(MAX_PRICE_FEN),
    remittanceNo: z.string().trim().min(1).max(60),
  })
  .partial()
export type FlowData = z.infer<typeof flowDataSchema>

const planSchema = z.object({
  category: vehicleCategorySchema,
  bodyType: z.enum(bodyTypes).nullable(),
  energy: energyTypeSchema,
  priceFen: z.int().min(1).max(MAX_PRICE_FEN),
  displacementMl: z.int().min(1).max(30_000).nullable(),
})
export type AcquisitionPlan = z.infer<typeof planSchema>

const organisation = z.object({ organisationId: id })
const vehicle = z.object({ vehicleId: id })

export const ledgerApi = {
  listLedgerOrganisations: {
    method: 'GET',
    path: '/ledger/organisations',
    summary: 'The organisation tree with what units share; as it was on a day with `asOf`',
    access: 'ledger.view',
    query: z.object({ asOf: instant.optional(), closed: z.enum(['true', 'false']).default('false') }),
    answer: z.object({ rows: z.array(ledgerOrganisationSchema) }),
  },
  getOrganisationHistory: {
    method: 'GET',
    path: '/organisations/:organisationId/history',
    summary: 'What was done to an organisation: who, when, what, why',
    access: 'ledger.view',
    params: organisation,
    query: historyQuery,
    answer: historySchema,
  },
  previewOrganisation: {
    method: 'GET',
    path: '/organisations/:organisationId/impact',
    summary: 'What moving, merging or closing an organisation will do, and why it may be refused',
    access: 'organisation.manage',
    params: organisation,
    query: z.object({ action: z.enum(['move', 'merge', 'close']), targetId: id.optional() }),
    answer: impactSchema,
  },
  createOrganisation: {
    method: 'POST',
    path: '/organisations',
    summary: 'Create an organisation under another',
    access: 'organisation.manage',
    body: z.object({
      parentId: numberOf,
      kind: z.enum(organisationKinds),
      name,
      adcode: adcodeSchema.optional(),
      costCentre: z.string().trim().min(1).max(40).nullable().optional(),
      reason: purposeSchema,
    }),
    answer: ledgerOrganisationSchema,
  },
  changeOrganisation: {
    method: 'PATCH',
    path: '/organisations/:organisationId',
    summary: 'Rename an organisation, put the division code of a league or banner right, or set its cost centre, compound and pool',
    access: 'organisation.manage',
    params: organisation,
    body: z.object({
      ...change,
      name: name.optional(),
      adcode: adcodeSchema.optional(),
      costCentre: z.string().trim().min(1).max(40).nullable().optional(),
      compoundId: numberOf.nullable().optional(),
      poolId: numberOf.nullable().optional(),
    }),
    answer: ledgerOrganisationSchema,
  },
  moveOrganisation: {
    method: 'POST',
    path: '/organisations/:organisationId/move',
    summary: 'Put an organisation and all below it under another',
    access: 'organisation.manage',
    params: organisation,
    body: z.object({ ...change, parentId: numberOf }),
    answer: ledgerOrganisationSchema,
  },
  mergeOrganisation: {
    method: 'POST',
    path: '/organisations/:organisationId/merge',
    summary: 'Merge a unit into another: vehicles, drivers, quota and accounts go there, and it is closed',
    access: 'organisation.manage',
    params: organisation,
    body: z.object({ ...change, intoId: numberOf }),
    answer: ledgerOrganisationSchema,
  },
  closeOrganisation: {
    method: 'POST',
    path: '/organisations/:organisationId/close',
    summary: 'Close an organisation that nothing hangs on any more',
    access: 'organisation.manage',
    params: organisation,
    body: z.object(change),
    answer: ledgerOrganisationSchema,
  },
  listSharedPlaces: {
    method: 'GET',
    path: '/ledger/shared',
    summary: 'Office compounds and motor pools in scope, with how many units share each',
    access: 'ledger.view',
    answer: z.object({ compounds: z.array(compoundSchema), pools: z.array(poolSchema) }),
  },
  createCompound: {
    method: 'POST',
    path: '/compounds',
    summary: 'Create an office compound of an organisation',
    access: 'organisation.manage',
    body: z.object({ organisationId: numberOf, name, placeId: numberOf.nullable().optional(), reason: purposeSchema }),
    answer: compoundSchema,
  },
  changeCompound: {
    method: 'PATCH',
    path: '/compounds/:compoundId',
    summary: 'Rename a compound or tie it to a place',
    access: 'organisation.manage',
    params: z.object({ compoundId: id }),
    body: z.object({ ...change, name: name.optional(), placeId: numberOf.nullable().optional() }),
    answer: compoundSchema,
  },
  createPool: {
    method: 'POST',
    path: '/pools',
    summary: 'Create a motor pool of an organisation',
    access: 'organisation.manage',
    body: z.object({ organisationId: numberOf, name, compoundId: numberOf.nullable().optional(), reason: purposeSchema }),
    answer: poolSchema,
  },
  changePool: {
    method: 'PATCH',
    path: '/pools/:poolId',
    summary: 'Rename a motor pool or tie it to a compound',
    access: 'organisation.manage',
    params: z.object({ poolId: id }),
    body: z.object({ ...change, name: name.optional(), compoundId: numberOf.nullable().optional() }),
    answer: poolSchema,
  },
  listLedger: {
    method: 'GET',
    path: '/ledger/vehicles',
    summary: 'The vehicle ledger: by plate fragment, unit, pinyin or VIN, filtered and paged',
    access: 'ledger.view',
    query: z.object({ ...ledgerFilter, limit: pageSize, offset }),
    answer: page(ledgerRowSchema),
  },
  getVehicleFile: {
    method: 'GET',
    path: '/vehicles/:vehicleId/file',
    summary: 'One vehicle’s file (一车一档) with judgement, terminal, plates of the past and attachments; as it was with `asOf`',
    access: 'ledger.view',
    params: vehicle,
    query: z.object({ asOf: instant.optional() }),
    answer: vehicleFileSchema,
  },
  getVehicleHistory: {
    method: 'GET',
    path: '/vehicles/:vehicleId/history',
    summary: 'What was done to a vehicle’s file: who, when, what, why',
    access: 'ledger.view',
    params: vehicle,
    query: historyQuery,
    answer: historySchema,
  },
  createVehicle: {
    method: 'POST',
    path: '/vehicles',
    summary: 'Enter a vehicle that is in stock already; new ones come by an acquisition',
    access: 'ledger.approve',
    body: newVehicleSchema.extend({ reason: purposeSchema }),
    answer: vehicleFileSchema,
  },
  changeVehicle: {
    method: 'PATCH',
    path: '/vehicles/:vehicleId',
    summary: 'Change fields of a vehicle’s file; the plate among them',
    access: 'ledger.draft',
    params: vehicle,
    body: z.object({ ...change, set: vehicleFieldsSchema.partial() }),
    answer: vehicleFileSchema,
  },
  actOnVehicle: {
    method: 'POST',
    path: '/vehicles/:vehicleId/state',
    summary: 'Suspend, resume, seal, unseal, send to maintenance',
    access: 'ledger.draft',
    params: vehicle,
    body: z.object({ ...change, action: z.enum(Object.keys(vehicleLifecycle) as [string, ...string[]]) }),
    answer: vehicleFileSchema,
  },
  bindTerminal: {
    method: 'PUT',
    path: '/vehicles/:vehicleId/terminal',
    summary:
      'Bind, replace or (null) unbind the terminal of a vehicle; since now or an earlier moment after which nothing was stored. The one that it has: since when is put right',
    access: 'ledger.draft',
    params: vehicle,
    body: z.object({ ...change, terminalId: z.string().trim().regex(TERMINAL_ID).nullable(), since: instant.optional() }),
    answer: vehicleFileSchema,
  },
  addVehicleFile: {
    method: 'POST',
    path: '/vehicles/:vehicleId/files',
    summary: 'Add a photo or document: JPEG, PNG, WebP or PDF of at most 5 MB, told by its bytes',
    access: 'ledger.draft',
    params: vehicle,
    query: z.object({ kind: z.enum(['photo', 'document']), name: z.string().trim().min(1).max(120) }),
    upload: { maxBytes: 5_242_880 },
    answer: fileSchema,
  },
  removeVehicleFile: {
    method: 'DELETE',
    path: '/vehicles/:vehicleId/files/:fileId',
    summary: 'Remove a photo or document',
    access: 'ledger.draft',
    params: z.object({ vehicleId: id, fileId: id }),
    query: z.object({ reason: purposeSchema }),
    answer: z.object({}),
  },
  readVehicleFile: {
    method: 'GET',
    path: '/vehicles/:vehicleId/files/:fileId',
    summary: 'The bytes of a photo or document',
    access: 'ledger.view',
    params: z.object({ vehicleId: id, fileId: id }),
    download: true,
    answer: z.unknown(),
  },
  previewBulk: {
    method: 'POST',
    path: '/ledger/vehicles/bulk/preview',
    summary: 'What a bulk change would do to each vehicle, and which it would refuse; changes nothing',
    access: 'ledger.draft',
    body: z.object({ ...bulkTarget, set: bulkSchema }).refine(oneTarget, ONE_TARGET),
    answer: z.object({
      changes: z.int(),
      unchanged: z.int(),
      /** How many are refused; the first two hundred are named. */
      refused: z.int(),
      refusals: z.array(
        z.object({
          vehicleId: z.int(),
          plate: z.string(),
          reason: z.string(),
          message: z.string(),
          values: z.record(z.string(), z.string().or(z.number())).optional(),
        }),
      ),
      /** Stands for the versions that were looked at; applying with another one is a conflict. */
      token: z.string(),
    }),
  },
  applyBulk: {
    method: 'POST',
    path: '/ledger/vehicles/bulk',
    summary: 'Apply a bulk change that was looked at: all vehicles or none',
    access: 'ledger.draft',
    body: z
      .object({
        ...bulkTarget,
        set: bulkSchema,
        token: z.string().min(1).max(100),
        reason: purposeSchema,
        /** Changes those that may be changed and leaves the refused ones as they are. */
        skipRefused: z.boolean().default(false),
      })
      .refine(oneTarget, ONE_TARGET),
    answer: z.object({ changes: z.int() }),
  },
  listFlows: {
    method: 'GET',
    path: '/ledger/flows',
    summary: 'Acquisitions, transfers and disposals in scope, newest first',
    access: 'ledger.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      kind: z.enum(flowKinds).optional(),
      state: z.enum(flowStates as [string, ...string[]]).optional(),
      open: z.enum(['true', 'false']).optional(),
      vehicleId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(flowSchema),
  },
  getFlow: {
    method: 'GET',
    path: '/ledger/flows/:flowId',
    summary: 'One flow with its steps and what the caller may do next',
    access: 'ledger.view',
    params: z.object({ flowId: id }),
    answer: flowDetailSchema,
  },
  startFlow: {
    method: 'POST',
    path: '/ledger/flows',
    summary: 'Plan an acquisition, propose a transfer to another unit, apply for a disposal',
    access: 'ledger.draft',
    body: z.object({
      kind: z.enum(flowKinds),
      reason: purposeSchema,
      /** Of an acquisition. */
      unitId: numberOf.optional(),
      plan: planSchema.optional(),
      /** Of a transfer or disposal. */
      vehicleId: numberOf.optional(),
      toUnitId: numberOf.optional(),
    }),
    answer: flowDetailSchema,
  },
  actOnFlow: {
    method: 'POST',
    path: '/ledger/flows/:flowId/actions',
    summary: 'Take the next step of a flow; each step by whom the lifecycle table names',
    access: 'ledger.draft',
    params: z.object({ flowId: id }),
    body: z.object({ ...change, action: z.enum(flowActions), data: flowDataSchema.optional() }),
    answer: flowDetailSchema,
  },
} as const satisfies Record<string, Endpoint>
