// Reads the zip of a package, strictly: what its directory says, what stands before each entry, and that every byte belongs to one or the other. A reader that
// trusts the directory alone sees neither a second entry of the same name nor bytes between entries.

/** Bytes of a file, wherever they are. */
export type Source = { size: number; read(from: number, until: number): Promise<Uint8Array> }

export type Entry = {
  name: string
  method: number
  /** Where its packed bytes are. */
  from: number
  until: number
  bytes: number
  crc: number
}
/** `other`: packed by another program than ours, which changes no content. */
export type Container = { entries: Entry[]; problems: ContainerProblem[]; other: boolean }
export type ContainerProblem = { code: 'zip.broken' | 'zip.header' | 'zip.gap'; name?: string; bytes?: number }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const DESCRIPTOR = 0x08074b50
const FULL = 0xffffffff
const MOST_COMMENT = 65_535
/** Of headers, as our writer has them: a regular file, of no particular day. */
const OURS = { madeBy: 0x033f, external: (0o100644 << 16) >>> 0, time: 0, date: 0x21 }
const UTF8_FLAG = 0x0800
const STREAMED_FLAG = 0x0008

class Broken extends Error {}

/** What cannot be read at all is one problem, `zip.broken`, and no entries. */
export async function readContainer(source: Source): Promise<Container> {
  try {
    return await read(source)
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { entries: [], problems: [{ code: 'zip.broken' }], other: false }
  }
}

type Listed = Entry & { offset: number; flags: number; time: number; date: number; packed: number; needed: number }

async function read(source: Source): Promise<Container> {
  const problems: ContainerProblem[] = []
  const end = await findEnd(source)
  let other = false
  if (end.spare > 0) problems.push({ code: 'zip.gap', bytes: end.spare })
  const directory = await bytesOf(source, end.directoryAt, end.directoryAt + end.directoryBytes)
  const listed: Listed[] = []
  let at = 0
  for (let n = 0; n < end.count; n++) {
    const found = readListed(directory, at)
    other ||= found.other
    listed.push(found.entry)
    at = found.next
  }
  if (at !== directory.length) problems.push({ code: 'zip.gap', bytes: directory.length - at })
  const inPlace = [...listed].sort((a, b) => a.offset - b.offset)
  // In the directory as on the disk: whoever reads from the front sees the same package.
  if (inPlace.some((entry, n) => entry !== listed[n])) problems.push({ code: 'zip.header' })
  let expected = 0
  for (const entry of inPlace) {
    if (entry.offset !== expected) problems.push({ code: 'zip.gap', bytes: Math.abs(entry.offset - expected) })
    const local = await readLocal(source, entry)
    other ||= local.other
    if (!local.agrees) problems.push({ code: 'zip.header', name: entry.name })
    entry.from = local.from
    entry.until = local.from + entry.packed
    expected = local.end
  }
  if (expected !== end.directoryAt) problems.push({ code: 'zip.gap', bytes: Math.abs(end.directoryAt - expected) })
  return { entries: listed, problems, other }
}

async function findEnd(source: Source) {
  const tailAt = Math.max(0, source.size - 22 - MOST_COMMENT)
  const tail = await bytesOf(source, tailAt, source.size)
  const view = viewOf(tail)
  let at = tail.length - 22
  while (at >= 0 && !(view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) <= tail.length)) at--
  if (at < 0) throw new Broken()
  const endAt = tailAt + at
  const said = {
    disk: view.getUint16(at + 4, true) + view.getUint16(at + 6, true),
    onDisk: view.getUint16(at + 8, true),
    count: view.getUint16(at + 10, true),
    directoryBytes: view.getUint32(at + 12, true),
    directoryAt: view.getUint32(at + 16, true),
  }
  const spare = source.size - endAt - 22
  if (said.disk !== 0 || said.onDisk !== said.count) throw new Broken()
  const locator = endAt >= 20 ? viewOf(await bytesOf(source, endAt - 20, endAt)) : undefined
  if (locator?.getUint32(0, true) !== LOCATOR64) {
    const until = said.directoryAt + said.directoryBytes
    if (until > endAt) throw new Broken()
    return { ...said, spare: spare + (endAt - until) }
  }
  const at64 = Number(locator.getBigUint64(8, true))
  if (at64 + 56 > endAt - 20) throw new Broken()
  const view64 = viewOf(await bytesOf(source, at64, at64 + 56))
  if (view64.getUint32(0, true) !== END64) throw new Broken()
  const count = Number(view64.getBigUint64(32, true))
  const directoryBytes = Number(view64.getBigUint64(40, true))
  const directoryAt = Number(view64.getBigUint64(48, true))
  if (directoryAt + directoryBytes > at64 || Number(view64.getBigUint64(24, true)) !== count) throw new Broken()
  return { count, directoryBytes, directoryAt, spare: spare + (at64 - directoryAt - directoryBytes) + (endAt - 20 - at64 - 56) }
}

