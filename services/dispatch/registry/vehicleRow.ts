// One row of the vehicle list: the columns and how they become the answer. List and detail share it.
import type { CoarseRow, VehicleRow } from '../../contracts/api.ts'
import { CLOCK_AHEAD_S, FLAG_IGNITION, FLAG_IGNITION_UNKNOWN } from '../../domain/status.ts'
import type { Row } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { coarseE7, coarseS } from '../kernel/sight.ts'
import { statusSql } from './statusSql.ts'

/** Columns of v (vehicles), o (user unit), d (driver), s (last state); `now` is the placeholder of the server's time. */
export const vehicleColumns = (now: string): string => `
  v.vehicle_id, v.secrecy, v.plate, v.plate_colour, v.class, v.category, v.energy, v.make, v.model,
  o.organisation_id, o.name AS unit_name, o.adcode AS unit_adcode, d.name AS driver_name, ${statusSql(now)} AS status,
  s.ts, s.received_at, s.lon_e7, s.lat_e7, s.speed_dkph, s.heading_deg, s.altitude_m, s.odometer_m,
  s.fuel_permille, s.soc_permille, s.satellites, s.flags, s.alarms`

export function vehicleRowOf(row: Row, { unmasked }: Pick<Sight, 'unmasked'>): VehicleRow {
  const vehicleId = row.vehicle_id as number
  const unmasking = unmasked.find((each) => each.vehicleId === vehicleId)
  return {
    vehicleId,
    seen: 'whole',
    secret: row.secrecy as boolean,
    unmaskedUntil: unmasking ? new Date(unmasking.untilMs).toISOString() : null,
    plate: row.plate as string,
    plateColour: row.plate_colour as VehicleRow['plateColour'],
    class: row.class as VehicleRow['class'],
    category: row.category as VehicleRow['category'],
    energy: row.energy as VehicleRow['energy'],
    make: row.make as string,
    model: row.model as string,
    userUnit: { organisationId: row.organisation_id as number, name: row.unit_name as string, adcode: row.unit_adcode as string },
    driverName: row.driver_name as string | null,
    status: row.status as VehicleRow['status'],
    last: row.ts === null ? null : lastOf(row),
  }
}

/** The same columns, of which nothing leaves but this; `o` is then the league or banner. */
export const coarseRowOf = (row: Row): CoarseRow => ({
  seen: 'coarse',
  vehicleId: row.secret_no as number,
  class: row.class as CoarseRow['class'],
  userUnit: { organisationId: row.organisation_id as number, name: row.unit_name as string, adcode: row.unit_adcode as string },
  status: row.status as CoarseRow['status'],
  last:
    row.ts === null
      ? null
      : {
          time: new Date(coarseS(Math.min((row.ts as Date).getTime(), (row.received_at as Date).getTime()) / 1000) * 1000).toISOString(),
          lon: coarseE7(row.lon_e7 as number) / 1e7,
          lat: coarseE7(row.lat_e7 as number) / 1e7,
        },
})

const aheadS = (ts: Date, receivedAt: Date): number | null => {
  const ahead = Math.round((ts.getTime() - receivedAt.getTime()) / 1000)
  return ahead > CLOCK_AHEAD_S ? ahead : null
}
const tenth = (value: unknown): number | null => (value === null ? null : (value as number) / 10)

const lastOf = (row: Row): NonNullable<VehicleRow['last']> => ({
  time: (row.ts as Date).toISOString(),
  receivedAt: (row.received_at as Date).toISOString(),
  lon: (row.lon_e7 as number) / 1e7,
  lat: (row.lat_e7 as number) / 1e7,
  speedKph: tenth(row.speed_dkph),
  headingDeg: row.heading_deg as number | null,
  altitudeM: row.altitude_m as number | null,
  odometerM: row.odometer_m as number | null,
  fuelPct: tenth(row.fuel_permille),
  socPct: tenth(row.soc_permille),
  ignition: ((row.flags as number) & FLAG_IGNITION_UNKNOWN) !== 0 ? null : ((row.flags as number) & FLAG_IGNITION) !== 0,
  clockAheadS: aheadS(row.ts as Date, row.received_at as Date),
  satellites: row.satellites as number | null,
  alarms: row.alarms as number,
})
