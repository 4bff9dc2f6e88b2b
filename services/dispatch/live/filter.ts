// Which vehicles a socket is entitled to and asked for: scope × filter, worked out once per view into one byte a vehicle.
// The status part of a filter changes with time and is looked at each tick.
import type { LiveFilter } from '../../contracts/liveSocket.ts'
import { vehicleStatuses } from '../../domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../domain/vehicle.ts'
import type { Ledger } from './ledger.ts'

/** Whose vehicles: an organisation's subtree, or within it one vehicle alone (0 = none); and which sensitive vehicles are cleared. */
export type LiveScope = { organisationId: number; vehicleId: number | null; cleared: readonly number[] }

/** How a vehicle that passes is seen: whole, or as the centre of a cell that has no name. */
export const WHOLE = 1
export const COARSE = 2

/** WHOLE or COARSE for each ordinal that passes scope and filter, status aside; 0 for all others. */
export function eligibleVehicles(ledger: Ledger, { organisationId, vehicleId, cleared }: LiveScope, filter: LiveFilter): Uint8Array {
  const eligible = new Uint8Array(ledger.count)
  const scope = ledger.organisations.get(organisationId)
  const chosen = filter.organisationId === undefined ? scope : ledger.organisations.get(filter.organisationId)
  if (!scope || !chosen) return eligible
  const lft = Math.max(scope.lft, chosen.lft)
  const rgt = Math.min(scope.rgt, chosen.rgt)
  const wanted = (list: readonly string[], value: string | undefined) => (value === undefined ? -1 : list.indexOf(value))
  const vehicleClass = wanted(vehicleClasses, filter.class)
  const category = wanted(vehicleCategories, filter.category)
  const energy = wanted(energyTypes, filter.energy)
  const league = wanted(ledger.leagues, filter.league)
  // A league in which no vehicle is: nothing passes, instead of everything.
  if (filter.league !== undefined && league < 0) return eligible
  const only = vehicleId === null ? undefined : (ledger.ordinalOf.get(vehicleId) ?? -1)
  for (let i = 0; i < ledger.count; i++) {
    if (only !== undefined && i !== only) continue
    if (ledger.secret[i] === 1 && !cleared.includes(ledger.vehicleId[i]!)) {
      // Seen by league or banner and class; what else a filter asks for would tell what it is.
      const coarse = ledger.coarse.get(i)
      if (!coarse || only !== undefined || category >= 0 || energy >= 0) continue
      if (coarse.homeLft < lft || coarse.homeLft > rgt) continue
      if (vehicleClass >= 0 && ledger.class[i] !== vehicleClass) continue
      if (league < 0 || ledger.league[i] === league) eligible[i] = COARSE
      continue
    }
    const unit = ledger.unitLft[i]!
    if (unit < lft || unit > rgt) continue
    if (vehicleClass >= 0 && ledger.class[i] !== vehicleClass) continue
    if (category >= 0 && ledger.category[i] !== category) continue
    if (energy >= 0 && ledger.energy[i] !== energy) continue
    if (league >= 0 && ledger.league[i] !== league) continue
    eligible[i] = WHOLE
  }
  return eligible
}

/** The status a filter asks for as an index in `vehicleStatuses`; −1 = any. */
export const wantedStatus = (filter: LiveFilter): number => (filter.status === undefined ? -1 : vehicleStatuses.indexOf(filter.status))
