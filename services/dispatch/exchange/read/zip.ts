// A zip as far as a spreadsheet needs it: the directory, and single entries inflated piece by piece. Everything is bounded while it is
// being inflated – what the directory claims about sizes is never believed, because a bomb lies there.
import { createInflateRaw } from 'node:zlib'
import { Unreadable } from '../../../tables/unreadable.ts'

const sizes = { entries: 2_000, inflatedBytes: 384 * 1024 * 1024 }
/** Spreadsheets come to 10–60; deflate cannot exceed 1,032, and a bomb lives near that. Judged once a megabyte has come out. */
const MAX_RATIO = 200
const RATIO_FROM_BYTES = 1024 * 1024

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const UNKNOWN_32 = 0xffffffff

type Entry = { method: number; encrypted: boolean; compressedBytes: number; localOffset: number }

const damaged = () =>
  new Unreadable('文件已损坏，无法作为 Excel 工作簿打开', 'The file is damaged and cannot be opened as an Excel workbook')
const bomb = () =>
  new Unreadable('文件解压后过大或压缩比异常，已拒绝读取', 'The file expands to an abnormal size and was refused before it was read')

export class Zip {
  readonly #bytes: Buffer
  readonly #entries = new Map<string, Entry>()
  readonly #limits: typeof sizes
  #inflated = 0

  /** @throws Unreadable */
  constructor(bytes: Buffer, limits = sizes) {
    this.#bytes = bytes
    this.#limits = limits
    try {
      this.#readDirectory()
    } catch (error) {
      // Reading past the end of the buffer is what a cut or made-up directory looks like.
      throw error instanceof RangeError ? damaged() : error
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  #readDirectory(): void {
    const bytes = this.#bytes
    let end = bytes.length - 22
    const lowest = Math.max(0, end - 0xffff)
    while (end >= lowest && bytes.readUInt32LE(end) !== END) end--
    if (end < lowest) throw damaged()
    const count = bytes.readUInt16LE(end + 10)
    if (count > this.#limits.entries) throw bomb()
    let at = bytes.readUInt32LE(end + 16)
    for (let k = 0; k < count; k++) {
      if (bytes.readUInt32LE(at) !== CENTRAL) throw damaged()
      const nameLength = bytes.readUInt16LE(at + 28)
      const extraLength = bytes.readUInt16LE(at + 30)
      const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/')
      const entry: Entry = {
        encrypted: (bytes.readUInt16LE(at + 8) & 1) !== 0,
        method: bytes.readUInt16LE(at + 10),
        compressedBytes: bytes.readUInt32LE(at + 20),
        localOffset: bytes.readUInt32LE(at + 42),
      }
      widen(entry, bytes.readUInt32LE(at + 24), bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength))
      // Two entries of one name mean that two programs would read two different files.
      if (this.#entries.has(name)) throw damaged()
      this.#entries.set(name, entry)
      at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
    }
  }

  /** The inflated pieces of an entry. @throws Unreadable */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name)
    if (!entry) throw damaged()
    if (entry.encrypted)
      throw new Unreadable('文件已加密，请取消密码后重新上传', 'The file is encrypted; remove the password and upload it again')
    if (entry.method !== 0 && entry.method !== 8) throw damaged()
    const bytes = this.#bytes
    const at = entry.localOffset
    if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) throw damaged()
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    if (from + entry.compressedBytes > bytes.length) throw damaged()
    const compressed = bytes.subarray(from, from + entry.compressedBytes)
    if (entry.method === 0) {
      this.#count(compressed.length)
      yield compressed
      return
    }
    const inflate = createInflateRaw({ chunkSize: 256 * 1024 })
    inflate.end(compressed)
    let out = 0
    try {
      for await (const piece of inflate as AsyncIterable<Buffer>) {
        out += piece.length
        this.#count(piece.length)
        if (out > RATIO_FROM_BYTES && out > compressed.length * MAX_RATIO) throw bomb()
        yield piece
      }
    } catch (error) {
      throw error instanceof Unreadable ? error : damaged()
    } finally {
      inflate.destroy()
    }
  }

  #count(bytes: number): void {
    this.#inflated += bytes
    if (this.#inflated > this.#limits.inflatedBytes) throw bomb()
  }
}

/** Sizes that do not fit 32 bits, or that a writer chose to put there, stand in the zip64 extra field, in this order. */
function widen(entry: Entry, inflatedBytes: number, extra: Buffer): void {
  if (inflatedBytes !== UNKNOWN_32 && entry.compressedBytes !== UNKNOWN_32 && entry.localOffset !== UNKNOWN_32) return
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let next = at + 4
    const take = () => {
      const value = Number(extra.readBigUInt64LE(next))
      next += 8
      return value
    }
    if (inflatedBytes === UNKNOWN_32) take()
    if (entry.compressedBytes === UNKNOWN_32) entry.compressedBytes = take()
    if (entry.localOffset === UNKNOWN_32) entry.localOffset = take()
  }
}
