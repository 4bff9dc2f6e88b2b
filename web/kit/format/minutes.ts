// Minutes of a day and sets of weekdays as people write them.
import type { Text } from '../texts.ts'

/** 510 → 08:30; minutes beyond a day are those of the next. */
export function minuteText(minute: number): string {
  const inDay = minute % 1440
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`
}

/** 08:30 → 510; undefined when it is no time. */
export function minuteOf(text: string): number | undefined {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : undefined
}

/** Start and end as one span: an end that is not after the start is on the next day. */
export function spanOf(start: string, end: string): { startMinute: number; endMinute: number } | undefined {
  const startMinute = minuteOf(start)
  const endMinute = minuteOf(end)
  if (startMinute === undefined || endMinute === undefined) return undefined
  return { startMinute, endMinute: endMinute > startMinute ? endMinute : endMinute + 1440 }
}

export const weekdayBits = [0, 1, 2, 3, 4, 5, 6] as const
export const weekdaysText = (weekdays: number, t: Text): string =>
  weekdayBits
    .filter((bit) => weekdays & (1 << bit))
    .map((bit) => t(`weekday.${bit}`))
    .join(' ')
