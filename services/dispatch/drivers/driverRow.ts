// One row of the driver list: the columns and how they become the answer. List, detail and the driver's own view share it.
import type { DriverRow } from '../../contracts/api/drivers.ts'
import { type DriverState, type Duty, dutyStatusAt } from '../../domain/duty.ts'
import { shownTo } from '../../domain/masking.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Row } from '../../platform/db.ts'
import type { CalendarBook } from '../../platform/workCalendar.ts'
import { isInForce } from '../kernel/dated.ts'
import { openVehicles } from '../kernel/sight.ts'

/** A loan in force on a day; at most one. */
const loanOn = (day: string) => `
  LEFT JOIN LATERAL (SELECT l.organisation_id, n.name FROM driver_loans l JOIN organisations n USING (organisation_id)
    WHERE l.driver_id = d.driver_id AND ${isInForce(day, 'l')}) t ON true`

/** Columns and joins of d (drivers); `day` is the placeholder of today, `cleared` that of the reader's sight. */
export const driverColumns = `d.driver_id, d.version, d.name, d.phone, d.organisation_id, o.name AS unit_name, o.lft,
  t.organisation_id AS lent_id, t.name AS lent_name, d.licence_class, d.licence_no, d.licence_issued_on::text AS licence_issued_on,
  d.licence_expires_on::text AS licence_expires_on, v.vehicle_id, v.plate, d.state, d.state_reason`
export const driverJoins = (day: string, cleared: string): string => `
  JOIN organisations o ON o.organisation_id = d.organisation_id
  LEFT JOIN ${openVehicles(cleared)} v ON v.vehicle_id = d.vehicle_id ${loanOn(day)}`

export type Viewer = { role: Role; nowMs: number; book: CalendarBook; own?: boolean }

export function driverRowOf(row: Row, duty: Duty, { role, nowMs, book, own = false }: Viewer): DriverRow {
  const state = row.state as DriverState
  return {
    driverId: row.driver_id as number,
    version: row.version as number,
    name: row.name as string,
    phone: shownTo(role, 'phone', row.phone as string, own),
    organisation: { organisationId: row.organisation_id as number, name: row.unit_name as string },
    lentTo: row.lent_id === null ? null : { organisationId: row.lent_id as number, name: row.lent_name as string },
    licenceClass: row.licence_class as string | null,
    licenceNo: row.licence_no === null ? null : shownTo(role, 'licence', row.licence_no as string, own),
    licenceExpiresOn: row.licence_expires_on as string | null,
    vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
    state,
    status: dutyStatusAt(nowMs, state, duty, book.of(row.lft as number)),
  }
}
