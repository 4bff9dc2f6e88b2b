// Drivers within reach and whether each may drive at a time: for who gives vehicles to trips. The law is domain/driverFitness.ts.
import { addDays, dayAt } from '../../domain/days.ts'
import { type FitnessReason, judgeAlone, judgeLicenceFor, type Loan, type Span } from '../../domain/driverFitness.ts'
import type { DriverState } from '../../domain/duty.ts'
import { findLicenceClasses, type LicenceClass, type VehicleSize } from '../../domain/licence.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import type { Sight } from '../kernel/caller.ts'
import { inReach, limitsOfUnits } from './driverDetail.ts'
import { readDuties } from './dutyRows.ts'

const MOST = 1_500

type FitDriver = {
  driverId: number
  name: string
  unitId: number
  usual: number | null
  reasons: FitnessReason[]
  judge(vehicle: { size: VehicleSize; automatic: boolean | null }): FitnessReason[]
}

/** @returns drivers of the scope and those lent to it, retired ones left out; of them `driverId` alone where it is given */
export async function listFitDrivers(db: Queryable, scope: Sight, window: Span, nowMs: number, driverId?: number): Promise<FitDriver[]> {
  const { rows } = await db.query<{
    driverId: number
    name: string
    unitId: number
    lft: number
    usual: number | null
    state: DriverState
    licenceClass: string | null
    licenceExpiresOn: string | null
  }>(
    `SELECT d.driver_id AS "driverId", d.name, d.organisation_id AS "unitId", o.lft, d.vehicle_id AS usual, d.state, d.licence_class AS "licenceClass",
       d.licence_expires_on::text AS "licenceExpiresOn"
     FROM drivers d JOIN organisations o USING (organisation_id)
     WHERE ${inReach('$1', '$2', '$3::date')} AND d.state <> 'retired' AND ($4::int IS NULL OR d.driver_id = $4) ORDER BY d.driver_id LIMIT ${MOST}`,
    [scope.lft, scope.rgt, dayAt(nowMs), driverId ?? null],
  )
  const ids = rows.map((row) => row.driverId)
  const loans = await listLoans(db, scope, ids)
  const [from, until] = [addDays(dayAt(window.fromMs), -1), dayAt(window.untilMs)]
  const duties = await readDuties(db, ids, from, until)
  const book = await readCalendarBook(db, from, until)
  const limits = await limitsOfUnits(db, [...new Set(rows.map(({ unitId }) => unitId))], dayAt(window.fromMs))
  return rows.map((row) => {
    const lent = loans.get(row.driverId) ?? []
    const driver = {
      state: row.state,
      licenceClasses: row.licenceClass === null ? null : classesOf(row.licenceClass),
      licenceExpiresOn: row.licenceExpiresOn,
      duty: duties.get(row.driverId)!,
      loans: lent,
    }
    return {
      driverId: row.driverId,
      name: row.name,
      unitId: row.unitId,
      usual: row.usual,
      reasons: judgeAlone({
        driver,
        window,
        busy: [],
        driving: [],
        drivingMin: null,
        limits: limits.get(row.unitId)!,
        calendar: book.of(row.lft),
        askedBy: new Set(lent.filter(({ inScope }) => inScope).map(({ organisationId }) => organisationId)),
      }),
      judge: (vehicle) => judgeLicenceFor({ driver, window, vehicle }),
    }
  })
}

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
     FROM driver_loans l JOIN organisations o USING (organisation_id) WHERE l.driver_id = ANY($3::int[])`,
    [lft, rgt, ids],
  )
  const loans = new Map<number, (Loan & { inScope: boolean })[]>()
  for (const { id, ...loan } of rows) loans.set(id, [...(loans.get(id) ?? []), loan])
  return loans
}
