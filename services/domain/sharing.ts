// Shared rides (拼车): several requests in one vehicle. In which order its people get on and off, how many sit in it between any two stops, how long
// each of them sits in it, and what that saves. Pure: who calls knows the ways between the stops.
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Leg } from './roads.ts'

/** WISHED: asked for with a request that is not approved yet. */
export const rideStates = ['WISHED', 'ASKED', 'JOINED', 'REFUSED', 'LAPSED', 'WITHDRAWN', 'ENDED'] as const
export type RideState = (typeof rideStates)[number]
export const rideLifecycle = {
  // The request that wishes it is approved.
  open: { from: ['WISHED'], to: 'ASKED', by: 'system' },
  // Each of those concerned consents for his own; the last one joins.
  agree: { from: ['ASKED'], to: 'ASKED', by: 'request.create', side: 'asker' },
  join: { from: ['ASKED'], to: 'JOINED', by: 'request.create', side: 'asker' },
  refuse: { from: ['WISHED', 'ASKED'], to: 'REFUSED', by: 'request.create', side: 'asker' },
  lapse: { from: ['ASKED'], to: 'LAPSED', by: 'system', due: ({ untilMs }) => untilMs },
  withdraw: { from: ['WISHED', 'ASKED'], to: 'WITHDRAWN', by: 'order.dispatch' },
  // Before the departure a consent is taken back: whose it was is out, and his request waits again.
  leave: { from: ['JOINED'], to: 'ENDED', by: 'request.create', side: 'asker' },
  separate: { from: ['JOINED'], to: 'ENDED', by: 'order.dispatch' },
  // One of the two has become another matter, or travels otherwise.
  end: { from: ['WISHED', 'ASKED', 'JOINED'], to: 'ENDED', by: 'system' },
} as const satisfies Lifecycle<RideState>
export type RideAction = keyof typeof rideLifecycle
/** What somebody may ask for by name: an `agree` that is the last is a `join`. */
export const rideActions = ['agree', 'refuse', 'withdraw', 'leave', 'separate'] as const satisfies RideAction[]

/** A request on the trip. `wantsMs`: the departure that it asks for; `stops`: how many places it goes through, both ends included. */
export type Rider = { requestId: number; passengers: number; wantsMs: number; endsMs: number; stops: number }
/** The nth place of a request: at the first its people get on, at the last they get off. */
export type Stop = { requestId: number; n: number }
/** The way between two stops; undefined: none is known. */
export type WayOf = (from: Stop, to: Stop) => Leg | undefined

export const keyOf = ({ requestId, n }: Stop): string => `${requestId}.${n}`
export const stopsOf = ({ requestId, stops }: Pick<Rider, 'requestId' | 'stops'>): Stop[] =>
  Array.from({ length: stops }, (_, n) => ({ requestId, n }))
export type StopKind = 'board' | 'pass' | 'leave'
const kindOf = ({ n }: Stop, { stops }: Rider): StopKind => (n === 0 ? 'board' : n === stops - 1 ? 'leave' : 'pass')

/** `load`: how many sit in it when it drives on. */
export type PlannedStop = Stop & { kind: StopKind; atMs: number; load: number }
/** What a ride is for one of them, alone and shared. */
export type Ride = Rider & { directMin: number; sharedMin: number; directKm: number; pickUpMs: number; dropOffMs: number }
export type SharedPlan = {
  stops: PlannedStop[]
  riders: Ride[]
  km: number
  minutes: number
  /** The most that sit in it at any time. */
  most: number
  startsMs: number
  endsMs: number
}
export type SharingProblem =
  /** So many seats are left on the way that is asked for. */
  | { reason: 'share.seats'; values: { left: number; passengers: number } }
  | { reason: 'share.ride'; requestId: number; values: { directMin: number; sharedMin: number; mostMin: number } }
  | { reason: 'share.window'; requestId: number; values: { pickUp: string; wanted: string } }
  /** Together they drive so much further than apart. */
  | { reason: 'share.detour'; values: { km: number } }
  | { reason: 'share.way'; values: Record<string, never> }
