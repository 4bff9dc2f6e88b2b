// What positions prove of a vehicle that was to stand still over a holiday.
import t from 'tap'
import { proveStay, type Seen } from '../../services/domain/sealing.ts'
import { at, HOUR, MIN, off } from './supervisionFacts.ts'

const span = { fromMs: at('0'), untilMs: at('24') }
const seen = (atMs: number, eastM = 0, odometerM: number | null = null): Seen => ({ atMs, at: off(eastM), odometerM })
/** One report each hour, from the hour before on. */
const parked = (from = -1, until = 23) =>
  Array.from({ length: until - from + 1 }, (_, n) => seen(at('0') + (from + n) * HOUR, (n * 37) % 60))

t.test('seen again and again where it stood, with a receiver that scatters: it stayed', async (t) => {
  t.match(proveStay(parked(), span), { proof: 'stayed', fromMs: null, farM: 0 })
  const lone = [...parked(-1, 11), seen(at('11:30'), 5_000), ...parked(12)]
  t.equal(proveStay(lone, span).proof, 'stayed', 'a lone report elsewhere is a receiver’s')
})

t.test('silent for more than two hours: not proved, with how long the hole was; two hours are none', async (t) => {
  t.match(proveStay([...parked(-1, 8), ...parked(10)], span), { proof: 'stayed' })
  t.match(proveStay([...parked(-1, 8), ...parked(12)], span), { proof: 'unproved', fromMs: at('8'), untilMs: at('12') })
  t.match(proveStay(parked(-1, 20), span), { proof: 'unproved', fromMs: at('20'), untilMs: at('24') }, 'and at the end')
  t.same(proveStay([], span), { proof: 'unproved', ...span, farM: 0 })
  t.match(proveStay(parked(6), span), { proof: 'unproved', fromMs: at('0'), untilMs: at('6') }, 'and before the first')
})

t.test('an odometer that is the same before and after bridges a silence; one that went on does not', async (t) => {
  const around = (before: number, after: number) => [...parked(-1, 7), seen(at('8'), 0, before), seen(at('14'), 0, after), ...parked(15)]
  t.match(proveStay(around(81_000, 81_000), span), { proof: 'stayed' })
  t.match(proveStay(around(81_000, 120_000), span), { proof: 'unproved', fromMs: at('8'), untilMs: at('14') })
})

t.test('seen elsewhere: it moved, from when to when and how far, also when it came back', async (t) => {
  const away = [...parked(-1, 9), seen(at('10'), 900), seen(at('10') + 30 * MIN, 4_000), seen(at('11'), 300), ...parked(12)]
  t.match(proveStay(away, span), { proof: 'moved', fromMs: at('10'), untilMs: at('11'), farM: 3_967 })
  const moved = proveStay([...parked(-1, 9), seen(at('10'), 238), seen(at('10:30'), 238), ...parked(12)], span)
  t.equal(moved.proof, 'moved')
  t.equal(proveStay([...parked(-1, 9), seen(at('10'), 236), seen(at('10:30'), 236), ...parked(11)], span).proof, 'stayed', 'a manoeuvre')
})
