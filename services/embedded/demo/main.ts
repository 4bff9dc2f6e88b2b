// `npm run seed`: puts the demo region into an empty, migrated database, and writes the terminals' manifest.
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readConfig, runMain } from '../../platform/config.ts'
import { openDatabase } from '../../platform/db.ts'
import { seedRegion } from './seed.ts'

const configSchema = z.object({
  'database-url': z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
    .describe('A migrated, empty database: postgresql://owner@host/name'),
  data: z.string().min(1).default('./data').describe('Data directory; the manifest with the terminals’ secrets is written there'),
  seed: z.coerce.number().int().default(1).describe('Another number makes another region of the same size'),
  reissue: z.enum(['true', 'false']).default('false').describe('true gives every demo terminal a new secret; the older ones end'),
})

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm run seed --',
    does: 'Puts the demo region into an empty, migrated database and writes the manifest of its terminals.',
    example: 'npm run seed -- --database-url postgresql://morin@db/morin --data ./data',
  })
  const dataDir = resolve(config.data)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const db = openDatabase({ url: config['database-url'], applicationName: 'seed', maxConnections: 2 })
  try {
    const { seeded, manifest } = await seedRegion(db, { dataDir, seed: config.seed, reissue: config.reissue === 'true' })
    process.stdout.write(seeded ? 'the demo region was written\n' : 'the database holds a region already; nothing was written\n')
    if (!manifest)
      process.stdout.write(
        'the terminal manifest is not in this data directory (--reissue true gives every demo terminal new credentials)\n',
      )
  } finally {
    await db.close()
  }
})
