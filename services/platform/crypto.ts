// Secrets and their hashes. Passwords are slow-hashed by identity; here are the random ones, for which a plain hash is enough.
import { createCipheriv, createDecipheriv, createECDH, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A random secret of 192 bits, URL-safe. */
export const newSecret = (): string => randomBytes(24).toString('base64url')

/** Without what is mistaken for something else on paper: 0 O, 1 l I. */
const LEGIBLE = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** A random secret that people read from paper and type into a device: 32 letters and digits, 186 bits. */
export function newLegibleSecret(): string {
  let secret = ''
  while (secret.length < 32) {
    // Bytes past the last whole round of the alphabet would make its beginning likelier than its end.
    for (const byte of randomBytes(40))
      if (byte < 256 - (256 % LEGIBLE.length) && secret.length < 32) secret += LEGIBLE[byte % LEGIBLE.length]
  }
  return secret
}

export const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest()

/** Does `secret` hash to `hash`? In constant time. */
export function matchesHash(secret: string | Uint8Array, hash: Uint8Array): boolean {
  const candidate = sha256(secret)
  return candidate.byteLength === hash.byteLength && timingSafeEqual(candidate, hash)
}

const SEALED_AES_256_GCM = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The key of `seal` from its text: 32 bytes as base64url. */
export const sealingKeyOf = (text: string): Buffer => Buffer.from(text, 'base64url')
export const newSealingKey = (): string => randomBytes(32).toString('base64url')

/** Encrypts for keeping (AES-256-GCM). `context` says what it is of whom; unsealing needs the same, so that rows cannot be swapped. */
export function seal(key: Uint8Array, plain: string | Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.of(SEALED_AES_256_GCM), nonce, cipher.getAuthTag(), body])
}

/** @throws when key or context is another, or a byte was changed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed[0] !== SEALED_AES_256_GCM) throw new Error('sealed by a way that is not known here')
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context)).setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()])
}

/** A short proof (128 bits of HMAC-SHA256, 22 characters that stand in an address) that `text` is of whoever holds `key`. */
export const authenticate = (key: Uint8Array, text: string): string =>
  createHmac('sha256', createHmac('sha256', key).update('morin authenticates').digest())
    .update(text)
    .digest()
    .subarray(0, 16)
    .toString('base64url')

/** Is `proof` that of `text`? In constant time. */
export function authenticates(key: Uint8Array, text: string, proof: string): boolean {
  const [given, wanted] = [Buffer.from(proof), Buffer.from(authenticate(key, text))]
  return given.byteLength === wanted.byteLength && timingSafeEqual(given, wanted)
}

/** A private key on P-256, 32 bytes as base64url: by its public half push services know who sends (VAPID, RFC 8292). */
export function newPushKey(): string {
  const curve = createECDH('prime256v1')
  curve.generateKeys()
  return Buffer.concat([Buffer.alloc(32), curve.getPrivateKey()])
    .subarray(-32)
    .toString('base64url')
}
/** Its public half, uncompressed, as browsers take it. */
export function pushPublicKey(privateKey: string): string {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.from(privateKey, 'base64url'))
  return curve.getPublicKey().toString('base64url')
}
