// Why nothing can be given to a trip, found by trying it alone, as if no other trip were promised; told first is what somebody could change.
import type { Booking } from './availability.ts'
import { type DriverOffer, type Exclusion, judgeDriverOffer, judgeOffer, type VehicleOffer, type Wanted } from './ranking.ts'
import { heldFor } from './requests.ts'

/** What keeps vehicles back of themselves, in the order in which something can be done about it. BUSY is upkeep, sealing or an incident here. */
const changeable = [
  'SEATS',
  'EQUIPMENT',
  'CHARGE',
  'LENT',
  'BUSY',
  'EXPIRES',
  'STATE',
  'NO_LOAN',
] as const satisfies readonly Exclusion['code'][]
export const unservedCodes = ['DISPLACED', 'UNREACHABLE', 'DRIVERS', ...changeable, 'NOTHING'] as const
/**
 * DISPLACED: others have what it would have had, `holders`. UNREACHABLE: those that would do have no road to it. DRIVERS: nobody may drive them then.
 * NOTHING: there is no vehicle within reach at all. Any other: no vehicle would do, and this keeps back those that come nearest; `detail` of the best of them.
 */
export type Unserved = { code: (typeof unservedCodes)[number]; holders: string[]; detail: Exclusion['detail'] }

/** null: something can be given. */
export function findUnserved(
  wanted: Wanted,
  vehicles: readonly VehicleOffer[],
  drivers: readonly DriverOffer[],
  able: number,
): Unserved | null {
  if (able > 0) return null
  const told = (code: Unserved['code'], holders: string[] = []): Unserved => ({ code, holders, detail: {} })
  const alone = vehicles.map((vehicle) => ({
    vehicle,
    reasons: judgeOffer({ ...vehicle, bookings: vehicle.bookings.filter(isUpkeep) }, wanted),
  }))
  const fitting = alone.filter(({ reasons }) => reasons.every(({ code }) => code === 'NO_ROUTE'))
  if (fitting.length === 0) return nearestOf(alone.map(({ reasons }) => reasons)) ?? told('NOTHING')
  const reaching = fitting.filter(({ reasons }) => reasons.length === 0)
  if (reaching.length === 0) return told('UNREACHABLE')
  const mayDrive = (driver: DriverOffer, kind: string) => judgeDriverOffer(driver, kind).every(({ code }) => code === 'BUSY')
  const driven = wanted.withDriver ? reaching.filter(({ vehicle }) => drivers.some((driver) => mayDrive(driver, vehicle.kind))) : reaching
  if (driven.length === 0) return told('DRIVERS')
  const held = heldFor(wanted)
  const ofVehicles = driven.flatMap(({ vehicle }) =>
    vehicle.bookings.filter(({ fromMs, untilMs }) => fromMs < held.untilMs && (untilMs === null || untilMs > held.fromMs)),
  )
  const ofDrivers = drivers.flatMap(({ reasons }) => reasons.flatMap(({ code, detail }) => (code === 'BUSY' ? String(detail.holder) : [])))
  const holders = [...ofVehicles.flatMap(({ holder }) => holder ?? []), ...(wanted.withDriver ? ofDrivers : [])]
  return told('DISPLACED', [...new Set(holders)])
}
const isUpkeep = ({ reason }: Booking): boolean => reason !== 'trip'

/** Of the vehicles with the fewest reasons against them, the one that could be changed; a loan first where nothing else is missing. */
function nearestOf(excluded: readonly Exclusion[][]): Unserved | null {
  const kinds = (reasons: readonly Exclusion[]) => new Set(reasons.map(({ code }) => code).filter((code) => code !== 'NO_ROUTE')).size
  const fewest = Math.min(...excluded.map(kinds))
  const nearest = excluded.filter((reasons) => kinds(reasons) === fewest).flat()
  const lent = fewest === 1 && nearest.some(({ code }) => code === 'NO_LOAN')
  const code = lent ? 'NO_LOAN' : changeable.find((each) => nearest.some((reason) => reason.code === each))
  if (code === undefined) return null
  const same = nearest.filter((reason) => reason.code === code)
  return { code, holders: [], detail: same.reduce((best, each) => (measure(each) > measure(best) ? each : best)).detail }
}

/** The most seats and the fullest battery come nearest; of the rest the first. */
const measure = ({ detail }: Exclusion): number => Number(detail.places ?? detail.has ?? 0)
