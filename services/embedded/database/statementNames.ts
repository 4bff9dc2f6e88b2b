// Named statements live in the one shared session, so each connection's names are translated to names of its own there.
import { type Frame, letter, message, readString } from './wire.ts'

export class StatementNames {
  readonly #inner = new Map<string, string>()
  #count = 0

  constructor(readonly connectionId: number) {}

  /** The frame with its statement name translated. Only Parse, Bind, Describe and Close of a statement carry one. */
  translate({ type, bytes }: Frame): Buffer {
    if (type === letter('P')) {
      const { text: name, end } = readString(bytes, 5)
      return name ? message('P', this.#create(name), bytes.subarray(end)) : bytes
    }
    if (type === letter('B')) {
      const portal = readString(bytes, 5)
      const { text: name, end } = readString(bytes, portal.end)
      return name ? message('B', portal.text, this.#find(name), bytes.subarray(end)) : bytes
    }
    if ((type === letter('D') || type === letter('C')) && bytes[5] === letter('S')) {
      const { text: name } = readString(bytes, 6)
      if (!name) return bytes
      const inner = this.#find(name)
      if (type === letter('C')) this.#inner.delete(name)
      return message(String.fromCharCode(type), Buffer.from('S'), inner)
    }
    return bytes
  }

  /** Close messages for everything that this connection has prepared. */
  closeAll(): Buffer {
    const closes = [...this.#inner.values()].map((name) => message('C', Buffer.from('S'), name))
    this.#inner.clear()
    return Buffer.concat(closes)
  }

  #create(name: string): string {
    let inner = this.#inner.get(name)
    if (!inner) {
      inner = `s${this.connectionId}_${++this.#count}`
      this.#inner.set(name, inner)
    }
    return inner
  }

  /** A name that was never prepared here must not find another connection's: no inner name ends in a space. */
  #find(name: string): string {
    return this.#inner.get(name) ?? `${name} `
  }
}
