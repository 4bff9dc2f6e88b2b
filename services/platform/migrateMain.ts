// Brings the schema of a database server up to date: `node --import=tsx services/platform/migrateMain.ts --database-url postgresql://…`
import { z } from 'zod'
import { readConfig, runMain } from './config.ts'
import { migrate } from './migrate.ts'

const configSchema = z.object({ 'database-url': z.string('give the database to migrate, such as postgresql://user@host/name') })

await runMain(async () => {
  const done = await migrate(readConfig(configSchema, process.argv.slice(2), process.env)['database-url'])
  process.stdout.write(done.length ? `migrated: ${done.join(', ')}\n` : 'the schema is up to date\n')
})
