// `npm run bench:evidence`: an evidence package of a vehicle's month, and its verification. On the embedded database, or on the server of TEST_DATABASE_URL.
import { loadavg } from 'node:os'
import { z } from 'zod'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { NOW_MS, seedRegion } from '../../test/dispatch/region.ts'
import { startTestDatabase } from '../../test/harness/database.ts'
import { measureEvidence } from './evidence.ts'

const { days } = readConfigOrEnd(
  z.object({ days: z.coerce.number().int().min(1).max(366).default(30).describe('Days of one vehicle, a position every ten seconds') }),
  {
    command: 'npm run bench:evidence --',
    does: 'How long an evidence package takes to be made, and to be verified. On the embedded database, or on the server of TEST_DATABASE_URL.',
    example: 'npm run bench:evidence -- --days 90',
  },
)
const endings: (() => unknown)[] = []
const database = await startTestDatabase({ teardown: (work) => void endings.unshift(work) })
const db = openDatabase({ url: database.url, applicationName: 'bench', maxConnections: 2 })
await seedRegion(db)
const figures = await measureEvidence(db, NOW_MS, days)
process.stdout.write(`${database.kind}, load ${loadavg()[0]!.toFixed(1)}\n${JSON.stringify(figures)}\n`)
await db.close()
for (const end of endings) await end()
