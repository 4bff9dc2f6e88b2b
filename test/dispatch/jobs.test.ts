// Owed work: put in with an act, done once, tried again, given up, taken over from whoever died; and its lanes.
import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { endJob, putJobs, takeJobs } from '../../services/dispatch/kernel/jobQueue.ts'
import { type JobKinds, type JobRunner, pauseMs, startJobRunner } from '../../services/dispatch/kernel/jobRunner.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { startTestDatabase } from '../harness/database.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 6 })
t.teardown(() => db.close())
const log = createLogger('test', 'silent')
const START_MS = Date.parse('2026-03-02T00:00:00Z')
const noPayload = z.object({})

t.beforeEach(async () => {
  await db.query('DELETE FROM jobs')
})

/** A clock that the test moves, and runners on it that are stopped with the test. */
function scene(t: Test) {
  const clock = { ms: START_MS, nowMs: () => clock.ms }
  const start = (kinds: JobKinds, leaseS?: number): JobRunner => {
    const runner = startJobRunner({ db, clock, log, pollMs: 5, ...(leaseS === undefined ? {} : { leaseS }) }, kinds)
    t.teardown(() => runner.stop())
    return runner
  }
  return { clock, start }
}

/** Collects what was done and resolves when there are so many. */
function collector<T>() {
  const items: T[] = []
  let check = (): void => undefined
  return {
    items,
    add(item: T) {
      items.push(item)
      check()
    },
    until: (count: number) =>
      new Promise<void>((resolve) => {
        check = () => {
          if (items.length >= count) resolve()
        }
        check()
      }),
  }
}

const stateOf = async (key: string) =>
  (
    await db.query<{ done: boolean; givenUp: boolean; attempts: number; error: string | null; runAt: Date }>(
      `SELECT done_at IS NOT NULL AS done, given_up_at IS NOT NULL AS "givenUp", attempts, last_error AS error, run_at AS "runAt" FROM jobs WHERE key = $1`,
      [key],
    )
  ).rows[0]

t.test('what an act puts in is done once, however many instances there are', async (t) => {
  const { clock, start } = scene(t)
  const done = collector<string>()
  const kinds = { tell: { payload: z.object({ n: z.int() }), run: async ({ key }: { key: string }) => done.add(key) } }
  await db.transaction((client) =>
    putJobs(
      client,
      clock.ms,
      Array.from({ length: 200 }, (_, n) => ({ kind: 'tell', key: `k${n}`, payload: { n } })),
    ),
  )
  start(kinds)
  start(kinds)
  start(kinds)
  await done.until(200)
  t.equal(new Set(done.items).size, 200)
  t.equal(done.items.length, 200)
})

t.test('what an act that was undone put in is not there, and what is owed already is not owed twice', async (t) => {
  const { clock } = scene(t)
  await t.rejects(
    db.transaction(async (client) => {
      await putJobs(client, clock.ms, [{ kind: 'tell', key: 'undone' }])
      throw new Error('the act fails')
    }),
  )
  t.equal(await stateOf('undone'), undefined)
  t.equal(await putJobs(db, clock.ms, [{ kind: 'tell', key: 'a' }]), 1)
  t.equal(
    await putJobs(db, clock.ms, [
      { kind: 'tell', key: 'a' },
      { kind: 'tell', key: 'b' },
    ]),
    1,
  )
})

t.test('nothing is done before its time', async (t) => {
  const { clock, start } = scene(t)
  const done = collector<string>()
  await putJobs(db, clock.ms, [
    { kind: 'tell', key: 'later', runAtMs: clock.ms + 60_000 },
    { kind: 'tell', key: 'now' },
  ])
  const runner = start({ tell: { payload: noPayload, run: async ({ key }) => done.add(key) } })
  await done.until(1)
  t.same(done.items, ['now'])
  clock.ms += 60_000
  runner.wake()
  await done.until(2)
  t.same(done.items, ['now', 'later'])
})

t.test('a job that fails is tried again after growing pauses, with its last error, and is given up after its last attempt', async (t) => {
  const { clock, start } = scene(t)
  const tried = collector<number>()
  await putJobs(db, clock.ms, [{ kind: 'tell', key: 'broken' }])
  const runner = start({
    tell: {
      payload: noPayload,
      maxAttempts: 3,
      run: async ({ attempt }) => {
        tried.add(attempt)
        throw new Error(`no answer at attempt ${attempt}`)
      },
    },
  })
  for (const attempt of [1, 2, 3]) {
    await tried.until(attempt)
    // Its end is written when the row says so.
    while ((await stateOf('broken'))!.error !== `no answer at attempt ${attempt}`) await Promise.resolve()
    if (attempt < 3) t.equal((await stateOf('broken'))!.runAt.getTime(), clock.ms + pauseMs(attempt))
    clock.ms += pauseMs(attempt)
    runner.wake()
  }
  t.match(await stateOf('broken'), { givenUp: true, done: false, attempts: 3 })
  t.same([pauseMs(1), pauseMs(2), pauseMs(3), pauseMs(30)], [2_000, 8_000, 32_000, 3_600_000])
})

t.test('a payload that its kind does not know fails by itself and holds up nobody', async (t) => {
  const { clock, start } = scene(t)
  const done = collector<string>()
  await putJobs(db, clock.ms, [
    { kind: 'tell', key: 'strange', payload: { n: 'one' } },
    { kind: 'tell', key: 'good', payload: { n: 1 } },
  ])
  start({ tell: { payload: z.object({ n: z.int() }), maxAttempts: 1, run: async ({ key }: { key: string }) => done.add(key) } })
  await done.until(1)
  t.same(done.items, ['good'])
})

