// A worker that no longer learns who was revoked says so: also where the connection by which it reads is gone and nothing says that it is.
import t from 'tap'
import { configSchema } from '../../services/ingest/config.ts'
import { createIngestMetrics } from '../../services/ingest/metrics.ts'
import { buildIngest } from '../../services/ingest/service.ts'
import { type Database, openDatabase, type Queryable } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { startTestDatabase } from '../harness/database.ts'
import { SERVICE_SECRET, seedFleet } from './world.ts'

t.test('for how long changes of terminals were not read is a figure of the worker, and it ends when they are', async (t) => {
  const database = await startTestDatabase(t)
  const db = openDatabase({ url: database.url, applicationName: 'test' })
  t.teardown(() => db.close())
  await seedFleet(db)
  let atMs = Date.now()
  /** Asked, and never answered: until it is put right. */
  let gone: ((error: Error) => void)[] | undefined
  const asked: (() => void)[] = []
  const query: Queryable['query'] = async (text, values) => {
    if (gone) await new Promise((_resolve, reject) => gone!.push(reject))
    const answer = await db.query(text, values)
    for (const heard of asked.splice(0)) heard()
    return answer as never
  }
  const terminalsDb: Database = { ...db, query }
  const config = configSchema.parse({ 'database-url': database.url, 'mqtt-port': '0', 'service-secret': SERVICE_SECRET })
  const log = createLogger('test', 'silent')
  const ingest = await buildIngest({ db, terminalsDb, clock: { nowMs: () => atMs }, log, config })
  t.teardown(() => ingest.stop())
  const metrics = createIngestMetrics()
  metrics.observe(ingest)
  const unread = async () => Number(/^morin_ingest_terminals_unread_seconds (\S+)/m.exec(await metrics.text())![1])
  const nextAnswer = () => new Promise<void>((resolve) => void asked.push(resolve))

  await nextAnswer()
  t.equal(await unread(), 0)
  gone = []
  atMs += 60_000
  t.equal(await unread(), 60)
  atMs += 60_000
  t.equal(await unread(), 120, 'it goes on waiting')
  const silent = gone
  gone = undefined
  for (const fail of silent) fail(new Error('the connection is gone'))
  await nextAnswer()
  await new Promise(setImmediate)
  t.equal(await unread(), 0, 'it asks again by itself')
})
