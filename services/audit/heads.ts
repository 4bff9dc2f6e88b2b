// Signed heads: lines of a file outside the database, each saying which record the log ended in. Whoever rewrites the database cannot
// rewrite these without the key. Here they are made, read and believed or not; when they are written is dispatch's business.
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type AuditHead, auditHeadSchema } from '../contracts/auditRecord.ts'
import { canonicalJson } from '../contracts/canonicalJson.ts'
import { sha256 } from '../platform/crypto.ts'

const signedBytes = ({ signature: _signature, ...said }: AuditHead): Buffer => Buffer.from(canonicalJson(said))

/** The name of an Ed25519 key: the first half of the hash of its public part. */
export const keyIdOf = (key: KeyObject): string => {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return sha256(publicKey.export({ type: 'spki', format: 'der' }))
    .toString('hex')
    .slice(0, 32)
}

export function signHead(said: Omit<AuditHead, 'keyId' | 'signature' | 'count'>, privateKey: KeyObject): AuditHead {
  const head: AuditHead = { ...said, count: said.seq, keyId: keyIdOf(privateKey), signature: '' }
  return { ...head, signature: sign(null, signedBytes(head), privateKey).toString('base64') }
}

/** One or more PEM blocks. @throws when one of them is no Ed25519 public key */
export function readPublicKeys(pem: string): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>()
  for (const block of pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []) {
    const key = createPublicKey(block)
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('a public key of the audit heads is not an Ed25519 key')
    keys.set(keyIdOf(key), key)
  }
  if (keys.size === 0) throw new Error('there is no public key in PEM')
  return keys
}

/** The believable heads of a heads file, and a sentence for each line that is not to be believed. */
export async function readHeads(text: string, keys: ReadonlyMap<string, KeyObject>): Promise<{ heads: AuditHead[]; problems: string[] }> {
  const heads: AuditHead[] = []
  const problems: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    // A signature takes a tenth of a millisecond and a year has 50,000: others get their turn in between.
    if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
    const problem = (why: string) => problems.push(`line ${index + 1} of the heads file ${why}`)
    const head = parseHead(line)
    if (!head) problem('cannot be read')
    else if (!keys.has(head.keyId)) problem(`is signed with a key that is not among the given ones (${head.keyId})`)
    else if (!isSigned(head, keys.get(head.keyId)!)) problem('has a wrong signature')
    else if (head.count !== head.seq) problem('counts other records than it signs')
    else heads.push(head)
  }
  return { heads, problems }
}

function isSigned(head: AuditHead, key: KeyObject): boolean {
  const signature = Buffer.from(head.signature, 'base64')
  return signature.toString('base64') === head.signature && verify(null, signedBytes(head), key, signature)
}

function parseHead(line: string): AuditHead | undefined {
  try {
    const head = auditHeadSchema.strict().safeParse(JSON.parse(line)).data
    // As it was written, to the byte: what the signature does not cover is nothing.
    return head && canonicalJson(head) === line ? head : undefined
  } catch {
    return undefined // the caller names the line
  }
}
