// The law of a package: bytes in, a verdict out, with a code for each thing that is not as it was signed. The program (services/evidence-verify) and the page
// (web/verify) are two ways to this one function.
import { sha256 } from '@noble/hashes/sha2.js'
import { Inflate } from 'pako'
import { type Container, type Entry, readContainer, type Source } from './container.ts'
import { fromBase64, readKey, toHex } from './keys.ts'
import { FORMAT, FORMAT_VERSION, MANIFEST_NAME, type Manifest, manifestSchema, SIGNATURE_NAME } from './manifest.ts'
import { normalName } from './names.ts'
import { checkSignature, type Engines, engines, signatureForms } from './signature.ts'

/** Each is a change; `name` says of which entry. */
export const changeCodes = [
  'zip.broken',
  'zip.header',
  'zip.gap',
  'name.twice',
  'manifest.missing',
  'manifest.broken',
  'signature.missing',
  'signature.wrong',
  'signature.id',
  'key.other',
  'part.changed',
  'part.missing',
  'part.extra',
  'part.order',
] as const
/** Why nobody can say. */
export const uncheckedCodes = ['key.none', 'engine.none', 'format.other'] as const
/** True, and no change of what is in it. */
export const noteCodes = ['name.form', 'zip.other'] as const
export type Code = (typeof changeCodes)[number] | (typeof uncheckedCodes)[number] | (typeof noteCodes)[number]
export type Finding = { code: Code; name?: string }

export type Verdict = 'intact' | 'changed' | 'unchecked'
export type Outcome = {
  verdict: Verdict
  findings: Finding[]
  /** As it stands in the package, believed or not; null where it cannot be read. */
  manifest: Manifest | null
}

export type VerifyOptions = {
  /** Fingerprints of keys that are known to be right; without any it cannot be said who signed. */
  keys: readonly string[]
  engines?: Engines
  onProgress?: (done: number, of: number) => void
}

/** A manifest lists names and hashes: beyond this it is none. */
const MOST_MANIFEST_BYTES = 64 * 1024 * 1024
const MOST_SIGNATURE_BYTES = 4_096
/** Packed bytes read at once: some 10 ms of work, then others have their turn. */
const PIECE = 128 * 1024

/** Never throws for what is in the package; for what cannot be read from the disk it does. */
export async function verifyPackage(source: Source, options: VerifyOptions): Promise<Outcome> {
  const container = await readContainer(source)
  const findings: Finding[] = container.problems.map(({ code, name }) => (name === undefined ? { code } : { code, name }))
  if (container.other) findings.push({ code: 'zip.other' })
  // Of two entries of one name nobody knows which one another program shows: such a package is not read at all.
  const twice = listTwice(container.entries)
  for (const name of twice) findings.push({ code: 'name.twice', name })
  if (findings.some(({ code }) => code === 'zip.broken') || twice.length > 0) return { verdict: 'changed', findings, manifest: null }

  const signed = await readSigned(source, container, findings, options.engines ?? engines)
  if (signed) {
    if (options.keys.length === 0) findings.push({ code: 'key.none' })
    else if (!options.keys.includes(signed.signature.fingerprint)) findings.push({ code: 'key.other' })
    await checkParts(source, container, signed, findings, options.onProgress)
  }
  return { verdict: verdictOf(findings), findings, manifest: signed }
}

function verdictOf(findings: readonly Finding[]): Verdict {
  const has = (codes: readonly Code[]) => findings.some(({ code }) => codes.includes(code))
  if (has(changeCodes)) return 'changed'
  return has(uncheckedCodes) ? 'unchecked' : 'intact'
}

function listTwice(entries: readonly Entry[]): string[] {
  const seen = new Set<string>()
  return entries
    .map(({ name }) => normalName(name))
    .filter((name) => {
      const isThere = seen.has(name)
      seen.add(name)
      return isThere
    })
}

/** The manifest, where there is one to go by, with what is wrong with its signature among the findings. */
async function readSigned(source: Source, { entries }: Container, findings: Finding[], by: Engines): Promise<Manifest | null> {
  const find = (name: string) => entries.find((entry) => entry.name === name)
  const [manifestEntry, signatureEntry] = [find(MANIFEST_NAME), find(SIGNATURE_NAME)]
  if (!manifestEntry) findings.push({ code: 'manifest.missing' })
  if (!signatureEntry) findings.push({ code: 'signature.missing' })
  const bytes = manifestEntry && (await readSmall(source, manifestEntry, MOST_MANIFEST_BYTES))
  if (!bytes) {
    if (manifestEntry) findings.push({ code: 'manifest.broken' })
    return null
  }
  const said = parse(bytes)
  const manifest = manifestSchema.safeParse(said).data
  const key = manifest && keyOf(manifest)
  if (!manifest || !key) {
    findings.push({ code: isNewer(said) ? 'format.other' : 'manifest.broken' })
    return null
  }
  if (!signatureEntry) return manifest
  const text = await readSmall(source, signatureEntry, MOST_SIGNATURE_BYTES)
  const signature = text && fromBase64(new TextDecoder('latin1').decode(text).replace(/\n$/, ''))
  const answer = signature ? await checkSignature(key, bytes, signature, by) : 'invalid'
  if (answer === 'invalid') findings.push({ code: 'signature.wrong' })
  if (answer === 'other-id') findings.push({ code: 'signature.id' })
  if (answer === 'unchecked') findings.push({ code: 'engine.none' })
  return manifest
}

