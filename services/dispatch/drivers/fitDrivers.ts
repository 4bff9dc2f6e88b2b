// Drivers within reach and whether each may drive at a time: for who gives vehicles to trips. The law is domain/driverFitness.ts.
import { addDays, dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import {
  type FitnessReason,
  isRested,
  judgeAlone,
  judgeDutyOf,
  judgeLicenceFor,
  type Loan,
  minutesOn,
  type Span,
} from '../../domain/driverFitness.ts'
import type { DriverState } from '../../domain/duty.ts'
import { findLicenceClasses, type LicenceClass, type VehicleSize } from '../../domain/licence.ts'
import type { WorkCalendar } from '../../domain/workCalendar.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { among, listOf } from '../kernel/among.ts'
import type { Sight } from '../kernel/caller.ts'
import { listDriving } from '../kernel/driving.ts'
import { driversInReach, limitsOfUnits, oneInReach } from './driverDetail.ts'
import { readDuties } from './dutyRows.ts'

const MOST = 2_500

type FitDriver = {
  driverId: number
  name: string
  unitId: number
  usual: number | null
  ordersNear: number
  dayMin: number
  reasons: readonly FitnessReason[]
  unknownYear: string | null
  onCall: boolean
  judge(vehicle: { size: VehicleSize; automatic: boolean | null }): FitnessReason[]
}
type DriverColumns = {
  driverId: number
  name: string
  unitId: number
  lft: number
  usual: number | null
  state: DriverState
  licenceClass: string | null
  licenceExpiresOn: string | null
}

/**
 * @param only `driverId`: that one alone; `orderId`: an order whose time does not count, because it is given up for the window; `urgent`: an emergency,
 * for which those off duty are on call as the dated law says
 * @returns drivers of the scope and those lent to it, retired ones left out
 */
export async function listFitDrivers(
  db: Queryable,
  scope: Sight,
  window: Span,
  nowMs: number,
  { driverId, orderId, urgent = false }: { driverId?: number | undefined; orderId?: number | undefined; urgent?: boolean } = {},
): Promise<FitDriver[]> {
  const reached = driverId === undefined ? driversInReach('$1', '$2', '$3::date') : oneInReach('$1', '$2', '$3::date', '$4')
  const { rows } = await db.query<DriverColumns>(
    `SELECT d.driver_id AS "driverId", d.name, d.organisation_id AS "unitId", d.lft, d.vehicle_id AS usual, d.state, d.licence_class AS "licenceClass",
       d.licence_expires_on::text AS "licenceExpiresOn"
     FROM (${reached}) d WHERE d.state <> 'retired' ORDER BY d.driver_id LIMIT ${MOST}`,
    [scope.lft, scope.rgt, dayAt(nowMs), ...(driverId === undefined ? [] : [driverId])],
  )
  const ids = rows.map((row) => row.driverId)
  const loans = await listLoans(db, scope, ids)
  const [from, until] = [addDays(dayAt(window.fromMs), -1), dayAt(window.untilMs)]
  const duties = await readDuties(db, ids, from, until)
  const book = await readCalendarBook(db, from, until)
  const limits = await limitsOfUnits(db, [...new Set(rows.map(({ unitId }) => unitId))], dayAt(window.fromMs))
  const driving = await listDriving(db, ids, window, orderId ?? null)
  const callRestH = urgent ? dispatchLawOn(dayAt(window.fromMs)).onCallRestH : null
  const officeDuty = new Map<WorkCalendar, FitnessReason[]>()
  const alike = new Map<WorkCalendar, Map<string, FitnessReason[]>>()
  return rows.map((row): FitDriver => {
    const taken = driving.get(row.driverId)
    const given = taken?.spans ?? nothing
    const lent = loans.get(row.driverId) ?? nothing
    const driver = {
      state: row.state,
      licenceClasses: row.licenceClass === null ? null : classesOf(row.licenceClass),
      licenceExpiresOn: row.licenceExpiresOn,
      duty: duties.get(row.driverId)!,
      loans: lent,
    }
    const calendar = book.of(row.lft)
    const limit = limits.get(row.unitId)!
    // Most have no hours of their own: what the office hours say of one they say of all that keep them, and where there is nothing to drive either, all of it is alike.
    const { shifts, dutyDays, leaves } = driver.duty
    const ownHours = shifts.length + dutyDays.length + leaves.length > 0
    const dutyNow = () => judgeDutyOf({ driver, window, calendar })
    const duty = ownHours ? dutyNow() : (officeDuty.get(calendar) ?? dutyNow())
    if (!ownHours) officeDuty.set(calendar, duty)
    const judgeNow = () =>
      judgeAlone(
        {
          driver,
          window,
          busy: nothing,
          driving: given,
          drivingMin: null,
          limits: limit,
          calendar,
          askedBy: new Set(lent.filter(({ inScope }) => inScope).map(({ organisationId }) => organisationId)),
        },
        duty,
      )
    const own = ownHours || lent.length + given.length > 0
    const ofCalendar = alike.get(calendar) ?? new Map<string, FitnessReason[]>()
    alike.set(calendar, ofCalendar)
    const as = `${row.state} ${limit.dayMin} ${limit.continuousMin} ${limit.restMin}`
    const reasons = own ? judgeNow() : (ofCalendar.get(as) ?? judgeNow())
    if (!own) ofCalendar.set(as, reasons)
    // A year that nobody has announced yet is told, and keeps nobody from driving: whoever gives him knows.
    const unknown = reasons.find(({ code }) => code === 'DUTY_UNKNOWN')
    const offDuty = callRestH === null ? undefined : reasons.find(({ code }) => code === 'OFF_DUTY')
    const off = offDuty && isRested(window, given, callRestH!) ? offDuty : undefined
    const passedOver = unknown ?? off
    return {
      driverId: row.driverId,
      name: row.name,
      unitId: row.unitId,
      usual: row.usual,
      ordersNear: taken?.ordersNear ?? 0,
      dayMin: Math.round(minutesOn(dayAt(window.fromMs), given)),
      reasons: passedOver ? reasons.filter((reason) => reason !== passedOver) : reasons,
      unknownYear: unknown ? String(unknown.detail.year) : null,
      onCall: off !== undefined,
      judge: (vehicle) => judgeLicenceFor({ driver, window, vehicle }),
    }
  })
}
const nothing: readonly never[] = []

const known = new Map<string, LicenceClass[] | null>()
/** The classes of a licence; there are few that differ. */
function classesOf(text: string): LicenceClass[] | null {
  const found = known.get(text)
  if (found !== undefined) return found
  const classes = findLicenceClasses(text) ?? null
  known.set(text, classes)
  return classes
}

async function listLoans(
  db: Queryable,
  { lft, rgt }: Sight,
  ids: readonly number[],
): Promise<Map<number, (Loan & { inScope: boolean })[]>> {
  const { rows } = await db.query<Loan & { id: number; inScope: boolean }>(
    `SELECT l.driver_id AS id, l.organisation_id AS "organisationId", l.from_day::text AS "fromDay", l.until_day::text AS "untilDay",
       o.lft BETWEEN $1 AND $2 AS "inScope"
     FROM driver_loans l JOIN organisations o USING (organisation_id) WHERE ${among('l.driver_id', '$3')}`,
    [lft, rgt, listOf(ids)],
  )
  const loans = new Map<number, (Loan & { inScope: boolean })[]>()
  for (const { id, ...loan } of rows) loans.set(id, [...(loans.get(id) ?? []), loan])
  return loans
}