export type Judged = { plan: SharedPlan } | { problem: SharingProblem }

const MINUTE_MS = 60_000
const tenth = (value: number): number => Math.round(value * 10) / 10

/**
 * The trip through these stops in this order, when it keeps to everything: seats on every leg, nobody's ride too long, nobody picked up too early
 * or too late. Of seats it says how many are left to the last of the riders, who is new.
 */
export function judgeTrip(riders: readonly Rider[], stops: readonly Stop[], wayOf: WayOf, seats: number): Judged {
  const byId = new Map(riders.map((rider) => [rider.requestId, rider]))
  const law = dispatchLawOn(dayAt(byId.get(stops[0]!.requestId)!.wantsMs))
  const legs: Leg[] = []
  for (const [n, stop] of stops.slice(1).entries()) {
    const leg = wayOf(stops[n]!, stop)
    if (!leg) return { problem: { reason: 'share.way', values: {} } }
    legs.push(leg)
  }
  if (riders.some((rider) => !Number.isFinite(kmOf(stopsOf(rider), wayOf)))) return { problem: { reason: 'share.way', values: {} } }
  const kinds = stops.map((stop) => kindOf(stop, byId.get(stop.requestId)!))
  const loads: number[] = []
  let load = 0
  for (const [n, { requestId }] of stops.entries()) {
    const { passengers } = byId.get(requestId)!
    load += kinds[n] === 'board' ? passengers : kinds[n] === 'leave' ? -passengers : 0
    loads.push(load)
  }
  const most = Math.max(...loads)
  if (most > seats) {
    const { requestId, passengers } = riders.at(-1)!
    const aboard = loads.slice(indexOf(stops, requestId, 0), indexOf(stops, requestId, byId.get(requestId)!.stops - 1))
    return { problem: { reason: 'share.seats', values: { left: Math.max(0, seats + passengers - Math.max(...aboard)), passengers } } }
  }
  const earliest = (rider: Rider) => rider.wantsMs - law.shareEarlyMin * MINUTE_MS
  const timed = (startsMs: number): number[] => {
    const times = [startsMs]
    for (const [n, leg] of legs.entries()) {
      const there = times[n]! + leg.minutes * MINUTE_MS
      const stop = stops[n + 1]!
      times.push(kinds[n + 1] === 'board' ? Math.max(there, earliest(byId.get(stop.requestId)!)) : there)
    }
    return times
  }
  const latenesses = (times: readonly number[]) =>
    stops.map(({ requestId }, n) => (kinds[n] === 'board' ? times[n]! - byId.get(requestId)!.wantsMs - law.shareLateMin * MINUTE_MS : 0))
  const asked = byId.get(stops[0]!.requestId)!.wantsMs
  const late = Math.max(0, ...latenesses(timed(asked)))
  // Who is picked up first goes earlier, as far as the law lets him, where somebody would be too late.
  const times = timed(asked - Math.min(late, law.shareEarlyMin * MINUTE_MS))
  const rides = riders.map((rider): Ride => {
    const own = stopsOf(rider)
    const alone = own.slice(1).map((stop, n) => wayOf(own[n]!, stop))
    const [pickUpMs, dropOffMs] = [times[indexOf(stops, rider.requestId, 0)]!, times[indexOf(stops, rider.requestId, rider.stops - 1)]!]
    return {
      ...rider,
      directMin: tenth(alone.reduce((sum, leg) => sum + (leg?.minutes ?? 0), 0)),
      sharedMin: tenth((dropOffMs - pickUpMs) / MINUTE_MS),
      directKm: tenth(alone.reduce((sum, leg) => sum + (leg?.km ?? 0), 0)),
      pickUpMs,
      dropOffMs,
    }
  })
  const long = rides.find(({ directMin, sharedMin }) => sharedMin > directMin + law.shareExtraMin)
  if (long) {
    const { requestId, directMin, sharedMin } = long
    return { problem: { reason: 'share.ride', requestId, values: { directMin, sharedMin, mostMin: tenth(directMin + law.shareExtraMin) } } }
  }
  const tooLate = latenesses(times).findIndex((ms) => ms > 0)
  if (tooLate >= 0) {
    const { requestId } = stops[tooLate]!
    const values = { pickUp: iso(times[tooLate]!), wanted: iso(byId.get(requestId)!.wantsMs) }
    return { problem: { reason: 'share.window', requestId, values } }
  }
  return {
    plan: {
      stops: stops.map((stop, n) => ({ ...stop, kind: kinds[n]!, atMs: times[n]!, load: loads[n]! })),
      riders: rides,
      km: tenth(legs.reduce((sum, { km }) => sum + km, 0)),
      minutes: tenth((times.at(-1)! - times[0]!) / MINUTE_MS),
      most,
      startsMs: times[0]!,
      endsMs: Math.max(times.at(-1)!, ...riders.map(({ endsMs }) => endsMs)),
    },
  }
}
const indexOf = (stops: readonly Stop[], requestId: number, n: number): number =>
  stops.findIndex((stop) => stop.requestId === requestId && stop.n === n)
