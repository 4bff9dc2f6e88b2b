// Times as people here read them: Asia/Shanghai, 24 hours. The region has one time zone and no daylight saving: UTC+8.
import { DAY_MS, ZONE_OFFSET_MS } from '../../../services/domain/days.ts'

export type Locale = 'zh-CN' | 'en'

const ZONE = 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()
function format(locale: Locale, shape: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${shape}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...options })
  formats.set(key, made)
  return made
}

/** 2026-11-23 14:05:09, the same in both languages so that figures can be compared and copied. */
export function formatInstant(ms: number): string {
  return new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}
/** 14:05 */
export const formatClock = (ms: number): string => formatInstant(ms).slice(11, 16)
/** 14:05:09 */
export const formatClockSeconds = (ms: number): string => formatInstant(ms).slice(11)
/** 11月23日 周一 / Mon 23 Nov */
export const formatDay = (ms: number, locale: Locale): string =>
  format(locale, 'day', { month: 'short', day: 'numeric', weekday: 'short' }).format(ms)

const relativeFormats = new Map<Locale, Intl.RelativeTimeFormat>()
/** 12秒前 / 12 sec. ago; days at most. A negative age (clocks differ) counts as 0. */
export function formatAge(ageS: number, locale: Locale): string {
  let relative = relativeFormats.get(locale)
  if (!relative) {
    relative = new Intl.RelativeTimeFormat(locale, { style: 'short' })
    relativeFormats.set(locale, relative)
  }
  const s = Math.max(0, Math.floor(ageS))
  if (s < 60) return relative.format(-s, 'second')
  if (s < 3600) return relative.format(-Math.floor(s / 60), 'minute')
  if (s < 86_400) return relative.format(-Math.floor(s / 3600), 'hour')
  return relative.format(-Math.floor(s / 86_400), 'day')
}

/** The first instant of the day in the region's zone that holds `ms`. */
export const startOfDay = (ms: number): number => Math.floor((ms + ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - ZONE_OFFSET_MS

/** 2026-11-23T14:05, the wall clock of the region, as links and `datetime-local` inputs carry it; seconds only when there are any. */
export function toWallClock(ms: number): string {
  const text = new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19)
  return text.endsWith(':00') ? text.slice(0, 16) : text
}

/** Reads a wall clock of the region, or an instant with its own offset. Undefined when it is neither. */
export function fromWallClock(text: string): number | undefined {
  const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (!shape) return undefined
  const ms = Date.parse(shape[3] ? text : `${text}+08:00`)
  return Number.isNaN(ms) ? undefined : ms
}

/** 2 h 05 min / 2 小时 05 分 */
export function formatDuration(ms: number, locale: Locale): string {
  const minutes = Math.round(ms / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (locale === 'en') return hours > 0 ? `${hours} h ${String(rest).padStart(2, '0')} min` : `${rest} min`
  return hours > 0 ? `${hours} 小时 ${String(rest).padStart(2, '0')} 分` : `${rest} 分钟`
}
