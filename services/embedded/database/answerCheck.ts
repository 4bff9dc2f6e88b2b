// Holds what the engine answers against what it was asked, message by message. The law: an Execute ends with CommandComplete,
// EmptyQueryResponse, PortalSuspended or an error, a Sync and a simple query with ReadyForQuery, the other messages with their own
// completions; after an error everything up to the next Sync is skipped. An answer of another shape means that the engine left something
// out, and then nothing of it may be believed: "nothing came" reads as "done" to every client.

/** What each message of an answer ends, by the types of both. Others (rows, notices, descriptions of parameters) end nothing. */
const ends: Readonly<Record<string, string>> = { 1: 'P', 2: 'B', 3: 'C', n: 'D', T: 'D', C: 'E', I: 'E', s: 'E' }

export class AnswerCheck {
  /** Messages that have not been answered, first first. */
  #open: string[] = []
  #at = 0
  /** The simple query at the front has had a result or an error. */
  #queryAnswered = false
  /** An error has come whose Sync has not: it outlives the exchange. */
  #skipping = false
  /** The engine waits for the data of a COPY. It may take a Sync for such data, so that no ReadyForQuery comes. */
  copying = false
  #refused = false
  #wrong: string | undefined
  #header = Buffer.alloc(5)
  #headerBytes = 0
  /** Bytes of the present message's body that are still to come. */
  #body = 0

  /** A new exchange: `input` is whole messages. */
  ask(input: Uint8Array): void {
    this.#open = []
    this.#at = 0
    this.#queryAnswered = false
    this.copying = false
    this.#refused = false
    this.#wrong = undefined
    this.#headerBytes = 0
    this.#body = 0
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
    for (let at = 0; at < input.length; at += 1 + view.getUint32(at + 1)) {
      const type = String.fromCharCode(input[at]!)
      if (type !== 'H') this.#open.push(type) // a Flush has no answer
    }
    if (this.#skipping) this.#skipToSync()
  }

  /** The next piece of the answer, cut anywhere. */
  hear(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      if (this.#body > 0) {
        const taken = Math.min(this.#body, piece.length - at)
        this.#body -= taken
        at += taken
        continue
      }
      this.#header[this.#headerBytes++] = piece[at++]!
      if (this.#headerBytes < 5) continue
      this.#headerBytes = 0
      this.#body = this.#header.readUInt32BE(1) - 4
      this.#take(String.fromCharCode(this.#header[0]!))
    }
  }

  /** After the exchange: what is wrong with the answer, or undefined. */
  verdict(): string | undefined {
    if (this.#wrong) return this.#wrong
    if (this.#body > 0 || this.#headerBytes > 0) return 'the answer ends in the middle of a message'
    if (this.#at < this.#open.length && !this.#refused) return `no answer came to '${this.#open[this.#at]}'`
    return undefined
  }

  #take(type: string): void {
    const asked = this.#open[this.#at]
    if (type === 'G') this.copying = true
    else if (type === 'E') this.#fail(asked)
    else if (type === 'Z') {
      if (asked === 'S' || (asked === 'Q' && this.#queryAnswered)) this.#next()
      else if (!this.#refused) this.#unexpected(type, asked)
      this.#skipping = false
    } else if (type in ends) {
      if (asked === ends[type]) this.#next()
      else if (asked === 'Q') this.#queryAnswered ||= ends[type] === 'E'
      else this.#unexpected(type, asked)
    }
  }

  #unexpected(type: string, asked: string | undefined): void {
    this.#wrong ??= `'${type}' came ${asked === undefined ? 'unasked' : `instead of an answer to '${asked}'`}`
  }

  /** A simple query that fails ends itself, and a Sync can fail at its commit; both still get their ReadyForQuery. */
  #fail(asked: string | undefined): void {
    if (this.copying) {
      this.#refused = true
      this.copying = false
    }
    if (asked === 'Q') this.#queryAnswered = true
    else if (asked !== 'S') {
      this.#skipping = true
      this.#skipToSync()
    }
  }

  #skipToSync(): void {
    while (this.#at < this.#open.length && this.#open[this.#at] !== 'S') this.#at++
  }

  #next(): void {
    this.#at++
    this.#queryAnswered = false
  }
}
