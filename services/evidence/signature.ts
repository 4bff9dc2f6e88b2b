// Is a signature right? Ed25519 by the platform's own code where there is one, else by what is bundled; SM2 with SM3. Three answers: a program without the means
// says so, and never that a signature is wrong.
import { ed25519 } from '@noble/curves/ed25519'
import { sm2 } from 'sm-crypto-v2'
import { type PublicKey, toHex } from './keys.ts'
import type { SignatureSaid } from './manifest.ts'

/** The user ID of GM/T 0009 where no other was agreed on: 16 bytes. */
export const SM2_ID = '1234567812345678'

export const signatureForms = {
  Ed25519: {
    algorithm: 'Ed25519',
    curve: 'Ed25519',
    hash: 'SHA-512',
    id: null,
    keyForm: 'SPKI DER base64',
    encoding: 'R‖S 64 bytes, base64',
  },
  SM2: {
    algorithm: 'SM2',
    curve: 'sm2p256v1',
    hash: 'SM3',
    id: SM2_ID,
    keyForm: 'SPKI DER base64, uncompressed',
    encoding: 'ASN.1 DER (r, s), base64',
  },
} as const satisfies Record<SignatureSaid['algorithm'], Omit<SignatureSaid, 'publicKey' | 'fingerprint'>>

/** @throws where it has not the means */
export type Engine = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>

const bySubtle: Engine = async (key, message, signature) => {
  const { subtle } = globalThis.crypto
  const bytes = (from: Uint8Array) => Uint8Array.from(from)
  return subtle.verify('Ed25519', await subtle.importKey('raw', bytes(key), 'Ed25519', false, ['verify']), bytes(signature), bytes(message))
}
const bundledEd25519: Engine = async (key, message, signature) => ed25519.verify(signature, message, key, { zip215: false })
const sm2WithId =
  (userId: string): Engine =>
  async (key, message, signature) =>
    sm2.doVerifySignature(message, toHex(signature), toHex(key), { hash: true, der: true, userId })

export type Engines = Record<SignatureSaid['algorithm'], readonly Engine[]>
export const engines: Engines = { Ed25519: [bySubtle, bundledEd25519], SM2: [sm2WithId(SM2_ID)] }
/** A signature of another ID is told from a wrong one: SM2 hashes the ID in first, and programs differ in what they take it to be. */
const otherIds: readonly Engine[] = [sm2WithId('')]

export type SignatureAnswer = 'valid' | 'invalid' | 'other-id' | 'unchecked'

export async function checkSignature(
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
  by: Engines = engines,
): Promise<SignatureAnswer> {
  const said = await ask(by[key.algorithm], key, message, signature)
  if (said === undefined) return 'unchecked'
  if (said) return 'valid'
  return key.algorithm === 'SM2' && (await ask(otherIds, key, message, signature)) ? 'other-id' : 'invalid'
}

/** What the first that has the means says; undefined where none has. */
async function ask(asked: readonly Engine[], key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean | undefined> {
  // A wrong length is a wrong signature to every engine; some would throw, which means something else here.
  if (key.algorithm === 'Ed25519' && signature.length !== 64) return false
  for (const engine of asked) {
    try {
      return await engine(key.raw, message, signature)
    } catch {
      // the next one may have the means
    }
  }
  return undefined
}
