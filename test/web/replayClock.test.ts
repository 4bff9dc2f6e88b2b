// The clock of a replay goes by wall time and speed, and by nothing that anybody reported.
import t from 'tap'
import { prepareReplay, stateAtReplay } from '../../services/domain/replay.ts'
import { ReplayClock } from '../../web/pages/replay/clock.ts'

t.test('after ten seconds at sixty times the one clock has gone on by ten minutes, for whoever reports often and seldom', (t) => {
  const begins = Date.UTC(2026, 2, 8, 0, 0)
  const every = (seconds: number, minutes: number) =>
    prepareReplay({
      timeMs: Array.from({ length: (minutes * 60) / seconds + 1 }, (_, n) => begins + n * seconds * 1000),
      lon: Array.from({ length: (minutes * 60) / seconds + 1 }, (_, n) => 111.7 + n * seconds * 0.0001),
      lat: Array.from({ length: (minutes * 60) / seconds + 1 }, () => 40.8),
    })
  let next: ((now: number) => void) | undefined
  const kept = { frame: globalThis.requestAnimationFrame, cancel: globalThis.cancelAnimationFrame }
  globalThis.requestAnimationFrame = (work) => {
    next = work
    return 1
  }
  globalThis.cancelAnimationFrame = () => {
    next = undefined
  }
  t.teardown(() => {
    globalThis.requestAnimationFrame = kept.frame
    globalThis.cancelAnimationFrame = kept.cancel
  })
  const clock = new ReplayClock(begins, begins + 20 * 60_000, begins)
  clock.speed = 60
  const began = performance.now()
  clock.toggle()
  const late = performance.now() - began
  next!(began - 16)
  t.equal(clock.ms.get(), begins, 'a frame that began before the click does not run time back')
  // Frames of any length: some are dropped.
  for (const after of [16, 33, 400, 401, 3_000, 9_983, 10_000]) next!(began + after)
  t.ok(Math.abs(clock.ms.get() - (begins + 600_000)) <= 60 * (late + 1), new Date(clock.ms.get()).toISOString())
  clock.set(begins + 600_000)
  t.match(stateAtReplay(every(10, 10), clock.ms.get()), { seen: 'last', index: 60 })
  t.match(stateAtReplay(every(120, 20), clock.ms.get()), { seen: 'moving', index: 5 })
  next!(began + 60_000)
  t.equal(clock.ms.get(), begins + 20 * 60_000, 'it ends where the time does')
  t.equal(clock.playing.get(), false)
  t.end()
})
