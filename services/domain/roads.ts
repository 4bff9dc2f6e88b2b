// How far and how long by road between two places where no map of roads is at hand: the line through the air, by how roads wind in such country
// and how fast one drives there. Dated: an order keeps the numbers that held. Estimates, and said to be.
import { dayAt } from './days.ts'
import { distanceM, type LonLat } from './geofence.ts'

/** What is known of a way by road. */
export type Leg = { km: number; minutes: number }
/** `no-route`: no road leads there. `off-road`: one of the ends is too far from any road. */
export type LegResult = Leg | { none: 'no-route' | 'off-road' }

/** A way as it is told, whoever worked it out: to the metre, and to a tenth of a minute. */
export const legOf = (km: number, minutes: number): Leg => ({ km: Math.round(km * 1000) / 1000, minutes: Math.round(minutes * 10) / 10 })

type Country = { factor: number; kph: number }
/** `box` west, south, east, north: the country of a way is that of its middle; the first that holds it. */
type RoadRow = {
  from: string
  town: Country & { withinKm: number }
  countries: readonly (Country & { box: readonly [number, number, number, number] })[]
  open: Country
}

const rows: readonly RoadRow[] = [
  {
    from: '2000-01-01',
    // Short ways are within a town.
    town: { withinKm: 12, factor: 1.35, kph: 28 },
    countries: [
      // The Alxa deserts: few roads, and long ones.
      { box: [97, 37, 106.5, 43], factor: 1.6, kph: 65 },
      // The Yin mountains north of the cities of the plain.
      { box: [106.5, 40.7, 114, 41.6], factor: 1.5, kph: 45 },
      // The Greater Khingan.
      { box: [118.5, 44, 124, 53.5], factor: 1.45, kph: 55 },
    ],
    open: { factor: 1.25, kph: 65 },
  },
]

/** Between two places, whatever lies between them; rounded to 100 m, never less than a minute unless they are one place. */
export function estimateLeg(from: LonLat, to: LonLat, atMs: number): Leg {
  const day = dayAt(atMs)
  const row = rows.findLast((each) => each.from <= day) ?? rows[0]!
  const airKm = distanceM(from, to) / 1000
  const [lon, lat] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  const inside = ({ box }: { box: readonly number[] }) => lon >= box[0]! && lat >= box[1]! && lon < box[2]! && lat < box[3]!
  const { factor, kph } = airKm <= row.town.withinKm ? row.town : (row.countries.find(inside) ?? row.open)
  const km = Math.round(airKm * factor * 10) / 10
  return legOf(km, km === 0 ? 0 : Math.max(1, (km / kph) * 60))
}
