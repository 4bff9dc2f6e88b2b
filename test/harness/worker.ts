// Plays test files one after the other in this process, as test.mjs names them: each is a subtest of tap's root, and what it imports as
// `tap` is that subtest (programs.mjs). The product's modules are loaded once for all of them.
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import tap from 'tap'
import { long } from './long.ts'

export type Order = { play: string } | 'end'

/** `npm test` plays the same generated cases each time, so that what was green stays green; `npm run test:long` others each time. */
const SEED = Number(process.env.TEST_SEED ?? 20261129)

/** A file that has nothing to play here (`process.exit()` at its head) must not end the others. */
class EndOfFile extends Error {}

const exit = process.exit
/** Where the test files stand as JavaScript. */
const built = process.env.TEST_BUILT!
const stage = globalThis as { testOfFile?: typeof tap }

async function play(file: string, t: typeof tap): Promise<void> {
  stage.testOfFile = t
  process.exit = () => {
    throw new EndOfFile()
  }
  await import(pathToFileURL(`${built}/${file.replace(/\.ts$/, '.mjs')}`).href)
    .catch((error) => {
      if (!(error instanceof EndOfFile)) throw error
    })
    .finally(() => {
      process.exit = exit
    })
}

/** tap lets go of the channel to whoever started it: while nothing but an order is awaited, that alone would not keep this process alive. */
async function nextOrder(): Promise<Order> {
  const awake = setInterval(() => undefined, 1 << 30)
  const [order] = (await once(process, 'message')) as [Order]
  clearInterval(awake)
  return order
}

if (!long || process.env.TEST_SEED !== undefined) fc.configureGlobal({ seed: SEED })
// Who gave the orders watches the time of each file.
tap.setTimeout(0)
// Inside a test of their own, for the root ends as soon as it has nothing to do.
await tap.test('files', { timeout: 0 }, async (files) => {
  for (;;) {
    process.send!('next')
    const order = await nextOrder()
    if (order === 'end') break
    await files.test(order.play, { timeout: 0 }, (t) => play(order.play, t as typeof tap))
  }
})
process.disconnect()
