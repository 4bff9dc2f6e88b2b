// Secrets and their hashes. Passwords are slow-hashed by identity; here are the random ones, for which a plain hash is enough.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A random secret of 192 bits, URL-safe. */
export const newSecret = (): string => randomBytes(24).toString('base64url')

export const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest()

/** Does `secret` hash to `hash`? In constant time. */
export function matchesHash(secret: string | Uint8Array, hash: Uint8Array): boolean {
  const candidate = sha256(secret)
  return candidate.byteLength === hash.byteLength && timingSafeEqual(candidate, hash)
}
