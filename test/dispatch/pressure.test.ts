// When the process itself cannot keep up: a slow moment refuses nobody, a slow time refuses what would only make all the rest later.
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { defaultLimits } from '../../services/dispatch/security.ts'
import { ask, openRegion, startWorld } from './world.ts'

const world = await startWorld(t, await openRegion(t), {}, { limits: defaultLimits })

/** Holds the event loop for so long, as a great computation does, and lets it take one turn. */
async function hold(ms: number): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  await setTimeout(1)
}

t.test('a slow moment of the event loop refuses nobody', async (t) => {
  const statuses = new Set<number>()
  const askAgain = async () => statuses.add((await ask(world, 'getMapSources', undefined)).status)
  for (let turns = 0; turns < 2; turns++) {
    await askAgain()
    await hold(2_000)
  }
  const until = Date.now() + 6_000
  while (Date.now() < until) {
    await askAgain()
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
