// One element of a message → a Position in the units of the database, or the reason why not. Pure: the receive time is an argument.
// What is well formed, and that is nearly everything, is not read by zod: at the rate of the whole fleet that took a seventh of ingest's time.
import { EARLIEST_TIME_MS, MAX_FUTURE_MS, type Position, type PositionMessage, positionSchema } from '../../contracts/position.ts'
import type { Validated } from '../kinds/kind.ts'
import { wellFormed } from './wellFormed.ts'

/** @param receivedMs when the message arrived, ms since 1970: a device time is judged against it, never against a later clock. */
export function validatePosition(element: unknown, receivedMs: number): Validated<Position> {
  const message = wellFormed(element)
  if (!message) return { reason: 'schema', detail: whyNot(element) }
  const tsMs = typeof message.time === 'number' ? message.time : Date.parse(message.time)
  const position = inTableUnits(message, tsMs)
  // Judged as it would be stored: a billionth of a degree is no other place than zero.
  if (position.lonE7 === 0 && position.latE7 === 0) return { reason: 'not-positioned', detail: 'lon and lat are both 0' }
  if (!(tsMs >= EARLIEST_TIME_MS)) return { reason: 'time-too-old', detail: `${message.time} is before ${asIso(EARLIEST_TIME_MS)}` }
  if (tsMs > receivedMs + MAX_FUTURE_MS) {
    return { reason: 'time-in-future', detail: `${asIso(tsMs)} is ${Math.round((tsMs - receivedMs) / 1000)} s ahead` }
  }
  return { value: position }
}

function whyNot(element: unknown): string {
  const issue = positionSchema.safeParse(element).error?.issues[0]
  if (!issue) throw new Error('an element is well formed to its schema alone')
  return `${issue.path.join('.') || 'position'}: ${issue.message}`
}

function inTableUnits(message: PositionMessage, tsMs: number): Position {
  const speedDkph = scaled(message.speedKph, 10)
  return {
    tsMs,
    lonE7: rounded(message.lon, 1e7),
    latE7: rounded(message.lat, 1e7),
    speedDkph,
    headingDeg: message.headingDeg === undefined ? null : rounded(message.headingDeg, 1) % 360,
    altitudeM: scaled(message.altitudeM, 1),
    odometerM: scaled(message.odometerM, 1),
    fuelPermille: scaled(message.fuelPct, 10),
    socPermille: scaled(message.socPct, 10),
    ignition: message.ignition ?? null,
    satellites: message.satellites ?? null,
    alarms: message.alarms ?? 0,
  }
}

const scaled = (value: number | undefined, factor: number): number | null => (value === undefined ? null : rounded(value, factor))
/** Never -0, which is no figure of a table. */
const rounded = (value: number, factor: number): number => Math.round(value * factor) + 0
/** A time for a sentence; milliseconds beyond what a date can say stay a number. */
const asIso = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms))
