// What of a plan is due: counted from when it was last done, at the kilometre and not after it, and found though a reading skipped it.
import t from 'tap'
import { judgeDue } from '../../services/domain/upkeep.ts'

const TODAY = '2026-03-02'
const byKm = (everyKm: number, kmSince: number | null) => judgeDue({ everyKm, everyMonths: null }, { day: '2025-09-01', kmSince }, TODAY)

t.test(
  'by kilometres: nothing soon after it was done, due at the very kilometre, and beyond it though no reading came in between',
  async (t) => {
    // Done at 5,000, every 5,000.
    t.match(byKm(5_000, 10), { state: 'fine', kmLeft: 4_990 })
    t.match(byKm(5_000, 4_980), { state: 'soon', kmLeft: 20 })
    t.match(byKm(5_000, 5_000), { state: 'overdue', kmLeft: 0, expectedDay: TODAY })
    // Done at 10,000; the next reading is 15,040.
    t.match(byKm(5_000, 5_040), { state: 'overdue', kmLeft: -40 })
    t.match(byKm(5_000, 0), { state: 'fine', kmLeft: 5_000, expectedDay: null }, 'there is no pace yet')
    t.match(byKm(5_000, null), { state: 'unread' }, 'nobody knows how far it was driven')
  },
)

t.test('a reading that was put right leaves what it would be without it', async (t) => {
  // Due at 50,000, done at 40,000: 48,210, then 482,210 by mistake, then 48,690.
  const read = [48_210, 482_210, 48_690].map((km) => byKm(10_000, km - 40_000))
  t.match(read[1], { state: 'overdue' })
  t.same(read[2], byKm(10_000, 8_690))
  t.match(read[2], { state: 'fine', kmLeft: 1_310 })
})

t.test('by months: the same day, or the last of a shorter month; whichever of both comes first', async (t) => {
  const term = { everyKm: 10_000, everyMonths: 6 }
  t.match(judgeDue(term, { day: '2025-08-31', kmSince: 100 }, TODAY), { state: 'overdue', dueDay: '2026-02-28', expectedDay: '2026-02-28' })
  t.match(judgeDue(term, { day: '2025-09-02', kmSince: 100 }, TODAY), { state: 'soon', dueDay: TODAY }, 'on its day it is not over')
  t.match(judgeDue(term, { day: '2026-01-01', kmSince: 10_000 }, TODAY), { state: 'overdue', dueDay: '2026-07-01', kmLeft: 0 })
  t.match(judgeDue(term, null, TODAY), { state: 'unknown' })
})
