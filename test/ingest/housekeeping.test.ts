import t from 'tap'
import { configSchema } from '../../services/ingest/config.ts'
import { tidyUp } from '../../services/ingest/housekeeping.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'

const NOW = Date.UTC(2026, 10, 23)
const daysAgo = (days: number): string => new Date(NOW - days * 86_400_000).toISOString()

t.test('what is past its age goes, what is not stays', async (t) => {
  const database = await startTestDatabase(t)
  const db = openDatabase({ url: database.url, applicationName: 'test' })
  t.teardown(() => db.close())
  for (const days of [89, 91]) {
    await db.query(
      `INSERT INTO quarantine (digest, topic, reason, detail, positions, payload, first_at, last_at) VALUES ('\\x01', $1, 'schema', '', 1, '', $2, $2)`,
      [`topic ${days}`, daysAgo(days)],
    )
  }
  for (const days of [399, 401]) {
    await db.query(`INSERT INTO ingest_tally VALUES ('w', $1, 0, 0, 0, 0)`, [daysAgo(days)])
    await db.query(`INSERT INTO terminal_tally VALUES ('T', $1, 0, 0)`, [daysAgo(days)])
  }
  for (const days of [89, 91]) {
    await db.query(`INSERT INTO terminal_knocks VALUES ($1, 'unknown', $2, $2, 1, '10.0.0.1')`, [`K${days}`, daysAgo(days)])
  }
  // More than one step of a deletion takes.
  await db.query(`INSERT INTO terminal_tally SELECT 'T' || n, $1, 0, 0 FROM generate_series(1, 12000) n`, [daysAgo(401)])
  const audited = await db.query('SELECT count(*) AS n FROM audit_log')
  const config = configSchema.parse({ 'database-url': database.url, 'service-secret': 'a-secret-of-the-services' })
  t.match(await tidyUp({ db, clock: { nowMs: () => NOW }, config }), {
    quarantine: 1,
    ingest_tally: 1,
    terminal_tally: 12_001,
    terminal_knocks: 1,
  })
  t.match((await db.query('SELECT topic FROM quarantine')).rows, [{ topic: 'topic 89' }])
  t.match(await tidyUp({ db, clock: { nowMs: () => NOW }, config }), { quarantine: 0, ingest_tally: 0, terminal_tally: 0 })
  t.same((await db.query('SELECT count(*) AS n FROM audit_log')).rows, audited.rows, 'nothing deletes from the audit log')
})
