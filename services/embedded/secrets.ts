// Secrets of one installation, made at its first start and kept in the data directory with mode 0600.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StartupError } from '../platform/config.ts'
import { newPushKey, newSealingKey, newSecret } from '../platform/crypto.ts'

const secretsSchema = z.object({
  serviceSecret: z.string().min(16),
  /** Seals the secrets of second factors: without it they must all be enrolled anew. */
  identityKey: z.string().regex(/^[\w-]{43}$/),
  /** By it push services know this installation: with another every telephone must register anew. */
  pushKey: z.string().regex(/^[\w-]{43}$/),
})
export type Secrets = z.infer<typeof secretsSchema>

const newKeys = () => ({ identityKey: newSealingKey(), pushKey: newPushKey() })

/** Reads the secrets of `dataDir`, making them first where there are none. */
export async function openSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json')
  try {
    await writeFile(path, JSON.stringify({ serviceSecret: newSecret(), ...newKeys() }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new StartupError(`${path} cannot be written: ${(error as Error).message}.`)
  }
  try {
    const kept = JSON.parse(await readFile(path, 'utf8')) as object
    if ('identityKey' in kept && 'pushKey' in kept) return secretsSchema.parse(kept)
    // Made by a version that had no second factors, or pushed nothing.
    const whole = secretsSchema.parse({ ...newKeys(), ...kept })
    await writeFile(`${path}.new`, JSON.stringify(whole), { mode: 0o600 })
    await rename(`${path}.new`, path)
    return whole
  } catch {
    throw new StartupError(`${path} is damaged; restore it, or remove it to have new secrets made.`)
  }
}
