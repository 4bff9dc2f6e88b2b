// A secret as Mosquitto's password file wants it: `$7$iterations$salt$hash`, PBKDF2 with SHA-512 over 64 bytes.
import { pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const ITERATIONS = 101 // Mosquitto's own default; the secrets are random strings of 186 bits or more, so stretching adds nothing

const KEY_BYTES = 64
const lineOf = (salt: Buffer, derived: Buffer) => `$7$${ITERATIONS}$${salt.toString('base64')}$${derived.toString('base64')}`

/** What the broker holds a secret against. A fifth of a millisecond each. */
export const brokerVerifier = (secret: string, salt: Buffer = randomBytes(12)): string =>
  lineOf(salt, pbkdf2Sync(secret, salt, ITERATIONS, KEY_BYTES, 'sha512'))

const derive = promisify(pbkdf2)
/** The same on the threads of the pool, for thousands. */
export async function brokerVerifierAside(secret: string): Promise<string> {
  const salt = randomBytes(12)
  return lineOf(salt, await derive(secret, salt, ITERATIONS, KEY_BYTES, 'sha512'))
}
