// When the process itself cannot keep up: a slow moment refuses nobody, a slow time refuses what would only make all the rest later.
import { setImmediate, setTimeout } from 'node:timers/promises'
import t from 'tap'
import { defaultLimits } from '../../services/dispatch/security.ts'
import { ask, openRegion, startWorld } from './world.ts'

const world = await startWorld(t, await openRegion(t), {}, { limits: defaultLimits })

/** Holds the event loop for so long, as a great computation does. */
async function hold(ms: number): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  await setImmediate()
}

t.test('one slow turn of the event loop refuses nobody', async (t) => {
  await hold(4_000)
  const until = Date.now() + 6_000
  const statuses = new Set<number>()
  while (Date.now() < until) {
    statuses.add((await ask(world, 'getMapSources', undefined)).status)
    await setTimeout(50)
  }
  t.same([...statuses], [200])
})

t.test('while every turn is slow, requests are refused, and no longer', async (t) => {
  let answer = await ask(world, 'getMapSources', undefined)
  for (let turns = 0; turns < 10 && answer.status === 200; turns++) {
    await hold(2_000)
    answer = await ask(world, 'getMapSources', undefined)
  }
  t.equal(answer.status, 503)
  t.equal(answer.code, 'UNAVAILABLE')
  const until = Date.now() + 15_000
  while (answer.status === 503 && Date.now() < until) {
    await setTimeout(50)
    answer = await ask(world, 'getMapSources', undefined)
  }
  t.equal(answer.status, 200)
})
