// `npm run migrate`: brings the schema of a database server up to date, sets how long positions are kept, and opens the database to the
// role of the services and to nobody else.
import { z } from 'zod'
import { listOpenDoors } from './applicationRights.ts'
import { readConfig, runMain } from './config.ts'
import { openDatabase } from './db.ts'
import { migrate } from './migrate.ts'

const whole = z.coerce.number().int('a whole number').min(1, 'at least 1')
const configSchema = z.object({
  'database-url': z
    .string('give the database to migrate, such as postgresql://user@host/name')
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .describe('The database to migrate: postgresql://owner@host/name'),
  'app-role': z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,62}$/, 'small letters, digits, _ and -; at most 63')
    .optional()
    .describe("The role that ingest and dispatch are to run as; without it the database's name and _app."),
  'app-password': z
    .string()
    .regex(/^[ -~]{12,200}$/, '12 to 200 printable ASCII characters')
    .optional()
    .describe('Lets that role log in with it. Better given as APP_PASSWORD.'),
  'chunk-minutes': whole.default(1440).describe('How much time one chunk of positions holds'),
  'compress-after-hours': whole.default(48).describe('Chunks are compressed so long after they were made'),
  'print-superuser': z
    .enum(['true', 'false'])
    .default('false')
    .describe('true = change nothing: print what only a superuser can shut to everybody, as SQL for psql, after a migration.'),
  'retention-days': whole.default(30).describe('Positions are dropped so long after they were stored'),
})

await runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm run migrate --',
    does: 'Brings the schema of a database server up to date, sets how long positions are kept, and opens the database to the role of the services and to nobody else.',
    example: 'npm run migrate -- --database-url postgresql://morin@db/morin',
  })
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  if (config['print-superuser'] === 'true') {
    const db = openDatabase({ url: config['database-url'], applicationName: 'migrate', maxConnections: 1 })
    for (const statement of await listOpenDoors(db).finally(() => db.close())) say(`${statement};`)
    return
  }
  const { done, role, open } = await migrate(config['database-url'], {
    role: { name: config['app-role'], password: config['app-password'] },
    storage: {
      chunkMinutes: config['chunk-minutes'],
      compressAfterHours: config['compress-after-hours'],
      retentionDays: config['retention-days'],
    },
    onNotice: say,
  })
  say(done.length ? `migrated: ${done.join(', ')}` : 'the schema is up to date')
  say(`ingest and dispatch connect as ${role}`)
  if (open.length) say(`open to every role of this database until a superuser runs (--print-superuser true prints it): ${open.join('; ')}`)
})