const iso = (ms: number): string => new Date(ms).toISOString()

/**
 * The best place on a trip for one more: that with the fewest kilometres, then minutes, of all that keep to everything. Where none does, the shortest way on
 * which they would sit in it together says why not.
 */
export function joinTrip(riders: readonly Rider[], stops: readonly Stop[], rider: Rider, wayOf: WayOf, seats: number): Judged {
  const all = [...riders, rider]
  const own = stopsOf(rider)
  let best: SharedPlan | undefined
  let nearest: { problem: SharingProblem; apart: number; km: number } | undefined
  for (let on = 0; on <= stops.length; on++)
    for (let off = on; off <= stops.length; off++) {
      // What it passes on its way it passes before it gets off.
      const order = [...stops.slice(0, on), own[0]!, ...stops.slice(on, off), ...own.slice(1), ...stops.slice(off)]
      const judged = withoutDetour(judgeTrip(all, order, wayOf, seats))
      if ('plan' in judged) {
        if (!best || judged.plan.km < best.km || (judged.plan.km === best.km && judged.plan.minutes < best.minutes)) best = judged.plan
      } else {
        const [apart, km] = [off === on && isEmptyAt(riders, stops, on) ? 1 : 0, kmOf(order, wayOf)]
        if (!nearest || apart < nearest.apart || (apart === nearest.apart && km < nearest.km))
          nearest = { problem: judged.problem, apart, km }
      }
    }
  return best ? { plan: best } : { problem: nearest!.problem }
}

/** Does nobody sit in it before the nth stop? */
const isEmptyAt = (riders: readonly Rider[], stops: readonly Stop[], n: number): boolean =>
  riders.every((rider) => indexOf(stops, rider.requestId, 0) >= n || indexOf(stops, rider.requestId, rider.stops - 1) < n)

/** Who is fetched after the others have got off, the vehicle having turned round, shares nothing. */
function withoutDetour(judged: Judged): Judged {
  if (!('plan' in judged)) return judged
  const savedKm = savedKmOf(judged.plan)
  return savedKm < 0 ? { problem: { reason: 'share.detour', values: { km: -savedKm } } } : judged
}

const kmOf = (stops: readonly Stop[], wayOf: WayOf): number =>
  stops.slice(1).reduce((sum, stop, n) => sum + (wayOf(stops[n]!, stop)?.km ?? Number.POSITIVE_INFINITY), 0)

/** The trip without one of them: the stops of the others in the order they have. */
export const leaveTrip = (stops: readonly Stop[], requestId: number): Stop[] => stops.filter((stop) => stop.requestId !== requestId)

/** What is not driven because they go together: the ways that each would have gone alone, less the one that they go. */
export const savedKmOf = ({ riders, km }: SharedPlan): number => tenth(riders.reduce((sum, { directKm }) => sum + directKm, 0) - km)

/**
 * By what the costs of a shared trip are borne: people times metres of the way that each asked for. What is driven round for somebody else is nobody's
 * to pay alone.
 */
export const passengerMetres = ({ passengers, directKm }: Pick<Ride, 'passengers' | 'directKm'>): number =>
  passengers * Math.round(directKm * 1000)
