// The vehicles whose live state a commit has moved, as one binary frame (contracts/liveFrame.ts).
import { randomBytes } from 'node:crypto'
import { allocateLiveFrame, bytesOf, HEADING_UNKNOWN, SPEED_UNKNOWN } from '../../contracts/liveFrame.ts'
import { FLAG_DISPLACED, FLAG_IGNITION, FLAG_STUCK, ignitionFlags } from '../../domain/status.ts'
import type { PositionReading } from './rows.ts'

/** Frames of one sender: a new sender number per process start, the sequence without holes. */
export function createLiveFrames(
  sender: number = randomBytes(4).readUInt32LE(),
): (moved: readonly PositionReading[], committedAtMs: number) => Uint8Array {
  let sequence = 0
  return (moved, committedAtMs) => {
    const frame = allocateLiveFrame(moved.length, { sequence: ++sequence, sender, committedAtMs })
    moved.forEach(({ vehicleId, value: position, message, flags }, i) => {
      frame.vehicleId[i] = vehicleId
      frame.lonE7[i] = position.lonE7
      frame.latE7[i] = position.latE7
      frame.timeS[i] = Math.floor(Math.min(position.tsMs, message.receivedMs) / 1000)
      frame.speedDkph[i] = position.speedDkph ?? SPEED_UNKNOWN
      frame.headingDeg[i] = position.headingDeg ?? HEADING_UNKNOWN
      frame.flags[i] = (flags ?? ignitionFlags(position)) & (FLAG_IGNITION | FLAG_DISPLACED | FLAG_STUCK)
    })
    return bytesOf(frame)
  }
}
