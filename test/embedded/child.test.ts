import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { SupervisedChild } from '../../services/embedded/child.ts'

const quiet = pino(new Writable({ write: (_chunk, _encoding, done) => done() }))

function childThat(t: Test, source: string): SupervisedChild {
  const module = join(t.testdir(), 'child.ts')
  writeFileSync(module, source)
  const child = new SupervisedChild({ name: 'example', module, args: [], stopWithinMs: 10_000 }, quiet)
  t.teardown(() => child.stop())
  return child
}

t.test('a child that ends before it is ready is not tried again', async (t) => {
  const child = childThat(t, 'process.exit(3)')
  await t.rejects(child.start(), /ended with exit code 3 before it was ready/)
  t.equal(child.restarts, 0)
})

t.test('a child that is killed while it runs comes back by itself', async (t) => {
  const child = childThat(t, "process.send({ type: 'ready', pid: process.pid }); setInterval(() => {}, 1000)")
  const { pid } = await child.start()
  const again = once(child, 'running')
  process.kill(Number(pid), 'SIGKILL')
  await again
  t.not(child.pid, pid)
  t.equal(child.restarts, 1)
})

t.test('a stopped child has drained and stays stopped', async (t) => {
  const child = childThat(t, "process.on('SIGTERM', () => process.exit(0)); process.send({ type: 'ready' }); setInterval(() => {}, 1000)")
  await child.start()
  const pid = child.pid!
  await child.stop()
  t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
  t.equal(child.restarts, 0)
})

t.test('a child that ran and then ends for good is given up and not tried again', async (t) => {
  const module = `import { existsSync, writeFileSync } from 'node:fs'
    const ran = process.argv[1] + '.ran'
    if (existsSync(ran)) process.exit(65)
    writeFileSync(ran, '')
    process.send({ type: 'ready' })
    setInterval(() => {}, 1000)`
  const child = childThat(t, module)
  await child.start()
  const gaveUp = once(child, 'gaveUp')
  process.kill(child.pid!, 'SIGKILL')
  t.same(await gaveUp, [65])
  t.equal(child.restarts, 1, 'the one start that found out')
})
