// A track as bytes: reads back as it was written, and says so when it is none or was broken off.
import fc from 'fast-check'
import t from 'tap'
import {
  decodeTrack,
  encodeTrackBlock,
  encodeTrackEnd,
  encodeTrackSketch,
  TRACK_COLUMNS,
  type TrackArrays,
  TrackDecoder,
  type TrackFlag,
  type TrackSketch,
  trackHead,
} from '../../services/contracts/trackBytes.ts'
import { flagReasons } from '../../services/domain/tracks.ts'

const row = fc.record({
  step: fc.integer({ min: 1, max: 100_000_000 }),
  values: fc.array(fc.option(fc.integer({ min: -2_147_483_648, max: 4_294_967_295 }), { nil: Number.NaN }), {
    minLength: TRACK_COLUMNS.length - 1,
    maxLength: TRACK_COLUMNS.length - 1,
  }),
})
type Row = { step: number; values: number[] }
const FIRST_MS = Date.UTC(2026, 2, 1)

function arraysOf(rows: readonly Row[], fromMs: number): TrackArrays {
  const arrays = Object.fromEntries(TRACK_COLUMNS.map((column) => [column, new Float64Array(rows.length)])) as TrackArrays
  let ms = fromMs
  for (const [i, { step, values }] of rows.entries()) {
    ms += step
    for (const [at, column] of TRACK_COLUMNS.entries()) arrays[column][i] = at === 0 ? ms : values[at - 1]!
  }
  return arrays
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

t.test('a track reads back as it was written, in however many blocks, whatever of it is unknown', async () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), { maxLength: 4 }), (blocks) => {
      const rows = blocks.flat()
      const whole = arraysOf(rows, FIRST_MS)
      const flags = rows.flatMap((_row, index): TrackFlag[] =>
        index % 3 === 1 ? [{ index, reason: flagReasons[index % flagReasons.length]! }] : [],
      )
      let at = 0
      const parts = blocks.map((block) => {
        const slice = Object.fromEntries(TRACK_COLUMNS.map((column) => [column, whole[column].slice(at, at + block.length)]))
        at += block.length
        return encodeTrackBlock(slice as TrackArrays, block.length)
      })
      const back = decodeTrack(joined([trackHead(), ...parts, encodeTrackEnd(flags, rows.length > 20 ? FIRST_MS : null)]))
      return (
        back.count === rows.length &&
        back.nextMs === (rows.length > 20 ? FIRST_MS : null) &&
        TRACK_COLUMNS.every((column) => whole[column].every((value, i) => Object.is(back[column][i]! + 0, value + 0))) &&
        JSON.stringify(back.flagged) === JSON.stringify(flags)
      )
    }),
  )
})

t.test('broken off at any byte, or altered in its head, it is no track', async (t) => {
  const rows = Array.from({ length: 5 }, (_, n): Row => ({ step: 10_000, values: TRACK_COLUMNS.slice(1).map((_column, at) => n * at) }))
  const bytes = joined([trackHead(), encodeTrackBlock(arraysOf(rows, FIRST_MS), 5), encodeTrackEnd([{ index: 3, reason: 'zero' }], null)])
  t.equal(decodeTrack(bytes).count, 5)
  for (let end = 0; end < bytes.length; end++) t.throws(() => decodeTrack(bytes.subarray(0, end)), RangeError, `${end} bytes`)
  t.throws(() => decodeTrack(Uint8Array.from(bytes, (byte, at) => (at === 3 ? byte + 1 : byte))), RangeError)
  t.throws(() => decodeTrack(joined([trackHead(), Uint8Array.of(5, 2, 0xff, 0xff, 0xff, 0x7f)])), RangeError, 'a count beyond its bytes')
  t.throws(() => decodeTrack(joined([bytes, Uint8Array.of(2, 2, 0)])), RangeError, 'something after its end')
})

t.test('whoever reads it while it comes is told of each part as soon as it is whole, in whatever pieces it came', async (t) => {
  const rows = Array.from({ length: 40 }, (_, n): Row => ({ step: 10_000, values: TRACK_COLUMNS.slice(1).map((_column, at) => n * at) }))
  const whole = arraysOf(rows, FIRST_MS)
  const block = (from: number, until: number) =>
    encodeTrackBlock(
      Object.fromEntries(TRACK_COLUMNS.map((column) => [column, whole[column].slice(from, until)])) as TrackArrays,
      until - from,
    )
  const sketch: TrackSketch = {
    runs: [2, 1],
    madeOf: 900,
    lonE7: Float64Array.of(1_116_700_000, 1_116_800_000, 1_130_000_000),
    latE7: Float64Array.of(408_000_000, 408_000_100, -5),
  }
  const bytes = joined([trackHead(), encodeTrackSketch(sketch), block(0, 25), block(25, 40), encodeTrackEnd([], null)])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 }), (sizes) => {
      const told: (TrackSketch | number)[] = []
      const decoder = new TrackDecoder({ onSketch: (one) => told.push(one), onBlock: ({ timeMs }) => told.push(timeMs.length) })
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length]!
        decoder.push(bytes.slice(at, at + size))
        at += size
      }
      t.same(told, [sketch, 25, 15])
      t.same(decoder.end().timeMs, whole.timeMs)
    }),
    { numRuns: 30 },
  )
  t.throws(
    () => decodeTrack(joined([trackHead(), block(0, 25), encodeTrackSketch(sketch), encodeTrackEnd([], null)])),
    RangeError,
    'a sketch comes first',
  )
})

t.test('a vehicle that drives evenly and reports every ten seconds costs a few bytes a position', async (t) => {
  const count = 8_640
  const column = (of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i))
  const unknown = column(() => Number.NaN)
  const arrays: TrackArrays = {
    timeMs: column((i) => FIRST_MS + i * 10_000),
    lonE7: column((i) => 1_116_700_000 + i * 1_200),
    latE7: column((i) => 408_000_000 + Math.round(Math.sin(i / 50) * 4_000)),
    speedDkph: column((i) => 600 + (i % 7)),
    headingDeg: column((i) => (90 + (i % 5)) % 360),
    altitudeM: unknown,
    odometerM: column((i) => 45_210_000 + i * 167),
    fuelPermille: unknown,
    socPermille: unknown,
    satellites: column(() => 12),
    flags: column(() => 1),
    alarms: column(() => 0),
    lagMs: column((i) => 400 + (i % 90)),
  }
  const bytes = encodeTrackBlock(arrays, count).byteLength
  t.ok(bytes / count < 13, `${(bytes / count).toFixed(1)} bytes a position before compression`)
})
