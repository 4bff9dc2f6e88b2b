// Where the embedded database listens: two Unix sockets, each in a directory of mode 0700 of the data directory. `db-socket` is for the
// application's roles, whose password is the directory; `db-owner-socket` is for the owner alone, who is asked for the secret in
// `db-owner-secret` (mode 0600). A socket's path may hold about 107 bytes (104 on macOS): under a deeper data directory a socket lives in a
// private temporary directory, and `<data>/db-socket-path` (`db-owner-socket-path`) says which.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { newSecret } from '../../platform/crypto.ts'

/** The superuser that the cluster was made by: migrations, seed and upkeep work as it, services never. */
export const OWNER = 'morin'
export type Door = 'application' | 'owner'

const directoryNames: Record<Door, string> = { application: 'db-socket', owner: 'db-owner-socket' }
const SOCKET_NAME = '.s.PGSQL.5432'
const MAX_PATH_BYTES = 103

const besideData = (dataDir: string, door: Door): string => join(resolve(dataDir), directoryNames[door])
const pointerFile = (dataDir: string, door: Door): string => `${besideData(dataDir, door)}-path`
const secretFile = (dataDir: string): string => join(resolve(dataDir), 'db-owner-secret')

/** The socket inside its directory, as `pg` composes it from `host`. */
export const socketPath = (directory: string): string => join(directory, SOCKET_NAME)

/**
 * The URL by which `pg` reaches the embedded database of this data directory (whether or not it is running): as the owner with the owner's
 * secret, or as another role on the application's socket.
 */
export function embeddedDatabaseUrl(dataDir: string, user = OWNER): string {
  const door = user === OWNER ? 'owner' : 'application'
  const directory = readIfThere(pointerFile(dataDir, door)) ?? besideData(dataDir, door)
  const secret = door === 'owner' ? `:${encodeURIComponent(readIfThere(secretFile(dataDir)) ?? '')}` : ''
  return `postgresql://${encodeURIComponent(user)}${secret}@localhost:5432/morin?host=${encodeURIComponent(directory)}`
}

/** The owner's secret, made at the first start. Call it with the data directory locked. */
export function openOwnerSecret(dataDir: string): string {
  const kept = readIfThere(secretFile(dataDir))
  if (kept) return kept
  const made = newSecret()
  writeFileSync(secretFile(dataDir), made, { mode: 0o600 })
  return made
}

/** Has a database been opened in this data directory before? */
export const wasOpened = (dataDir: string): boolean => existsSync(secretFile(dataDir))

/** Makes an empty socket directory and returns it. What a killed process left behind is removed: call it with the data directory locked. */
export function prepareSocketDirectory(dataDir: string, door: Door): string {
  removeSocketDirectory(dataDir, door)
  let directory = besideData(dataDir, door)
  if (Buffer.byteLength(socketPath(directory)) > MAX_PATH_BYTES) {
    directory = mkdtempSync(join(tmpdir(), 'morin-db-'))
    writeFileSync(pointerFile(dataDir, door), directory, { mode: 0o600 })
  } else {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  }
  chmodSync(directory, 0o700)
  return directory
}

/** Removes socket, directory and pointer. */
export function removeSocketDirectory(dataDir: string, door: Door): void {
  const elsewhere = readIfThere(pointerFile(dataDir, door))
  // Only what this module can have made is removed, whatever the pointer says.
  if (elsewhere && /[\\/]morin-db-[^\\/]+$/.test(elsewhere)) rmSync(elsewhere, { recursive: true, force: true })
  rmSync(pointerFile(dataDir, door), { force: true })
  rmSync(besideData(dataDir, door), { recursive: true, force: true })
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
