// Where evidence packages lie, and what they are signed with: a key of its own beside that of the audit heads, or SM2 where that is configured.
import { createPublicKey, sign as signWith } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sm2 } from 'sm-crypto-v2'
import { openSigningKey } from '../../../audit/key.ts'
import { keyOf, type PublicKey, pemOf, readGivenKeys, readKey, toBase64 } from '../../../evidence/keys.ts'
import type { SignatureSaid } from '../../../evidence/manifest.ts'
import { SM2_ID, signatureForms } from '../../../evidence/signature.ts'
import { StartupError } from '../../../platform/config.ts'

export type EvidenceDesk = {
  directory: string
  /** What a manifest says of the signature. */
  said: SignatureSaid
  sign(message: Uint8Array): Uint8Array
  /** Every key that ever signed here, the present one too, in PEM. */
  publicKeys(): Promise<string>
}
export type EvidenceKeys = {
  directory: string
  /** Where the public keys are, and the private one unless it is given. */
  keysIn: string
  /** An Ed25519 private key in PEM, from the environment. */
  given?: string | undefined
  /** A private key of SM2, 64 hexadecimal digits: with it packages are signed by SM2. */
  sm2?: string | undefined
}

/** @throws StartupError for a key that is none, or a directory that cannot be written */
export async function openEvidenceDesk({ directory, keysIn, given, sm2: sm2Key }: EvidenceKeys): Promise<EvidenceDesk> {
  const publicPath = join(keysIn, 'evidence-key.pub.pem')
  await mkdir(directory, { recursive: true, mode: 0o750 }).catch((error: Error) => {
    throw new StartupError(`${directory} cannot be made for evidence packages: ${error.message}.`)
  })
  const publicKeys = () => readFile(publicPath, 'utf8')
  if (sm2Key !== undefined) {
    const key = keyOf('SM2', Buffer.from(sm2.getPublicKeyFromPrivateKey(sm2Key), 'hex'))
    const known = await publicKeys().catch(() => '') // none yet: it is written below
    if (!readGivenKeys(known)?.includes(key.fingerprint)) await appendFile(publicPath, pemOf(key), { mode: 0o644 })
    const sign = (message: Uint8Array) =>
      Buffer.from(
        sm2.doSignature(message, sm2Key, { hash: true, der: true, userId: SM2_ID, publicKey: Buffer.from(key.raw).toString('hex') }),
        'hex',
      )
    return { directory, said: saidOf(key), sign, publicKeys }
  }
  const privateKey = await openSigningKey(given, join(keysIn, 'evidence-key.pem'), publicPath, 'EVIDENCE_KEY')
  const key = readKey(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))!
  return { directory, said: saidOf(key), sign: (message) => signWith(null, message, privateKey), publicKeys }
}

const saidOf = (key: PublicKey): SignatureSaid => ({
  ...signatureForms[key.algorithm],
  publicKey: toBase64(key.der),
  fingerprint: key.fingerprint,
})
