// When something was done that a phone tells of later: by the phone's clock, put right by how far it goes wrong against the server's.
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'

/** By the phone's own clock: when it was done, and when it was sent. */
export type DeviceTimes = { doneMs: number; sentMs: number }
export type DeedTime = {
  /** When it was done, by the server's clock. */
  atMs: number
  /** How far the phone's clock is ahead; negative behind. What the way took is in it. */
  offsetMs: number
  /** So far off that somebody should look at the phone's clock. */
  off: boolean
}

/**
 * The time of a deed that arrived at `receivedMs`. A clock that is wrong gives it neither another time nor a refusal: what counts is how long
 * before sending it was done. Never later than it arrived, nor before `notBeforeMs`, what went before it.
 */
export function timeOfDeed({ doneMs, sentMs }: DeviceTimes, receivedMs: number, notBeforeMs: number): DeedTime {
  const offsetMs = sentMs - receivedMs
  const atMs = Math.min(receivedMs, Math.max(notBeforeMs, doneMs - offsetMs))
  return { atMs, offsetMs, off: Math.abs(offsetMs) > dispatchLawOn(dayAt(receivedMs)).clockOffMin * 60_000 }
}
