// Secrets of one installation, made at its first start and kept in the data directory with mode 0600.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StartupError } from '../platform/config.ts'
import { newSecret } from '../platform/crypto.ts'

const secretsSchema = z.object({ serviceSecret: z.string().min(16) })
export type Secrets = z.infer<typeof secretsSchema>

/** Reads the secrets of `dataDir`, making them first where there are none. */
export async function openSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  try {
    await writeFile(path, JSON.stringify({ serviceSecret: newSecret() }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new StartupError(`${path} cannot be written: ${(error as Error).message}.`)
  }
  try {
    return secretsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    throw new StartupError(`${path} is damaged; restore it, or remove it to have new secrets made.`)
  }
}
