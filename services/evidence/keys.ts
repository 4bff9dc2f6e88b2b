// Public keys as they are handed over: SubjectPublicKeyInfo, as PEM or named by its fingerprint. Two kinds, each of one length with one beginning.
import { sha256 } from '@noble/hashes/sha2.js'

export type PublicKey = { algorithm: 'Ed25519' | 'SM2'; der: Uint8Array; raw: Uint8Array; fingerprint: string }

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** What stands before the key: 32 bytes of Ed25519; 65 of SM2, the point uncompressed (04 ‖ x ‖ y). */
const kinds = [
  { algorithm: 'Ed25519', head: fromHex('302a300506032b6570032100'), bytes: 32 },
  { algorithm: 'SM2', head: fromHex('3059301306072a8648ce3d020106082a811ccf5501822d034200'), bytes: 65 },
] as const

/** Undefined for bytes that are no key of the two kinds. */
export function readKey(der: Uint8Array): PublicKey | undefined {
  const kind = kinds.find(({ head, bytes }) => der.length === head.length + bytes && head.every((byte, at) => der[at] === byte))
  if (!kind) return undefined
  const raw = der.slice(kind.head.length)
  if (kind.algorithm === 'SM2' && raw[0] !== 4) return undefined
  return { algorithm: kind.algorithm, der, raw, fingerprint: toHex(sha256(der)) }
}

/** The key as it is handed over. @throws RangeError for one of another length */
export function keyOf(algorithm: PublicKey['algorithm'], raw: Uint8Array): PublicKey {
  const { head } = kinds.find((kind) => kind.algorithm === algorithm)!
  const key = readKey(Uint8Array.from([...head, ...raw]))
  if (!key) throw new RangeError(`no public key of ${algorithm}`)
  return key
}

/** Undefined for text that is no base64, written as one writes it. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
    return toBase64(bytes) === text ? bytes : undefined
  } catch {
    return undefined // not one letter of it is
  }
}
export const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))

export const pemOf = (key: PublicKey): string =>
  `-----BEGIN PUBLIC KEY-----\n${toBase64(key.der)
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END PUBLIC KEY-----\n`

/**
 * The fingerprints of the keys that somebody holds to be right: PEM blocks, or fingerprints of 64 hexadecimal digits (blanks and colons between them do not count).
 * Undefined where the text has neither, or a block that is no such key.
 */
export function readGivenKeys(text: string): string[] | undefined {
  const blocks = [...text.matchAll(/-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/g)]
  if (blocks.length > 0) {
    const keys = blocks.map(([, body]) => {
      const der = fromBase64(body!.replace(/\s/g, ''))
      return der && readKey(der)
    })
    return keys.every((key) => key !== undefined) ? keys.map((key) => key!.fingerprint) : undefined
  }
  const lines = text.split(/[\n,;]/).map((line) => line.replace(/[\s:]/g, '').toLowerCase())
  const fingerprints = lines.filter((line) => line !== '')
  return fingerprints.length > 0 && fingerprints.every((each) => /^[0-9a-f]{64}$/.test(each)) ? fingerprints : undefined
}
