// Price and displacement limits: which limit applies to a vehicle, and by how much it is beyond. Pure; days are ISO dates.
import type { BodyType, EnergyType, VehicleCategory } from './vehicle.ts'

export type StandardLimit = {
  /** Where the limit holds: the interval of its organisation's subtree. A narrower one is nearer. */
  lft: number
  rgt: number
  category: VehicleCategory
  /** null = any. */
  bodyType: BodyType | null
  newEnergy: boolean | null
  maxPriceFen: number | null
  maxDisplacementMl: number | null
  effectiveFrom: string
}
export type Measured = {
  unitLft: number
  category: VehicleCategory
  bodyType: BodyType | null
  energy: EnergyType
  priceFen: number | null
  displacementMl: number | null
  /** The standard of the day it was bought counts, not today's. */
  registeredOn: string
}
export type Excess = { what: 'price' | 'displacement'; value: number; limit: number }

const isNewEnergy = (energy: EnergyType): boolean => energy === 'electric' || energy === 'plug_in_hybrid'

/** Nearest organisation first, then exact body, then exact energy, then the later day. */
export const byNearness = (a: StandardLimit, b: StandardLimit): number =>
  a.rgt - a.lft - (b.rgt - b.lft) ||
  Number(b.bodyType !== null) - Number(a.bodyType !== null) ||
  Number(b.newEnergy !== null) - Number(a.newEnergy !== null) ||
  (a.effectiveFrom < b.effectiveFrom ? 1 : -1)

/** The one limit that counts for this vehicle; undefined where none was in force. `sorted` is in the order of `byNearness`. */
const findLimit = (sorted: readonly StandardLimit[], vehicle: Measured): StandardLimit | undefined =>
  sorted.find(
    (limit) =>
      limit.category === vehicle.category &&
      limit.lft <= vehicle.unitLft &&
      vehicle.unitLft <= limit.rgt &&
      limit.effectiveFrom <= vehicle.registeredOn &&
      (limit.bodyType === null || limit.bodyType === vehicle.bodyType) &&
      (limit.newEnergy === null || limit.newEnergy === isNewEnergy(vehicle.energy)),
  )

/** What is beyond the standard; a price or displacement that is not known is not judged. */
export function judgeStandard(sorted: readonly StandardLimit[], vehicle: Measured): Excess[] {
  const limit = findLimit(sorted, vehicle)
  const excess: Excess[] = []
  const judge = (what: Excess['what'], value: number | null, most: number | null | undefined) => {
    if (value !== null && most != null && value > most) excess.push({ what, value, limit: most })
  }
  judge('price', vehicle.priceFen, limit?.maxPriceFen)
  judge('displacement', vehicle.displacementMl, limit?.maxDisplacementMl)
  return excess
}
