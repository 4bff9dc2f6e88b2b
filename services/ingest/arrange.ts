// The readings of a batch in the order in which they are written, and which of them is each vehicle's newest. Pure.
import type { Reading } from './message.ts'
import { claimsToMove } from './trips/rest.ts'

export const OLDER = 0
export const NEWEST = 1
/** The only reading of its vehicle in the batch, and at rest: the ordinary report of a parked car. */
export const ONLY_AND_AT_REST = 2

export type Arranged = {
  /** By vehicle, then device time; of equal times the first to arrive comes first, and is the one that is stored. */
  readings: Reading[]
  marks: number[]
  newest: Reading[]
}

export function arrange(given: readonly Reading[]): Arranged {
  const readings = [...given].sort((a, b) => a.vehicleId - b.vehicleId || a.position.tsMs - b.position.tsMs)
  const marks = new Array<number>(readings.length).fill(OLDER)
  const newest: Reading[] = []
  for (let end = readings.length; end > 0; ) {
    let start = end - 1
    while (start > 0 && readings[start - 1]!.vehicleId === readings[end - 1]!.vehicleId) start--
    let last = end - 1
    while (last > start && readings[last - 1]!.position.tsMs === readings[last]!.position.tsMs) last--
    const reading = readings[last]!
    newest.push(reading)
    marks[last] = end - start === 1 && !claimsToMove(reading.position) ? ONLY_AND_AT_REST : NEWEST
    end = start
  }
  return { readings, marks, newest: newest.reverse() }
}
