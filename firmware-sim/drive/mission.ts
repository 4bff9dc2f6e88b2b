// Where a vehicle goes when it leaves home: a round of stops that ends at home. Mostly in town, sometimes into the country or to the league seat.
import type { VehicleClass } from '../../services/domain/vehicle.ts'
import { distanceM } from '../geo.ts'
import type { Random } from '../random.ts'
import type { RoadNetwork } from '../roads/network.ts'

/** Mean seconds of driving in one mission, measured over a simulated weekday of the whole fleet. */
export const MISSION_DRIVE_S: Record<VehicleClass, number> = { official: 2000, law_enforcement: 2400, leased: 2600 }

const PATROL_STOPS = [3, 7] as const
const ERRANDS = [1, 3] as const

/**
 * The nodes to visit, in order, without the way home.
 * @param reachM meters that the vehicle can drive without filling up; far places are left out
 */
export function chooseStops(network: RoadNetwork, town: number, vehicleClass: VehicleClass, reachM: number, random: Random): number[] {
  const dice = random.next()
  const patrol = vehicleClass === 'law_enforcement'
  if (dice < (patrol ? 0.03 : 0.08)) {
    const far = townToVisit(network, town, random)
    if (roundTripM(network, town, far) < reachM) return [pick(network.townNodes[far] as readonly number[], random)]
  }
  const hamlets = network.hamlets[town] as readonly number[]
  if (dice < (patrol ? 0.22 : 0.3) && hamlets.length > 0) return [pick(hamlets, random)]
  const [fewest, most] = patrol ? PATROL_STOPS : ERRANDS
  return Array.from({ length: random.whole(fewest, most) }, () => pick(network.townNodes[town] as readonly number[], random))
}

/** From a banner to its league seat; from a league seat to one of its banners. */
function townToVisit({ towns }: RoadNetwork, town: number, random: Random): number {
  const here = towns[town]
  const sameLeague = towns.flatMap((other, t) =>
    other.league === here?.league && t !== town && other.isLeagueSeat !== here.isLeagueSeat ? [t] : [],
  )
  return pick(sameLeague, random)
}

function roundTripM({ towns }: RoadNetwork, a: number, b: number): number {
  const [p, q] = [towns[a], towns[b]]
  return p && q ? 2.6 * distanceM(p.lon, p.lat, q.lon, q.lat) : Number.POSITIVE_INFINITY
}

const pick = (from: readonly number[], random: Random): number => from[random.whole(0, from.length - 1)] as number
