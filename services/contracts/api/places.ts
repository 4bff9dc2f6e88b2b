// Places with their shapes, designated suppliers, fuel cards, and the working calendar. What an organisation sets holds for everything
// below it: so a unit reads the rows above it that hold for it, and changes only those inside its own scope.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { FUEL_CARD_NO } from '../../domain/fuelCard.ts'
import { shapeSchema } from '../../domain/geofence.ts'
import { fuelCardStates, placeKinds, sensitiveKinds, supplierKinds } from '../../domain/places.ts'
import { calendarDayKinds } from '../../domain/workCalendar.ts'
import { phoneSchema } from './drivers.ts'
import { type Endpoint, id, offset, page, pageSize, version } from './endpoint.ts'

const text = (max: number) => z.string().trim().max(max).nullable().default(null)
const unit = z.object({ organisationId: z.int(), name: z.string() })
/** May the caller change this row? Rows from above are to read. */
const own = z.boolean()

const placeRowSchema = z.object({
  placeId: z.int(),
  version,
  organisation: unit,
  own,
  kind: z.enum(placeKinds),
  sensitiveKind: z.enum(sensitiveKinds).nullable(),
  name: z.string(),
  lon: z.number(),
  lat: z.number(),
  radiusM: z.number().nullable(),
  corners: z.int().nullable(),
  validFrom: day,
  validUntil: day.nullable(),
})
export type PlaceRow = z.infer<typeof placeRowSchema>
const placeSchema = placeRowSchema.extend({ shape: shapeSchema, note: z.string().nullable() })
export type Place = z.infer<typeof placeSchema>

const placeFields = {
  kind: z.enum(placeKinds),
  sensitiveKind: z.enum(sensitiveKinds).nullable().default(null),
  name: z.string().trim().min(1).max(80),
  shape: shapeSchema,
  validFrom: day,
  validUntil: day.nullable().default(null),
  note: text(400),
}
const supplierRowSchema = z.object({
  supplierId: z.int(),
  version,
  organisation: unit,
  own,
  name: z.string(),
  kinds: z.array(z.enum(supplierKinds)),
  contact: z.string().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  place: z.object({ placeId: z.int(), name: z.string() }).nullable(),
  validFrom: day,
  validUntil: day.nullable(),
  note: z.string().nullable(),
  /** Valid today. */
  valid: z.boolean(),
  fuelCards: z.int(),
})
export type SupplierRow = z.infer<typeof supplierRowSchema>
const supplierFields = {
  name: z.string().trim().min(1).max(80),
  kinds: z.array(z.enum(supplierKinds)).min(1).max(supplierKinds.length),
  contact: text(40),
  phone: phoneSchema.nullable().default(null),
  address: text(200),
  placeId: id.nullable().default(null),
  validFrom: day,
  validUntil: day.nullable().default(null),
  note: text(400),
}
const fuelCardRowSchema = z.object({
  fuelCardId: z.int(),
  version,
  cardNo: z.string(),
  supplier: z.object({ supplierId: z.int(), name: z.string() }),
  organisation: unit,
  vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(),
  state: z.enum(fuelCardStates),
  dayLimitFen: z.int().nullable(),
  monthLimitFen: z.int().nullable(),
  validUntil: day.nullable(),
})
export type FuelCardRow = z.infer<typeof fuelCardRowSchema>
const fen = z.int().min(1).max(100_000_00).nullable().default(null)
const fuelCardFields = { vehicleId: id.nullable(), dayLimitFen: fen, monthLimitFen: fen, validUntil: day.nullable().default(null) }
/** In force on a day; without it, all. */
const on = day.optional()

const calendarSchema = z.object({
  year: z.int(),
  /** Is the year's notice in the table? If not, its days are unknown but for those that rows name. */
  known: z.boolean(),
  source: z.string().nullable(),
  days: z.array(z.object({ day, kind: z.enum(calendarDayKinds), name: z.string(), version, organisation: unit.nullable(), own })),
  hours: z.array(z.object({ organisation: unit.nullable(), effectiveFrom: day, startMinute: z.int(), endMinute: z.int(), version, own })),
  /** The years of which the notice is known. */
  knownYears: z.array(z.int()),
})
export type YearCalendar = z.infer<typeof calendarSchema>

