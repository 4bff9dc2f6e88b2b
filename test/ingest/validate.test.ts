// A position is judged as it would be stored: whatever passes lies within the table's bounds, and never on the point (0, 0).
import fc from 'fast-check'
import t from 'tap'
import { positionSchema } from '../../services/contracts/position.ts'
import { validatePosition } from '../../services/ingest/positions/validate.ts'
import { wellFormed } from '../../services/ingest/positions/wellFormed.ts'

const nowMs = Date.UTC(2026, 0, 5)
const at = (lon: number, lat: number) => validatePosition({ time: nowMs, lon, lat }, nowMs)

t.test('a position that would be stored as longitude 0, latitude 0 is not positioned', async (t) => {
  for (const [lon, lat] of [
    [0, 0],
    [-0, 0],
    [1e-9, 0],
    [0, -1e-9],
    [4.9e-8, -4.9e-8],
    [-5e-8, -5e-8],
    [5e-324, 0],
  ] as const)
    t.match(at(lon, lat), { reason: 'not-positioned' }, `${lon}, ${lat}`)
  for (const [lon, lat] of [
    [5e-8, 0],
    [0, -6e-8],
    [0, 40],
    [111, 0],
  ] as const)
    t.hasProp(at(lon, lat), 'value', `${lon}, ${lat}`)
})

const near = (value: number, spread: number) => fc.double({ min: value - spread, max: value + spread, noNaN: true })
const between = (min: number, max: number, spread: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.double({ min, max, noNaN: true }) },
    ...[min, max, 0].map((edge) => ({ weight: 1, arbitrary: near(edge, spread) })),
  )

t.test('whatever is accepted is stored as whole numbers within the bounds of the protocol', async (t) => {
  let accepted = 0
  fc.assert(
    fc.property(
      fc.record(
        {
          time: fc.constant(nowMs),
          lon: between(-180, 180, 1e-6),
          lat: between(-90, 90, 1e-6),
          speedKph: between(0, 400, 0.2),
          headingDeg: between(0, 360, 1),
          altitudeM: between(-500, 9000, 2),
          odometerM: between(0, 2e9, 2),
          fuelPct: between(0, 100, 0.2),
          socPct: between(0, 100, 0.2),
        },
        { requiredKeys: ['time', 'lon', 'lat'] },
      ),
      (message) => {
        const validated = validatePosition(message, nowMs)
        if (!('value' in validated)) return true
        accepted++
        const { lonE7, latE7, speedDkph, headingDeg, altitudeM, odometerM, fuelPermille, socPermille } = validated.value
        const fits = (value: number | null, min: number, max: number) =>
          value === null || (Number.isInteger(value) && !Object.is(value, -0) && value >= min && value <= max)
        return (
          (lonE7 !== 0 || latE7 !== 0) &&
          fits(lonE7, -180e7, 180e7) &&
          fits(latE7, -90e7, 90e7) &&
          fits(speedDkph, 0, 4000) &&
          fits(headingDeg, 0, 359) &&
          fits(altitudeM, -500, 9000) &&
          fits(odometerM, 0, 2e9) &&
          fits(fuelPermille, 0, 1000) &&
          fits(socPermille, 0, 1000)
        )
      },
    ),
    { numRuns: 5000, seed: 16 },
  )
  t.ok(accepted > 500, `${accepted} were accepted`)
})

t.test('well formed is what the schema takes and nothing else, whatever the element, and says the same values', async (t) => {
  const bounds = [
    -500,
    -180,
    -90,
    -1,
    -0,
    0,
    0.5,
    90,
    100,
    100.5,
    180,
    360,
    400,
    9000,
    2e9,
    0xffff_ffff,
    2 ** 32,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]
  const number = fc.oneof(fc.constantFrom(...bounds), between(-200, 10_000, 1e-6), fc.integer())
  const text = fc.constantFrom(
    ...[
      '2026-01-05T08:00:00Z',
      '2026-01-05T08:00:00+08:00',
      '2026-02-29T08:00:00Z',
      '2026-01-05T08:00:00',
      '2026-01-05',
      '1767600000000',
      '',
    ],
  )
  const anything = fc.oneof(number, text, fc.constantFrom(null, undefined, true, false), fc.constant([]), fc.constant({}))
  const field = (ordinary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 12, arbitrary: ordinary }, { weight: 1, arbitrary: anything })
  const names = ['speedKph', 'headingDeg', 'altitudeM', 'odometerM', 'fuelPct', 'socPct', 'satellites', 'alarms'] as const
  const numbers = Object.fromEntries(names.map((name) => [name, field(fc.integer({ min: 0, max: 100 }))]))
  const element = fc.record(
    {
      time: field(fc.oneof(fc.constant(nowMs), text)),
      lon: field(between(-180, 180, 1e-6)),
      lat: field(between(-90, 90, 1e-6)),
      ...numbers,
      ignition: field(fc.boolean()),
      more: fc.anything(),
    },
    { requiredKeys: [] },
  )
  const full = element.map((one) => ({ time: nowMs, lon: 111, lat: 41, ...one }))
  let taken = 0
  fc.assert(
    fc.property(
      fc.oneof({ weight: 8, arbitrary: full }, { weight: 2, arbitrary: element }, { weight: 1, arbitrary: fc.anything() }),
      (given) => {
        const parsed = positionSchema.safeParse(given)
        const ours = wellFormed(given)
        if (parsed.success !== (ours !== undefined)) return false
        if (!parsed.success) return true
        taken++
        return Object.entries(parsed.data).every(([name, value]) => Object.is(ours![name as keyof typeof ours], value))
      },
    ),
    { numRuns: 4000, seed: 12 },
  )
  t.ok(taken > 800, `${taken} were taken`)
})
