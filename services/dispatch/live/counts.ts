// The counts beside the map. Total = moving + idle + parked + offline, as in the vehicle list: a vehicle that never reported is
// offline, and `neverReported` says how many of the offline have no place on the map.
import type { LiveCounts, StatusTally } from '../../contracts/liveSocket.ts'
import { vehicleStatuses } from '../../domain/status.ts'
import { type VehicleClass, vehicleClasses } from '../../domain/vehicle.ts'
import type { FleetPicture } from './fleetPicture.ts'

const STATUSES = vehicleStatuses.length

/** @param wanted index in `vehicleStatuses`, −1 = any */
export function countVehicles(picture: FleetPicture, eligible: Uint8Array, wanted: number, atMs: number): LiveCounts {
  const { ledger, status, timeS } = picture
  const byClass = new Uint32Array(vehicleClasses.length * STATUSES)
  const byLeague = new Uint32Array(ledger.leagues.length * STATUSES)
  let neverReported = 0
  for (let i = 0; i < ledger.count; i++) {
    const now = status[i]!
    if (eligible[i] === 0 || (wanted >= 0 && now !== wanted)) continue
    byClass[ledger.class[i]! * STATUSES + now]!++
    byLeague[ledger.league[i]! * STATUSES + now]!++
    if (timeS[i] === 0) neverReported++
  }
  const classes = vehicleClasses.map((name, k) => [name, tallyOf(byClass, k)] as const)
  return {
    atMs,
    all: classes.reduce((sum, [, tally]) => add(sum, tally), emptyTally),
    byClass: Object.fromEntries(classes) as Record<VehicleClass, StatusTally>,
    byLeague: ledger.leagues.map((adcode, k) => ({ adcode, ...tallyOf(byLeague, k) })).filter(({ total }) => total > 0),
    neverReported,
  }
}

const emptyTally: StatusTally = { total: 0, moving: 0, idle: 0, parked: 0, offline: 0 }

function tallyOf(sums: Uint32Array, row: number): StatusTally {
  const [moving, idle, parked, offline] = sums.subarray(row * STATUSES, (row + 1) * STATUSES) as unknown as [number, number, number, number]
  return { total: moving + idle + parked + offline, moving, idle, parked, offline }
}

const add = (a: StatusTally, b: StatusTally): StatusTally => ({
  total: a.total + b.total,
  moving: a.moving + b.moving,
  idle: a.idle + b.idle,
  parked: a.parked + b.parked,
  offline: a.offline + b.offline,
})
