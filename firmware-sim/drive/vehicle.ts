// One vehicle and its terminal as plain state. Everything about it follows from the seed, its terminal number and the start instant.
import type { Errand } from '../../services/contracts/errands.ts'
import type { ManifestTerminal } from '../../services/contracts/manifest.ts'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { distanceM } from '../geo.ts'
import { chanceOf, hashInts, hashText, Random } from '../random.ts'
import type { RoadNetwork } from '../roads/network.ts'
import type { Router } from '../roads/router.ts'
import { townOf } from '../roads/towns.ts'
import { isReachable } from './coverage.ts'
import { createEnergy, type Energy } from './energy.ts'
import { directionOf } from './leg.ts'
import type { Motion } from './motion.ts'
import { clockOffsetMs, createReceiver, measured, type Receiver, wander } from './receiver.ts'
import { altitudeM } from './terrain.ts'

/** `alwaysEveryMs` makes every vehicle drive without end and report at that interval, for load tests. */
export type World = {
  network: RoadNetwork
  router: Router
  seed: number
  alwaysEveryMs?: number
  /** What was ordered, by plate. */
  errands?: { of(plate: string): readonly Errand[] }
}

/** warming: engine on before a leg; halted: at a crossing; idling: arrived, engine still on. */
export type Phase = 'parked' | 'warming' | 'driving' | 'halted' | 'idling'

export type Vehicle = {
  terminal: ManifestTerminal
  key: number
  random: Random
  /** How much this vehicle is used, 1 on average. */
  activity: number
  /** Its driver's share of the speed limit. */
  driverFactor: number
  town: number
  homeNode: number
  /** The true instant of the state below, which is the instant of the report that is due. */
  atMs: number
  phase: Phase
  phaseEndsMs: number
  /** Terminal without power until then: it neither reports nor stores. */
  silentUntilMs: number
  lon: number
  lat: number
  headingDeg: number
  node: number
  /** Nodes still to visit on this mission, home last; empty when at home. */
  stops: number[]
  /** The errands that it took up; of the last until when it stays, and where exactly its stops are. */
  driven: { orders: ReadonlySet<number>; stayUntilMs: number; kerbs: ReadonlyMap<number, readonly [number, number]> }
  motion: Motion | undefined
  odometerM: number
  energy: Energy
  receiver: Receiver
}

/** A parked vehicle at home. */
export function createVehicle(terminal: ManifestTerminal, world: World, atMs: number): Vehicle {
  const key = hashInts(world.seed, hashText(terminal.terminalId))
  const random = new Random(key)
  const town = townOf(world.network.towns, terminal.adcode)
  const [lon, lat] = terminal.home
  const homeNode = nearestNode(world.network, world.network.townNodes[town] as readonly number[], lon, lat)
  return {
    terminal,
    key,
    random,
    activity: random.between(0.5, 1.5),
    driverFactor: random.between(0.88, 1.06),
    town,
    homeNode,
    atMs,
    phase: 'parked',
    phaseEndsMs: atMs,
    silentUntilMs: 0,
    lon,
    lat,
    headingDeg: random.between(0, 360),
    node: homeNode,
    stops: [],
    driven: { orders: new Set(), stayUntilMs: 0, kerbs: new Map() },
    motion: undefined,
    odometerM: terminal.odometerM,
    energy: createEnergy(terminal.energy, random),
    receiver: createReceiver(random),
  }
}

/** Puts lon, lat and heading where the motion has come to. */
export function settleOnRoad(vehicle: Vehicle, { leg, segment, alongM }: Motion): void {
  const length = leg.segmentM[segment] as number
  const t = length > 0 ? Math.min(1, alongM / length) : 1
  const [lonA, latA] = [leg.lon[segment] as number, leg.lat[segment] as number]
  vehicle.lon = lonA + ((leg.lon[segment + 1] as number) - lonA) * t
  vehicle.lat = latA + ((leg.lat[segment + 1] as number) - latA) * t
  if (length > 0) vehicle.headingDeg = directionOf(leg, segment)
}

export type Report = { position: PositionMessage; reachable: boolean }

/** What the terminal measures at the vehicle's instant, and whether it has a network to send it; undefined without power. */
export function reportOf(vehicle: Vehicle, world: World): Report | undefined {
  const { atMs, receiver, random, energy, key } = vehicle
  if (atMs < vehicle.silentUntilMs) return undefined
  const speedMps = vehicle.motion?.speedMps ?? 0
  wander(receiver, atMs, speedMps > 0, random)
  const [lon, lat] = measured(receiver, vehicle.lon, vehicle.lat)
  const noisyKph = speedMps > 0 ? Math.max(0, speedMps * 3.6 + random.normal() * 0.4) : 0
  const position: PositionMessage = {
    time: Math.round(atMs + clockOffsetMs(key, atMs)),
    lon,
    lat,
    speedKph: Math.round(noisyKph * 10) / 10,
    headingDeg: Math.round(vehicle.headingDeg + (speedMps > 0 ? random.normal() * 1.5 : 0) + 360) % 360,
    altitudeM: Math.round(altitudeM(vehicle.lon, vehicle.lat) + receiver.altitudeErrorM),
    odometerM: Math.round(vehicle.odometerM),
    ignition: vehicle.phase !== 'parked',
    satellites: Math.max(5, receiver.satellites + random.whole(-2, 2)),
  }
  if (energy.fuelPct !== undefined) position.fuelPct = Math.round(energy.fuelPct * 10) / 10
  if (energy.socPct !== undefined) position.socPct = Math.round(energy.socPct * 10) / 10
  // A load test measures the platform, so there the network never fails.
  const reachable = world.alwaysEveryMs !== undefined || isReachable(key, world.network.towns, lon, lat, atMs, vehicle.phase === 'driving')
  return { position, reachable }
}

/** The kerb near a node where this vehicle stops; its own yard at home. */
export function kerbAt(vehicle: Vehicle, world: World, node: number): readonly [number, number] {
  if (node === vehicle.homeNode) return vehicle.terminal.home
  const ordered = vehicle.driven.kerbs.get(node)
  if (ordered) return ordered
  const [lon, lat] = world.network.nodes[node] as readonly [number, number]
  const [a, b] = [chanceOf(vehicle.key, node, 41) - 0.5, chanceOf(vehicle.key, node, 42) - 0.5]
  return [lon + a * 0.0016, lat + b * 0.0012]
}

/** The node of `candidates` nearest to a place. */
export function nearestNode({ nodes }: RoadNetwork, candidates: Iterable<number>, lon: number, lat: number): number {
  let best = 0
  let bestM = Number.POSITIVE_INFINITY
  for (const n of candidates) {
    const at = nodes[n] as readonly [number, number]
    const d = distanceM(lon, lat, at[0], at[1])
    if (d >= bestM) continue
    best = n
    bestM = d
  }
  return best
}
