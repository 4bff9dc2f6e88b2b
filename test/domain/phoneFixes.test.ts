// When a phone's place is taken, and when it counts.
import t from 'tap'
import { leaveEndedOn } from '../../services/domain/leave.ts'
import { fixRefusal, phoneCounts } from '../../services/domain/phoneFixes.ts'

const S = 1000

t.test('a fix is taken from departure to return and since the consent, and at no other time', (t) => {
  const tracked = { departedMs: 100 * S, returnedMs: 200 * S, consentedMs: 50 * S }
  const at = (s: number, changes: Partial<typeof tracked> | { departedMs: null } | { consentedMs: null } | { returnedMs: null } = {}) =>
    fixRefusal(s * S, { ...tracked, ...changes })
  t.same(
    [99, 100, 200, 201].map((s) => at(s)),
    ['before', null, null, 'after'],
  )
  t.equal(at(900, { returnedMs: null }), null, 'while it is out')
  t.equal(at(150, { departedMs: null }), 'before')
  t.equal(at(150, { consentedMs: null }), 'consent')
  t.equal(at(150, { consentedMs: 160 * S }), 'consent', 'of before he consented nothing is taken')
  t.end()
})

t.test('a terminal speaks for its vehicle until it counts as silent; a phone counts when none speaks and it is exact', (t) => {
  const fix = (s: number, accuracyM = 10) => ({ tsMs: s * S, accuracyM })
  const standing = { tsMs: 0, speedDkph: 0 }
  const moving = { tsMs: 0, speedDkph: 500 }
  t.same(
    [1, 930, 931].map((s) => phoneCounts(fix(s), [standing])),
    [false, false, true],
  )
  t.same(
    [1, 120, 121].map((s) => phoneCounts(fix(s), [moving])),
    [false, false, true],
  )
  t.ok(phoneCounts(fix(-1), [standing]), 'it says nothing of the time before')
  t.ok(phoneCounts(fix(5, 100), []))
  t.notOk(phoneCounts(fix(5, 101), []))
  t.notOk(phoneCounts(fix(500), [moving, { tsMs: 400 * S, speedDkph: null }]), 'without a speed it may stand')
  t.end()
})

t.test('leave that has not begun is gone when it is ended, one that has keeps the days before, and one that is over stays', (t) => {
  const days = { fromDay: '2026-08-03', untilDay: '2026-08-07' }
  t.equal(leaveEndedOn(days, '2026-08-01'), null)
  t.equal(leaveEndedOn(days, '2026-08-03'), null)
  t.same(leaveEndedOn(days, '2026-08-05'), { fromDay: '2026-08-03', untilDay: '2026-08-04' })
  t.equal(leaveEndedOn(days, '2026-08-08'), 'over')
  t.end()
})
