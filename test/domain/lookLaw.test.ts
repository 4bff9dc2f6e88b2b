// How fast anybody reads vehicles' past, and what of a week of looking is unusual.
import t from 'tap'
import { findPaceProblem, lookLawOn, unusualIn } from '../../services/domain/lookLaw.ts'

const NOW = Date.UTC(2026, 2, 2, 4)
const law = { ...lookLawOn('2026-03-02'), looksPerMin: 3, vehicleDaysPerHour: 100 }
const ago = (seconds: number, days: number) => ({ atMs: NOW - seconds * 1000, days })

t.test('so many looks within a minute are the most, and the refusal says when the next may be', (t) => {
  t.equal(findPaceProblem([ago(61, 1), ago(40, 1), ago(20, 1)], 1, NOW, law), undefined)
  t.same(findPaceProblem([ago(50, 1), ago(40, 1), ago(20, 1)], 1, NOW, law), { reason: 'look.perMinute', most: 3, againMs: NOW + 10_000 })
  t.same(
    findPaceProblem([ago(50, 1), ago(40, 1), ago(30, 1), ago(20, 1)], 1, NOW, law)?.againMs,
    NOW + 20_000,
    'of four the second must be a minute ago',
  )
  t.end()
})

t.test('so many vehicle-days within an hour are the most; what is an hour ago counts no more', (t) => {
  const earlier = [ago(3_700, 90), ago(3_000, 60), ago(1_000, 30)]
  t.equal(findPaceProblem(earlier, 10, NOW, law), undefined, 'a hundred is the most, and is not too much')
  t.same(
    findPaceProblem(earlier, 31, NOW, law),
    { reason: 'look.perHour', most: 100, againMs: NOW + 600_000 },
    'when the sixty have left the hour',
  )
  t.equal(findPaceProblem([ago(100, 400)], 0, NOW, law), undefined, 'an instant adds none')
  t.equal(findPaceProblem([], 400, NOW, law), undefined, 'what is more than an hour has is let through alone')
  t.same(findPaceProblem([ago(100, 1)], 400, NOW, law), { reason: 'look.perHour', most: 100, againMs: NOW + 3_500_000 })
  t.end()
})

t.test('many vehicles, odd hours, refusals and a case that is open for long are told, and an ordinary week is not', (t) => {
  const ordinary = { vehicles: 3, oddLooks: 0, refused: 1, oldestCase: { days: 12 } }
  const real = lookLawOn('2026-03-02')
  t.same(unusualIn(ordinary, real), [])
  t.same(unusualIn({ ...ordinary, vehicles: 50, oddLooks: 1, refused: 10, oldestCase: { days: 90 } }, real), [
    'vehicles',
    'odd',
    'refused',
    'oldCase',
  ])
  t.same(unusualIn({ ...ordinary, oldestCase: null }, real), [])
  t.end()
})
