// A database that stands still: whoever asks is told so in time, what needs no database goes on, and afterwards everything works again.
import t from 'tap'
import { openDatabase } from '../../services/platform/db.ts'
import { DatabaseSilent } from '../../services/platform/deadline.ts'
import { onServer, startDatabaseProcess } from '../harness/database.ts'
import { seedRegion } from './region.ts'
import { ask, startWorld } from './world.ts'

if (onServer) {
  t.pass('a server is not our process to stop')
  process.exit()
}
const database = await startDatabaseProcess(t)
const owner = openDatabase({ url: database.url, applicationName: 'test owner', maxConnections: 1 })
await seedRegion(owner)
await owner.query('CREATE TABLE kept (n int)')
const answerMs = 2_000
const db = openDatabase({
  url: database.appUrl,
  applicationName: 'test',
  maxConnections: 4,
  patience: { answerMs, inTransactionMs: answerMs },
})
const impatient = openDatabase({
  url: database.url,
  applicationName: 'test',
  maxConnections: 1,
  patience: { answerMs, inTransactionMs: answerMs },
})
const world = await startWorld(t, db)
const fleet = await world.signIn('fleet_manager')
t.teardown(() => Promise.all([db.close(), owner.close(), impatient.close()]))

async function whileStopped(work: () => Promise<void>): Promise<void> {
  process.kill(database.pid, 'SIGSTOP')
  await work().finally(() => process.kill(database.pid, 'SIGCONT'))
}
const silence = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it was answered',
    (error: unknown) => (error instanceof DatabaseSilent ? { mayHaveCommitted: error.mayHaveCommitted } : error),
  )

t.test('lists are refused with a sentence while the database hangs, and work again when it goes on', async (t) => {
  await whileStopped(async () => {
    const answer = await ask(world, 'listVehicles', fleet)
    t.equal(answer.status, 503)
    t.equal(answer.code, 'UNAVAILABLE')
    t.match(answer.body, /数据库未及时答复，请稍后再试 \/ The database does not answer/)
    t.equal((await ask(world, 'getMapSources', undefined)).status, 200, 'what needs no database is answered')
  })
  t.equal((await ask(world, 'listVehicles', fleet)).status, 200)
})

t.test('it is said whether the work may have been done: a lone change and COMMIT', async (t) => {
  await impatient.query('SELECT 1')
  await whileStopped(async () => {
    t.same(await silence(impatient.query('SELECT 1')), { mayHaveCommitted: false })
    t.same(await silence(impatient.query('INSERT INTO kept VALUES (1)')), { mayHaveCommitted: false }, 'it had no connection yet')
  })
  await impatient.query('SELECT 1')
  await whileStopped(async () => {
    t.same(await silence(impatient.query('INSERT INTO kept VALUES (1)')), { mayHaveCommitted: true })
  })
  await impatient.query('SELECT 1')
  const committing = impatient.transaction(async (client) => {
    await client.query('INSERT INTO kept VALUES (2)')
    process.kill(database.pid, 'SIGSTOP')
  })
  t.same(await silence(committing), { mayHaveCommitted: true })
  process.kill(database.pid, 'SIGCONT')
  const inside = impatient.transaction(async (client) => {
    await client.query('INSERT INTO kept VALUES (3)')
    process.kill(database.pid, 'SIGSTOP')
    await client.query('INSERT INTO kept VALUES (4)')
  })
  t.same(await silence(inside), { mayHaveCommitted: false })
  process.kill(database.pid, 'SIGCONT')
  t.same(
    (await impatient.query('SELECT n FROM kept WHERE n > 2')).rows,
    [],
    'nothing of a transaction that was given up before COMMIT stays',
  )
})
