// What a driver looks at before he drives off, and after he is back (出车检查、收车检查): a dated list, each point sound or not, and why not.

/** A point of the list. `safety`: with a fault there the vehicle is not driven off without somebody saying so. */
type Point = { item: InspectionItem; safety: boolean }

export const inspectionItems = [
  'tyres',
  'brakes',
  'lights',
  'steering',
  'belts',
  'fluids',
  'wipers',
  'mirrors',
  'kit',
  'papers',
  'body',
  'cabin',
] as const
export type InspectionItem = (typeof inspectionItems)[number]

/** `ok` false: with what is wrong in `remark`. */
export type InspectionResult = { item: InspectionItem; ok: boolean; remark: string }
export type InspectionProblem = {
  reason: 'inspection.missing' | 'inspection.unknown' | 'inspection.remark' | 'inspection.unsafe'
  values: { inspectionItem: string }
}

const safety = new Set<InspectionItem>(['tyres', 'brakes', 'lights', 'steering', 'belts'])
const lists: readonly { from: string; points: readonly Point[] }[] = [
  { from: '2000-01-01', points: inspectionItems.map((item) => ({ item, safety: safety.has(item) })) },
]

/** The list in force on a day of the region. */
export const inspectionListOn = (day: string) => lists.findLast(({ from }) => from <= day) ?? lists[0]!

/** Faults that the vehicle should not be driven with. */
export function listUnsafe(results: readonly InspectionResult[], day: string): InspectionItem[] {
  const { points } = inspectionListOn(day)
  return results.filter(({ item, ok }) => !ok && points.some((point) => point.item === item && point.safety)).map(({ item }) => item)
}

/**
 * What is wrong with an inspection of that day; null when nothing is. It is whole or it is none: each point once. `sure`: whoever drives off
 * with a fault of safety has said that he knows.
 */
export function findInspectionProblem(results: readonly InspectionResult[], day: string, sure: boolean): InspectionProblem | null {
  const { points } = inspectionListOn(day)
  const problem = (reason: InspectionProblem['reason'], inspectionItem: string) => ({ reason, values: { inspectionItem } })
  const missing = points.find(({ item }) => !results.some((result) => result.item === item))
  if (missing) return problem('inspection.missing', missing.item)
  const unknown = results.find(
    ({ item }, n) => !points.some((point) => point.item === item) || results.findIndex((one) => one.item === item) !== n,
  )
  if (unknown) return problem('inspection.unknown', unknown.item)
  const unsaid = results.find(({ ok, remark }) => !ok && remark.trim() === '')
  if (unsaid) return problem('inspection.remark', unsaid.item)
  const [unsafe] = sure ? [] : listUnsafe(results, day)
  return unsafe ? problem('inspection.unsafe', unsafe) : null
}
