// Secrets of one installation, made at its first start and kept in the data directory with mode 0600.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StartupError } from '../platform/config.ts'
import { newSealingKey, newSecret } from '../platform/crypto.ts'

const secretsSchema = z.object({
  serviceSecret: z.string().min(16),
  /** Seals the secrets of second factors: without it they must all be enrolled anew. */
  identityKey: z.string().regex(/^[\w-]{43}$/),
})
export type Secrets = z.infer<typeof secretsSchema>

/** Reads the secrets of `dataDir`, making them first where there are none. */
export async function openSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  try {
    await writeFile(path, JSON.stringify({ serviceSecret: newSecret(), identityKey: newSealingKey() }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new StartupError(`${path} cannot be written: ${(error as Error).message}.`)
  }
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as object
    if ('identityKey' in kept) return secretsSchema.parse(kept)
    // Made by a version that had no second factors.
    const whole = secretsSchema.parse({ ...kept, identityKey: newSealingKey() })
    await writeFile(`${path}.new`, JSON.stringify(whole), { mode: 0o600 })
    await rename(`${path}.new`, path)
    return whole
  } catch {
    throw new StartupError(`${path} is damaged; restore it, or remove it to have new secrets made.`)
  }
}
