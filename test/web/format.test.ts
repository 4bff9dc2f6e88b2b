import t from 'tap'
import { formatCount, formatHeading, formatKm, formatPlace, formatSpeed, MISSING } from '../../web/kit/format/number.ts'
import { formatAge, formatDuration, formatInstant, fromWallClock, startOfDay, toWallClock } from '../../web/kit/format/time.ts'

const noonMs = Date.UTC(2026, 10, 23, 4, 5, 6)

t.test('an instant is shown in the time of the region', async (t) => {
  t.equal(formatInstant(noonMs), '2026-11-23 12:05:06')
  t.equal(formatInstant(Date.UTC(2026, 11, 31, 16)), '2027-01-01 00:00:00')
})

t.test('a day begins at midnight in the region, not in Greenwich', async (t) => {
  t.equal(startOfDay(noonMs), Date.UTC(2026, 10, 22, 16))
  t.equal(startOfDay(Date.UTC(2026, 10, 22, 16)), Date.UTC(2026, 10, 22, 16))
  t.equal(startOfDay(Date.UTC(2026, 10, 22, 16) - 1), Date.UTC(2026, 10, 21, 16))
})

t.test('an age is told in the largest whole unit, and never from the future', async (t) => {
  t.equal(formatAge(12.9, 'zh-CN'), '12秒前')
  t.equal(formatAge(119, 'zh-CN'), '1分钟前')
  t.equal(formatAge(7200, 'zh-CN'), '2小时前')
  t.equal(formatAge(86_400 * 3, 'zh-CN'), '3天前')
  t.equal(formatAge(-40, 'zh-CN'), '0秒前')
  t.match(formatAge(12, 'en'), /^12 sec/)
})

t.test('the wall clock goes into a link and comes back', async (t) => {
  t.equal(toWallClock(noonMs), '2026-11-23T12:05:06')
  t.equal(toWallClock(noonMs - 6000), '2026-11-23T12:05')
  t.equal(fromWallClock('2026-11-23T12:05:06'), noonMs)
  t.equal(fromWallClock('2026-13-23T12:05'), undefined)
  t.equal(fromWallClock('yesterday'), undefined)
})

t.test('a duration says hours only when there are any', async (t) => {
  t.equal(formatDuration(125 * 60_000, 'zh-CN'), '2 小时 05 分')
  t.equal(formatDuration(45 * 60_000, 'zh-CN'), '45 分钟')
  t.equal(formatDuration(125 * 60_000, 'en'), '2 h 05 min')
})

t.test('figures carry their units, and a missing reading is a dash, not a zero', async (t) => {
  t.equal(formatCount(23_188), '23,188')
  t.equal(formatSpeed(67.6), '68 km/h')
  t.equal(formatSpeed(0), '0 km/h')
  t.equal(formatSpeed(null), MISSING)
  t.equal(formatKm(43_210_499), '43,210.5 km')
  t.equal(formatKm(null), MISSING)
  t.equal(formatPlace(111.664, 40.817), '40.81700, 111.66400')
})

t.test('a heading is a wind and its degrees, and 359° is north', async (t) => {
  t.equal(formatHeading(45, 'zh-CN'), '东北 45°')
  t.equal(formatHeading(359, 'en'), 'N 359°')
  t.equal(formatHeading(null, 'en'), MISSING)
})
