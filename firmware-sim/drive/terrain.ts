// Altitude of a place, interpolated between the twelve league seats.
import { leagues } from '../../services/domain/region/region.ts'
import { cosLat } from '../geo.ts'

/** Altitude in meters of each league seat, in the order of the codes, about as any atlas gives it. */
const SEAT_ALTITUDE_M = [1050, 1065, 1095, 570, 180, 1350, 620, 1040, 1420, 270, 990, 1560]

/** Meters above sea level, weighted by the inverse square of the distance to the seats. */
export function altitudeM(lon: number, lat: number): number {
  const cos = cosLat(lat)
  let sum = 0
  let weights = 0
  leagues.forEach(({ seat }, index) => {
    const weight = 1 / (((lon - seat[0]) * cos) ** 2 + (lat - seat[1]) ** 2 + 0.01)
    sum += weight * (SEAT_ALTITUDE_M[index] as number)
    weights += weight
  })
  return sum / weights
}
