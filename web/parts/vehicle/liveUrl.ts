// The whole state of the live page as its URL, so that a link opens the same for a colleague: filters, selected vehicle,
// range of the trail (wall clock of the region), whether the trail is drawn, and the map view.
import type { LiveFilter } from '../../../services/contracts/liveSocket.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { fromWallClock, toWallClock } from '../../kit/format/time.ts'
import type { UrlText } from '../../kit/urlText.ts'
import { readFilter, writeFilter } from '../filters/filterUrl.ts'

/** Milliseconds since 1970, `from` inclusive. */
export type Range = { fromMs: number; toMs: number }
export type MapPlace = { center: [number, number]; zoom: number }
export type LiveUrl = {
  filter: LiveFilter
  vehicleId: number | null
  /** null = today. */
  range: Range | null
  trail: boolean
  at: MapPlace | null
}

/** The API answers trips of at most this long a window. */
export const MAX_RANGE_MS = 31 * DAY_MS

export function readVehicleId(url: UrlText): number | null {
  return /^[1-9]\d{0,9}$/.test(url.v ?? '') ? Number(url.v) : null
}

export function readRange(url: UrlText): Range | null {
  const fromMs = fromWallClock(url.from ?? '')
  const toMs = fromWallClock(url.to ?? '')
  if (fromMs === undefined || toMs === undefined || toMs <= fromMs || toMs - fromMs > MAX_RANGE_MS) return null
  return { fromMs, toMs }
}

function readAt(url: UrlText): MapPlace | null {
  const parts = (url.at ?? '').split(',').map(Number)
  const [lon, lat, zoom] = parts
  if (parts.length !== 3 || lon === undefined || lat === undefined || zoom === undefined) return null
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && zoom >= 0 && zoom <= 24)) return null
  return { center: [lon, lat], zoom }
}

export const readLiveUrl = (url: UrlText): LiveUrl => ({
  filter: readFilter(url),
  vehicleId: readVehicleId(url),
  range: readRange(url),
  trail: url.trail !== '0',
  at: readAt(url),
})

export function writeVehicle(state: Pick<LiveUrl, 'vehicleId' | 'range' | 'trail'>): UrlText {
  const url: UrlText = {}
  if (state.vehicleId !== null) url.v = String(state.vehicleId)
  if (state.range) Object.assign(url, { from: toWallClock(state.range.fromMs), to: toWallClock(state.range.toMs) })
  if (!state.trail) url.trail = '0'
  return url
}

export function writeLiveUrl(state: LiveUrl): UrlText {
  const url: UrlText = { ...writeFilter(state.filter), ...writeVehicle(state) }
  if (state.at) url.at = writePlace(state.at)
  return url
}

/** Four decimals are ten metres, less than a mark. */
export const writePlace = ({ center: [lon, lat], zoom }: MapPlace): string => `${+lon.toFixed(4)},${+lat.toFixed(4)},${+zoom.toFixed(2)}`
