// Free for a time, or every reason why not.
import fc from 'fast-check'
import t from 'tap'
import { type Booking, judgeDriver, judgeVehicle } from '../../services/domain/availability.ts'

const HOUR_MS = 3_600_000
const AT_MS = Date.UTC(2026, 2, 2, 4)
const span = { fromMs: AT_MS, untilMs: AT_MS + 2 * HOUR_MS }
const free = { state: 'AVAILABLE', insuranceUntil: null, inspectionUntil: null } as const
const booked = (from: number, until: number | null): Booking => ({
  fromMs: AT_MS + from * HOUR_MS,
  untilMs: until === null ? null : AT_MS + until * HOUR_MS,
  reason: 'trip',
  holder: 'order:1',
})

t.test('all reasons are told', async (t) => {
  t.same(judgeVehicle(free, [], span), [])
  const vehicle = { state: 'SEALED', insuranceUntil: '2026-03-01', inspectionUntil: '2026-03-02' } as const
  t.match(judgeVehicle(vehicle, [booked(1, 3)], span), [
    { code: 'STATE', state: 'SEALED' },
    { code: 'EXPIRES', field: 'insuranceUntil', day: '2026-03-01' },
    { code: 'BOOKED', booking: { holder: 'order:1' } },
  ])
  t.match(judgeDriver({ state: 'suspended', licenceExpiresOn: '2026-03-01' }, [], span), [{ code: 'STATE' }, { code: 'EXPIRES' }])
})

t.test('one booking ends where the next begins, and one without an end holds from its beginning on', async (t) => {
  const whether = (...bookings: Booking[]) => judgeVehicle(free, bookings, span).length === 0
  t.ok(whether(booked(-1, 0), booked(2, 3)))
  t.notOk(whether(booked(-1, 1)))
  t.notOk(whether(booked(-9, null)))
  t.ok(whether(booked(2, null)))
})

t.test('whoever is free for a time is free for each part of it', async () => {
  const hour = fc.integer({ min: -10, max: 10 })
  fc.assert(
    fc.property(fc.array(fc.tuple(hour, fc.integer({ min: 1, max: 5 }))), hour, fc.integer({ min: 2, max: 9 }), (rows, from, long) => {
      const bookings = rows.map(([at, hours]) => booked(at, at + hours))
      const whole = { fromMs: AT_MS + from * HOUR_MS, untilMs: AT_MS + (from + long) * HOUR_MS }
      const part = { fromMs: whole.fromMs + HOUR_MS, untilMs: whole.untilMs }
      return judgeVehicle(free, bookings, whole).length > 0 || judgeVehicle(free, bookings, part).length === 0
    }),
  )
})
