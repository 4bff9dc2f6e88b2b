// Keys that sign, of the heads of the audit log and of evidence packages: given, or made at the first start and kept with mode 0600; its public part beside it.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { StartupError } from '../platform/config.ts'

/**
 * `given`: a private key in PEM, from the environment (`variable`). Otherwise the file at `path`, made if there is none.
 * The public key is added to `publicPath` unless it is there already: an older key's heads stay verifiable.
 */
export async function openSigningKey(given: string | undefined, path: string, publicPath: string, variable: string): Promise<KeyObject> {
  if (given === undefined) await makeKey(path)
  const key = readKey(given ?? (await readFile(path, 'utf8')), given === undefined ? path : variable)
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
  const known = await readFile(publicPath, 'utf8').catch(() => '') // not there yet, or not to be read: it is written below
  if (!known.includes(publicPem)) await appendFile(publicPath, publicPem, { mode: 0o644 })
  return key
}

async function makeKey(path: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519')
  try {
    await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new StartupError(`${path} cannot be written: ${(error as Error).message}.`)
  }
}

function readKey(pem: string, from: string): KeyObject {
  try {
    // An environment variable has its line breaks written out.
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'))
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below, without the key.
  }
  throw new StartupError(`${from} is not an Ed25519 private key in PEM.`)
}
