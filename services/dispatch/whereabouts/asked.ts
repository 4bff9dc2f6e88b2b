// What is asked, at the door: the period, the instant, the area. Each refusal says what would be accepted.
import gcoord from 'gcoord'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS, dayAt } from '../../domain/days.ts'
import { boxOf, circleRing, findRingProblem, type LonLat, ringAreaM2, type Shape, withoutDoubledCorners } from '../../domain/geofence.ts'
import { isNearRegion } from '../../domain/places.ts'

/** More than any city, and less than an answer can hold. */
export const MAX_AREA_KM2 = 2_500
const MAX_SPAN_M = 200_000

type Period = { fromMs: number; untilMs: number }

/** @throws Refusal VALIDATION_FAILED when it is empty, too long or of the future */
export function periodOf(query: { from: string; to: string }, maxDays: number, nowMs: number): Period {
  const [fromMs, untilMs] = [Date.parse(query.from), Date.parse(query.to)]
  if (untilMs <= fromMs) throw refusal('VALIDATION_FAILED', 'query.to', 'whereabouts.order')
  if (fromMs >= nowMs) throw refusal('VALIDATION_FAILED', 'query.from', 'whereabouts.future')
  if (untilMs - fromMs > maxDays * DAY_MS)
    throw refusal('VALIDATION_FAILED', 'query.to', 'whereabouts.long', {
      days: maxDays,
      until: new Date(fromMs + maxDays * DAY_MS).toISOString(),
    })
  return { fromMs, untilMs }
}

/** @param keptFromMs positions are kept from here on @throws Refusal VALIDATION_FAILED when it is no full second of the past of which anything is kept */
export function instantOf(at: string, keptFromMs: number | null, nowMs: number): number {
  const ms = Date.parse(at)
  if (ms > nowMs) throw refusal('VALIDATION_FAILED', 'query.at', 'whereabouts.future')
  if (ms % 1000 !== 0)
    throw refusal('VALIDATION_FAILED', 'query.at', 'whereabouts.second', { again: new Date(ms - (ms % 1000)).toISOString() })
  if (keptFromMs !== null && ms < keptFromMs)
    throw refusal('VALIDATION_FAILED', 'query.at', 'whereabouts.before', { earliest: new Date(keptFromMs).toISOString() })
  return ms
}

export type Datum = 'wgs84' | 'gcj02'

/** An area as it was drawn, in WGS-84. @throws Refusal VALIDATION_FAILED when it is none */
export function areaOf(text: string, datum: Datum): Shape {
  const corners = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => part.split(',').map((number) => (number.trim() === '' ? Number.NaN : Number(number))))
  for (const { length, 0: lon, 1: lat } of corners)
    if (length !== 2 || !(Math.abs(lon!) <= 180) || !(Math.abs(lat!) <= 90))
      throw refusal('VALIDATION_FAILED', 'query.area', 'whereabouts.corners')
  // Converted once, here: whatever is kept, compared and answered is WGS-84.
  const inWgs84 = (corners as [number, number][]).map(
    (corner): LonLat => (datum === 'wgs84' ? corner : (gcoord.transform(corner, gcoord.GCJ02, gcoord.WGS84) as [number, number])),
  )
  const first = inWgs84[0]
  const ring = withoutDoubledCorners(first && String(first) !== String(inWgs84.at(-1)) ? [...inWgs84, first] : inWgs84)
  if (ring.length > 0 && !isNearRegion(boxOf({ type: 'polygon', ring })))
    throw refusal('VALIDATION_FAILED', 'query.area', 'place.shape.outside_region')
  const problem = findRingProblem(ring, MAX_SPAN_M)
  if (problem === 'too_large' || (!problem && areaKm2({ type: 'polygon', ring }) > MAX_AREA_KM2)) throw tooLarge({ type: 'polygon', ring })
  if (problem) throw refusal('VALIDATION_FAILED', 'query.area', `place.shape.${problem}`)
  return { type: 'polygon', ring }
}

export const ringOf = (shape: Shape): [number, number][] =>
  shape.type === 'circle' ? circleRing(shape) : shape.ring.map(([lon, lat]) => [lon, lat])
export const areaKm2 = (shape: Shape): number => Math.abs(ringAreaM2(ringOf(shape))) / 1e6
const tooLarge = (shape: Shape) =>
  refusal('VALIDATION_FAILED', 'query.area', 'whereabouts.areaLarge', { has: Math.round(areaKm2(shape)), most: MAX_AREA_KM2 })

/** A place of the list as it is asked about. @throws Refusal VALIDATION_FAILED when there is none, or none in the period */
export function placeAsked(
  place: { shape: Shape; validFrom: string; validUntil: string | null } | undefined,
  { fromMs, untilMs }: Period,
): Shape {
  if (!place) throw refusal('VALIDATION_FAILED', 'query.placeId', 'whereabouts.place')
  if (place.validFrom > dayAt(untilMs - 1) || (place.validUntil !== null && place.validUntil < dayAt(fromMs)))
    throw refusal('VALIDATION_FAILED', 'query.placeId', 'whereabouts.placeGone')
  if (areaKm2(place.shape) > MAX_AREA_KM2) throw tooLarge(place.shape)
  return place.shape
}
