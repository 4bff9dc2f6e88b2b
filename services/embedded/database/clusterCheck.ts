// Is a cluster's directory whole enough to be opened? Looked at before the engine is: opening a cluster that lacks a part may change what is
// left of it, or pass over what was committed. Only what can be seen cheaply is judged here; the engine judges the rest, and says only "aborted".
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync, statfsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { FINAL_EXIT_CODE, StartupError } from '../../platform/config.ts'

/** The cluster cannot be opened, and will not be at the next try: one sentence that names its directory and what to do. */
export class ClusterDamaged extends StartupError {
  constructor(directory: string, reason: string, options?: ErrorOptions) {
    super(
      `The database in ${directory} cannot be opened: ${reason}; bring back a copy of the whole data directory as docs/operations.md#restore says.`,
      { ...options, exitCode: FINAL_EXIT_CODE },
    )
  }
}

const requiredFiles = ['PG_VERSION', 'postgresql.conf', 'global/pg_control', 'base/1/PG_VERSION']
const requiredDirectories = [
  ...['base', 'global', 'pg_commit_ts', 'pg_dynshmem', 'pg_logical/mappings', 'pg_logical/snapshots', 'pg_multixact/members'],
  ...['pg_multixact/offsets', 'pg_notify', 'pg_replslot', 'pg_serial', 'pg_snapshots', 'pg_stat', 'pg_stat_tmp', 'pg_subtrans'],
  ...['pg_tblspc', 'pg_twophase', 'pg_wal', 'pg_xact'],
]

/** As this engine makes its clusters. */
const WAL_SEGMENT_BYTES = 1024 * 1024
const SEGMENTS_OF_ONE_ID = 0x1_0000_0000 / WAL_SEGMENT_BYTES
/** What a written page of PostgreSQL 17's log begins with; a page that was never written is zeros. */
const WAL_PAGE_MAGIC = 0xd116
/** Recovery writes: with less than a few segments of log it ends in the middle, which looks like damage. */
const LEAST_FREE_BYTES = 8 * WAL_SEGMENT_BYTES

/**
 * Proves what can be seen of a cluster from outside; reads only.
 * @throws ClusterDamaged; StartupError when the disk is full, which a later start may find mended
 */
export function checkCluster(directory: string): void {
  let reason: string | undefined
  try {
    reason = missingPart(directory) ?? unreadablePart(directory) ?? damageOfLog(directory)
  } catch (error) {
    throw openingError(directory, error)
  }
  if (reason) throw new ClusterDamaged(directory, reason)
  const { bavail, bsize } = statfsSync(directory)
  if (bavail * bsize < LEAST_FREE_BYTES) throw diskIsFull(directory)
}

/** What went wrong while a cluster was looked at or opened, as its sentence: a machine that is short of something is not damage. */
export function openingError(directory: string, error: unknown): StartupError {
  if (error instanceof StartupError) return error
  const { code, message, path } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || /\b53100\b/.test(message)) return diskIsFull(directory)
  if (error instanceof RangeError || (code !== undefined && ['EMFILE', 'ENFILE', 'ENOMEM'].includes(code)))
    return new StartupError(`The database in ${directory} could not be opened: ${message}.`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM')
    return new ClusterDamaged(directory, `this user may not read and write ${path ? basename(path) : 'its files'}`, { cause: error })
  return new ClusterDamaged(directory, 'its files are damaged, or a part of them is missing', { cause: error })
}

const diskIsFull = (directory: string): StartupError =>
  new StartupError(`The database in ${directory} could not be opened: its disk is full; make room and start again.`)

function missingPart(directory: string): string | undefined {
  for (const name of requiredDirectories)
    if (!existsSync(join(directory, name)) || !statSync(join(directory, name)).isDirectory()) return `the directory ${name} is missing`
  for (const name of requiredFiles) {
    if (!existsSync(join(directory, name))) return `the file ${name} is missing`
    if (statSync(join(directory, name)).size === 0) return `the file ${name} is empty`
  }
  for (const name of readdirSync(join(directory, 'base')))
    if (/^\d+$/.test(name) && !existsSync(join(directory, 'base', name, 'PG_VERSION'))) return `the file base/${name}/PG_VERSION is missing`
  return undefined
}

/** Files of another user are found only when they are needed, in the middle of opening or long after. */
function unreadablePart(directory: string): string | undefined {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    try {
      accessSync(path, entry.isDirectory() ? constants.R_OK | constants.W_OK | constants.X_OK : constants.R_OK | constants.W_OK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      return `this user may not read and write ${path.slice(directory.length + 1)}`
    }
  }
  return undefined
}

/**
 * The log from where recovery begins: each segment there, whole, and written by this engine or not at all. The engine takes a gap and foreign
 * bytes for the end of the log: it would open, and what was committed behind them would be gone without a word.
 */
function damageOfLog(directory: string): string | undefined {
  const segments = new Map(
    readdirSync(join(directory, 'pg_wal'))
      .filter((name) => /^[0-9A-F]{24}$/.test(name))
      .map((name) => [Number.parseInt(name.slice(8, 16), 16) * SEGMENTS_OF_ONE_ID + Number.parseInt(name.slice(16), 16), name]),
  )
  const control = readStart(join(directory, 'global/pg_control'), 48)
  if (control.length < 48) return 'the file global/pg_control is cut short'
  // checkPointCopy.redo of ControlFileData.
  const first = Math.floor(Number(control.readBigUInt64LE(40)) / WAL_SEGMENT_BYTES)
  if (!segments.has(first)) return 'the write-ahead log does not begin where the last checkpoint says'
  const last = Math.max(...segments.keys())
  for (let number = first; number <= last; number++) {
    const name = segments.get(number)
    if (name === undefined) return `a file of the write-ahead log is missing before ${segments.get(last)}`
    const path = join(directory, 'pg_wal', name)
    if (statSync(path).size !== WAL_SEGMENT_BYTES) return `the file pg_wal/${name} is not as long as it was made`
    const magic = readStart(path, 2).readUInt16LE()
    if (magic !== 0 && magic !== WAL_PAGE_MAGIC) return `the file pg_wal/${name} is not of the write-ahead log`
  }
  return undefined
}

function readStart(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(bytes)
    return buffer.subarray(0, readSync(file, buffer, 0, bytes, 0))
  } finally {
    closeSync(file)
  }
}
