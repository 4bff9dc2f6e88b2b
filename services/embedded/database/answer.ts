// Follows the backend's answer message by message on its way to the client: learns the transaction status and whether a portal has more rows,
// drops what the client must not see (because we asked for it, not the client) and gathers small pieces into larger writes.
import type { TransactionStatus } from './backend.ts'
import { letter, readString } from './wire.ts'

const [rowLetter, completeLetter, suspendedLetter, errorLetter, readyLetter] = ['D', 'C', 's', 'E', 'Z'].map(letter) as [
  number,
  number,
  number,
  number,
  number,
]
const WRITE_BYTES = 64 * 1024

export class Answer {
  /** From the last ReadyForQuery; undefined while none has come since `reset`. */
  status: TransactionStatus | undefined
  failed = false
  /** The last slice of a portal ended before its rows did. */
  suspended = false
  /** Rows sent in earlier slices of this portal: the backend's tag counts only the last one. */
  #earlierRows = 0
  #sliceRows = 0
  #drop = new Set<number>()
  #slicing = false
  #pieces: Buffer[] = []
  #bytes = 0
  #needed = 5

  constructor(readonly write: (bytes: Buffer) => void) {}

  /** A new batch. Messages of the types in `drop` are not passed on. */
  begin(drop: string): void {
    this.status = undefined
    this.failed = false
    this.#drop = new Set([...drop].map(letter))
  }

  /** The next exchange runs a portal, its first slice or a further one. */
  beginSlice(first: boolean): void {
    this.#earlierRows = first ? 0 : this.#earlierRows + this.#sliceRows
    this.#sliceRows = 0
    this.#slicing = true
    this.suspended = false
  }

  endSlice(): void {
    this.#slicing = false
  }

  readonly take = (chunk: Buffer): void => {
    this.#pieces.push(chunk)
    this.#bytes += chunk.length
    if (this.#bytes >= Math.max(this.#needed, WRITE_BYTES)) this.flush()
  }

  /** Passes on every whole message that has come. */
  flush(): void {
    if (this.#bytes < this.#needed) return
    const all = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#bytes)
    let at = 0
    let keptFrom = 0
    this.#needed = 5
    while (at + 5 <= all.length) {
      const end = at + 1 + all.readUInt32BE(at + 1)
      if (end > all.length) {
        this.#needed = end - at
        break
      }
      const replacement = this.#inspect(all, at, end)
      if (replacement !== undefined) {
        if (at > keptFrom) this.write(all.subarray(keptFrom, at))
        if (replacement.length) this.write(replacement)
        keptFrom = end
      }
      at = end
    }
    if (at > keptFrom) this.write(all.subarray(keptFrom, at))
    this.#pieces = at < all.length ? [all.subarray(at)] : []
    this.#bytes = all.length - at
  }

  /** Undefined: pass it on as it is. */
  #inspect(all: Buffer, at: number, end: number): Buffer | undefined {
    const type = all[at]!
    if (type === rowLetter) {
      this.#sliceRows++
      return undefined
    }
    if (type === readyLetter) this.status = String.fromCharCode(all[at + 5]!) as TransactionStatus
    else if (type === errorLetter) this.failed = true
    else if (type === suspendedLetter && this.#slicing) {
      this.suspended = true
      return nothing
    } else if (type === completeLetter && this.#slicing && this.#earlierRows) return withRows(all.subarray(at, end), this.#earlierRows)
    return this.#drop.has(type) ? nothing : undefined
  }
}

const nothing = Buffer.alloc(0)

/** CommandComplete with `earlier` rows added to the count at the end of its tag ("SELECT 17"). */
function withRows(complete: Buffer, earlier: number): Buffer {
  const tag = readString(complete, 5).text.replace(/\d+$/, (rows) => String(Number(rows) + earlier))
  const bytes = Buffer.alloc(tag.length + 6)
  bytes[0] = completeLetter
  bytes.writeUInt32BE(tag.length + 5, 1)
  bytes.write(tag, 5, 'latin1')
  return bytes
}
