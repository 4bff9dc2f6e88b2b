// `npm run migrate`: brings the schema of a database server up to date and sets how long positions are kept.
import { z } from 'zod'
import { readConfig, runMain } from './config.ts'
import { openDatabase } from './db.ts'
import { applyStoragePolicy, migrate, setApplicationPassword } from './migrate.ts'

const whole = z.coerce.number().int('a whole number').min(1, 'at least 1')
const configSchema = z.object({
  'database-url': z.string('give the database to migrate, such as postgresql://user@host/name'),
  /** Lets morin_app log in with it: the role that ingest and dispatch are to run as. Better given as APP_PASSWORD. */
  'app-password': z
    .string()
    .regex(/^[ -~]{12,200}$/, '12 to 200 printable ASCII characters')
    .optional(),
  'chunk-minutes': whole.default(1440),
  'compress-after-hours': whole.default(48),
  'retention-days': whole.default(30),
})

await runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env)
  const done = await migrate(config['database-url'])
  const db = openDatabase({ url: config['database-url'], applicationName: 'migrate', maxConnections: 1 })
  try {
    await applyStoragePolicy(db, {
      chunkMinutes: config['chunk-minutes'],
      compressAfterHours: config['compress-after-hours'],
      retentionDays: config['retention-days'],
    })
    if (config['app-password'] !== undefined) await setApplicationPassword(db, config['app-password'])
  } finally {
    await db.close()
  }
  process.stdout.write(done.length ? `migrated: ${done.join(', ')}\n` : 'the schema is up to date\n')
})
