// Drivers: the file of each, duty and leave, loans between units, driving-hour limits, and whether one may drive a vehicle at a time.
// A change of a driver names the version it saw; everything that hangs on a driver (shifts, leave, loans) shares that version.
import { z } from 'zod'
import { daySchema as day } from '../../domain/days.ts'
import { fitnessCodes } from '../../domain/driverFitness.ts'
import { driverStates, dutyStatuses, leaveKinds } from '../../domain/duty.ts'
import { licenceClassSchema, licenceNoSchema } from '../../domain/licence.ts'
import { type Endpoint, id, instant, offset, page, pageSize, purposeSchema, version } from './endpoint.ts'

const note = z.string().trim().max(200).nullable().default(null)
const unit = z.object({ organisationId: z.int(), name: z.string() })

/** A telephone as people write it: digits, spaces, a plus, hyphens. */
export const phoneSchema = z
  .string()
  .trim()
  .regex(/^\+?[\d -]{7,20}$/, '电话号码不正确，应如 13800001111 或 0471-1234567 / no telephone number such as 13800001111 or 0471-1234567')

const driverRowSchema = z.object({
  driverId: z.int(),
  version,
  name: z.string(),
  phone: z.string(),
  organisation: unit,
  lentTo: unit.nullable(),
  licenceClass: z.string().nullable(),
  licenceNo: z.string().nullable(),
  licenceExpiresOn: day.nullable(),
  vehicle: z.object({ vehicleId: z.int(), plate: z.string() }).nullable(),
  state: z.enum(driverStates),
  status: z.enum(dutyStatuses),
})
export type DriverRow = z.infer<typeof driverRowSchema>

const shiftSchema = z
  .object({
    /** Bit 0 is Monday. */
    weekdays: z.int().min(1).max(127),
    startMinute: z.int().min(0).max(1439),
    /** Beyond 1440 = on the next day. */
    endMinute: z.int().min(1).max(2879),
    followsCalendar: z.boolean(),
    fromDay: day,
    untilDay: day.nullable(),
  })
  .refine((s) => s.endMinute > s.startMinute && s.endMinute <= s.startMinute + 1440, {
    path: ['endMinute'],
    message: '结束时间须晚于开始时间且不超过24小时 / the end must be after the start and within 24 hours',
  })
  .refine((s) => s.untilDay === null || s.untilDay >= s.fromDay, {
    path: ['untilDay'],
    message: '截止日期不得早于起始日期 / ends before it begins',
  })
const leaveSchema = z.object({ leaveId: z.int(), kind: z.enum(leaveKinds), fromDay: day, untilDay: day, note: z.string().nullable() })
const loanSchema = z.object({
  loanId: z.int(),
  organisation: unit,
  pool: z.object({ poolId: z.int(), name: z.string() }).nullable(),
  fromDay: day,
  untilDay: day.nullable(),
  note: z.string().nullable(),
})

const driverDetailSchema = driverRowSchema.extend({
  licenceIssuedOn: day.nullable(),
  stateReason: z.string().nullable(),
  shifts: z.array(shiftSchema),
  leaves: z.array(leaveSchema),
  loans: z.array(loanSchema),
  /** What those who travelled thought of his trips, by groups and without names (domain/ratings.ts). */
  rating: z.object({ count: z.int(), average: z.number().nullable() }),
  /** The limits in force for the driver's unit today. */
  limits: z.object({ dayMin: z.int(), continuousMin: z.int(), restMin: z.int(), weekMin: z.int().nullable() }),
  /** Of this month: the orders that he drove, or a part of, and of his parts alone the time and the distance by the odometer. */
  driven: z.object({ orders: z.int(), minutes: z.int(), distanceM: z.int() }),
})
export type DriverDetail = z.infer<typeof driverDetailSchema>

const driverFields = {
  name: z.string().trim().min(1).max(40),
  phone: phoneSchema,
  licenceNo: licenceNoSchema.nullable(),
  licenceClass: licenceClassSchema.nullable(),
  licenceIssuedOn: day.nullable(),
  licenceExpiresOn: day.nullable(),
  /** The vehicle usually driven. */
  vehicleId: id.nullable(),
}

