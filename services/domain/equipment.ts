// What a vehicle may have aboard beside its seats, and a trip may need: a closed list, so that a need is met or is not.
export const equipments = [
  'lift',
  'child_seat',
  'cold_box',
  'tow_bar',
  'snow_chains',
  'off_road_kit',
  'satellite_phone',
  'medical_kit',
  'partition',
  'power_supply',
] as const
export type Equipment = (typeof equipments)[number]

/** What is needed and not there, in the list's order. */
export const missingOf = (needed: readonly Equipment[], has: readonly Equipment[]): Equipment[] =>
  equipments.filter((one) => needed.includes(one) && !has.includes(one))

/** As it is kept: each once, in the list's order. */
export const inOrder = (some: readonly Equipment[]): Equipment[] => equipments.filter((one) => some.includes(one))
