// Statements of suppliers of fuel and current (加油、充电对账单): what becomes of a line, and why it waits for a person. Pure.
import type { Lifecycle } from './lifecycle.ts'

/** What a file may have. */
export const MAX_STATEMENT_BYTES = 4 * 1024 * 1024

export const fuelLineStates = ['MATCHED', 'WAITING', 'DISMISSED'] as const
export type FuelLineState = (typeof fuelLineStates)[number]
export const fuelLineLifecycle = {
  assign: { from: ['WAITING'], to: 'MATCHED', by: 'bill.enter' },
  dismiss: { from: ['WAITING'], to: 'DISMISSED', by: 'bill.enter' },
} as const satisfies Lifecycle<FuelLineState>
export type FuelLineAction = keyof typeof fuelLineLifecycle
export const fuelLineActions = ['assign', 'dismiss'] as const satisfies FuelLineAction[]

/** Was the vehicle there? What cannot be judged says why: no track of that time, a station that is on no list, a day without a time, no vehicle. */
export const trackVerdicts = ['matches', 'elsewhere', 'no_track', 'no_place', 'no_time', 'no_vehicle'] as const
export type TrackVerdict = (typeof trackVerdicts)[number]
/** Within so far of the station, and within so long of the time. */
export const NEAR_M = 1_000
export const AROUND_MIN = 15

type Judged = { vehicle: boolean; place: boolean; clocked: boolean; seen: boolean; near: boolean }
export function judgeTrack({ vehicle, place, clocked, seen, near }: Judged): TrackVerdict {
  if (!vehicle) return 'no_vehicle'
  if (!place) return 'no_place'
  if (!clocked) return 'no_time'
  if (!seen) return 'no_track'
  return near ? 'matches' : 'elsewhere'
}

/**
 * Why a line waits for a person: its card is not on file, or in no vehicle; the vehicle was elsewhere; the same amount was entered on an order of that vehicle, or
 * a few minutes apart with that card; its month is closed.
 */
export const waitReasons = ['card', 'vehicle', 'elsewhere', 'order', 'double', 'closed'] as const
export type WaitReason = (typeof waitReasons)[number]
/** Minutes within which an equal amount of the same card is asked about. */
export const DOUBLE_MIN = 10

type Line = { card: boolean; vehicle: boolean; verdict: TrackVerdict; onOrder: boolean; double: boolean; closed: boolean }
export function findWaitReason({ card, vehicle, verdict, onOrder, double, closed }: Line): WaitReason | null {
  if (!card) return 'card'
  if (!vehicle) return 'vehicle'
  if (double) return 'double'
  if (onOrder) return 'order'
  if (verdict === 'elsewhere') return 'elsewhere'
  return closed ? 'closed' : null
}
