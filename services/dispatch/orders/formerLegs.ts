// The parts of an order that are over, as rows: who drove what until a swap on the way.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import type { BodyType } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'

type Leg = OrderDetail['legs'][number]
export type FormerLeg = Omit<Leg, 'until' | 'odometerOutKm' | 'odometerBackKm'> & {
  until: string
  odometerOutKm: number
  odometerBackKm: number
  heldVehicleId: number
  driverId: number | null
  keeperId: number | null
  bodyType: BodyType | null
}

export async function listFormerLegs(db: Queryable, orderId: number, { cleared }: Pick<Sight, 'cleared'>): Promise<FormerLeg[]> {
  const { rows } = await db.query<
    Omit<FormerLeg, 'vehicle' | 'driver' | 'from' | 'until'> & {
      from: Date
      until: Date
      seenId: number | null
      plate: string
      plateColour: 'blue'
      name: string
      trackM: number | null
    }
  >(
    `SELECT g.leg, g.vehicle_id AS "heldVehicleId", g.driver_id AS "driverId", g.keeper_id AS "keeperId", g.body_type AS "bodyType", g.from_at AS "from",
       g.until_at AS until, g.odometer_out_m / 1000::float8 AS "odometerOutKm", g.odometer_back_m / 1000::float8 AS "odometerBackKm", g.track_m AS "trackM",
       v.vehicle_id AS "seenId", v.plate, v.plate_colour AS "plateColour", p.name
     FROM order_legs g LEFT JOIN drivers p USING (driver_id) LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = g.vehicle_id
     WHERE g.order_id = $1 ORDER BY g.leg`,
    [orderId, cleared],
  )
  return rows.map(({ seenId, plate, plateColour, name, trackM, from, until, ...leg }) => ({
    ...leg,
    vehicle: seenId === null ? null : { vehicleId: seenId, plate, plateColour },
    driver: leg.driverId === null ? null : { driverId: leg.driverId, name },
    from: from.toISOString(),
    until: until.toISOString(),
    trackKm: seenId === null || trackM === null ? null : Math.round(trackM / 100) / 10,
  }))
}