/** The key that the manifest names; undefined where what it says of it is not so. */
function keyOf({ signature }: Manifest) {
  const der = fromBase64(signature.publicKey)
  const key = der && readKey(der)
  const form = signatureForms[signature.algorithm]
  const fits = (Object.keys(form) as (keyof typeof form)[]).every((field) => form[field] === signature[field])
  return key?.algorithm === signature.algorithm && key.fingerprint === signature.fingerprint && fits ? key : undefined
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined // the caller says that it cannot be read
  }
}
const isNewer = (said: unknown): boolean =>
  typeof said === 'object' &&
  said !== null &&
  (said as { format?: unknown }).format === FORMAT &&
  Number((said as { version?: unknown }).version) > FORMAT_VERSION

async function checkParts(
  source: Source,
  { entries }: Container,
  { parts }: Manifest,
  findings: Finding[],
  onProgress: VerifyOptions['onProgress'],
): Promise<void> {
  const covered = new Set<Entry>()
  const byName = new Map(entries.map((entry) => [normalName(entry.name), entry]))
  const order: Entry[] = []
  const of = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const part of parts) {
    const entry = byName.get(normalName(part.name))
    if (!entry) findings.push({ code: 'part.missing', name: part.name })
    else {
      covered.add(entry)
      order.push(entry)
      if (entry.name !== part.name) findings.push({ code: 'name.form', name: part.name })
      const found = entry.bytes === part.bytes ? await digestOf(source, entry, (bytes) => onProgress?.(done + bytes, of)) : undefined
      if (found !== part.sha256) findings.push({ code: 'part.changed', name: part.name })
    }
    done += part.bytes
    onProgress?.(done, of)
  }
  const rest = entries.filter((entry) => !covered.has(entry))
  for (const { name, bytes } of rest) {
    if (name === MANIFEST_NAME || name === SIGNATURE_NAME) continue
    // A folder is a name and no content; those who unpack and pack again make them.
    if (name.endsWith('/') && bytes === 0) findings.push({ code: 'zip.other' })
    else findings.push({ code: 'part.extra', name })
  }
  const inPackage = entries.filter((entry) => covered.has(entry))
  const moved = inPackage.findIndex((entry, n) => entry !== order[n])
  if (moved >= 0) findings.push({ code: 'part.order', name: inPackage[moved]!.name })
}

/** The content of a small entry; undefined where it is none, or more than it may be. */
async function readSmall(source: Source, entry: Entry, most: number): Promise<Uint8Array | undefined> {
  if (entry.bytes > most) return undefined
  const whole = new Uint8Array(entry.bytes)
  let at = 0
  const sound = await unpack(source, entry, (piece) => {
    whole.set(piece, at)
    at += piece.length
  })
  return sound ? whole : undefined
}

async function digestOf(source: Source, entry: Entry, onProgress: (bytes: number) => void): Promise<string | undefined> {
  const hash = sha256.create()
  let bytes = 0
  const sound = await unpack(source, entry, (piece) => {
    hash.update(piece)
    bytes += piece.length
    onProgress(bytes)
  })
  return sound ? toHex(hash.digest()) : undefined
}

/** Hands the content over piece by piece, never more than the entry says. @returns whether it is a whole stream, with nothing behind its end */
async function unpack(source: Source, { method, from, until, bytes }: Entry, take: (piece: Uint8Array) => void): Promise<boolean> {
  let taken = 0
  const give = (piece: Uint8Array): boolean => {
    taken += piece.length
    if (taken > bytes) return false
    take(piece)
    return true
  }
  if (method === 0) {
    for (let at = from; at < until; at += PIECE) if (!give(await source.read(at, Math.min(until, at + PIECE)))) return false
    return taken === bytes
  }
  // What its types leave out: whether the stream has ended, and what is left behind its end.
  const inflate = new Inflate({ raw: true, chunkSize: PIECE }) as Inflate & { ended: boolean; strm: { avail_in: number } }
  let tooMuch = false
  inflate.onData = (piece) => {
    if (!tooMuch) tooMuch = !give(piece as Uint8Array)
  }
  for (let at = from; at < until; at += PIECE) {
    if (inflate.ended) return false
    inflate.push(await source.read(at, Math.min(until, at + PIECE)), false)
    if (inflate.err || tooMuch) return false
  }
  return inflate.ended && inflate.strm.avail_in === 0 && taken === bytes
}
