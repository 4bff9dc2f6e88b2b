import fc from 'fast-check'
import t from 'tap'
import { allocateLiveFrame, bytesOf, decodeLiveFrame } from '../../services/contracts/liveFrame.ts'

t.test('a live frame reads back as it was written, whatever its size', async (_t) => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }), fc.nat(65_535), fc.nat(255)), { maxLength: 50 }),
      (rows) => {
        const frame = allocateLiveFrame(rows.length, { sequence: 7, sender: 9, committedAtMs: 1_700_000_000_123.5 })
        rows.forEach(([vehicleId, lon, speed, flags], i) => {
          frame.vehicleId[i] = vehicleId
          frame.lonE7[i] = lon
          frame.latE7[i] = -lon
          frame.speedDkph[i] = speed
          frame.flags[i] = flags
        })
        const padded = new Uint8Array(bytesOf(frame).byteLength + 3)
        padded.set(bytesOf(frame), 3)
        const back = decodeLiveFrame(padded.subarray(3))
        return (
          back.sequence === 7 &&
          back.committedAtMs === 1_700_000_000_123.5 &&
          back.count === rows.length &&
          rows.every(
            ([vehicleId, lon, speed, flags], i) =>
              back.vehicleId[i] === vehicleId &&
              back.lonE7[i] === lon &&
              back.latE7[i] === -lon &&
              back.speedDkph[i] === speed &&
              back.flags[i] === flags,
          )
        )
      },
    ),
  )
})

t.test('bytes that are no live frame are refused', async (t) => {
  t.throws(() => decodeLiveFrame(new Uint8Array(10)), RangeError)
  t.throws(() => decodeLiveFrame(bytesOf(allocateLiveFrame(3, { sequence: 1, sender: 1, committedAtMs: 0 })).slice(0, -1)), RangeError)
})
