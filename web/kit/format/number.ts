// Figures with their units. A missing reading is an em dash, never a zero.
import type { Locale } from './time.ts'

export const MISSING = '—'
const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const one = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** 23,188 */
export const formatCount = (n: number): string => plain.format(n)
/** 68 km/h */
export const formatSpeed = (kph: number | null): string => (kph === null ? MISSING : `${plain.format(kph)} km/h`)
/** 43,210.5 km of metres */
export const formatKm = (m: number | null): string => (m === null ? MISSING : `${one.format(m / 1000)} km`)
/** 40.81723, 111.66412 (latitude first, as people say it) */
export const formatPlace = (lon: number, lat: number): string => `${lat.toFixed(5)}, ${lon.toFixed(5)}`
export const formatPercent = (percent: number | null): string => (percent === null ? MISSING : `${plain.format(percent)} %`)
export const formatGigabytes = (bytes: number): string => `${one.format(bytes / 1e9)} GB`

const winds = {
  'zh-CN': ['北', '东北', '东', '东南', '南', '西南', '西', '西北'],
  en: ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'],
} satisfies Record<Locale, string[]>
/** 东北 45° */
export function formatHeading(degrees: number | null, locale: Locale): string {
  if (degrees === null) return MISSING
  return `${winds[locale][Math.round(degrees / 45) % 8]} ${plain.format(degrees)}°`
}
