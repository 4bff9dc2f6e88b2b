// A client of the Postgres protocol that sends exactly the bytes it is given, and gathers the answer up to the next ReadyForQuery.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { socketPath } from '../../services/embedded/database/address.ts'
import { int32, message } from '../../services/embedded/database/wire.ts'

export class RawClient {
  #answer = Buffer.alloc(0)
  #heard: (() => void) | undefined

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#answer = Buffer.concat([this.#answer, chunk])
      this.#heard?.()
    })
    socket.on('close', () => this.#heard?.())
    socket.on('error', () => undefined)
  }

  /** Connects by the URL of an embedded database and waits until it is greeted. */
  static async connect(url: string): Promise<RawClient> {
    const { username, password, searchParams } = new URL(url)
    const socket = connect(socketPath(searchParams.get('host')!))
    await once(socket, 'connect')
    const parameters = Buffer.concat([int32(196_608), Buffer.from(`user\0${username}\0\0`)])
    const client = new RawClient(socket)
    await client.ask([int32(parameters.length + 4), parameters, ...(password ? [message('p', password)] : [])])
    return client
  }

  send(messages: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(messages))
  }

  /** Sends and resolves with everything up to the next ReadyForQuery, or up to the end of the connection. */
  async ask(messages: readonly Buffer[]): Promise<Buffer> {
    this.send(messages)
    for (;;) {
      const end = this.#endOfAnswer()
      if (end > 0 || this.socket.destroyed) {
        const answer = this.#answer.subarray(0, end)
        this.#answer = this.#answer.subarray(end)
        return answer
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  end(): void {
    this.socket.end()
  }

  #endOfAnswer(): number {
    for (let at = 0; at + 5 <= this.#answer.length; ) {
      const end = at + 1 + this.#answer.readUInt32BE(at + 1)
      if (end > this.#answer.length) return 0
      if (this.#answer[at] === 'Z'.charCodeAt(0)) return end
      at = end
    }
    return 0
  }
}