const dayPlanSchema = z.object({
  day,
  status: z.enum(['duty', 'off', 'leave', 'unknown']),
  spans: z.array(z.object({ startMinute: z.int(), endMinute: z.int() })),
  leave: z.enum(leaveKinds).nullable(),
  /** Set for this day alone. */
  single: z.boolean(),
  /** What the calendar calls the day, such as 国庆节. */
  dayName: z.string().nullable(),
})
export type DriverDay = z.infer<typeof dayPlanSchema>

const params = z.object({ driverId: id })
const limitsRow = z.object({
  organisation: unit.nullable(),
  effectiveFrom: day,
  dayMin: z.int(),
  continuousMin: z.int(),
  restMin: z.int(),
  /** null: the week is not limited. */
  weekMin: z.int().nullable(),
  version,
})

export const driversApi = {
  listDrivers: {
    method: 'GET',
    path: '/drivers',
    summary: 'Drivers of the scope and those lent to it, by name, pinyin, unit or plate',
    access: 'driver.view',
    query: z.object({
      q: z.string().trim().max(64).optional(),
      organisationId: id.optional(),
      state: z.enum([...driverStates, 'leave']).optional(),
      licenceClass: z.string().max(2).optional(),
      /** Licences that expire within so many days, or have expired. */
      expiresWithinDays: z.coerce.number().int().min(0).max(3650).optional(),
      limit: pageSize,
      offset,
    }),
    answer: page(driverRowSchema),
  },
  getDriver: {
    method: 'GET',
    path: '/drivers/:driverId',
    summary: 'One driver with shifts, leave and loans',
    access: 'driver.view',
    params,
    answer: driverDetailSchema,
  },
  getOwnDriver: {
    method: 'GET',
    path: '/own/driver',
    summary: 'The signed-in driver’s own file, unmasked; null for accounts that are no driver’s',
    access: 'signed-in',
    answer: z.object({ driver: driverDetailSchema.nullable() }),
  },
  createDriver: {
    method: 'POST',
    path: '/drivers',
    summary: 'Enter a driver',
    access: 'driver.manage',
    body: z.object({ ...driverFields, organisationId: id }),
    answer: z.object({ driverId: z.int(), version }),
  },
  editDriver: {
    method: 'PUT',
    path: '/drivers/:driverId',
    summary: 'Change a driver’s file; telephone, licence number or vehicle left out stay as they are',
    access: 'driver.manage',
    params,
    body: z.object({
      ...driverFields,
      phone: phoneSchema.optional(),
      licenceNo: licenceNoSchema.nullable().optional(),
      vehicleId: id.nullable().optional(),
      version,
    }),
    answer: z.object({ version }),
  },
  setDriverState: {
    method: 'POST',
    path: '/drivers/:driverId/state',
    summary: 'Suspend, reinstate or retire a driver, with the reason',
    access: 'driver.manage',
    params,
    body: z.object({ state: z.enum(driverStates), reason: purposeSchema, version }),
    answer: z.object({ version }),
  },
  moveDriver: {
    method: 'POST',
    path: '/drivers/:driverId/move',
    summary: 'Move a driver to another unit for good',
    access: 'driver.manage',
    params,
    body: z.object({ organisationId: id, reason: purposeSchema, version }),
    answer: z.object({ version }),
  },
  lendDriver: {
    method: 'POST',
    path: '/drivers/:driverId/loans',
    summary: 'Lend a driver to another unit or motor pool from a day on',
    access: 'driver.manage',
    params,
    body: z.object({
      organisationId: id.optional(),
      poolId: id.optional(),
      fromDay: day,
      untilDay: day.nullable().default(null),
      note,
      version,
    }),
    answer: z.object({ loanId: z.int(), version }),
  },
  endDriverLoan: {
    method: 'POST',
    path: '/drivers/:driverId/loans/:loanId/end',
    summary: 'End a loan with a day; one that has not begun is taken back',
    access: 'driver.manage',
    params: params.extend({ loanId: id }),
    body: z.object({ untilDay: day, version }),
    answer: z.object({ version }),
  },
  setDriverShifts: {
    method: 'PUT',
    path: '/drivers/:driverId/shifts',
    summary: 'The whole weekly duty; an empty list means the unit’s office hours',
    access: 'driver.manage',
    params,
    body: z.object({ shifts: z.array(shiftSchema).max(20), version }),
    answer: z.object({ version }),
  },
  setDriverDutyDay: {
    method: 'PUT',
    path: '/drivers/:driverId/duty-days/:day',
    summary: 'One day otherwise than by the week: other hours, off, or (null) as the week says',
    access: 'driver.manage',
    params: params.extend({ day }),
    body: z.object({
      duty: z.union([
        z.null(),
        z.object({ off: z.literal(true) }),
        z
          .object({ startMinute: z.int().min(0).max(1439), endMinute: z.int().min(1).max(2879) })
          .refine((s) => s.endMinute > s.startMinute && s.endMinute <= s.startMinute + 1440, {
            path: ['endMinute'],
            message: '结束时间须晚于开始时间且不超过24小时 / the end must be after the start and within 24 hours',
          }),
      ]),
      version,
    }),
    answer: z.object({ version }),
  },
  addDriverLeave: {
    method: 'POST',
    path: '/drivers/:driverId/leaves',
    summary: 'Enter leave, both days included',
    access: 'driver.manage',
    params,
    body: z.object({ kind: z.enum(leaveKinds), fromDay: day, untilDay: day, note, version }),
    answer: z.object({ leaveId: z.int(), version }),
  },
  cancelDriverLeave: {
    method: 'POST',
    path: '/drivers/:driverId/leaves/:leaveId/cancel',
    summary: 'Take leave back',
    access: 'driver.manage',
    params: params.extend({ leaveId: id }),
    body: z.object({ version }),
    answer: z.object({ version }),
  },
  listDriverDays: {
    method: 'GET',
    path: '/drivers/:driverId/days',
    summary: 'The duty calendar of at most 62 days: shifts, single days, leave, holidays; unknown years say so',
    access: 'driver.view',
    params,
    query: z.object({ from: day, until: day }),
    answer: z.object({ rows: z.array(dayPlanSchema) }),
  },
  decideDriver: {
    method: 'GET',
    path: '/drivers/:driverId/fitness',
    summary: 'Is this driver free and allowed to drive this vehicle at this time, and if not why not',
    access: 'driver.view',
    params,
    query: z.object({ vehicleId: id, from: instant, until: instant, drivingMin: z.coerce.number().int().min(0).max(10_080).optional() }),
    answer: z.object({
      fit: z.boolean(),
      reasons: z.array(z.object({ code: z.enum(fitnessCodes), detail: z.record(z.string(), z.union([z.string(), z.number()])) })),
    }),
  },
  listDriverHistory: {
    method: 'GET',
    path: '/drivers/:driverId/history',
    summary: 'Who changed what of this driver, newest first',
    access: 'driver.view',
    params,
    answer: z.object({
      rows: z.array(
        z.object({
          seq: z.int(),
          at: instant,
          username: z.string(),
          action: z.string(),
          before: z.record(z.string(), z.unknown()).nullable(),
          after: z.record(z.string(), z.unknown()).nullable(),
          purpose: z.string().nullable(),
          names: z.record(z.string(), z.string()),
        }),
      ),
    }),
  },
  listDrivingLimits: {
    method: 'GET',
    path: '/driving-limits',
    summary: 'Driving-hour limits that hold in the scope: the region’s and those of units',
    access: 'driver.view',
    answer: z.object({ rows: z.array(limitsRow) }),
  },
  setDrivingLimits: {
    method: 'PUT',
    path: '/driving-limits',
    summary: 'Set the driving-hour limits of a unit and everything below it from a day on',
    access: 'calendar.manage',
    body: z.object({
      organisationId: id,
      effectiveFrom: day,
      dayMin: z.int().min(60).max(1440),
      continuousMin: z.int().min(30).max(1440),
      restMin: z.int().min(1).max(720),
      /** Of a week, from Monday on; null: not limited. */
      weekMin: z.int().min(60).max(10_080).nullable().default(2_640),
      /** Of the row of this unit and day; null where there is none yet. */
      version: version.nullable(),
    }),
    answer: z.object({ version }),
  },
} as const satisfies Record<string, Endpoint>
