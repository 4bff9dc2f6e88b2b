// Two ends of a connection inside one process, each as good as a socket: what is written at one is read at the other in a later turn of the
// event loop, as it would come from a socket, and no more of it is taken than is read.
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

class PipeEnd extends Duplex {
  #other: PipeEnd | undefined
  #said = false
  /** Of the write that waits until the other end wants more. */
  #taken: (() => void) | undefined

  constructor() {
    super({ allowHalfOpen: false })
  }

  static joined(): [PipeEnd, PipeEnd] {
    const ends: [PipeEnd, PipeEnd] = [new PipeEnd(), new PipeEnd()]
    ends[0].#other = ends[1]
    ends[1].#other = ends[0]
    return ends
  }

  override _read(): void {
    const other = this.#other!
    const taken = other.#taken
    other.#taken = undefined
    taken?.()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#pass(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#pass(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  #pass(bytes: Buffer, done: () => void): void {
    setImmediate(() => {
      const other = this.#other!
      if (other.destroyed) return done()
      if (other.push(bytes)) done()
      else this.#taken = done
    })
  }

  override _final(done: () => void): void {
    this.#sayEnd()
    done()
  }

  /** The other end reads what came before it, and then that this one has ended. */
  #sayEnd(): void {
    if (this.#said) return
    this.#said = true
    setImmediate(() => {
      if (!this.#other!.destroyed) this.#other!.push(null)
    })
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#sayEnd()
    done(error)
  }

  // What a socket has beside.
  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  destroySoon(): void {
    this.end(() => this.destroy())
  }
  setTimeout(ms: number, then: () => void): this {
    const timer = setTimeout(then, ms)
    this.once('close', () => clearTimeout(timer))
    return this
  }
}

export const pipe = (): [Socket, Socket] => PipeEnd.joined() as unknown as [Socket, Socket]
