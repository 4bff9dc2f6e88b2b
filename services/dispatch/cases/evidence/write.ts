// Writes a package: part after part as each is made, each hashed on its way, then the manifest and its signature; at last the file is opened again and held to the
// law of the verifier. What does not pass is no package.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { Source } from '../../../evidence/container.ts'
import { toBase64 } from '../../../evidence/keys.ts'
import { MANIFEST_NAME, type Manifest, type Part, SIGNATURE_NAME } from '../../../evidence/manifest.ts'
import { findAlike } from '../../../evidence/names.ts'
import { verifyPackage } from '../../../evidence/verify.ts'
import { Unmade } from './unmade.ts'

export type PartSource = { name: string; mediaType: string; content: Iterable<string> | AsyncIterable<string | Uint8Array> | Uint8Array }
type Signer = { sign(message: Uint8Array): Uint8Array }

/** The same bytes whenever and wherever it is made: no time of the day, no user, no zone. */
const ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const
/** What is packed already gains nothing. */
const isPacked = (mediaType: string): boolean => /^image\/|^application\/pdf$/.test(mediaType)
const LEVEL = 4

/**
 * @param parts in the order in which they will stand; it is told those that are written, with their hashes
 * @param manifestOf what is to be signed, told the parts with their hashes
 * @returns the whole file's length and hash
 * @throws Unmade for a part that cannot be read or named, and for a file that does not verify; then there is no file
 */
export async function writePackage(
  path: string,
  parts: (written: readonly Part[]) => AsyncIterable<PartSource>,
  manifestOf: (parts: Part[]) => Manifest,
  signer: Signer,
): Promise<{ bytes: number; sha256: Buffer }> {
  const draft = `${path}.part`
  try {
    const manifest = await writeDraft(draft, parts, manifestOf, signer)
    await requireIntact(draft, manifest)
    const made = await digestOf(draft)
    await rename(draft, path)
    return made
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function writeDraft(
  draft: string,
  parts: (written: readonly Part[]) => AsyncIterable<PartSource>,
  manifestOf: (parts: Part[]) => Manifest,
  signer: Signer,
): Promise<Manifest> {
  const zip = new ZipFile()
  const out = createWriteStream(draft, { mode: 0o640, flush: true })
  const written = new Promise<void>((resolve, reject) => {
    out.once('close', resolve)
    out.once('error', (error) => reject(new Unmade('evidence.disk', { message: error.message })))
    zip.once('error', reject)
  })
  // It is waited for at the end; until then a failure of a part is told first.
  written.catch(() => undefined)
  zip.outputStream.pipe(out)
  const listed: Part[] = []
  try {
    for await (const part of parts(listed)) {
      const alike = findAlike([...listed.map(({ name }) => name), MANIFEST_NAME, SIGNATURE_NAME, part.name])
      if (alike) throw new Unmade('evidence.alike', { first: alike[0], second: alike[1] })
      listed.push(
        await Promise.race([addPart(zip, part), written.then(() => Promise.reject(new Unmade('evidence.disk', { message: 'closed' })))]),
      )
    }
    const manifest = manifestOf(listed)
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
    zip.addBuffer(text, MANIFEST_NAME, ENTRY)
    zip.addBuffer(Buffer.from(`${toBase64(signer.sign(text))}\n`), SIGNATURE_NAME, ENTRY)
    zip.end()
    await written
    return manifest
  } catch (error) {
    out.destroy()
    throw error
  }
}

/** Resolves when the part has been read to its end. */
async function addPart(zip: ZipFile, { name, mediaType, content }: PartSource): Promise<Part> {
  const hash = createHash('sha256')
  let bytes = 0
  const counted = async function* (): AsyncGenerator<Buffer> {
    const pieces = content instanceof Uint8Array ? [content] : content
    for await (const piece of pieces) {
      const buffer = Buffer.from(piece as Uint8Array)
      hash.update(buffer)
      bytes += buffer.byteLength
      yield buffer
    }
  }
  const stream = Readable.from(counted(), { objectMode: false })
  const ended = new Promise<void>((resolve, reject) => {
    stream.once('end', resolve)
    stream.once('error', (error) =>
      reject(error instanceof Unmade ? error : new Unmade('evidence.source', { part: name, message: error.message })),
    )
  })
  zip.addReadStream(stream, name, { ...ENTRY, ...(isPacked(mediaType) ? { compress: false } : { compressionLevel: LEVEL }) })
  await ended
  return { name, bytes, sha256: hash.digest('hex'), mediaType }
}

async function requireIntact(path: string, { signature }: Manifest): Promise<void> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const source: Source = {
      size,
      async read(from, until) {
        const bytes = Buffer.alloc(until - from)
        const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, from)
        return bytes.subarray(0, bytesRead)
      },
    }
    const { verdict, findings } = await verifyPackage(source, { keys: [signature.fingerprint] })
    if (verdict !== 'intact' || findings.length > 0) throw new Unmade('evidence.check', { code: findings[0]?.code ?? verdict })
  } finally {
    await file.close()
  }
}

async function digestOf(path: string): Promise<{ bytes: number; sha256: Buffer }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(piece as Buffer)
    bytes += (piece as Buffer).byteLength
  }
  return { bytes, sha256: hash.digest() }
}
