// One process per data directory: two would corrupt it. `<data>/db.lock` names its holder by pid and by when that process started,
// so that a pid given to another program after a crash or a reboot is no false alarm.
//
// Taking it is atomic: a finished file is linked to the name, and link() fails if the name exists. A stale lock is removed only by the holder
// of a second lock of the same kind (`db.lock.takeover`), after looking again: otherwise two finders of a stale lock could each remove the other's.
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '../../platform/config.ts'

export type DataLock = { release(): void }

/** @throws StartupError naming the holder when another process has this data directory open. */
export function lockDataDirectory(dataDir: string): DataLock {
  const path = join(dataDir, 'db.lock')
  const mine = identity(process.pid)
  if (!tryLink(path, mine)) {
    if (isAlive(read(path))) throw inUse(dataDir, read(path))
    takeOver(dataDir, path, mine)
  }
  return {
    release() {
      if (read(path) === mine) rmSync(path, { force: true })
    },
  }
}

function takeOver(dataDir: string, path: string, mine: string): void {
  const guard = `${path}.takeover`
  if (!tryLink(guard, mine)) {
    if (isAlive(read(guard))) throw inUse(dataDir, read(guard))
    throw new StartupError(
      `A start was killed while it took over ${path}; if no other Morin uses ${dataDir}, remove ${guard} and start again.`,
    )
  }
  try {
    if (isAlive(read(path))) throw inUse(dataDir, read(path))
    rmSync(path, { force: true })
    if (!tryLink(path, mine)) throw inUse(dataDir, read(path))
  } finally {
    rmSync(guard, { force: true })
  }
}

const inUse = (dataDir: string, holder: string): StartupError =>
  new StartupError(
    `The data directory ${dataDir} is in use by process ${holder.split(' ')[0] || '(unknown)'}; stop it first, or give another --data.`,
  )

/** "pid start-time boot-id"; the latter two are empty where there is no /proc. */
function identity(pid: number): string {
  const started = startTime(pid)
  return started === undefined ? `${pid}` : `${pid} ${started} ${bootId()}`
}

/** An empty text (no lock there any more) is nobody. */
function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  if (holder.includes(' ')) return identity(pid) === holder
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Clock ticks since boot at which the process started, from /proc; undefined if it is gone, a zombie, or there is no /proc. */
function startTime(pid: number): string | undefined {
  try {
    // "pid (name) state …": the name may hold anything, so count from its closing bracket. State is field 3, start time field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined // no such process, or no /proc on this system
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return '' // not told here: the start time alone must do
  }
}

function tryLink(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, content, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
