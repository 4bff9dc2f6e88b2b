// The time of a recorded row. Kept letter by letter where it is a time of the position message already.
import { z } from 'zod'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { instantOf, isSerialDay, readWrittenTime } from '../../services/tables/writtenTime.ts'

const protocolTime = z.iso.datetime({ offset: true })
/** Which forms are read; said where a time is in none of them. */
export const TIME_FORMS =
  'read are 2026-11-27T09:00:00+08:00, 2026-11-27 09:00:00, 2026/11/27 9:00, 2026年11月27日 9:00, 20261127090000, and seconds or milliseconds since 1970'
/** Digits of a count since 1970 → how many of its units make a millisecond. */
const unitsPerMs: Record<number, number> = { 9: 1e-3, 10: 1e-3, 12: 1, 13: 1, 15: 1e3, 16: 1e3, 18: 1e6, 19: 1e6 }

export type DeviceTime = { time: string; hadZone: boolean } | { problem: string }

/** @param offsetMin minutes east of UTC, for times that say no zone */
export function readDeviceTime(written: string, offsetMin: number): DeviceTime {
  const text = written.trim()
  if (protocolTime.safeParse(text).success) return { time: text, hadZone: true }
  const countedMs = readCount(text)
  if (countedMs !== undefined) return { time: new Date(countedMs).toISOString(), hadZone: true }
  const time = readWrittenTime(text)
  if (time?.clock) return { time: new Date(instantOf(time, offsetMin)).toISOString(), hadZone: time.offsetMin !== null }
  return { problem: text === '' ? 'time: missing' : `time: ${JSON.stringify(text)} ${complaintOf(text, time !== undefined)}` }
}

function complaintOf(text: string, isDay: boolean): string {
  if (isDay) return `says a day and no time of day; ${TIME_FORMS}`
  if (isSerialDay(text)) return 'is a spreadsheet’s count of days; format the column as a date and save the file again'
  if (/^\d\.\d+e\+?\d+$/i.test(text)) return 'was shortened by a spreadsheet; format the column as a number and save the file again'
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/.test(text)) return `does not begin with its year, so day and month may be either; ${TIME_FORMS}`
  return `is no time; ${TIME_FORMS}`
}

/** 1764205200, 1764205200.5, 1764205200000 and finer counts, as milliseconds. 14 digits are a date without marks. */
function readCount(text: string): number | undefined {
  const match = /^(\d+)(?:[.,]\d+)?$/.exec(text)
  const units = match ? unitsPerMs[match[1]!.length] : undefined
  if (!match || units === undefined || (match[1]!.length === 12 && text.startsWith('20'))) return undefined
  return Math.round(Number(text.replace(',', '.')) / units)
}

/** Device time in milliseconds. */
export const timeOf = ({ time }: Pick<PositionMessage, 'time'>): number => (typeof time === 'number' ? time : Date.parse(time))
