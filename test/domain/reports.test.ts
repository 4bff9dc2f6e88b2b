// When scheduled reports are due, and what days they tell of.
import fc from 'fast-check'
import t from 'tap'
import { dayAt } from '../../services/domain/days.ts'
import { filterFor, lastTime, nextTime, type Rhythm, spanOf } from '../../services/domain/reports.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)
const told = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
const month = (onDay: number): Rhythm => ({ every: 'month', onDay, atMinute: 480 })

t.test('a month that has no such day has its last', async (t) => {
  t.equal(told(nextTime(month(31), at('2026-02-01T00:00'))), '2026-02-28T08:00')
  t.equal(told(nextTime(month(31), at('2028-02-01T00:00'))), '2028-02-29T08:00')
  t.equal(told(nextTime(month(30), at('2026-04-30T07:59'))), '2026-04-30T08:00')
  t.equal(told(nextTime(month(30), at('2026-04-30T08:00'))), '2026-05-30T08:00', 'after it, not at it')
  t.equal(told(nextTime(month(1), at('2026-12-31T23:00'))), '2027-01-01T08:00')
})

t.test('a week has its day, a day its hour, by the region’s clock', async (t) => {
  t.equal(told(nextTime({ every: 'week', onDay: 1, atMinute: 0 }, at('2026-03-01T23:59'))), '2026-03-02T00:00')
  t.equal(told(nextTime({ every: 'week', onDay: 7, atMinute: 1439 }, at('2026-03-02T00:00'))), '2026-03-08T23:59')
  t.equal(told(nextTime({ every: 'day', onDay: 0, atMinute: 30 }, at('2026-03-02T00:29'))), '2026-03-02T00:30')
})

t.test('it tells of the day, the week or the month before', async (t) => {
  t.same(spanOf({ every: 'day', onDay: 0, atMinute: 0 }, at('2026-03-01T00:00')), { from: '2026-02-28', until: '2026-02-28' })
  t.same(spanOf({ every: 'week', onDay: 1, atMinute: 0 }, at('2026-03-02T08:00')), { from: '2026-02-23', until: '2026-03-01' })
  t.same(spanOf(month(1), at('2026-01-01T08:00')), { from: '2025-12-01', until: '2025-12-31' })
  t.same(spanOf(month(31), at('2026-02-28T08:00')), { from: '2026-01-01', until: '2026-01-31' }, 'of the last day the month is not over')
  const span = { from: '2025-12-01', until: '2025-12-31' }
  t.same(filterFor('period', { table: 'T5', period: '2026' }, span), { table: 'T5', period: '2025' })
  t.same(filterFor('period', { table: 'T5', period: '2026-03' }, span), { table: 'T5', period: '2025-12' })
  t.same(filterFor('days', { by: 'unit' }, span), { by: 'unit', ...span })
  t.same(filterFor(undefined, { q: 'x' }, span), { q: 'x' })
})

t.test('between one time and the next nothing is due, whatever the rhythm', async () => {
  const rhythm = fc
    .record({
      every: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      day: fc.integer({ min: 1, max: 31 }),
      atMinute: fc.integer({ min: 0, max: 1439 }),
    })
    .map(
      ({ every, day, atMinute }): Rhythm => ({
        every,
        onDay: every === 'day' ? 0 : every === 'week' ? ((day - 1) % 7) + 1 : day,
        atMinute,
      }),
    )
  fc.assert(
    fc.property(rhythm, fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2030-01-01') }), (one, ms) => {
      const next = nextTime(one, ms)
      return (
        next > ms &&
        lastTime(one, next) === next &&
        lastTime(one, next - 1) <= ms &&
        nextTime(one, lastTime(one, ms)) === next &&
        dayAt(next) >= dayAt(ms)
      )
    }),
    { numRuns: 300 },
  )
})
