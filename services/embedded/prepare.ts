// The database made ready for a start: its schema, and what is in it – the demo region, an installation of somebody's own, or nothing yet.
import { StartupError } from '../platform/config.ts'
import { openDatabase } from '../platform/db.ts'
import { migrate } from '../platform/migrate.ts'
import { openApplicationRole } from './database/applicationRole.ts'
import { seedRegion } from './demo/seed.ts'

type Config = {
  'database-url'?: string | undefined
  'app-database-url'?: string | undefined
  'retention-days': number
  seed: number
  demo: 'true' | 'false'
}
/** `manifest`: whether the simulator can run. `accounts`: whether anybody can sign in. */
export type Prepared = { demo: boolean; manifest: boolean; accounts: boolean }

/** What holds a region already stays what it is; only an empty database becomes the demo, unless it is not to. */
export async function prepareDatabase(databaseUrl: string, config: Config, dataDir: string): Promise<Prepared> {
  // Small chunks where compressing one stops everything else for its time; a server compresses in the background.
  const chunk = config['database-url'] ? { chunkMinutes: 1440, compressAfterHours: 48 } : { chunkMinutes: 30, compressAfterHours: 2 }
  const role = config['app-database-url'] ? decodeURIComponent(new URL(config['app-database-url']).username) : undefined
  await migrate(databaseUrl, { storage: { ...chunk, retentionDays: config['retention-days'] }, role: { name: role || undefined } })
  const db = openDatabase({ url: databaseUrl, applicationName: 'start', maxConnections: 2 })
  try {
    if (!config['database-url']) await openApplicationRole(db)
    const { rows } = await db.query<{ region: boolean; demo: boolean; accounts: boolean }>(
      `SELECT EXISTS (SELECT FROM organisations) AS region, EXISTS (SELECT FROM accounts WHERE demo) AS demo, EXISTS (SELECT FROM accounts) AS accounts`,
    )
    const { region, demo, accounts } = rows[0]!
    if (config.demo === 'false' && demo)
      throw new StartupError(
        'This database holds the demo, whose passwords everybody knows; choose another with --data, or leave out --demo false.',
      )
    if (config.demo === 'false' || (region && !demo)) return { demo: false, manifest: false, accounts }
    return { demo: true, manifest: (await seedRegion(db, { dataDir, seed: config.seed })).manifest, accounts: true }
  } finally {
    await db.close()
  }
}
