// Packages for the tests: made as the service makes them, and then tampered with.
import { createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { sm2 } from 'sm-crypto-v2'
import { ZipFile } from 'yazl'
import { type PartSource, writePackage } from '../../services/dispatch/cases/evidence/write.ts'
import { readContainer, type Source } from '../../services/evidence/container.ts'
import { keyOf, readKey, toBase64 } from '../../services/evidence/keys.ts'
import {
  FORMAT,
  FORMAT_VERSION,
  MANIFEST_NAME,
  type Manifest,
  type Part,
  SIGNATURE_NAME,
  type SignatureSaid,
} from '../../services/evidence/manifest.ts'
import { SM2_ID, signatureForms } from '../../services/evidence/signature.ts'
import type { Code } from '../../services/evidence/verify.ts'

type Test = { teardown(work: () => unknown): void }
export type Signer = { said: SignatureSaid; sign(message: Uint8Array): Uint8Array }

export function ed25519Signer(): Signer {
  const { privateKey } = generateKeyPairSync('ed25519')
  const key = readKey(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }))!
  return {
    said: { ...signatureForms.Ed25519, publicKey: toBase64(key.der), fingerprint: key.fingerprint },
    sign: (message) => signWith(null, message, privateKey),
  }
}

export function sm2Signer(userId = SM2_ID): Signer & { raw: string } {
  const { privateKey, publicKey } = sm2.generateKeyPairHex()
  const key = keyOf('SM2', Buffer.from(publicKey, 'hex'))
  return {
    said: { ...signatureForms.SM2, publicKey: toBase64(key.der), fingerprint: key.fingerprint },
    sign: (message) => Buffer.from(sm2.doSignature(message, privateKey, { hash: true, der: true, userId }), 'hex'),
    raw: publicKey,
  }
}

export const parts: PartSource[] = [
  { name: '说明.txt', mediaType: 'text/plain', content: Buffer.from('说明\n'.repeat(50)) },
  { name: '轨迹/测A00001_轨迹.csv', mediaType: 'text/csv', content: Buffer.from('time,lon,lat\n'.repeat(400)) },
  { name: '地图/测A00001.png', mediaType: 'image/png', content: Buffer.from(Array.from({ length: 900 }, (_, n) => (n * 37) % 251)) },
  { name: 'résumé.json', mediaType: 'application/json', content: Buffer.from('{"orders":[]}') },
]

export const manifestBy =
  ({ said }: Signer) =>
  (written: Part[]): Manifest => ({
    ...{ format: FORMAT, version: FORMAT_VERSION, number: '案〔2026〕0007-1' },
    case: { number: '案〔2026〕0007', purpose: '核查举报线索', basis: '来信' },
    period: { from: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
    ...{ datum: 'WGS-84', zone: 'UTC+08:00', madeAt: '2026-03-03T00:00:00.000Z', software: '0' },
    madeBy: { username: 'inspector', displayName: '示例', organisation: '市' },
    ...{ vehicles: [], leftOut: [] },
    audit: { algorithm: 'sm3', seq: 7, hash: 'ab'.repeat(32), at: '2026-03-03T00:00:00.000Z', head: null },
    signature: said,
    parts: written,
  })

export async function makePackage(t: Test, signer: Signer, of: Iterable<PartSource> = parts): Promise<Uint8Array> {
  const directory = await mkdtemp(join(tmpdir(), 'morin-evidence-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const path = join(directory, 'x.zip')
  await writePackage(
    path,
    async function* () {
      yield* of
    },
    manifestBy(signer),
    signer,
  )
  return readFile(path)
}

export const sourceOf = (bytes: Uint8Array): Source => ({ size: bytes.length, read: async (from, until) => bytes.subarray(from, until) })

export type Content = { name: string; content: Buffer }
export async function contentsOf(bytes: Uint8Array): Promise<Content[]> {
  const { entries } = await readContainer(sourceOf(bytes))
  return entries.map(({ name, method, from, until }) => ({
    name,
    content: method === 8 ? inflateRawSync(bytes.subarray(from, until)) : Buffer.from(bytes.subarray(from, until)),
  }))
}

/** Packed anew, as whoever has no key would. */
export async function pack(contents: readonly Content[]): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const { name, content } of contents)
    zip.addBuffer(content, name, { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644, compress: !name.endsWith('.png') })
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** What may be done to a package after it was signed, and the codes by which it is found. */
export async function tampered(t: Test, signer: Signer): Promise<[says: string, bytes: Uint8Array, ...codes: Code[]][]> {
  const whole = await makePackage(t, signer)
  const contents = await contentsOf(whole)
  const csv = parts[1]!.name
  const changed = (name: string, by: (content: Buffer) => Buffer) =>
    pack(contents.map((each) => (each.name === name ? { name, content: by(each.content) } : each)))
  const without = (name: string) => pack(contents.filter((each) => each.name !== name))
  const flip = (content: Buffer) => Buffer.from(content.map((byte, n) => (n === 3 ? byte ^ 1 : byte)))
  return [
    ['a part flipped', await changed(csv, flip), 'part.changed'],
    ['a picture swapped', await changed(parts[2]!.name, (content) => Buffer.from(content).reverse()), 'part.changed'],
    ['a part longer', await changed(csv, (content) => Buffer.concat([content, Buffer.from('x')])), 'part.changed'],
    ['a part removed', await without(csv), 'part.missing'],
    ['a part added', await pack([...contents, { name: 'extra.pdf', content: Buffer.from('x') }]), 'part.extra'],
    ['parts in another order', await pack([contents[1]!, contents[0]!, ...contents.slice(2)]), 'part.order'],
    [
      'the manifest altered',
      await changed(MANIFEST_NAME, (content) => Buffer.from(content.toString().replace('来信', '来电'))),
      'signature.wrong',
    ],
    ['the manifest gone', await without(MANIFEST_NAME), 'manifest.missing'],
    ['the signature gone', await without(SIGNATURE_NAME), 'signature.missing'],
    ['the signature flipped', await changed(SIGNATURE_NAME, flip), 'signature.wrong'],
    ['signed anew by another', await makePackage(t, ed25519Signer()), 'key.other'],
    ['two entries of one name', await pack([...contents, { name: csv, content: Buffer.from('another') }]), 'name.twice'],
    ['cut short', whole.subarray(0, whole.length - 40), 'zip.broken'],
    ['bytes before it', Buffer.concat([Buffer.from('x'), whole]), 'zip.broken'],
    ['bytes behind it', Buffer.concat([whole, Buffer.from('x')]), 'zip.gap'],
    ['no zip at all', Buffer.from('a letter'), 'zip.broken'],
  ]
}