export const placesApi = {
  listPlaces: {
    method: 'GET',
    path: '/places',
    summary: 'Places that hold for the scope, by name or pinyin',
    access: 'place.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      kind: z.enum(placeKinds).optional(),
      organisationId: id.optional(),
      on,
      limit: pageSize,
      offset,
    }),
    answer: page(placeRowSchema),
  },
  listPlaceShapes: {
    method: 'GET',
    path: '/places/shapes',
    summary: 'Shapes of the places that meet a box of the map, at most 1,000; `more` when there are others',
    access: 'place.view',
    query: z.object({
      west: z.coerce.number().min(-180).max(180),
      south: z.coerce.number().min(-90).max(90),
      east: z.coerce.number().min(-180).max(180),
      north: z.coerce.number().min(-90).max(90),
      kind: z.enum(placeKinds).optional(),
      on,
    }),
    answer: z.object({ rows: z.array(placeRowSchema.extend({ shape: shapeSchema })), more: z.boolean() }),
  },
  listPlacesAt: {
    method: 'GET',
    path: '/places/at',
    summary: 'The places that a point lies in',
    access: 'place.view',
    query: z.object({ lon: z.coerce.number().min(-180).max(180), lat: z.coerce.number().min(-90).max(90), on }),
    answer: z.object({ rows: z.array(placeRowSchema) }),
  },
  getPlace: {
    method: 'GET',
    path: '/places/:placeId',
    summary: 'One place with its shape',
    access: 'place.view',
    params: z.object({ placeId: id }),
    answer: placeSchema,
  },
  createPlace: {
    method: 'POST',
    path: '/places',
    summary: 'Enter a place',
    access: 'place.manage',
    body: z.object({ ...placeFields, organisationId: id }),
    answer: z.object({ placeId: z.int(), version }),
  },
  editPlace: {
    method: 'PUT',
    path: '/places/:placeId',
    summary: 'Change a place, its shape or its validity',
    access: 'place.manage',
    params: z.object({ placeId: id }),
    body: z.object({ ...placeFields, version }),
    answer: z.object({ version }),
  },
  listSuppliers: {
    method: 'GET',
    path: '/suppliers',
    summary: 'Designated suppliers that hold for the scope, by name or pinyin',
    access: 'ledger.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      kind: z.enum(supplierKinds).optional(),
      organisationId: id.optional(),
      valid: z.enum(['yes', 'no']).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(supplierRowSchema),
  },
  getSupplier: {
    method: 'GET',
    path: '/suppliers/:supplierId',
    summary: 'One supplier',
    access: 'ledger.view',
    params: z.object({ supplierId: id }),
    answer: supplierRowSchema,
  },
  createSupplier: {
    method: 'POST',
    path: '/suppliers',
    summary: 'Designate a supplier for an organisation and everything below it',
    access: 'supplier.manage',
    body: z.object({ ...supplierFields, organisationId: id }),
    answer: z.object({ supplierId: z.int(), version }),
  },
  editSupplier: {
    method: 'PUT',
    path: '/suppliers/:supplierId',
    summary: 'Change a supplier; a last day ends the designation',
    access: 'supplier.manage',
    params: z.object({ supplierId: id }),
    body: z.object({ ...supplierFields, version }),
    answer: z.object({ version }),
  },
  listFuelCards: {
    method: 'GET',
    path: '/fuel-cards',
    summary: 'Fuel cards of the scope, by the end of their number, plate or unit',
    access: 'ledger.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      state: z.enum(fuelCardStates).optional(),
      supplierId: id.optional(),
      vehicleId: id.optional(),
      organisationId: id.optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(fuelCardRowSchema),
  },
  createFuelCard: {
    method: 'POST',
    path: '/fuel-cards',
    summary: 'Enter a fuel card, for one vehicle or none yet',
    access: 'supplier.manage',
    body: z.object({
      cardNo: z.string().trim().regex(FUEL_CARD_NO, '卡号应为12至19位数字 / a card number has 12 to 19 digits'),
      supplierId: id,
      organisationId: id,
      ...fuelCardFields,
    }),
    answer: z.object({ fuelCardId: z.int(), version }),
  },
  editFuelCard: {
    method: 'PUT',
    path: '/fuel-cards/:fuelCardId',
    summary: 'Change a card’s vehicle, limits or state; a card bound to one vehicle must be taken from it before another gets it',
    access: 'supplier.manage',
    params: z.object({ fuelCardId: id }),
    body: z.object({ ...fuelCardFields, vehicleId: id.nullable().optional(), state: z.enum(fuelCardStates), version }),
    answer: z.object({ version }),
  },
  getCalendar: {
    method: 'GET',
    path: '/calendar/:year',
    summary: 'The working calendar of a year: days that are not what their weekday says, and office hours; an unknown year says so',
    access: 'signed-in',
    params: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
    query: z.object({ organisationId: id.optional() }),
    answer: calendarSchema,
  },
  getDayKind: {
    method: 'GET',
    path: '/calendar/days/:day',
    summary: 'Working day, holiday, or unknown, for a unit',
    access: 'signed-in',
    params: z.object({ day }),
    query: z.object({ organisationId: id.optional() }),
    answer: z.object({ kind: z.enum(['workday', 'holiday', 'unknown']), name: z.string().nullable() }),
  },
  setCalendarDay: {
    method: 'PUT',
    path: '/calendar/days/:day',
    summary: 'Say what a day is for an organisation and everything below it, or (kind null) take that back',
    access: 'calendar.manage',
    params: z.object({ day }),
    body: z.object({
      /** null = the whole region; only who manages the whole region may. */
      organisationId: id.nullable(),
      kind: z.enum(calendarDayKinds).nullable(),
      name: z.string().trim().max(40).default(''),
      version: version.nullable(),
    }),
    answer: z.object({ version: version.nullable() }),
  },
  announceYear: {
    method: 'POST',
    path: '/calendar/years',
    summary: 'Declare that a year’s notice is in the table in full, and name it; from then on its other days are what their weekday says',
    access: 'calendar.manage',
    body: z.object({ year: z.int().min(2000).max(2100), source: z.string().trim().min(4).max(200) }),
    answer: z.object({}),
  },
  setWorkingHours: {
    method: 'PUT',
    path: '/calendar/hours',
    summary: 'Office hours of an organisation and everything below it from a day on',
    access: 'calendar.manage',
    body: z.object({
      organisationId: id,
      effectiveFrom: day,
      startMinute: z.int().min(0).max(1439),
      endMinute: z.int().min(1).max(1440),
      version: version.nullable(),
    }),
    answer: z.object({ version }),
  },
} as const satisfies Record<string, Endpoint>
