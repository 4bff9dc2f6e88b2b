// Days and instants as people and programs write them in tables: year first, in any of the usual marks, with or without a zone. What may be
// read in two ways (05/01/2026) is not read. One law for the ledger's files, CSV and Excel alike, and for recorded tracks.
import { DAY_MS } from '../domain/days.ts'

/** `clock` is HH:MM:SS, `fraction` the digits after it, `offsetMin` minutes east of UTC; null where nothing was written. */
export type WrittenTime = { day: string; clock: string | null; fraction: string; offsetMin: number | null }

/** 2026-11-27, 2026/11/7, 2026.11.27, 2026年11月27日, 20261127. */
const DAYS = [
  /^(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})/,
  /^(\d{4})\s*(年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?/,
  /^((?:19|20)\d\d)()(\d\d)(\d\d)/,
]
/** 9:00, 09:00:00.5, 9时5分, 下午 3:05, 3:05 PM; after a day without marks also 0900 and 090000. */
const CLOCK = /^(上午|下午)?\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})(?:\s*[:分]\s*(?:(\d{1,2})(?:[.,](\d{1,9}))?\s*秒?)?)?\s*([AP]M)?/i
const COMPACT_CLOCK = /^()(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?()/
/** Z, UTC, +08:00, +0800, +8, UTC+8. */
const ZONE = /^(?:Z|UTC|GMT)?(?:([+-])(\d{1,2}):?(\d\d)?)?$/i

/** Undefined for what is no day of a calendar (1900–2199), or no time in such a form. 24:00 is 00:00 of the next day. */
export function readWrittenTime(written: string): WrittenTime | undefined {
  const text = written.normalize('NFKC').replaceAll('\u2212', '-').trim()
  const date = DAYS.map((form) => form.exec(text)).find((match) => match !== null)
  if (!date) return undefined
  const [year, month, day] = [Number(date[1]), Number(date[3]), Number(date[4])]
  const midnightMs = Date.UTC(year, month - 1, day)
  if (year < 1900 || year > 2199 || new Date(midnightMs).getUTCMonth() !== month - 1 || day < 1) return undefined
  const isCompact = date[2] === ''
  const rest = text.slice(date[0].length)
  if (rest === '') return { day: dayOf(midnightMs), clock: null, fraction: '', offsetMin: null }
  // 2024-05-013 is no day with a clock, whereas 20240501083000 is one.
  const [gap] = /^\s*T?\s*/i.exec(rest)!
  if (gap === '' && !isCompact && date[2] !== '年') return undefined
  const said = rest.slice(gap.length)
  const clock = CLOCK.exec(said) ?? (isCompact ? COMPACT_CLOCK.exec(said) : null)
  const zone = clock && ZONE.exec(said.slice(clock[0].length).trim())
  if (!clock || !zone) return undefined
  const hour = hourOf(Number(clock[2]), clock[1] ?? clock[6] ?? '')
  const [minute, second, fraction] = [Number(clock[3]), Number(clock[4] ?? 0), clock[5] ?? '']
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && !/[1-9]/.test(fraction)
  if (hour === undefined || (hour > 23 && !isEndOfDay) || minute > 59 || second > 59) return undefined
  const offsetMin = offsetOf(said.slice(clock[0].length).trim(), zone)
  if (offsetMin === undefined) return undefined
  const two = (number: number) => String(number).padStart(2, '0')
  return {
    day: dayOf(isEndOfDay ? midnightMs + DAY_MS : midnightMs),
    clock: `${two(hour % 24)}:${two(minute)}:${two(second)}`,
    fraction,
    offsetMin,
  }
}

/** Milliseconds since 1970; a time without a zone is of `offsetMin`, a day without a clock its midnight. */
export function instantOf({ day, clock, fraction, offsetMin: own }: WrittenTime, offsetMin: number): number {
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return Date.parse(`${day}T${clock ?? '00:00:00'}Z`) + ms - (own ?? offsetMin) * 60_000
}

/** +08:00, +0800, +8, UTC+8, Z as minutes east of UTC; undefined for anything else. */
export function readOffset(written: string): number | undefined {
  const match = written === '' ? null : ZONE.exec(written.normalize('NFKC').trim())
  return match ? (offsetOf(written, match) ?? undefined) : undefined
}

/** Is this the number by which spreadsheets count days (1955–2119)? */
export const isSerialDay = (text: string): boolean => /^\d{5}(\.\d+)?$/.test(text) && Number(text) >= 20_000 && Number(text) < 80_500

function offsetOf(said: string, [, sign, hours, minutes]: RegExpExecArray): number | null | undefined {
  if (said === '') return null
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  return offset > 14 * 60 || Number(minutes ?? 0) > 59 ? undefined : sign === '-' ? -offset : offset
}

/** Twelve o'clock at night is 12 AM; 下午 15:00 is said too. Undefined for 13 AM and 0 PM. */
function hourOf(hour: number, half: string): number | undefined {
  if (half === '') return hour
  const isAfternoon = /pm|下午/i.test(half)
  if (hour > 12) return isAfternoon && hour < 24 ? hour : undefined
  return hour === 0 && isAfternoon ? undefined : (hour % 12) + (isAfternoon ? 12 : 0)
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
