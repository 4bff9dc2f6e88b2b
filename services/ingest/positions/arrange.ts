// The readings of a batch in the order in which they are written, and which of them is each vehicle's newest. Pure.
import { CLOCK_AHEAD_S } from '../../domain/status.ts'
import type { TripLaw } from '../../domain/tripLaw.ts'
import { claimsToMove } from '../trips/rest.ts'
import type { PositionReading } from './rows.ts'

export const OLDER = 0
export const NEWEST = 1
/** The only reading of its vehicle in the batch, and at rest: the ordinary report of a parked car. */
export const ONLY_AND_AT_REST = 2

export type Arranged = {
  /** By vehicle, then device time; of equal times the first to arrive comes first, and is the one that is stored. */
  readings: PositionReading[]
  marks: number[]
  /** The newest that tells where its vehicle is; where none does, the newest. */
  newest: PositionReading[]
}

/** By a clock that is not ahead, and with a fix: any such reading of a batch says more of where its vehicle is than one that is not. */
const tellsWhere = ({ value, message }: PositionReading): boolean =>
  value.lonE7 !== 0 && value.latE7 !== 0 && value.tsMs <= message.receivedMs + CLOCK_AHEAD_S * 1000

export function arrange(law: TripLaw, given: readonly PositionReading[]): Arranged {
  const readings = [...given].sort((a, b) => a.vehicleId - b.vehicleId || a.value.tsMs - b.value.tsMs)
  const marks = new Array<number>(readings.length).fill(OLDER)
  const newest: PositionReading[] = []
  for (let end = readings.length; end > 0; ) {
    let start = end - 1
    while (start > 0 && readings[start - 1]!.vehicleId === readings[end - 1]!.vehicleId) start--
    let last = end - 1
    while (last > start && !tellsWhere(readings[last]!)) last--
    if (!tellsWhere(readings[last]!)) last = end - 1
    while (last > start && readings[last - 1]!.value.tsMs === readings[last]!.value.tsMs) last--
    const reading = readings[last]!
    newest.push(reading)
    marks[last] = end - start === 1 && !claimsToMove(law, reading.value) ? ONLY_AND_AT_REST : NEWEST
    end = start
  }
  return { readings, marks, newest: newest.reverse() }
}