function readListed(directory: Uint8Array, at: number): { entry: Listed; next: number; other: boolean } {
  if (at + 46 > directory.length) throw new Broken()
  const view = viewOf(directory)
  const u16 = (offset: number) => view.getUint16(at + offset, true)
  const u32 = (offset: number) => view.getUint32(at + offset, true)
  if (u32(0) !== CENTRAL) throw new Broken()
  const [nameLength, extraLength, commentLength] = [u16(28), u16(30), u16(32)]
  const next = at + 46 + nameLength + extraLength + commentLength
  if (next > directory.length) throw new Broken()
  const name = nameOf(directory.subarray(at + 46, at + 46 + nameLength))
  const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
  let [packed, bytes, offset] = [u32(20), u32(24), u32(42)]
  const long = [packed, bytes, offset].includes(FULL) ? longSizes(extra) : undefined
  if (long) {
    if (bytes === FULL) bytes = long.shift() ?? 0
    if (packed === FULL) packed = long.shift() ?? 0
    if (offset === FULL) offset = long.shift() ?? 0
  }
  const flags = u16(8)
  const entry = {
    ...{ name, method: u16(10), crc: u32(16), packed, bytes, offset, flags, needed: u16(6), time: u16(12), date: u16(14) },
    ...{ from: 0, until: 0 },
  }
  // Encrypted, or on another disk: not ours, and not to be read.
  if ((flags & 1) !== 0 || u16(34) !== 0 || (entry.method !== 0 && entry.method !== 8)) throw new Broken()
  const other =
    u16(4) !== OURS.madeBy ||
    u32(38) !== OURS.external ||
    u16(36) !== 0 ||
    entry.time !== OURS.time ||
    entry.date !== OURS.date ||
    (flags & ~STREAMED_FLAG) !== UTF8_FLAG ||
    commentLength > 0 ||
    (extraLength > 0 && !long)
  return { entry, next, other }
}

async function readLocal(source: Source, entry: Listed): Promise<{ from: number; end: number; agrees: boolean; other: boolean }> {
  const head = viewOf(await bytesOf(source, entry.offset, entry.offset + 30))
  if (head.getUint32(0, true) !== LOCAL) throw new Broken()
  const [nameLength, extraLength] = [head.getUint16(26, true), head.getUint16(28, true)]
  const nameAt = entry.offset + 30
  const from = nameAt + nameLength + extraLength
  const name = nameOf(await bytesOf(source, nameAt, nameAt + nameLength))
  const extra = await bytesOf(source, nameAt + nameLength, from)
  const streamed = (entry.flags & STREAMED_FLAG) !== 0
  const sizes = [head.getUint32(14, true), head.getUint32(18, true), head.getUint32(22, true)]
  const long = sizes[1] === FULL || sizes[2] === FULL ? longSizes(extra) : undefined
  const wanted = streamed ? [0, 0, 0] : [entry.crc, entry.packed, entry.bytes]
  const said = long ? [sizes[0], long[1], long[0]] : sizes
  const agrees =
    name === entry.name &&
    // Beyond 4 GB the directory needs more of a reader than the entry itself.
    (head.getUint16(4, true) === entry.needed || (streamed && head.getUint16(4, true) === 20 && entry.needed === 45)) &&
    head.getUint16(6, true) === entry.flags &&
    head.getUint16(8, true) === entry.method &&
    head.getUint16(10, true) === entry.time &&
    head.getUint16(12, true) === entry.date &&
    said.every((value, n) => value === wanted[n])
  const dataEnd = from + entry.packed
  const descriptor = streamed ? await readDescriptor(source, dataEnd, entry) : { bytes: 0, agrees: true }
  return { from, end: dataEnd + descriptor.bytes, agrees: agrees && descriptor.agrees, other: extraLength > 0 && !long }
}

/** What follows an entry whose size was not known when it was begun. */
async function readDescriptor(
  source: Source,
  at: number,
  { crc, packed, bytes, needed }: Listed,
): Promise<{ bytes: number; agrees: boolean }> {
  const long = needed >= 45
  const length = long ? 24 : 16
  const view = viewOf(await bytesOf(source, at, at + length))
  const said = long
    ? [view.getUint32(4, true), Number(view.getBigUint64(8, true)), Number(view.getBigUint64(16, true))]
    : [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)]
  const agrees = view.getUint32(0, true) === DESCRIPTOR && said[0] === crc && said[1] === packed && said[2] === bytes
  return { bytes: length, agrees }
}

/** The sizes of the extra field for what is beyond 4 GB, in its order. */
function longSizes(extra: Uint8Array): number[] {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    const until = at + 4 + view.getUint16(at + 2, true)
    if (until > extra.length) break
    const sizes: number[] = []
    for (let from = at + 4; from + 8 <= until; from += 8) sizes.push(Number(view.getBigUint64(from, true)))
    return sizes
  }
  throw new Broken()
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
function nameOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Broken()
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

async function bytesOf(source: Source, from: number, until: number): Promise<Uint8Array> {
  if (from < 0 || until > source.size || until < from) throw new Broken()
  const bytes = await source.read(from, until)
  if (bytes.length !== until - from) throw new Broken()
  return bytes
}
