// Where the embedded database listens: a Unix socket in a directory of mode 0700 inside the data directory.
// A socket's path may hold about 107 bytes (104 on macOS): under a deeper data directory the socket lives in a private temporary directory,
// and `<data>/db-socket-path` says which.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const SOCKET_NAME = '.s.PGSQL.5432'
const MAX_PATH_BYTES = 103

const besideData = (dataDir: string): string => join(resolve(dataDir), 'db-socket')
const pointerFile = (dataDir: string): string => join(resolve(dataDir), 'db-socket-path')

/** The socket inside its directory, as `pg` composes it from `host`. */
export const socketPath = (directory: string): string => join(directory, SOCKET_NAME)

/** The URL by which `pg` reaches the embedded database of this data directory (whether or not it is running). */
export function embeddedDatabaseUrl(dataDir: string, user = 'morin'): string {
  const directory = readPointer(dataDir) ?? besideData(dataDir)
  return `postgresql://${encodeURIComponent(user)}@localhost:5432/morin?host=${encodeURIComponent(directory)}`
}

/** Makes an empty socket directory and returns it. What a killed process left behind is removed: call it with the data directory locked. */
export function prepareSocketDirectory(dataDir: string): string {
  removeSocketDirectory(dataDir)
  let directory = besideData(dataDir)
  if (Buffer.byteLength(socketPath(directory)) > MAX_PATH_BYTES) {
    directory = mkdtempSync(join(tmpdir(), 'morin-db-'))
    writeFileSync(pointerFile(dataDir), directory, { mode: 0o600 })
  } else {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  }
  chmodSync(directory, 0o700)
  return directory
}

/** Removes socket, directory and pointer. */
export function removeSocketDirectory(dataDir: string): void {
  const elsewhere = readPointer(dataDir)
  // Only what this module can have made is removed, whatever the pointer says.
  if (elsewhere && /[\\/]morin-db-[^\\/]+$/.test(elsewhere)) rmSync(elsewhere, { recursive: true, force: true })
  rmSync(pointerFile(dataDir), { force: true })
  rmSync(besideData(dataDir), { recursive: true, force: true })
}

function readPointer(dataDir: string): string | undefined {
  try {
    return readFileSync(pointerFile(dataDir), 'utf8').trim() || undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
