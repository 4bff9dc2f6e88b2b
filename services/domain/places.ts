// Words for places, suppliers and fuel cards, and what a place's shape may be.
import { type Box, boxOf, findRingProblem, type LonLat, type RingProblem, type Shape } from './geofence.ts'
import { REGION_BBOX } from './region/region.ts'

export const placeKinds = ['compound', 'designated_lot', 'fuel_station', 'charging_station', 'sensitive', 'border'] as const
export type PlaceKind = (typeof placeKinds)[number]
export const sensitiveKinds = ['school', 'hotel', 'entertainment', 'scenic', 'residential'] as const
export type SensitiveKind = (typeof sensitiveKinds)[number]

export const supplierKinds = ['fuel', 'charging', 'repair', 'insurance', 'wash', 'parking', 'rental'] as const
export type SupplierKind = (typeof supplierKinds)[number]

export const fuelCardStates = ['active', 'frozen', 'lost', 'cancelled'] as const
export type FuelCardState = (typeof fuelCardStates)[number]

/** A border may be the region's; anything one parks at is smaller. */
const maxSpanM = (kind: PlaceKind): number => (kind === 'border' ? 3_000_000 : 50_000)
/** Roads leave the region: stations and hotels just beyond it are places too. */
const MARGIN_DEG = 3

export type ShapeProblem = RingProblem | 'outside_region'

/** What is wrong with the shape of a place of this kind, or null. Swapped longitude and latitude land far outside the region. */
export function findShapeProblem(shape: Shape, kind: PlaceKind): ShapeProblem | null {
  const box = shape.type === 'circle' || shape.ring.length > 0 ? boxOf(shape) : undefined
  if (box && !isNearRegion(box)) return 'outside_region'
  return shape.type === 'polygon' ? findRingProblem(shape.ring, maxSpanM(kind)) : null
}

/** Roads leave the region, and questions may follow them so far. */
export const isNearRegion = ([west, south, east, north]: Box): boolean =>
  west >= REGION_BBOX[0] - MARGIN_DEG &&
  south >= REGION_BBOX[1] - MARGIN_DEG &&
  east <= REGION_BBOX[2] + MARGIN_DEG &&
  north <= REGION_BBOX[3] + MARGIN_DEG

/** [lon, lat, lon, lat …] as it is stored, and back. */
export const flatRing = (ring: readonly LonLat[]): number[] => ring.flat()
export const ringOf = (flat: readonly number[]): [number, number][] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!])
