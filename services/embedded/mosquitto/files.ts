// Writes the broker's files so that it never reads half of one, and tells it that they have changed.
import { chmod, chown, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartupError } from '../../platform/config.ts'

/** Each file is whole at any moment. @throws StartupError where the directory cannot be written */
export async function writeFiles(directory: string, files: Record<string, string>): Promise<void> {
  const home = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`The directory ${directory} cannot be used: ${error.message}.`)
  })
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name)
    const temporary = `${path}.new`
    await writeFile(temporary, content, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      throw new StartupError(`${path} cannot be written: ${error.message}.`)
    })
    await chmod(temporary, 0o600)
    // The broker gives up root before it reads them: they belong to whom the directory belongs to.
    if (process.getuid?.() === 0) await chown(temporary, home.uid, home.gid)
    await rename(temporary, path)
  }
}

/** Has the broker read its files again: it ends the connections of those who would not be let in by them any more. */
export async function reload(broker: { pid?: number | undefined; pidFile?: string | undefined }): Promise<void> {
  const pid = broker.pid ?? Number((await readFile(broker.pidFile!, 'utf8')).trim())
  if (!Number.isInteger(pid) || pid < 1) throw new Error(`${broker.pidFile} holds no process id`)
  process.kill(pid, 'SIGHUP')
}
