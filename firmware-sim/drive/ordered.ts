// A vehicle that has been ordered: it waits for its errand, drives to the pick-up and the destination, stays there, and comes home.
import type { Errand } from '../../services/contracts/errands.ts'
import { nearestNode, type Vehicle, type World } from './vehicle.ts'

/** So long before an errand it sets off for nothing else. */
const HOLD_MS = 3_600_000
/** At the pick-up, s. */
const BOARDING_S = [120, 400] as const

/** The next errand of a vehicle that it has not driven; one whose time is over is none. */
const nextErrand = ({ terminal, atMs, driven }: Vehicle, { errands }: World): Errand | undefined =>
  errands?.of(terminal.plate).find(({ order, stayUntilMs }) => !driven.orders.has(order) && atMs < stayUntilMs)

/** A parked vehicle whose errand comes waits for it where it stands, and sets off when it is time. */
export function heed(vehicle: Vehicle, world: World): void {
  if (vehicle.phase !== 'parked' || vehicle.motion || isOnErrand(vehicle)) return
  const errand = nextErrand(vehicle, world)
  if (!errand) return
  if (errand.leaveMs <= vehicle.atMs) vehicle.phaseEndsMs = vehicle.atMs
  else if (vehicle.stops.length === 0 && errand.leaveMs - vehicle.atMs < HOLD_MS) vehicle.phaseEndsMs = errand.leaveMs
}

/** Sets off on the errand that is due, whatever else was to be done. @returns whether there is one */
export function takeUp(vehicle: Vehicle, world: World): boolean {
  if (isOnErrand(vehicle)) return false
  const errand = nextErrand(vehicle, world)
  if (!errand || errand.leaveMs > vehicle.atMs) return false
  const nodes = errand.stops.map(([lon, lat]) => nearestNode(world.network, world.network.nodes.keys(), lon, lat))
  vehicle.driven = {
    orders: new Set(vehicle.driven.orders).add(errand.order),
    stayUntilMs: errand.stayUntilMs,
    kerbs: new Map(nodes.map((node, n) => [node, errand.stops[n]!])),
  }
  vehicle.stops = [...nodes, vehicle.homeNode]
  return true
}

/** Until it is on its way home from the destination. */
const isOnErrand = ({ driven, stops, node, phase }: Vehicle): boolean =>
  stops.some((stop) => driven.kerbs.has(stop)) || (stops.length > 0 && driven.kerbs.has(node) && phase === 'parked')

/** How long it stands at the stop of its errand that it has come to, s; undefined when it is on none. */
export function stayS(vehicle: Vehicle): number | undefined {
  const { driven, stops, node, atMs, random } = vehicle
  if (!driven.kerbs.has(node)) return undefined
  if (stops.length > 1) return random.between(...BOARDING_S)
  return Math.max(300, (driven.stayUntilMs - atMs) / 1000)
}
