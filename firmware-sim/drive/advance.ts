// The step of a vehicle: from the instant of one report to the instant of its next. No clock, no I/O; the same state gives the same next state.
//
//   parked ─(departure)▶ warming ─▶ driving ─(red light)▶ halted ─▶ driving … ─(end of leg)▶ idling ─(engine off)▶ parked
//
// Reports: every 10 s while driving, at corners, when halting, at each switching of the ignition, and every 5 min at rest.
import { nextDepartureMs } from './demand.ts'
import { chargeAtHome, consumeDriving, consumeIdling, isLow, reachM, refill, wantsRefill } from './energy.ts'
import { createLeg } from './leg.ts'
import { chooseStops, MISSION_DRIVE_S } from './mission.ts'
import { type MotionOutcome, moveAlong } from './motion.ts'
import { heed, stayS, takeUp } from './ordered.ts'
import { kerbAt, settleOnRoad, type Vehicle, type World } from './vehicle.ts'

export const MOVING_REPORT_MS = 10_000
export const STANDING_REPORT_MS = 300_000
/** The first report after setting off. */
const SETTING_OFF_REPORT_MS = 3000
const POWER_CYCLE_CHANCE = 1 / 3000

/** Moves a vehicle to the instant of its next report, `vehicle.atMs`. */
export function advance(vehicle: Vehicle, world: World): void {
  const heartbeatMs = vehicle.atMs + STANDING_REPORT_MS
  heed(vehicle, world)
  if (world.alwaysEveryMs) driveWithoutEnd(vehicle, world, world.alwaysEveryMs)
  else if (vehicle.phase === 'driving') driveOn(vehicle, MOVING_REPORT_MS)
  else if (vehicle.phaseEndsMs > heartbeatMs) standUntil(vehicle, heartbeatMs)
  else {
    standUntil(vehicle, vehicle.phaseEndsMs)
    endPhase(vehicle, world)
  }
}

/** What follows when a vehicle has stood as long as it wanted to. */
function endPhase(vehicle: Vehicle, world: World): void {
  if (vehicle.phase === 'parked') {
    vehicle.phase = 'warming'
    vehicle.phaseEndsMs = vehicle.atMs + vehicle.random.between(15_000, 70_000)
  } else if (vehicle.phase === 'idling') switchOff(vehicle)
  else {
    setOff(vehicle, world)
    driveOn(vehicle, SETTING_OFF_REPORT_MS)
  }
}

/** Starts or continues a leg; chooses a mission first when the vehicle is at home. */
export function setOff(vehicle: Vehicle, world: World): void {
  vehicle.phase = 'driving'
  if (vehicle.motion) return
  if (!takeUp(vehicle, world) && vehicle.stops.length === 0) chooseMission(vehicle, world)
  const to = vehicle.stops[0] as number
  const leg = createLeg(
    [vehicle.lon, vehicle.lat],
    world.router.findRoute(vehicle.node, to),
    kerbAt(vehicle, world, to),
    vehicle.driverFactor,
    vehicle.random,
  )
  vehicle.motion = { leg, segment: 0, alongM: 0, speedMps: 0 }
}

/** Decides the stops of the next round, home last. */
export function chooseMission(vehicle: Vehicle, world: World): void {
  const { terminal, town, energy, random, homeNode } = vehicle
  vehicle.stops = [...chooseStops(world.network, town, terminal.class, reachM(energy), random), homeNode]
}

/** Drives for at most `forMs` and takes up the phase that follows. */
function driveOn(vehicle: Vehicle, forMs: number): void {
  const outcome = drive(vehicle, forMs, true)
  const { random } = vehicle
  if (outcome.reason === 'arrived') {
    arrive(vehicle)
    vehicle.phase = 'idling'
    vehicle.phaseEndsMs = vehicle.atMs + (random.next() < 0.08 ? random.between(360_000, 1_000_000) : random.between(5000, 60_000))
  } else if (outcome.reason === 'halted') {
    vehicle.phase = isLow(vehicle.energy) ? 'idling' : 'halted'
    vehicle.phaseEndsMs = vehicle.atMs + random.between(6000, 45_000)
  } else if (isLow(vehicle.energy) && vehicle.motion) {
    const next = vehicle.motion.segment + 2
    if (next < vehicle.motion.leg.pointMps.length - 1) vehicle.motion.leg.pointMps[next] = 0
  }
}

function drive(vehicle: Vehicle, forMs: number, reportCorners: boolean): MotionOutcome {
  const motion = vehicle.motion as NonNullable<Vehicle['motion']>
  const outcome = moveAlong(motion, forMs / 1000, reportCorners)
  vehicle.atMs += outcome.seconds * 1000
  vehicle.odometerM += outcome.meters
  consumeDriving(vehicle.energy, outcome.meters)
  settleOnRoad(vehicle, motion)
  return outcome
}

function arrive(vehicle: Vehicle): void {
  vehicle.node = vehicle.stops.shift() ?? vehicle.homeNode
  vehicle.motion = undefined
}

/** Engine off: for filling up, for business at a stop, or at home until the next mission. */
function switchOff(vehicle: Vehicle): void {
  const { energy, random, terminal, activity } = vehicle
  vehicle.phase = 'parked'
  const fillS = wantsRefill(energy) ? refill(energy, random) : 0
  if (vehicle.motion) vehicle.phaseEndsMs = vehicle.atMs + Math.max(fillS, 120) * 1000
  else if (vehicle.stops.length > 0) vehicle.phaseEndsMs = vehicle.atMs + Math.max(fillS, stayS(vehicle) ?? businessS(vehicle)) * 1000
  else vehicle.phaseEndsMs = nextDepartureMs(terminal.class, activity, MISSION_DRIVE_S[terminal.class], vehicle.atMs + fillS * 1000, random)
  if (random.next() < POWER_CYCLE_CHANCE) vehicle.silentUntilMs = vehicle.atMs + random.between(1_200_000, 7_200_000)
}

/** Seconds at a stop: patrols look around, others have a meeting. */
export const businessS = ({ terminal, random }: Vehicle): number =>
  terminal.class === 'law_enforcement' ? random.between(90, 900) : random.between(420, 2700)

function standUntil(vehicle: Vehicle, atMs: number): void {
  const seconds = (atMs - vehicle.atMs) / 1000
  if (vehicle.phase !== 'parked') consumeIdling(vehicle.energy, seconds)
  else if (vehicle.stops.length === 0) chargeAtHome(vehicle.energy, seconds)
  vehicle.atMs = atMs
}

function driveWithoutEnd(vehicle: Vehicle, world: World, everyMs: number): void {
  const untilMs = vehicle.atMs + everyMs
  if (isLow(vehicle.energy)) refill(vehicle.energy, vehicle.random)
  while (vehicle.atMs < untilMs - 0.5) {
    setOff(vehicle, world)
    if (drive(vehicle, untilMs - vehicle.atMs, false).reason === 'arrived') arrive(vehicle)
  }
  vehicle.atMs = untilMs
}