t.test('jobs of a lane are done in the order they were put in, one at a time; a failure holds its lane and no other', async (t) => {
  const { clock, start } = scene(t)
  const done = collector<string>()
  let atOnce = 0
  let most = 0
  let broken = true
  await putJobs(
    db,
    clock.ms,
    Array.from({ length: 12 }, (_, n) => ({ kind: 'tell', key: `${n % 2 ? 'b' : 'a'}${Math.floor(n / 2)}`, lane: n % 2 ? 'b' : 'a' })),
  )
  const kinds: JobKinds = {
    tell: {
      payload: noPayload,
      run: async ({ key }) => {
        if (key === 'a2' && broken) throw new Error('not now')
        most = Math.max(most, ++atOnce)
        await Promise.resolve()
        atOnce--
        done.add(key)
      },
    },
  }
  const runner = start(kinds)
  start(kinds)
  await done.until(8)
  t.same(
    done.items.filter((key) => key.startsWith('b')),
    ['b0', 'b1', 'b2', 'b3', 'b4', 'b5'],
  )
  t.same(
    done.items.filter((key) => key.startsWith('a')),
    ['a0', 'a1'],
  )
  t.ok(most <= 2, `${most} at once`)
  broken = false
  clock.ms += 10_000
  runner.wake()
  await done.until(12)
  t.same(
    done.items.filter((key) => key.startsWith('a')),
    ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'],
  )
})

t.test('an act and the end of its job are one transaction: nothing is done twice, nothing is ended that was not done', async (t) => {
  const { clock, start } = scene(t)
  await asTable()
  const tried = collector<number>()
  await putJobs(db, clock.ms, [{ kind: 'tell', key: 'exact' }])
  const runner = start({
    tell: {
      payload: noPayload,
      run: async ({ attempt, end }) => {
        await db
          .transaction(async (client) => {
            await putJobs(client, clock.ms, [{ kind: 'nobodys-work', key: 'made by exact' }])
            await end(client)
            if (attempt === 1) throw new Error('the commit never came')
          })
          .finally(() => tried.add(attempt))
      },
    },
  })
  await tried.until(1)
  t.equal(await stateOf('made by exact'), undefined)
  while ((await stateOf('exact'))!.error === null) await Promise.resolve()
  clock.ms += pauseMs(1)
  runner.wake()
  await tried.until(2)
  t.match(await stateOf('exact'), { done: true, attempts: 2 })
  t.ok(await stateOf('made by exact'))
  async function asTable(): Promise<void> {
    await db.query(`DELETE FROM jobs WHERE kind = 'nobodys-work'`)
  }
})

t.test('what a process that died had taken is done by another, and the dead one can end nothing any more', async (t) => {
  const { clock, start } = scene(t)
  await putJobs(db, clock.ms, [{ kind: 'tell', key: 'orphan' }])
  const dead = randomUUID()
  const [taken] = await takeJobs(db, dead, ['tell'], clock.ms, 1, 0.05)
  t.equal(taken?.key, 'orphan')
  const done = collector<number>()
  start({ tell: { payload: noPayload, run: async ({ attempt }) => done.add(attempt) } })
  await done.until(1)
  t.same(done.items, [2])
  t.equal(await endJob(db, dead, taken!.jobId, { error: 'too late', givenUp: true }, clock.ms), false)
})

t.test('work of the clock is one job for all instances, owed again after each run and after a failure', async (t) => {
  const { clock, start } = scene(t)
  const ran = collector<number>()
  const kinds: JobKinds = {
    hourly: {
      payload: noPayload,
      everyMs: 3_600_000,
      maxAttempts: 1,
      run: async () => {
        ran.add(clock.ms)
        if (ran.items.length === 2) throw new Error('once')
      },
    },
  }
  const runners = [start(kinds), start(kinds)]
  const go = async (ms: number, count: number) => {
    clock.ms += ms
    for (const runner of runners) runner.wake()
    await ran.until(count)
  }
  await go(3_600_000, 1)
  await go(3_600_000, 2)
  await go(pauseMs(1), 3)
  t.same(ran.items, [START_MS + 3_600_000, START_MS + 7_200_000, START_MS + 7_200_000 + pauseMs(1)])
  t.equal((await db.query(`SELECT FROM jobs WHERE kind = 'hourly'`)).rowCount, 1)
})

t.test('stopping takes nothing more, tells what is under way, and waits for it', async (t) => {
  const { clock } = scene(t)
  await putJobs(db, clock.ms, [{ kind: 'tell', key: 'long' }])
  const begun = collector<string>()
  const runner = startJobRunner(
    { db, clock, log, pollMs: 5 },
    {
      tell: {
        payload: noPayload,
        run: ({ key, signal }) =>
          new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve())
            begun.add(key)
          }),
      },
    },
  )
  await begun.until(1)
  await runner.stop()
  t.match(await stateOf('long'), { done: true })
})

t.test('a database that does not answer does not hold up the end', async (t) => {
  const { clock } = scene(t)
  const silent = { ...db, query: () => new Promise<never>(() => undefined) }
  const runner = startJobRunner({ db: silent, clock, log, pollMs: 5 }, { tell: { payload: noPayload, run: async () => undefined } })
  await runner.stop()
  t.pass('it has ended')
})
