// The state of the fleet at the first instant: as at any hour, some are on the road, some on business elsewhere, most at home.

import type { ManifestTerminal } from '../../services/contracts/manifest.ts'
import { distanceM } from '../geo.ts'
import type { KeptVehicle } from '../memory.ts'
import { businessS, chooseMission, setOff } from './advance.ts'
import { movingShare, nextDepartureMs } from './demand.ts'
import { legLengthM } from './leg.ts'
import { MISSION_DRIVE_S } from './mission.ts'
import { moveAlong } from './motion.ts'
import { createVehicle, kerbAt, nearestNode, settleOnRoad, type Vehicle, type World } from './vehicle.ts'

/** Nearer than this to its yard, a vehicle is at home. */
const AT_HOME_M = 300

/** A vehicle as it was left when the simulator ended: standing; whoever was on the road goes on within a minute. */
export function resumeVehicle(terminal: ManifestTerminal, world: World, atMs: number, kept: KeptVehicle): Vehicle {
  const vehicle = createVehicle(terminal, world, atMs)
  const { random, activity, energy } = vehicle
  const { lon, lat, odometerM } = kept
  Object.assign(vehicle, { lon, lat, odometerM: Math.max(odometerM, terminal.odometerM) })
  if (energy.fuelPct !== undefined) energy.fuelPct = kept.fuelPct ?? energy.fuelPct
  if (energy.socPct !== undefined) energy.socPct = kept.socPct ?? energy.socPct
  if (distanceM(lon, lat, terminal.home[0], terminal.home[1]) > AT_HOME_M) {
    vehicle.node = nearestNode(world.network, world.network.nodes.keys(), lon, lat)
    vehicle.stops = [vehicle.homeNode]
  }
  if (kept.driving) vehicle.phaseEndsMs = atMs + random.between(0, 60_000)
  else if (vehicle.stops.length > 0) vehicle.phaseEndsMs = atMs + random.next() * businessS(vehicle) * 1000
  else vehicle.phaseEndsMs = nextDepartureMs(terminal.class, activity, MISSION_DRIVE_S[terminal.class], atMs, random)
  return vehicle
}

/** A vehicle in the middle of its day. */
export function beginVehicle(terminal: ManifestTerminal, world: World, atMs: number): Vehicle {
  const vehicle = createVehicle(terminal, world, atMs)
  const { random, activity } = vehicle
  const share = movingShare(terminal.class, atMs) * activity
  const dice = world.alwaysEveryMs ? 0 : random.next()
  if (dice < share * 2) {
    chooseMission(vehicle, world)
    // Any leg of the mission may be the one that is under way.
    const visited = vehicle.stops.splice(0, random.whole(0, vehicle.stops.length - 1)).at(-1)
    if (visited !== undefined) beAt(vehicle, world, visited)
    if (dice < share || world.alwaysEveryMs) beOnTheRoad(vehicle, world)
    else beAway(vehicle, world)
  } else vehicle.phaseEndsMs = nextDepartureMs(terminal.class, activity, MISSION_DRIVE_S[terminal.class], atMs, random)
  return vehicle
}

function beAt(vehicle: Vehicle, world: World, node: number): void {
  const [lon, lat] = kerbAt(vehicle, world, node)
  Object.assign(vehicle, { node, lon, lat })
}

/** Somewhere on the leg, at the speed of the place. */
function beOnTheRoad(vehicle: Vehicle, world: World): void {
  setOff(vehicle, world)
  const motion = vehicle.motion as NonNullable<Vehicle['motion']>
  let leftM = legLengthM(motion.leg) * vehicle.random.between(0, 0.95)
  while (leftM > (motion.leg.segmentM[motion.segment] as number)) {
    leftM -= motion.leg.segmentM[motion.segment] as number
    motion.segment++
  }
  motion.alongM = leftM
  motion.speedMps = (motion.leg.limitMps[motion.segment] as number) * 0.8
  moveAlong(motion, 1, false)
  settleOnRoad(vehicle, motion)
  if (motion.segment === motion.leg.lon.length - 2) motion.speedMps = Math.min(motion.speedMps, 3)
}

/** On business at the next stop (at home when the way home is next). */
function beAway(vehicle: Vehicle, world: World): void {
  beAt(vehicle, world, vehicle.stops.shift() as number)
  vehicle.phaseEndsMs = vehicle.atMs + vehicle.random.next() * businessS(vehicle) * 1000
}
